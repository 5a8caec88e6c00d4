"""Kills while a new database is being made: whatever state it is left in, it can be opened and used afterwards."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from storage import inbox, migrations
from storage.store import Store
from tests.kill.lives import Lives
from tests.kill.places import Databases, touched

UNFINISHED, FINISHED = "in an unfinished migration", "just after the migration"
LASTS = 0.25  # seconds that a migration takes, more or less
SLOWEST = 60.0  # seconds until it begins


async def killed(
    many: int, fresh: Databases, env: Callable[[str], Mapping[str, str]], folder: Path, rng: Random
) -> list[str]:
    """So many databases, one kill each: whether it fell into the migration."""
    return [await _once(fresh, env, folder / f"new-{n}", rng) for n in range(many)]


async def _once(fresh: Databases, env: Callable[[str], Mapping[str, str]], folder: Path, rng: Random) -> str:
    async with fresh(folder) as url:
        lives = Lives(env(url), folder.with_suffix(".log"))
        try:
            await lives.start()
            async with asyncio.timeout(SLOWEST):
                await touched(url)
            await asyncio.sleep(rng.uniform(0, LASTS))
            await lives.kill()
        finally:
            await lives.end()
        unfinished = await migrations.current(url) != migrations.head()
        async with await Store.open(url) as store:
            assert await store.read(inbox.undone) == 0
        return UNFINISHED if unfinished else FINISHED
