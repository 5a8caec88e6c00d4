"""The only reader of the clock in the service.

People's time decides when lessons, reminders and deadlines are due, and is virtual in the demo. The machine's time
and monotonic time govern leases, rates, time-outs and heartbeats, and are always real.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from storage.errors import StorageError

if TYPE_CHECKING:
    import aiohttp


class Clock(Protocol):
    """What the service knows of time."""

    def people_now(self) -> datetime:
        """Aware UTC; when things are due for people."""

    def machine_now(self) -> datetime:
        """Aware UTC; leases and records."""

    def monotonic(self) -> float:
        """Seconds; rates and time-outs."""


class SystemClock:
    """People's time is the machine's time."""

    def people_now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    def machine_now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds."""
        return time.monotonic()


class FollowedClock(SystemClock):
    """People's time as another process keeps it, at an address that reports and winds it.

    The service tells that clock when it is idle and when it wants to look next, so that a winding clock never runs
    past an instant at which something is due.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._base = datetime.now(UTC)
        self._rate = 1.0
        self._stop_at: datetime | None = None
        self._since = time.monotonic()
        self._revision = -1

    def people_now(self) -> datetime:
        """Aware UTC; stands still at the instant where the clock stops."""
        passed = (time.monotonic() - self._since) * self._rate
        now = self._base + timedelta(seconds=passed)
        return min(now, self._stop_at) if self._stop_at else now

    async def first_look(self) -> None:
        """Learn the time before anything is decided by it."""
        import aiohttp  # noqa: PLC0415 - 9 MiB that only the demo needs

        async with aiohttp.ClientSession() as session, session.get(self._address) as answer:
            self._take(await answer.json())

    async def follow(
        self, standing: Callable[[], Awaitable[tuple[bool, datetime | None]]], woken: Callable[[], None]
    ) -> None:
        """Report idleness and the next due instant for ever; call `woken` whenever the clock moved."""
        import aiohttp  # noqa: PLC0415 - 9 MiB that only the demo needs

        timeout = aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                with suppress(aiohttp.ClientError, TimeoutError, StorageError):  # both may be away for a while
                    await self._report(session, standing, woken)
                    continue
                await asyncio.sleep(0.5)

    async def _report(
        self,
        session: "aiohttp.ClientSession",
        standing: Callable[[], Awaitable[tuple[bool, datetime | None]]],
        woken: Callable[[], None],
    ) -> None:
        seen = self._revision
        idle, next_due_at = await standing()
        report = {
            "seen": seen,
            "idle": idle,
            "next_due_at": next_due_at and next_due_at.isoformat(),
            "wait": 0.5 if idle else 0.02,
        }
        async with session.post(f"{self._address}/service", json=report) as answer:
            self._take(await answer.json())
        if self._revision != seen:
            woken()

    def _take(self, value: dict[str, object]) -> None:
        self._since = time.monotonic()
        self._base = datetime.fromisoformat(str(value["now"]))
        self._rate = float(str(value["rate"]))
        stop_at = value["stop_at"]
        self._stop_at = datetime.fromisoformat(str(stop_at)) if stop_at else None
        self._revision = int(str(value["revision"]))
