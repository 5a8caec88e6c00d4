"""What became of each send, written down in lots: the row's state, and everything that follows from it.

Most sends arrive and nothing follows: such rows cost one statement a lot. The others are settled one by one.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from bot import agenda
from bot.clock import Clock
from bot.features.lost import usecase as lost
from bot.groups import Groups
from bot.office import Office
from bot.route import Carrier, nothing
from scheduler.delivery import DeliveryKind, DeliveryState, Settled
from storage import dispatch, enrolments, people
from storage.deliveries import Delivery
from storage.dispatch import Lapsed
from storage.errors import StorageError
from storage.store import Store, Tx

log = structlog.get_logger()

FAILED_REST = timedelta(hours=1)  # before an enrolment whose delivery failed for good is looked at again
MOST = 64
LINGER = 0.01  # seconds; at a thousand messages a second half of the work was commits


@dataclass(frozen=True, slots=True)
class Entry:
    """A row and what it comes to; `owner` is who must still hold it."""

    row: Delivery
    settled: Settled
    owner: str
    message_id: int | None = None
    lapsed: Lapsed | None = None


class Counted(Protocol):
    """Hears of everything that was written down."""

    def __call__(self, kind: DeliveryKind, settled: Settled, /) -> None: ...


class Ledger:
    """One for a process."""

    def __init__(
        self, store: Store, office: Office, clock: Clock, carriers: Mapping[DeliveryKind, Carrier], counted: Counted
    ) -> None:
        self._store = store
        self._office = office
        self._clock = clock
        self._carriers = carriers
        self._counted = counted
        self._lots: Groups[Entry, BaseException | None] = Groups(self._write, most=MOST, linger=LINGER)

    async def write(self, entry: Entry) -> None:
        """Settled, if the row is still its owner's. Raises StorageError."""
        error = await self._lots.join(entry)
        if error is not None:
            raise error
        self._counted(entry.row.kind, entry.settled)

    def _plain(self, entry: Entry) -> bool:
        """It arrived and nothing follows."""
        row = entry.row
        arrived = entry.settled.state is DeliveryState.SENT and entry.message_id is not None
        return arrived and row.enrolment_id is None and self._carriers[row.kind].arrived is nothing

    async def _write(self, entries: Sequence[Entry]) -> list[BaseException | None]:
        plain = [entry for entry in entries if self._plain(entry)]
        rest = [entry for entry in entries if not self._plain(entry)]
        now, people_now = self._clock.machine_now(), self._clock.people_now()
        changes: list[Coroutine[Any, Any, None]] = [self._one(entry, now, people_now) for entry in rest]
        if plain:
            changes.append(self._store.change(lambda tx: sent(tx, plain, now)))
        errors = await asyncio.gather(*changes, return_exceptions=True)  # so that they share a commit
        of_rest = {entry.row.id: error for entry, error in zip(rest, errors, strict=False)}
        return [of_rest[entry.row.id] if entry.row.id in of_rest else errors[-1] for entry in entries]

    async def _one(self, entry: Entry, now: datetime, people_now: datetime) -> None:
        async def change(tx: Tx) -> None:
            if await _settle(tx, entry, now):
                await self._consequences(tx, entry.row, entry.settled, people_now)

        try:
            await self._store.change(change)
        except StorageError:
            raise
        except Exception:  # what became of the send stands, whatever breaks behind it
            log.exception("delivery.consequences", delivery=entry.row.id, kind=entry.row.kind)
            await self._store.change(lambda tx: _settle(tx, entry, now))

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
            # or it would be owed again at once, for ever
            await enrolments.look(tx, row.enrolment_id, now + FAILED_REST)
        elif row.enrolment_id is not None and settled.state is not DeliveryState.PENDING:
            await agenda.replan(tx, self._office.courses, row.enrolment_id, now=now)


async def sent(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """These arrived, and nothing follows; of replies the words are kept no longer."""
    for owner in {entry.owner for entry in entries}:
        messages = [(entry.row.id, entry.message_id or 0) for entry in entries if entry.owner == owner]
        ours = await dispatch.sent(tx, messages, owner=owner, now=now)
        replies = [e.row.id for e in entries if e.row.id in ours and e.row.kind is DeliveryKind.REPLY]
        if replies:
            await dispatch.forget_words(tx, replies)


async def _settle(tx: Tx, entry: Entry, now: datetime) -> bool:
    settled = entry.settled
    ours = await dispatch.settle(
        tx,
        entry.row.id,
        settled.state,
        now=now,
        owner=entry.owner,
        reason=settled.reason,
        message_id=entry.message_id,
        retry_at=now + settled.retry_in if settled.retry_in is not None else None,
        lapsed=entry.lapsed,
    )
    if ours and settled.state is DeliveryState.SENT and entry.row.kind is DeliveryKind.REPLY:
        await dispatch.forget_words(tx, [entry.row.id])
    return ours
