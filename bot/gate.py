"""One gate for every call to Telegram: lanes, one message a second in a chat, one pause for all after a 429.

    a call waits in its lane ─► the dispatcher gives it the next slot ─► it goes out

A slot is reserved for a call, so waiting calls cannot wake together and burst. Interactive calls are not slowed by
the bulk rate; they obey only the pause and the chat's own pace. The lowest lane gets every tenth bulk slot for sure.
"""

import asyncio
import heapq
import itertools
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.clock import Clock
from scheduler.delivery import Lane

log = structlog.get_logger()

CHAT_PACE = 1.05  # seconds between messages in one chat; Telegram asks for one a second
SHORT_BURST = 3  # fresh messages that one chat may get at once; Telegram lets short bursts pass
BARE_PAUSE = 5.0  # seconds, where a 429 does not say how long
LOWEST_SHARE = 10  # every tenth bulk slot goes to the lowest lane that waits


@dataclass(frozen=True, slots=True)
class Pass:
    """What a call shows at the gate. `before` runs between the slot and the call: the place to commit `sending`."""

    lane: Lane = Lane.INTERACTIVE
    before: Callable[[], Awaitable[None]] | None = None


class Gate(BaseRateLimiter[Pass]):
    """The limiter that python-telegram-bot asks before each call. `rate` is bulk messages a second."""

    def __init__(self, clock: Clock, rate: float) -> None:
        self._now = clock.monotonic
        self._rate = rate
        self._current = rate  # halved by a 429, then climbing back
        self._next_bulk = 0.0
        self._paused_until = 0.0
        self._lanes: dict[Lane, list[tuple[int, asyncio.Future[None]]]] = defaultdict(list)
        self._order = itertools.count()
        self._slots = itertools.count(1)
        self._chats: dict[int, float] = {}  # chat → when its next message may go
        self._waiting = asyncio.Event()
        self._dispatcher: asyncio.Task[None] | None = None
        self.pauses = 0
        self.chat_pace = CHAT_PACE

    async def initialize(self) -> None:
        """Start the dispatcher. The library calls this more than once; only the first counts."""
        if self._dispatcher is None:
            self._dispatcher = asyncio.create_task(self._dispatch(), name="gate")

    async def shutdown(self) -> None:
        """Stop giving slots."""
        dispatcher, self._dispatcher = self._dispatcher, None
        if dispatcher is not None:
            dispatcher.cancel()
            with suppress(asyncio.CancelledError):
                await dispatcher

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Pass | None,
    ) -> Any:
        """Wait for a slot, then call. A 429 closes the gate for everybody and is passed on to the caller."""
        shown = rate_limit_args or Pass()
        chat = data.get("chat_id") if endpoint.startswith(("send", "copy", "forward")) else None
        await self.slot(shown.lane, chat if isinstance(chat, int) else None)
        if shown.before is not None:
            await shown.before()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as refusal:
            self.pause(_seconds(refusal))
            raise
        except NetworkError as refusal:
            if "too many requests" in refusal.message.lower():  # a 429 without parameters
                self.pause(BARE_PAUSE)
            raise

    async def slot(self, lane: Lane, chat: int | None) -> None:
        """Return when a call in this lane to this chat may go out."""
        if lane is not Lane.INTERACTIVE:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._lanes[lane], (next(self._order), turn))
            self._waiting.set()
            await turn
        await self._until(self._paused_until)
        if chat is not None:
            await self._until(self._reserve(chat))
            await self._until(self._paused_until)

    def pause(self, seconds: float) -> None:
        """Nothing goes out for so long; afterwards bulk starts at half its rate and climbs back."""
        self.pauses += 1
        self._paused_until = max(self._paused_until, self._now() + seconds)
        self._current = max(self._current / 2, self._rate / 16)
        log.warning("gate.paused", seconds=seconds, rate=self._current)

    def _reserve(self, chat: int) -> float:
        """When the next message in this chat may go; the slot is taken at once (GCRA)."""
        now = self._now()
        if len(self._chats) > 10_000:
            self._chats = {known: at for known, at in self._chats.items() if at > now}
        arrival = max(self._chats.get(chat, 0.0), now)
        self._chats[chat] = arrival + self.chat_pace
        return arrival - self.chat_pace * (SHORT_BURST - 1)

    async def _until(self, instant: float) -> None:
        while (left := instant - self._now()) > 0:
            await asyncio.sleep(left)
            instant = max(instant, self._paused_until)

    async def _dispatch(self) -> None:
        while True:
            await self._waiting.wait()
            await self._until(max(self._next_bulk, self._paused_until))
            turn = self._next_turn()
            if turn is None:
                self._waiting.clear()
                continue
            self._next_bulk = max(self._next_bulk, self._now()) + 1 / self._current
            self._current = min(self._rate, self._current + self._rate / 200)
            turn.set_result(None)

    def _next_turn(self) -> "asyncio.Future[None] | None":
        """The longest waiting call of the highest lane; every tenth time, of the lowest."""
        lanes = sorted(lane for lane, calls in self._lanes.items() if calls)
        if lanes and next(self._slots) % LOWEST_SHARE == 0:
            lanes.reverse()
        for lane in lanes:
            calls = self._lanes[lane]
            while calls:
                _, turn = heapq.heappop(calls)
                if not turn.done():  # a caller may have given up
                    return turn
        return None


def _seconds(refusal: RetryAfter) -> float:
    after = refusal.retry_after
    return after if isinstance(after, int | float) else after.total_seconds()
