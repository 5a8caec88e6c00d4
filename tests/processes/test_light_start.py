"""A start loads what it needs and no more: each of these libraries costs it time, and memory for good."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.engine import url_of
from storage.migrations import migrate
from tests.support.processes import TOKEN, environment

pytestmark = pytest.mark.slow
NOT_AT_ONCE = {
    "PIL": "drawn in a process of its own",
    "aiohttp": "for pictures, and for the demo's clock",
    "alembic": "only where there is something to migrate",
    "asyncpg": "only with PostgreSQL",
    "bot.demo": "only for the demo",
    "holidays.countries": "with the first calendar that is looked at",
    "matplotlib": "drawn in a process of its own",
    "sandbox": "only for the demo",
    "sqlalchemy.orm": "comes with SQLAlchemy's asyncio, which only PostgreSQL needs",
}
STARTED = f"""
import asyncio, sys
import bot.cli
from bot.app import running
from bot.settings import read

async def start():
    async with running(read()):
        print("loaded:", *sorted({set(NOT_AT_ONCE)!r} & set(sys.modules)))

asyncio.run(start())
"""


def loaded_by_a_start(folder: Path) -> set[str]:
    """Which of these stand among the modules of a service that has started and reaches nobody."""
    env = environment(folder, ATTACHE_BOT_TOKEN=TOKEN, ATTACHE_BOT_API="http://127.0.0.1:1")
    done = subprocess.run(
        [sys.executable, "-c", STARTED], env=env, check=False, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return set(next(line for line in done.stdout.splitlines() if line.startswith("loaded:")).split()[1:])


async def test_a_service_that_starts_has_loaded_nothing_that_can_wait(tmp_path: Path) -> None:
    await migrate(url_of(None, tmp_path))
    assert loaded_by_a_start(tmp_path) == set()


def test_the_first_start_of_all_loads_what_makes_the_database(tmp_path: Path) -> None:
    assert loaded_by_a_start(tmp_path) == {"alembic"}


def test_the_imports_are_not_searched_for_rubbish_and_what_comes_after_them_is() -> None:
    asked = (
        "import gc, bot.__main__ as command, sys; sys.argv = ['attache', '--help']\n"
        "try: command.main()\n"
        "except SystemExit: pass\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 100_000, gc.get_stats()[2]['collections'])"
    )
    done = subprocess.run([sys.executable, "-c", asked], check=False, capture_output=True, text=True, timeout=100)
    enabled, frozen, collections = done.stdout.splitlines()[-1].split()
    assert (enabled, frozen, collections) == ("True", "True", "0"), done.stderr
