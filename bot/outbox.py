"""Sending what is due: claim, render after checking the reason again, depart, send, write down what became of it.

What became of a send decides what follows; nothing that may have arrived is repeated blindly.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.departures import Departures, TooLate
from bot.gate import Gate, Pass
from bot.ledger import Entry, Ledger
from bot.message import Message
from bot.office import Office
from bot.route import Carrier, RenderMany
from bot.sender import Sender
from scheduler.delivery import DeliveryKind, DeliveryState, Outcome, Sent, Settled, after, after_lapse, lane_of, stale
from storage import dispatch, people
from storage.deliveries import Delivery
from storage.errors import StorageError
from storage.store import Store, Tx

log = structlog.get_logger()

HELD = (16, 512)  # rows leased at a time, at least and at most
SECONDS_HELD = 4  # of the rate: what is claimed goes out long before its lease ends
LOOK = 1.0  # seconds between looks for what has become due meanwhile


@dataclass(frozen=True, slots=True)
class Addressed:
    """A rendered delivery and the chat it goes to; a row without is not sent, for its reason is gone."""

    row: Delivery
    chat_id: int | None = None
    message: Message | None = None


class Outbox:
    """Drains the deliveries. Counts what it sent, for health and metrics."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        office: Office,
        clock: Clock,
        carriers: Mapping[DeliveryKind, Carrier],
        gate: Gate | None = None,
    ) -> None:
        self._store = store
        self._sender = sender
        self._office = office
        self._clock = clock
        self._carriers = carriers
        self._gate = gate or Gate.wide_open(clock)
        self._departures = Departures(store, self._gate, clock, office.owner)
        self.ledger = Ledger(store, office, clock, carriers, self.count)
        self._held = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._fewer = asyncio.Event()
        self._broken: BaseException | None = None
        self._stopping = False
        self._lapse_at = 0.0  # when rows of the dead are looked for next
        self.outcomes: dict[tuple[str, str], int] = {}

    async def drain(self) -> int:
        """Send everything that is due now; returns how many rows were taken in hand."""
        self._departures.tell_others()
        await self._lapse()
        taken = 0
        while True:
            if self._clock.monotonic() >= self._lapse_at:  # a long broadcast does not keep others' rows waiting
                await self._lapse()
            batch = await self._claim()
            taken += len(batch)
            for rows in await self._rendered(batch):
                self._begin(rows)
            if not batch and not self._under_way:
                return taken
            await self._room(at_once=bool(batch))
            if self._broken is not None:
                broken, self._broken = self._broken, None
                raise broken

    async def stop(self) -> None:
        """Take nothing more; finish the calls under way; give back what had not left."""
        self._stopping = True
        self._fewer.set()
        await self._departures.close()
        if self._under_way:
            await asyncio.wait(list(self._under_way))
        with suppress(StorageError):  # then their leases run out
            await self._store.change(lambda tx: dispatch.give_back(tx, owner=self._office.owner))

    @property
    def _most(self) -> int:
        least, most = HELD
        rates = self._gate.rates
        return int(min(most, max(least, SECONDS_HELD * max(self._gate.rate, rates.paid if rates.paid_a_day else 0))))

    async def _claim(self) -> list[Delivery]:
        room = self._most - self._held
        if self._stopping or room <= 0 or self._gate.left() > LOOK:
            return []
        people_now, now = self._clock.people_now(), self._clock.machine_now()
        owner = self._office.owner
        return await self._store.change(
            lambda tx: dispatch.claim(tx, people_now=people_now, now=now, owner=owner, limit=room)
        )

    async def _room(self, *, at_once: bool) -> None:
        """Wait until half of what may be held has gone, or for the next look."""
        if at_once and self._held <= self._most // 2:
            return
        self._fewer.clear()
        if self._under_way:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._fewer.wait()

    async def _rendered(self, batch: Sequence[Delivery]) -> list[list[Addressed]]:
        """By receiver, in order; rows of a kind that is worded many at a time come with their words."""
        now = self._clock.people_now()
        found: dict[int, Addressed] = {}
        for kind, carrier in self._carriers.items():
            rows = [row for row in batch if row.kind is kind]
            if carrier.render_many is not None and rows:
                found |= await self._many(carrier.render_many, rows, now)
        receivers: dict[int | None, list[Addressed]] = {}
        for row in batch:
            receivers.setdefault(row.learner_id or row.telegram_id, []).append(found.get(row.id) or Addressed(row))
        return list(receivers.values())

    async def _many(self, render: RenderMany, rows: Sequence[Delivery], now: datetime) -> dict[int, Addressed]:
        try:
            words = await self._store.read(lambda tx: render(tx, rows, self._office))
        except StorageError:  # one by one, then, and later
            return {}
        return {
            row.id: Addressed(row, *words[row.id])
            for row in rows
            if row.id in words and not stale(row.kind, row.due_at, now)
        }

    def _begin(self, rows: list[Addressed]) -> None:
        self._held += len(rows)
        task = asyncio.create_task(self._deliver_in_order(rows), name="delivery")
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken = error
        if not self._under_way:
            self._fewer.set()

    async def _deliver_in_order(self, rows: list[Addressed]) -> None:
        """One person's messages go one after the other: the lesson before the question that comes back."""
        for each in rows:
            try:
                await self._deliver(each)
            except StorageError:  # it passes: the lease lapses, and the row is taken up again
                log.exception("delivery.interrupted", delivery=each.row.id, kind=each.row.kind)
            finally:
                self._held -= 1
                if self._held <= self._most // 2:
                    self._fewer.set()

    async def _deliver(self, each: Addressed) -> None:
        row = each.row
        if each.message is None:
            each = await self._render(row)
        if each.message is None or each.chat_id is None:
            return
        try:
            departure = await self._departures.join(row.id, lane_of(row.kind), each.chat_id)
        except TooLate:
            await self._settle(row, Settled(DeliveryState.PENDING, timedelta(), reason="its moment had gone by"))
            return
        if departure is None:
            return
        try:
            shown = Pass(lane_of(row.kind), slot=True, paid=departure.paid)
            outcome = await self._sender.send(each.chat_id, each.message, shown)
            self._departures.doubt.heard(outcome)
            await self._record(row, outcome)
        finally:
            self._departures.landed()

    async def _render(self, row: Delivery) -> Addressed:
        """Words for this moment; without any where the reason no longer holds (the row is then cancelled)."""
        now = self._clock.people_now()
        if stale(row.kind, row.due_at, now):
            await self._settle(row, Settled(DeliveryState.CANCELLED, reason="too late"))
            return Addressed(row)

        async def render(tx: Tx) -> Addressed:
            chat_id = row.telegram_id
            if row.learner_id is not None:
                learner = await people.by_id(tx, row.learner_id, now=now)
                chat_id = learner.telegram_id if learner else None
            return Addressed(row, chat_id, await self._carriers[row.kind].render(tx, row, self._office, now))

        try:
            found = await self._store.read(render)
        except StorageError:
            raise
        except Exception:
            log.exception("delivery.failed", delivery=row.id, kind=row.kind)
            await self._settle(row, Settled(DeliveryState.FAILED, reason="could not be rendered"))
            return Addressed(row)
        if found.message is None or found.chat_id is None:
            await self._settle(row, Settled(DeliveryState.CANCELLED, reason="reason gone"))
        return found

    async def _record(self, row: Delivery, outcome: Outcome) -> None:
        settled = after(row.kind, outcome, tries=row.tries + 1)
        await self._settle(row, settled, message_id=outcome.message_id if isinstance(outcome, Sent) else None)

    async def _settle(self, row: Delivery, settled: Settled, *, message_id: int | None = None) -> None:
        await self.ledger.write(Entry(row, settled, self._office.owner, message_id))

    async def _lapse(self) -> None:
        """Rows whose holder died: back to pending, or unknown."""
        self._lapse_at = self._clock.monotonic() + LOOK
        now = self._clock.machine_now()
        for row, found in await self._store.read(lambda tx: dispatch.lapsed(tx, now, me=self._office.owner)):
            settled = after_lapse(row.kind, found.state, tries=row.tries)
            log.warning("delivery.lapsed", delivery=row.id, kind=row.kind, state=found.state, now=settled.state)
            await self.ledger.write(Entry(row, settled, found.owner, lapsed=found))

    def count(self, kind: DeliveryKind, settled: Settled) -> None:
        """One more of this kind came to this."""
        what = (kind.value, settled.state.value)
        self.outcomes[what] = self.outcomes.get(what, 0) + 1
