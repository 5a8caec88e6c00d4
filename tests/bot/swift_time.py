"""An event loop whose time passes at once: nobody sleeps, and every instant is exact.

Good for code that waits for nothing but time; sockets and threads would not be waited for.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")


class _Impatient(selectors.SelectSelector):
    def __init__(self, loop: "SwiftLoop") -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits, and nothing will ever happen"
        self._loop.passed += max(timeout, 0)
        return super().select(0)


class SwiftLoop(asyncio.SelectorEventLoop):
    """Waiting for an instant takes the loop there."""

    def __init__(self) -> None:
        self.passed = 0.0
        super().__init__(_Impatient(self))

    def time(self) -> float:
        return self.passed


class LoopClock:
    """The service's clock, kept by the running loop."""

    def people_now(self) -> datetime:
        return datetime(2026, 11, 22, 5, 30, tzinfo=UTC)

    def machine_now(self) -> datetime:
        return datetime(2026, 11, 22, 5, 30, tzinfo=UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def swiftly(story: Coroutine[Any, Any, T]) -> T:
    """Run a story in swift time."""
    with asyncio.Runner(loop_factory=SwiftLoop) as runner:
        return runner.run(story)
