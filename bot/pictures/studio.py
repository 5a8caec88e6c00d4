"""The process that draws: started by the first picture, so that the service itself never loads a drawing library.

A picture is worth a few seconds and no more. Whatever goes wrong, the answer is None, and the words go out alone.
"""

import asyncio
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context, parent_process
from os import _exit
from typing import Any

import structlog

from bot.pictures.drawn import DRAWINGS, Drawn, Picture

log = structlog.get_logger()

PATIENCE = 8.0  # seconds for a picture; the first on a machine takes the longest, because fonts are looked for
STUCK = 60  # seconds after which a process that does not come back ends itself
OURS = ("bot.pictures.", "bot.papers.")  # where its work is found


class Studio:
    """Draws one picture at a time. `patience` in seconds, the waiting for earlier pictures included."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    async def draw(self, picture: Picture) -> bytes | None:
        """The picture as PNG, or None when it cannot be had in time."""
        if isinstance(picture, Drawn):
            return await self.run(DRAWINGS.get(picture.name, ""), picture.values)
        return await self.run("bot.pictures.drawing:png", picture)

    async def run(self, work: str, *given: Any, patience: float | None = None) -> Any | None:
        """What `module:function` of ours returns in the other process; None when it cannot be had in time."""
        try:
            async with asyncio.timeout(patience or self._patience):
                try:
                    return await self._done(work, given)
                except BrokenProcessPool:  # the process died, of other work perhaps: once more in a new one
                    return await self._done(work, given)
        except Exception as error:
            log.warning("studio.failed", work=work, kind=type(error).__name__)
            return None

    async def close(self) -> None:
        """End the process, if one was started. Nothing is drawn afterwards."""
        self._closed = True
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)

    async def _done(self, work: str, given: tuple[Any, ...]) -> Any:
        if self._closed:
            raise RuntimeError("the studio is closed")
        pool = self._pool = self._pool or ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin)
        try:
            return await asyncio.wrap_future(pool.submit(_work, work, given))
        except BrokenProcessPool:
            if self._pool is pool:  # other work may have put a new one there already
                self._pool = None
            raise


def _begin() -> None:
    """In the new process: Ctrl-C is the service's business, and no service means no studio."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_the_service, daemon=True).start()


def _leave_with_the_service() -> None:
    service = parent_process()
    if service is not None:
        service.join()
        _exit(0)


def _work(work: str, given: tuple[Any, ...]) -> Any:
    module, _, name = work.partition(":")
    if not module.startswith(OURS):
        raise ValueError(f"{work!r} is not work for this process")
    signal.alarm(STUCK)
    try:
        return getattr(import_module(module), name)(*given)  # loads heavy libraries, here and in no other process
    finally:
        signal.alarm(0)
