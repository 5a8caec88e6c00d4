"""What is ready to go waits here by lane; a few at a time are marked `sending` and given their slots, in one change.

    join ─► lanes ─► one change: slots of the shared budget + `sending` committed ─► its slot ─► the call

No more is committed than fits into the next moment and into what may be in flight, so a crash leaves few in doubt.
"""

import asyncio
import itertools
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

import structlog

from bot.clock import Clock
from bot.gate import Gate
from scheduler import pacing
from scheduler.delivery import Lane
from storage import dispatch, paces
from storage.errors import StorageError
from storage.store import Store, Tx

log = structlog.get_logger()

MOMENT = 0.05  # seconds of the budget that are given out in one change
IN_FLIGHT = 128  # calls under way at the same time, those that wait for their slot among them
AT_ONCE = 32  # rows marked in one change, at most
FRESH = 4.0  # seconds after `sending` was committed in which the call may begin: then we may be held for dead
LATE = 0.05  # seconds behind its slot that a call may be
TELLING = 0.25  # seconds after which the other replicas hear of answers that went ahead
LOWEST_SHARE = 10  # every tenth slot goes to the lowest lane that waits
UNPAID = 60.0  # seconds after which it is asked again whether broadcasts may be paid for
TURNED_AWAY = 0.5  # seconds to wait where the database does not answer


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


@dataclass(frozen=True, slots=True)
class _Granted:
    """What one change came to: the rows that are ours, and their slots as monotonic seconds."""

    ours: frozenset[int]
    slots: tuple[float, ...]
    paid: bool


class Departures:
    """One for a process; it starts with the first that joins."""

    def __init__(self, store: Store, gate: Gate, clock: Clock, owner: str) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock
        self._owner = owner
        self._lanes: dict[Lane, deque[_Waiting]] = defaultdict(deque)
        self._count = itertools.count(1)
        self._work = asyncio.Event()
        self._in_flight = 0
        self._loop: asyncio.Task[None] | None = None
        self._tellers: set[asyncio.Task[None]] = set()
        self._commit_takes = 0.0  # seconds, of late
        self._unpaid_until = 0.0  # the day's Stars are spent: asked again then
        gate.on_pause = self._tell

    async def join(self, row_id: int, lane: Lane, chat: int) -> Departure | None:
        """Wait for the departure; None where the row is no longer ours.

        Whoever gets one calls `landed` when the call is over and recorded.
        """
        await self._gate.chat_turn(chat)
        turn: asyncio.Future[Departure | None] = asyncio.get_running_loop().create_future()
        self._lanes[lane].append(_Waiting(row_id, lane, turn))
        self._start()
        departure = await turn
        if departure is None:
            return None
        await self._gate.until(departure.at)
        if self._clock.monotonic() - departure.committed_at > FRESH:  # we were stopped; its lease may be another's
            self.landed()
            return None
        return departure

    def landed(self) -> None:
        """One call less in flight."""
        self._in_flight -= 1
        self._work.set()

    async def close(self) -> None:
        """No further departures; those that wait are told that their rows are no longer ours."""
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
        if self._store.shared:
            self._start()

    def _start(self) -> None:
        self._work.set()
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._depart(), name="departures")

    async def _depart(self) -> None:
        while True:
            group, paid = self._next_group()
            if group:
                await self._give(group, paid=paid)
                await self._gate.until(self._gate.next_at - self._lead())
                continue
            if not self._store.shared and not any(self._lanes.values()):
                return  # until somebody joins again
            self._work.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(TELLING):
                    await self._work.wait()
            if self._gate.ahead and not self._work.is_set():
                await self._give([], paid=False)

    def _lead(self) -> float:
        return 0.0 if self._gate.rates.full == inf else min(1.0, self._commit_takes * 1.5 + 0.002)

    def _fits(self, rate: float) -> int:
        """How many calls are given out at once: a moment's worth, or as many as go while a slow commit takes."""
        return max(1, round(min(rate * max(MOMENT, 2 * self._lead()), AT_ONCE)))

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        """The next to go: the longest waiting of the highest lane; every tenth time, of the lowest."""
        rates = self._gate.rates
        paying = bool(rates.paid_a_day) and self._clock.monotonic() > self._unpaid_until
        paying = paying and not any(self._lanes[lane] for lane in Lane if lane is not Lane.BROADCAST)
        most = min(IN_FLIGHT - self._in_flight, self._fits(rates.paid if paying else self._gate.rate))
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
        """Commit the group and hand out its departures; rows stay where they are while the gate is closed."""
        try:
            granted = await self._grant(group, paid=paid)
            if granted.slots and granted.slots[0] < self._clock.monotonic() - LATE:
                # The commit took longer than thought: slots that have gone by would be used all at once.
                granted = await self._grant(group[: len(granted.slots)], paid=paid, marked=granted.ours)
        except Exception as error:  # whatever it is: those who wait must not wait for ever
            log.warning("departures.turned-away", kind=type(error).__name__)
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

    async def _grant(self, group: list[_Waiting], *, paid: bool, marked: frozenset[int] | None = None) -> _Granted:
        """One change: slots for the first of the group, or for none while the gate is closed.

        `marked` rows are `sending` already and get slots in any case.
        """
        began = self._clock.monotonic()
        lead, told, rates = self._lead(), self._gate.ahead, self._gate.rates

        async def change(tx: Tx) -> tuple[pacing.Pace, list[datetime], frozenset[int], bool, float]:
            stands = await paces.standing(tx, self._clock.machine_now())
            seen = self._clock.monotonic()
            pace = pacing.went_ahead(pacing.at(stands.pace, rates, stands.now), rates, told)
            pays = paid and pace.paid_for(rates, stands.now) >= len(group)
            closed = pace.open_at > stands.now + timedelta(seconds=MOMENT) and marked is None
            most = 0 if closed else len(group) if pays or marked is not None else self._fits(pace.rate)
            ids = [waiting.row_id for waiting in group][:most]
            pace, slots = pacing.reserve(pace, rates, len(ids), lead=timedelta(seconds=lead), paid=pays)
            ours = marked or frozenset()
            if ids and marked is None:
                now = self._clock.machine_now()
                ours = frozenset(await dispatch.sending(tx, ids, owner=self._owner, now=now))
            await paces.keep(tx, pace)
            return pace, slots, ours, pays, seen

        pace, slots, ours, pays, seen = await self._store.change(change)
        self._commit_takes = max(self._clock.monotonic() - began, self._commit_takes * 0.9)

        def local(instant: datetime) -> float:
            return seen + (instant - pace.as_of).total_seconds()

        self._gate.learn(next_at=local(pace.next_at), open_at=local(pace.open_at), rate=pace.rate, told=told)
        if paid and not pays:
            self._unpaid_until = seen + UNPAID
        return _Granted(ours, tuple(local(slot) for slot in slots), pays)

    def _tell(self, seconds: float) -> None:
        """Every replica hears of a pause."""

        async def tell() -> None:
            rates = self._gate.rates

            async def change(tx: Tx) -> None:
                stands = await paces.standing(tx, self._clock.machine_now())
                pace = pacing.at(stands.pace, rates, stands.now)
                await paces.keep(tx, pacing.paused(pace, rates, seconds))

            with suppress(StorageError):  # then it is ours alone
                await self._store.change(change)

        teller = asyncio.create_task(tell(), name="pause")
        self._tellers.add(teller)
        teller.add_done_callback(self._tellers.discard)
