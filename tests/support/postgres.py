"""A PostgreSQL for tests: one throw-away cluster a worker, one fresh database a test.

`TEST_DATABASE_URL` names a server to use instead (postgresql+asyncpg://…, a role that may create databases).
"""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # asyncpg brings no types
import pytest
from sqlalchemy import URL, make_url

from storage.migrations import migrate

MISSING = "PostgreSQL is missing: apt-get install -y postgresql (or name a server in TEST_DATABASE_URL)"
OURS = "postgresql+asyncpg"
# Nothing here outlives the machine, so nothing is flushed to the disk; nobody but a local socket reaches it.
HASTY = ["fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=60"]


class Server:
    """A running PostgreSQL and the databases that tests make in it."""

    def __init__(self, address: URL) -> None:
        self.address = address
        self._template: str | None = None

    @asynccontextmanager
    async def database(self, *, migrated: bool = True) -> AsyncIterator[str]:
        """The address of a new database, which goes with the block; with `migrated`, the tables are there."""
        name = f"attache_{uuid.uuid4().hex}"
        await self.says(f"CREATE DATABASE {name} TEMPLATE {await self._ready() if migrated else 'template0'}")
        try:
            yield self.url(name)
        finally:
            await self.says(f"DROP DATABASE {name} WITH (FORCE)")

    async def says(self, statement: str, database: str | None = None) -> None:
        """Run a statement outside every transaction."""
        plain = make_url(self.url(database)).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def url(self, database: str | None = None) -> str:
        """The address of a database of this server."""
        named = self.address.set(database=database) if database else self.address
        return named.render_as_string(hide_password=False)

    async def _ready(self) -> str:
        """A migrated database to copy: made once, for a copy takes a tenth of the time of a migration."""
        if self._template is None:
            name = f"attache_template_{uuid.uuid4().hex}"
            await self.says(f"CREATE DATABASE {name} TEMPLATE template0")
            await migrate(self.url(name))
            self._template = name
        return self._template

    async def tidy(self) -> None:
        """Leave a server that is not ours as it was."""
        if self._template is not None:
            await self.says(f"DROP DATABASE {self._template} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this worker, started by the first test that wants it; without one the test is skipped."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        server = Server(make_url(named).set(drivername=OURS))
        yield server
        asyncio.run(server.tidy())
        return
    with cluster() as ours:
        yield ours.server


class Cluster:
    """A server of our own in a temporary folder, which holds its socket; it can be stopped and started."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.server = Server(URL.create(OURS, username="postgres", database="postgres", query={"host": str(folder)}))
        self._folder = folder
        self._binaries = binaries
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Create it."""
        made = self._command("initdb", "-N", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        subprocess.run(made, check=True, capture_output=True, cwd=self._folder)

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        settings = [word for each in (*HASTY, f"unix_socket_directories={self._folder}") for word in ("-c", each)]
        with self._log.open("ab") as log:
            command = self._command("postgres", *settings)
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        # The last line of the lock file says when it is ready; one that was killed leaves an old file behind.
        lock = self._folder / "data" / "postmaster.pid"
        for _ in range(600):
            if self._process.poll() is not None:
                break
            lines = lock.read_text().splitlines() if lock.exists() else []
            if lines and lines[0] == str(self._process.pid) and lines[-1].strip() == "ready":
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Pull the plug: what was committed is in its write-ahead log."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _command(self, program: str, *words: str) -> list[str]:
        # Should this process be killed, the kernel stops the server.
        lowered = ["setpriv", "--pdeathsig", "QUIT"]
        if os.getuid() == 0:  # which PostgreSQL refuses
            who = pwd.getpwnam(_somebody())
            lowered += [f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups"]
        return [*lowered, str(self._binaries / program), "-D", str(self._folder / "data"), *words]


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server of our own; without PostgreSQL the test is skipped, or fails when CI is set."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="attache-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, _somebody())
    ours = Cluster(folder, binaries)
    try:
        ours.make()
        ours.start()
        yield ours
    finally:
        ours.stop()
        shutil.rmtree(folder)


def _binaries() -> Path | None:
    """The newest of Debian's PostgreSQLs, else whichever is on the path, else those of the wheel `pgserver`."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else of_the_wheel()


def of_the_wheel() -> Path | None:
    """The binaries that the development extra brings on Linux and macOS."""
    spec = find_spec("pgserver")
    folder = Path(spec.origin).parent / "pginstall/bin" if spec and spec.origin else None
    return folder if folder is not None and (folder / "initdb").exists() else None


def _somebody() -> str:
    """Who runs the server where we are root, which PostgreSQL refuses: the user that Debian makes, else nobody."""
    return next(name for name in ("postgres", "nobody") if name in {each.pw_name for each in pwd.getpwall()})
