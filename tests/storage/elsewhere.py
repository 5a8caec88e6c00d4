"""Another hand at the same database while a test has its own hands full."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from storage.store import Store, Work

T = TypeVar("T")


def elsewhere(url: str, work: Work[T]) -> T:
    """Change the database from another thread and event loop, as another process would; wait for it."""

    async def change() -> T:
        async with await Store.open(url, migrate=False) as other:
            return await other.change(work)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(change())).result()
