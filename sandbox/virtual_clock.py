"""People's time: runs at any rate, jumps, or winds from one due instant to the next.

A *hold* keeps the clock still until the service, having seen the revision with which the hold began, says
that it is idle and has nothing due at this instant any more. So nothing is due in a past the service has
not lived through.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import monotonic, real_now
from sandbox.errors import ImpossibleError

HOLD_SECONDS = 0.05
SETTLE_SECONDS = 5.0  # how long "next event" waits for a fresh report


@dataclass(frozen=True, slots=True)
class Report:
    """What the service said last. `next_due_at`: aware UTC, when it wants to look next."""

    seen: int
    idle: bool
    next_due_at: datetime | None


class VirtualClock:
    """One clock for all phones and for the service that follows it.

    `pending` counts updates the service has not confirmed; `confirmed_at` is monotonic time of the last
    confirmation; `changed` is called after every change that a page wants to see.
    """

    def __init__(
        self,
        *,
        start_at: datetime | None,
        pending: Callable[[], int],
        confirmed_at: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._base = start_at or real_now()
        self._since = monotonic()
        self._rate = 1.0
        self._stop_at: datetime | None = None
        self._winding_to: datetime | None = None
        self._hold: int | None = None  # the revision with which the present hold began
        self._revision = 0
        self._service: Report | None = None
        self._idle_seen = -1  # the newest revision at which the service was found idle
        self._answered_at = 0.0  # when the service last got an answer; its next report is younger than that
        self._settling = 0  # how many wait for a fresh report
        self._closed = False
        self._pending, self._confirmed_at, self._changed = pending, confirmed_at, changed
        self._bell = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def now(self) -> datetime:
        """Aware UTC of the people."""
        if self._hold is not None:
            return self._base
        now = self._base + timedelta(seconds=(monotonic() - self._since) * self._rate)
        return min(now, self._stop_at) if self._stop_at else now

    def value(self, note: str | None = None) -> dict[str, Any]:
        """The clock as the contract shows it."""
        due = self._service.next_due_at if self._service else None
        idle = self._pending() == 0 and (self._service is None or self._service.idle)
        value: dict[str, Any] = {
            "now": self.now().isoformat(),
            "rate": self._rate,
            "stop_at": self._stop_at and self._stop_at.isoformat(),
            "revision": self._revision,
            "winding_to": self._winding_to and self._winding_to.isoformat(),
            "next_due_at": due and due.isoformat(),
            "idle": idle,
        }
        return value | {"note": note} if note else value

    # Commands of the people who watch.

    def set_rate(self, rate: float) -> None:
        """1 is life, 0 stands still; above 1 the clock stops at whatever is due. Ends a wind."""
        self._rebase()
        self._rate, self._winding_to = rate, None
        self._begin()

    def jump_to(self, at: datetime) -> None:
        """Skip what lies between, as an outage would."""
        self._refuse_the_past(at)
        self._base, self._since, self._winding_to = at, monotonic(), None
        self._begin()

    def wind_to(self, at: datetime) -> None:
        """Go there from hold to hold; the service lives through everything that is due on the way."""
        self._refuse_the_past(at)
        self._rebase()
        self._winding_to = at
        self._begin()

    async def next_event(self) -> str | None:
        """Wind to the earliest look of the service; None, or a sentence saying why nothing moved."""
        if self._service is None:
            return "No service has reported to this clock yet."
        await self._settled()
        due = self._service.next_due_at
        if due is None:
            return "Nothing is due."
        if due <= self.now():
            return "The service is still busy with what is due now."
        self.wind_to(due)
        return None

    async def wound(self, seconds: float) -> None:
        """Wait until no wind is on, at most so long."""
        await self._until(lambda: self._winding_to is None, seconds)

    # What the service says.

    async def report(self, *, seen: int, idle: bool, next_due_at: datetime | None, wait: float) -> dict[str, Any]:
        """Take a report; answer when there is news for the service, or after `wait` seconds."""
        confirmed_at = self._confirmed_at()
        overtaken = idle and confirmed_at >= self._answered_at  # it may have been idle before those updates came
        honest = idle and not overtaken and self._pending() == 0
        stop_before = self._stop_at
        self._service = Report(seen, honest, next_due_at)
        if honest and seen > self._idle_seen:
            self._idle_seen = seen
            self._ring()
        if self._hold is not None:
            if honest and seen >= self._hold and (next_due_at is None or next_due_at > self._base):
                self._release()
        elif self._fast:
            self._stop_before(next_due_at)
        if self._hold is not None:
            wait = min(wait, HOLD_SECONDS)  # everybody waits for this service: ask again soon
        if not overtaken and self._stop_at == stop_before:
            await self._until(lambda: self._revision != seen or self._fresh_report_wanted(confirmed_at), wait)
        self._answered_at = monotonic()
        return self.value()

    def poke(self) -> None:
        """Updates were confirmed: whoever waits looks again."""
        self._ring(shown=False)

    def close(self) -> None:
        """Forget the timer and let go of whoever waits."""
        self._closed = True
        self._disarm()
        self._ring()

    @property
    def _fast(self) -> bool:
        return self._rate > 1 or self._winding_to is not None

    def _fresh_report_wanted(self, confirmed_at: float) -> bool:
        wanted = self._hold is not None or self._settling > 0
        return wanted and self._pending() == 0 and self._confirmed_at() > confirmed_at

    def _begin(self) -> None:
        self._revision += 1
        self._hold = self._stop_at = None
        if self._fast and self._service is not None:
            self._hold_at(self._base)  # first hear what is due: the last report may be older than the last tap
        elif self._winding_to is not None:
            self._base, self._since, self._winding_to = self._winding_to, monotonic(), None
        self._ring()

    def _release(self) -> None:
        due = self._service.next_due_at if self._service else None
        target = self._winding_to
        self._revision += 1
        self._hold, self._since = None, monotonic()
        if target is not None and self._base < target:
            self._hold_at(min(due, target) if due else target)
        else:
            self._winding_to = self._stop_at = None
            if self._fast:
                self._stop_before(due)
        self._ring()

    def _hold_at(self, at: datetime) -> None:
        self._base = self._stop_at = at
        self._hold = self._revision

    def _stop_before(self, due: datetime | None) -> None:
        stop_at = max(due, self.now()) if due else None
        if stop_at == self._stop_at and (stop_at is None or self._timer):
            return
        self._rebase()
        self._stop_at = stop_at
        self._arm()
        self._ring()

    def _disarm(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _arm(self) -> None:
        self._disarm()
        if self._stop_at and self._fast and self._hold is None:
            left = (self._stop_at - self.now()).total_seconds() / self._rate
            self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._reach)

    def _reach(self) -> None:
        self._timer = None
        if self._stop_at is None or self._hold is not None or not self._fast:
            return
        if self.now() < self._stop_at:
            self._arm()
            return
        self._revision += 1
        self._hold_at(self._stop_at)
        self._ring()

    async def _settled(self) -> None:
        """Ask for a fresh report: idle, and made after this moment."""
        self._revision += 1
        wanted = self._revision
        self._settling += 1
        self._ring()
        try:
            await self._until(lambda: self._idle_seen >= wanted, SETTLE_SECONDS)
        finally:
            self._settling -= 1

    def _rebase(self) -> None:
        self._base, self._since = self.now(), monotonic()

    def _refuse_the_past(self, at: datetime) -> None:
        if at < self.now():
            raise ImpossibleError(409, "Time never goes back.")

    def _ring(self, *, shown: bool = True) -> None:
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()
        if shown:
            self._changed()

    async def _until(self, holds: Callable[[], bool], seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not holds() and not self._closed:
                    await self._bell.wait()
        except TimeoutError:
            return
