"""Sending what is due: claim, render after checking the reason again, commit `sending`, send, record.

What became of a send decides what follows; nothing that may have arrived is repeated blindly.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import agenda
from bot.clock import Clock
from bot.features.lost import usecase as lost
from bot.gate import Pass
from bot.message import Message
from bot.office import Office
from bot.routes import Carrier
from bot.sender import Sender
from scheduler.delivery import (
    DeliveryKind,
    DeliveryState,
    Outcome,
    Sent,
    Settled,
    after,
    after_lapse,
    lane_of,
    stale,
)
from storage import deliveries, enrolments, people
from storage.deliveries import Delivery
from storage.errors import StorageError
from storage.store import Store, Tx

log = structlog.get_logger()

BATCH = 64  # rows leased at a time: no more than a minute's worth of sending
IN_FLIGHT = 16
FAILED_REST = timedelta(hours=1)  # before an enrolment whose delivery failed for good is looked at again


class NoLongerOurs(Exception):
    """The row was cancelled or taken over between its lease and its turn at the gate."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A rendered delivery and the chat it goes to."""

    delivery: Delivery
    chat_id: int
    message: Message


class Outbox:
    """Drains the deliveries. Counts what it sent, for health and metrics."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        office: Office,
        clock: Clock,
        carriers: Mapping[DeliveryKind, Carrier],
    ) -> None:
        self._store = store
        self._sender = sender
        self._office = office
        self._clock = clock
        self._carriers = carriers
        self._flights = asyncio.Semaphore(IN_FLIGHT)
        self.outcomes: dict[tuple[str, str], int] = {}

    async def drain(self) -> int:
        """Send everything that is due now; returns how many rows were taken in hand."""
        await self._lapse()
        taken = 0
        while True:
            people_now, now = self._clock.people_now(), self._clock.machine_now()
            batch = await self._store.change(
                lambda tx, p=people_now, n=now: deliveries.claim(  # type: ignore[misc]  # defaults bind the instants
                    tx, people_now=p, now=n, owner=self._office.owner, limit=BATCH
                )
            )
            if not batch:
                return taken
            taken += len(batch)
            receivers: dict[int | None, list[Delivery]] = {}
            for row in batch:
                receivers.setdefault(row.learner_id or row.telegram_id, []).append(row)
            await asyncio.gather(*(self._deliver_in_order(rows) for rows in receivers.values()))

    async def _deliver_in_order(self, rows: list[Delivery]) -> None:
        """One person's messages go one after the other: the lesson before the question that comes back."""
        for row in rows:
            await self._deliver(row)

    async def _deliver(self, row: Delivery) -> None:
        async with self._flights:
            try:
                addressed = await self._render(row)
                if addressed is None:
                    return
                shown = Pass(lane_of(row.kind), before=lambda: self._commit_sending(row))
                outcome = await self._sender.send(addressed.chat_id, addressed.message, shown)
            except NoLongerOurs:
                return
            except StorageError:  # it passes: the lease lapses, and the row is taken up again
                log.exception("delivery.interrupted", delivery=row.id, kind=row.kind)
                return
            except Exception:
                log.exception("delivery.failed", delivery=row.id, kind=row.kind)
                await self._settle(row, Settled(DeliveryState.FAILED, None, None, "could not be rendered"))
                return
            await self._record(row, outcome)

    async def _render(self, row: Delivery) -> Addressed | None:
        """Words for this moment, or None when the reason no longer holds (the row is then cancelled)."""
        now = self._clock.people_now()
        if stale(row.kind, row.due_at, now):
            await self._settle(row, Settled(DeliveryState.CANCELLED, None, None, "too late"))
            return None

        async def render(tx: Tx) -> Addressed | None:
            chat_id = row.telegram_id
            if row.learner_id is not None:
                learner = await people.by_id(tx, row.learner_id, now=now)
                chat_id = learner.telegram_id if learner else None
            message = await self._carriers[row.kind].render(tx, row, self._office, now)
            return Addressed(row, chat_id, message) if message is not None and chat_id is not None else None

        addressed = await self._store.read(render)
        if addressed is None:
            await self._settle(row, Settled(DeliveryState.CANCELLED, None, None, "reason gone"))
        return addressed

    async def _commit_sending(self, row: Delivery) -> None:
        now = self._clock.machine_now()
        ours = await self._store.change(lambda tx: deliveries.sending(tx, row.id, owner=self._office.owner, now=now))
        if not ours:
            raise NoLongerOurs

    async def _record(self, row: Delivery, outcome: Outcome) -> None:
        settled = after(row.kind, outcome, tries=row.tries + 1)
        await self._settle(row, settled, message_id=outcome.message_id if isinstance(outcome, Sent) else None)

    async def record_reply(self, delivery_id: int, outcome: Outcome) -> None:
        """What became of a reply that went out at once."""
        settled = after(DeliveryKind.REPLY, outcome, tries=1)
        now = self._clock.machine_now()
        retry_at = now + settled.retry_in if settled.retry_in is not None else None
        self._count(DeliveryKind.REPLY, settled)
        await self._store.change(
            lambda tx: deliveries.settle(
                tx,
                delivery_id,
                settled.state,
                now=now,
                owner=self._office.owner,
                reason=settled.reason,
                message_id=outcome.message_id if isinstance(outcome, Sent) else None,
                retry_at=retry_at,
            )
        )

    async def _settle(
        self, row: Delivery, settled: Settled, *, message_id: int | None = None, owner: str | None = None
    ) -> None:
        now, people_now = self._clock.machine_now(), self._clock.people_now()
        retry_at = now + settled.retry_in if settled.retry_in is not None else None

        async def change(tx: Tx) -> None:
            ours = await deliveries.settle(
                tx,
                row.id,
                settled.state,
                now=now,
                owner=owner or self._office.owner,
                reason=settled.reason,
                message_id=message_id,
                retry_at=retry_at,
            )
            if ours:
                await self._consequences(tx, row, settled, people_now)

        await self._store.change(change)
        self._count(row.kind, settled)

    async def _consequences(self, tx: Tx, row: Delivery, settled: Settled, now: datetime) -> None:
        carrier = self._carriers[row.kind]
        if settled.state in (DeliveryState.SENT, DeliveryState.UNKNOWN):  # unknown: it may stand on the phone
            await carrier.arrived(tx, row, self._office, now)
            if settled.state is DeliveryState.UNKNOWN:
                await lost.tell(tx, row, now)
        elif settled.state in (DeliveryState.CANCELLED, DeliveryState.FAILED):
            await carrier.dropped(tx, row, self._office, now)
        learner = row.learner_id and await people.by_id(tx, row.learner_id, now=now)
        if settled.reach is not None and learner:
            await agenda.reach_changed(tx, self._office.courses, learner, settled.reach, now=now)
        elif row.enrolment_id is not None and settled.state is DeliveryState.FAILED:
            await enrolments.look(
                tx, row.enrolment_id, now + FAILED_REST
            )  # or it would be owed again at once, for ever
        elif row.enrolment_id is not None and settled.state is not DeliveryState.PENDING:
            await agenda.replan(tx, self._office.courses, row.enrolment_id, now=now)

    async def _lapse(self) -> None:
        """Rows whose holder died: back to pending, or unknown."""
        now = self._clock.machine_now()
        for row, state, owner in await self._store.read(lambda tx: deliveries.lapsed(tx, now)):
            settled = after_lapse(row.kind, state, tries=row.tries)
            log.warning("delivery.lapsed", delivery=row.id, kind=row.kind, state=state, now=settled.state)
            await self._settle(row, settled, owner=owner)

    def _count(self, kind: DeliveryKind, settled: Settled) -> None:
        what = (kind.value, settled.state.value)
        self.outcomes[what] = self.outcomes.get(what, 0) + 1
