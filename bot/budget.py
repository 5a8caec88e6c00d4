"""The budget of messages as this process draws on it: slots and `sending` in one change, pauses told to all."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import NamedTuple

from bot.clock import Clock
from bot.gate import Gate
from scheduler import pacing
from scheduler.pacing import Pace
from storage import dispatch, paces
from storage.errors import StorageError
from storage.store import Store, Tx

MOMENT = 0.05  # seconds of the budget that are given out in one change
AT_ONCE = 64  # rows marked in one change, at most
SOON = 1.0  # seconds ahead that a slot may be when its row is committed: a lease must not run out before it
LATE = 0.05  # seconds behind its slot that a call may be
UNPAID = 60.0  # seconds after which it is asked again whether broadcasts may be paid for


@dataclass(frozen=True, slots=True)
class Granted:
    """What one change came to: the rows that are ours, and the slots of the first rows as monotonic seconds."""

    ours: frozenset[int]
    slots: tuple[float, ...]
    paid: bool


class _Taken(NamedTuple):
    pace: Pace
    slots: list[datetime]
    ours: frozenset[int]
    paid: bool
    seen: float  # the monotonic second of `pace.as_of`


class Budget:
    """One for a process."""

    def __init__(self, store: Store, gate: Gate, clock: Clock, owner: str) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock
        self._owner = owner
        self._commit_takes = 0.0  # seconds, of late
        self._unpaid_until = 0.0  # the day's Stars are spent: asked again then
        self._tellers: set[asyncio.Task[None]] = set()
        gate.on_pause = self._tell

    @property
    def lead(self) -> float:
        """Seconds that a commit takes, and some."""
        return 0.0 if self._gate.rates.full == inf else min(1.0, self._commit_takes * 1.5 + 0.002)

    @property
    def may_be_paid(self) -> bool:
        """Whether broadcasts may be paid for, as far as is known here."""
        return bool(self._gate.rates.paid_a_day) and self._clock.monotonic() > self._unpaid_until

    def fits(self, rate: float) -> int:
        """How many calls are given out at once: a moment's worth, or as many as go while a slow commit takes."""
        return max(1, round(min(rate * max(MOMENT, 2 * self.lead), AT_ONCE)))

    async def grant(self, ids: Sequence[int], *, paid: bool = False) -> Granted:
        """Slots for the first of these rows, which are `sending` then; for none while the gate is closed.

        Without rows it only tells the others what went ahead. Raises StorageError.
        """
        granted = await self._grant(ids, paid=paid)
        if granted.slots and granted.slots[0] < self._clock.monotonic() - LATE:
            # The commit took longer than thought: slots that have gone by would be used all at once.
            return await self._grant(ids[: len(granted.slots)], paid=paid, marked=granted.ours)
        return granted

    async def _grant(self, ids: Sequence[int], *, paid: bool, marked: frozenset[int] | None = None) -> Granted:
        """`marked` rows are `sending` already and get slots in any case."""
        began, told, lead = self._clock.monotonic(), self._gate.ahead, self.lead
        taken = await self._store.change(lambda tx: self._take(tx, ids, told, lead, paid=paid, marked=marked))
        self._commit_takes = max(self._clock.monotonic() - began, self._commit_takes * 0.9)

        def local(instant: datetime) -> float:
            return taken.seen + (instant - taken.pace.as_of).total_seconds()

        pace = taken.pace
        self._gate.learn(next_at=local(pace.next_at), open_at=local(pace.open_at), rate=pace.rate, told=told)
        if paid and not taken.paid:
            self._unpaid_until = taken.seen + UNPAID
        return Granted(taken.ours, tuple(local(slot) for slot in taken.slots), taken.paid)

    async def _take(
        self, tx: Tx, ids: Sequence[int], told: int, lead: float, *, paid: bool, marked: frozenset[int] | None
    ) -> _Taken:
        rates = self._gate.rates
        stands = await paces.standing(tx, self._clock.machine_now())
        seen = self._clock.monotonic()
        pace = pacing.went_ahead(pacing.at(stands.pace, rates, stands.now), rates, told)
        pays = paid and pace.paid_for(rates, stands.now) >= len(ids)
        if marked is None:
            ids = ids[: self._open_to(pace, lead, len(ids) if pays else self.fits(pace.rate))]
        pace, slots = pacing.reserve(pace, rates, len(ids), lead=timedelta(seconds=lead), paid=pays)
        ours = marked or frozenset()
        if ids and marked is None:
            now = self._clock.machine_now()
            ours = frozenset(await dispatch.sending(tx, ids, owner=self._owner, now=now))
        await paces.keep(tx, pace)
        return _Taken(pace, slots, ours, pays, seen)

    def _open_to(self, pace: Pace, lead: float, most: int) -> int:
        """So many, or none while the gate is closed or the budget is used far ahead."""
        closed = pace.open_at > pace.as_of + timedelta(seconds=MOMENT)
        closed |= self._gate.left() > MOMENT  # a pause of ours that is being told just now
        return 0 if closed or pace.next_at > pace.as_of + timedelta(seconds=lead + SOON) else most

    def _tell(self, seconds: float) -> None:
        """Every replica hears of a pause."""
        teller = asyncio.create_task(self._told(seconds), name="pause")
        self._tellers.add(teller)
        teller.add_done_callback(self._tellers.discard)

    async def _told(self, seconds: float) -> None:
        rates = self._gate.rates

        async def change(tx: Tx) -> None:
            stands = await paces.standing(tx, self._clock.machine_now())
            pace = pacing.at(stands.pace, rates, stands.now)
            await paces.keep(tx, pacing.paused(pace, rates, seconds))

        with suppress(StorageError):  # then it is ours alone
            await self._store.change(change)
