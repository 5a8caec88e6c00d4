"""What is ready to go waits here by lane; a few at a time are marked `sending` and given their slots, in one change.

    join ─► lanes ─► one change: slots of the shared budget + `sending` committed ─► its slot ─► the call

No more is committed than fits into the next moment and into what may be in flight, so a crash leaves few in doubt.
"""

import asyncio
import itertools
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.budget import Budget
from bot.clock import Clock
from bot.doubt import Doubt
from bot.gate import Gate
from scheduler.delivery import LOWEST_SHARE, Lane
from storage.errors import StorageError
from storage.store import Store

log = structlog.get_logger()

IN_FLIGHT = 128  # calls under way at the same time, those that wait for their slot among them
FRESH = 4.0  # seconds after `sending` was committed in which the call may begin: then we may be held for dead
EARLY = 0.01  # seconds by which slots are asked for before they must be: a change may wait for another one
TELLING = 0.25  # seconds after which the other replicas hear of answers that went ahead
TURNED_AWAY = 0.5  # seconds to wait where the database does not answer


class TooLate(Exception):
    """The moment has gone by, and the call was surely not made."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A call may go: at this monotonic second, its row committed as `sending` at that one."""

    at: float
    committed_at: float
    paid: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    row_id: int
    lane: Lane
    turn: "asyncio.Future[Departure | None]"


class Departures:
    """One for a process; it starts with the first that joins."""

    def __init__(self, store: Store, gate: Gate, clock: Clock, owner: str) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock
        self._budget = Budget(store, gate, clock, owner)
        self._lanes: dict[Lane, deque[_Waiting]] = defaultdict(deque)
        self._count = itertools.count(1)
        self._work = asyncio.Event()
        self._in_flight = 0
        self._loop: asyncio.Task[None] | None = None
        self._closed = False
        self.doubt = Doubt()

    async def join(self, row_id: int, lane: Lane, chat: int) -> Departure | None:
        """Wait for the departure; None where the row is no longer ours. Raises TooLate.

        Whoever gets one calls `landed` when the call is over and recorded.
        """
        await self._gate.chat_turn(chat)
        if self._closed:
            return None
        turn: asyncio.Future[Departure | None] = asyncio.get_running_loop().create_future()
        self._lanes[lane].append(_Waiting(row_id, lane, turn))
        self._start()
        departure = await turn
        if departure is None:
            return None
        await self._gate.until(departure.at)
        if self._clock.monotonic() - departure.committed_at > FRESH:  # we were stopped, and may be held for dead
            self.landed()
            raise TooLate
        return departure

    def landed(self) -> None:
        """One call less in flight."""
        self._in_flight -= 1
        self._work.set()

    async def close(self) -> None:
        """No further departures; those that wait, or come later, are told that their rows are no longer ours."""
        self._closed = True
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.cancel()
            with suppress(asyncio.CancelledError):
                await loop
        for waiting in itertools.chain(*self._lanes.values()):
            if not waiting.turn.done():
                waiting.turn.set_result(None)
        self._lanes.clear()

    def tell_others(self) -> None:
        """Where there are other replicas, they hear of answers that went ahead from now on."""
        if self._store.shared and not self._closed:
            self._start()

    def _start(self) -> None:
        self._work.set()
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._depart(), name="departures")

    async def _depart(self) -> None:
        while True:
            if self.doubt.reigns:
                while self._in_flight:  # what those come to says how long to wait
                    await self._rest()
                await asyncio.sleep(self.doubt.wait)
            group, paid = self._next_group()
            if group:
                await self._give(group, paid=paid)
                await self._gate.until(self._gate.next_at - self._budget.lead - EARLY)
                continue
            if not self._store.shared and not any(self._lanes.values()):
                return  # until somebody joins again
            await self._rest()
            if self._gate.ahead and not self._work.is_set():
                await self._give([], paid=False)

    async def _rest(self) -> None:
        self._work.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(TELLING):
                await self._work.wait()

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        """The next to go: the longest waiting of the highest lane; every tenth time, of the lowest."""
        above = any(self._lanes[lane] for lane in Lane if lane is not Lane.BROADCAST)
        paying = self._budget.may_be_paid and not above
        room = 1 if self.doubt.reigns else IN_FLIGHT
        most = min(room - self._in_flight, self._budget.fits(self._gate.rates.paid if paying else self._gate.rate))
        group: list[_Waiting] = []
        while len(group) < most and (waiting := self._next()) is not None:
            group.append(waiting)
        return group, paying and bool(group)

    def _next(self) -> _Waiting | None:
        lanes = sorted(lane for lane, waiting in self._lanes.items() if waiting)
        if lanes and next(self._count) % LOWEST_SHARE == 0:
            lanes.reverse()
        for lane in lanes:
            while self._lanes[lane]:
                waiting = self._lanes[lane].popleft()
                if not waiting.turn.done():  # a caller may have given up
                    return waiting
        return None

    async def _give(self, group: list[_Waiting], *, paid: bool) -> None:
        """One group to its end, also while we close: what was committed as `sending` must leave."""
        giving = asyncio.create_task(self._commit(group, paid=paid))
        try:
            await asyncio.shield(giving)
        except asyncio.CancelledError:
            await giving
            raise

    async def _commit(self, group: list[_Waiting], *, paid: bool) -> None:
        """Commit the group and hand out its departures; rows stay where they are while the gate is closed."""
        try:
            granted = await self._budget.grant([waiting.row_id for waiting in group], paid=paid)
        except Exception as error:  # whatever it is: those who wait must not wait for ever
            words = str(error) if isinstance(error, StorageError) else None  # others may quote what is stored
            log.warning("departures.turned-away", kind=type(error).__name__, words=words)
            self._put_back(group)
            await asyncio.sleep(TURNED_AWAY)
            return
        self._put_back(group[len(granted.slots) :])
        committed_at = self._clock.monotonic()
        for waiting, slot in zip(group, granted.slots, strict=False):
            ours = waiting.row_id in granted.ours
            if waiting.turn.done():
                continue
            self._in_flight += ours
            waiting.turn.set_result(Departure(slot, committed_at, granted.paid) if ours else None)

    def _put_back(self, group: list[_Waiting]) -> None:
        for waiting in reversed(group):
            self._lanes[waiting.lane].appendleft(waiting)
