"""What waits together is done together: everything that came while the last lot was being handled is the next lot."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Groups(Generic[T, R]):
    """`handle` gets at most `most` items, in their order, and answers each; what it raises, all of them hear.

    `linger`: seconds for which a lot that is more than one waits for others, so that a stream is not many small lots.
    """

    def __init__(
        self, handle: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, most: int, linger: float = 0.0
    ) -> None:
        self._handle = handle
        self._most = most
        self._linger = linger
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._work: asyncio.Task[None] | None = None

    async def join(self, item: T) -> R:
        """The answer to this item."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._run(), name="groups")
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            if 1 < len(self._waiting) < self._most:  # where several come, more are coming
                await asyncio.sleep(self._linger)
            lot, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                answers = await self._handle([item for item, _ in lot])
            except BaseException as error:
                _hear(lot, error)
                if not isinstance(error, Exception):
                    raise
            else:
                for (_, future), answer in zip(lot, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)


def _hear(lot: Sequence[tuple[T, "asyncio.Future[R]"]], error: BaseException) -> None:
    for _, future in lot:
        if not future.done():
            if isinstance(error, Exception):
                future.set_exception(error)
            else:
                future.cancel()
