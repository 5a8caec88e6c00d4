"""One service to a SQLite file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import Locked
from storage.lock import holder_of, lock_of, service_lock

CHILD = """
import sys
from pathlib import Path
from storage.lock import service_lock
with service_lock(Path(sys.argv[1]), "demo"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_service_is_refused_with_the_name_of_the_first(tmp_path: Path) -> None:
    file = tmp_path / "attache.sqlite3"
    with (
        service_lock(file, "run"),
        pytest.raises(Locked, match=rf"`attache run` .process {os.getpid()}, since .*PostgreSQL"),
        service_lock(file, "run"),
    ):
        pass


def test_the_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "data" / "attache.sqlite3"
    with pytest.raises(LookupError), service_lock(file):
        raise LookupError
    assert holder_of(file) is None
    with service_lock(file, "migrate"):
        holder = holder_of(file)
        assert holder is not None
        assert (holder.who, holder.pid) == ("migrate", os.getpid())
    assert holder_of(file) is None


def test_a_refused_service_leaves_the_first_ones_name(tmp_path: Path) -> None:
    file = tmp_path / "attache.sqlite3"
    with service_lock(file, "run"):
        with pytest.raises(Locked), service_lock(file, "demo"):
            pass
        holder = holder_of(file)
        assert holder is not None
        assert holder.who == "run"


def test_a_lock_file_with_strange_words_still_locks(tmp_path: Path) -> None:
    file = tmp_path / "attache.sqlite3"
    with service_lock(file, "run"):
        lock_of(file).write_text("?")
        with pytest.raises(Locked, match="another process"), service_lock(file):
            pass


def test_postgresql_needs_no_lock() -> None:
    with service_lock(None), service_lock(None):
        pass


def test_the_kernel_lets_go_when_the_holder_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "attache.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(Locked, match=f"`attache demo` .process {child.pid}"), service_lock(file):
            pass
        child.kill()
        child.wait()
    with service_lock(file):
        pass
