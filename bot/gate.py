"""One gate for every call to Telegram: turns, one message a second in a chat, one pause for all after a 429.

    an answer to a person ─► goes at once, a few ahead of the budget at most ─┐
    bulk ─► bot/departures.py gives it a slot of the budget ──────────────────┴─► chat's pace, pause ─► it goes out

The budget is shared by all replicas (scheduler/pacing.py) and stands in the database. What the gate holds of it is a
projection in monotonic seconds: `learn` brings it up to date, and `ahead` counts what the others do not know yet.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from math import ceil, inf
from secrets import randbelow
from typing import Any, Self

import structlog
from telegram.error import NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.clock import Clock
from scheduler.delivery import Lane
from scheduler.pacing import CLIMB, SLOWEST, Rates

log = structlog.get_logger()

CHAT_PACE = 1.05  # seconds between messages in one chat; Telegram asks for one a second
MANY_CHATS = 10_000
SHORT_BURST = 3  # fresh messages that one chat may get at once; Telegram lets short bursts pass
BARE_PAUSE = 5.0  # seconds, where a 429 does not say how long
PATIENCE = 20.0  # seconds for which a call waits out a pause; then it is told to come again
AHEAD = 0.1  # seconds of the budget that answers to people may use in advance: 26 a second stay below 30 with it
STALE = 0.5  # seconds after which a call that went ahead is made up for by itself
JITTER = 250  # milliseconds; nobody comes back at the very instant that Telegram named


@dataclass(frozen=True, slots=True)
class Pass:
    """What a call shows at the gate; `slot` where it has one of the budget already."""

    lane: Lane = Lane.INTERACTIVE
    slot: bool = False
    paid: bool = False


class Gate(BaseRateLimiter[Pass]):
    """The limiter that python-telegram-bot asks before each call, and the sender before those it posts itself."""

    def __init__(self, clock: Clock, rates: Rates, *, chat_pace: float = CHAT_PACE) -> None:
        self._now = clock.monotonic
        self.rates = rates
        self.rate = rates.full  # halved by a 429, then climbing back
        self.next_at = 0.0
        self.open_at = 0.0
        self._ahead: deque[float] = deque()
        self._chats: dict[int, float] = {}  # chat → when its next message may go
        self._many_chats = MANY_CHATS  # then those that may go at once are forgotten
        self.chat_pace = chat_pace
        self.pauses = 0
        self.on_pause: Callable[[float], None] = _nobody

    @classmethod
    def wide_open(cls, clock: Clock) -> Self:
        """Where nobody counts: a terminal, a simulation."""
        return cls(clock, Rates(inf), chat_pace=0.0)

    async def initialize(self) -> None:
        """Nothing runs here, so that the library may call this more than once."""

    async def shutdown(self) -> None:
        """Nothing runs here."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Pass | None,
    ) -> Any:
        """Wait for the turn, then call. A 429 closes the gate for everybody and is passed on to the caller."""
        return await self.through(lambda: callback(*args, **kwargs), endpoint, data.get("chat_id"), rate_limit_args)

    async def through(
        self, call: Callable[[], Coroutine[Any, Any, Any]], endpoint: str, chat: object, shown: Pass | None = None
    ) -> Any:
        """The same for a call of our own. RetryAfter where a pause is longer than a call may wait."""
        shown = shown or Pass()
        fresh = endpoint.startswith(("send", "copy", "forward")) and endpoint != "sendChatAction"  # that is no message
        if fresh and isinstance(chat, int) and not shown.slot:
            await self.chat_turn(chat)
        await self._turn(counted=fresh or endpoint.startswith("edit"), shown=shown)
        try:
            return await call()
        except RetryAfter as refusal:
            self.pause(_seconds(refusal))
            raise
        except NetworkError as refusal:
            if "too many requests" in refusal.message.lower():  # a 429 without parameters
                self.pause(BARE_PAUSE)
            raise

    async def chat_turn(self, chat: int) -> None:
        """Return when the next message in this chat may go."""
        await self.until(self._reserve(chat))

    async def until(self, instant: float) -> None:
        """Sleep until that monotonic second."""
        if (left := instant - self._now()) > 0:
            await asyncio.sleep(left)

    def left(self) -> float:
        """Seconds for which the gate is still closed."""
        return max(0.0, self.open_at - self._now())

    def pause(self, seconds: float) -> None:
        """Nothing goes out for so long; afterwards the rate is half of what it was and climbs back."""
        seconds += randbelow(JITTER) / 1000
        now = self._now()
        if now >= self.open_at:  # further 429s of the same storm only lengthen the pause
            self.rate = max(self.rate / 2, self.rates.full / SLOWEST)
        self.pauses += 1
        self.open_at = max(self.open_at, now + seconds)
        self.next_at = max(self.next_at, self.open_at)
        log.warning("gate.paused", seconds=round(seconds, 1), rate=self.rate)
        self.on_pause(seconds)

    def learn(self, *, next_at: float, open_at: float, rate: float, told: int) -> None:
        """The budget as it stands for all, in monotonic seconds; `told` of the calls that went ahead are in it."""
        for _ in range(min(told, len(self._ahead))):
            self._ahead.popleft()
        self.open_at = max(self.open_at, open_at)
        self.next_at = max(next_at + len(self._ahead) / rate, self.open_at)
        self.rate = rate

    @property
    def ahead(self) -> int:
        """Calls that went out ahead of their slot and are not in the budget yet."""
        while self._ahead and self._ahead[0] < self._now() - STALE:
            self._ahead.popleft()
        return len(self._ahead)

    async def _turn(self, *, counted: bool, shown: Pass) -> None:
        while True:
            if (left := self.left()) > (0.0 if shown.slot else PATIENCE):  # its slot is gone, or its lease would be
                raise RetryAfter(ceil(left))
            if left:
                await self.until(self.open_at)
            if counted and not shown.slot:
                await self.until(self._take())
                if self.left():
                    continue
            return

    def _take(self) -> float:
        """The place of an answer in the budget: when it may go."""
        now = self._now()
        place = max(self.next_at, now)
        self.next_at = place + 1 / self.rate
        self.rate = min(self.rates.full, self.rate + self.rates.full / CLIMB)
        self._ahead.append(now)
        return max(now, place - AHEAD)

    def _reserve(self, chat: int) -> float:
        """When the next message in this chat may go; the place is taken at once (GCRA)."""
        now = self._now()
        if len(self._chats) > self._many_chats:
            self._chats = {known: at for known, at in self._chats.items() if at > now}
            self._many_chats = max(MANY_CHATS, 2 * len(self._chats))
        arrival = max(self._chats.get(chat, 0.0), now)
        self._chats[chat] = arrival + self.chat_pace
        return arrival - self.chat_pace * (SHORT_BURST - 1)


def _nobody(_seconds: float) -> None:
    """Nobody else has to hear of a pause."""


def _seconds(refusal: RetryAfter) -> float:
    after = refusal.retry_after
    return after if isinstance(after, int | float) else after.total_seconds()
