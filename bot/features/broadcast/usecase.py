"""Words to a cohort: draft, preview with the count, one confirmation, deliveries, report."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.call import Call
from bot.circumstances import quiet_of
from bot.office import Office
from scheduler.broadcast import due_for, eta
from scheduler.delivery import DeliveryKind, Reach, broadcast_key, notice_key
from storage import broadcasts, cohorts, deliveries, enrolments, people
from storage.broadcasts import Broadcast
from storage.cohorts import Cohort
from storage.people import Learner
from storage.store import Tx

LONGEST = 3500  # characters; leaves room for the heading within Telegram's 4,096


class Refusal(StrEnum):
    """Why nothing was drafted or sent."""

    EMPTY = "empty"
    LONG = "long"
    NO_COHORT = "no-cohort"
    NOBODY = "nobody"
    SENT_ALREADY = "sent-already"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Which:
    """Several cohorts: which one is it for?"""

    broadcast: int
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """As the receivers will see it, and how many they are."""

    broadcast: Broadcast
    cohort: Cohort
    receivers: int
    unreachable: int
    later: int  # in their quiet hours now
    takes: timedelta


@dataclass(frozen=True, slots=True)
class Report:
    """What became of it so far: delivery state → how many."""

    broadcast: Broadcast
    cohort: Cohort
    counts: dict[str, int]

    @property
    def waiting(self) -> int:
        """Not yet sent."""
        return _waiting(self.counts)


Outcome = Refused | Which | Preview | Report


async def draft(tx: Tx, call: Call, office: Office) -> Outcome:
    """/broadcast TEXT."""
    words = call.words.strip()
    if not words:
        return Refused(Refusal.EMPTY)
    if len(words) > LONGEST:
        return Refused(Refusal.LONG)
    every = await cohorts.every(tx)
    if not every:
        return Refused(Refusal.NO_COHORT)
    author = call.caller.telegram_id
    made = await broadcasts.draft(tx, author_id=author, cohort_id=every[0].id, words=words, now=call.now)
    return Which(made, tuple(every[:20])) if len(every) > 1 else await preview(tx, made, call, office)


async def pick_cohort(tx: Tx, call: Call, office: Office) -> Outcome:
    """The cohort chosen for a draft."""
    cohort = await cohorts.get(tx, call.pressed.cohort)
    if cohort is None:
        return Refused(Refusal.GONE)
    await broadcasts.aim(tx, call.pressed.broadcast, cohort.id)
    return await preview(tx, call.pressed.broadcast, call, office)


async def _audience(tx: Tx, cohort: Cohort, now: datetime) -> tuple[list[Learner], int]:
    """(who can be reached, how many cannot)."""
    known = await people.by_ids(tx, await enrolments.learners_of(tx, cohort.id), now=now)
    reachable = [learner for learner in known if learner.reach is Reach.REACHABLE]
    return reachable, len(known) - len(reachable)


async def preview(tx: Tx, broadcast_id: int, call: Call, office: Office) -> Outcome:
    """What would go out, to how many, and when."""
    found = await _mine(tx, broadcast_id, call)
    cohort = found and await cohorts.get(tx, found.cohort_id)
    if found is None or cohort is None:
        return Refused(Refusal.GONE)
    if found.state != "draft":
        return Refused(Refusal.SENT_ALREADY)
    receivers, unreachable = await _audience(tx, cohort, call.now)
    if not receivers:
        return Refused(Refusal.NOBODY)
    later = sum(due_for(call.now, quiet_of(each), each.zone) > call.now for each in receivers)
    takes = eta(len(receivers), office.settings.send_rate)
    return Preview(found, cohort, len(receivers), unreachable, later, takes)


async def send(tx: Tx, call: Call, office: Office) -> Outcome:
    """Confirmed, once: one delivery a receiver, outside their quiet hours."""
    found = await preview(tx, call.pressed.broadcast, call, office)
    if found == Refused(Refusal.SENT_ALREADY):  # a second tap sees how far the first has come
        return await report(tx, call.pressed.broadcast, call)
    if not isinstance(found, Preview):
        return found
    if not await broadcasts.move(tx, found.broadcast.id, state="confirmed", now=call.now):
        return Refused(Refusal.SENT_ALREADY)
    receivers, _ = await _audience(tx, found.cohort, call.now)
    rows = [
        (
            broadcast_key(found.broadcast.id, each.id),
            each.id,
            due_for(call.now, quiet_of(each), each.zone),
        )
        for each in receivers
    ]
    number = found.broadcast.id
    await deliveries.add_many(tx, DeliveryKind.BROADCAST, rows, {"broadcast": number}, broadcast_id=number)
    return await report(tx, found.broadcast.id, call)


async def drop(tx: Tx, call: Call) -> bool:
    """Thrown away; False when it went out before."""
    found = await _mine(tx, call.pressed.broadcast, call)
    return found is not None and await broadcasts.move(tx, found.id, state="cancelled", now=call.now)


async def report(tx: Tx, broadcast_id: int, call: Call) -> Outcome:
    """How far it has come."""
    found = await _mine(tx, broadcast_id, call)
    cohort = found and await cohorts.get(tx, found.cohort_id)
    if found is None or cohort is None:
        return Refused(Refusal.GONE)
    if found.state not in ("confirmed", "reported"):
        return Refused(Refusal.SENT_ALREADY)
    return Report(found, cohort, await deliveries.counts(tx, found.id))


async def _mine(tx: Tx, broadcast_id: int, call: Call) -> Broadcast | None:
    """Coordinators own every cohort, but a draft is its author's."""
    found = await broadcasts.get(tx, broadcast_id)
    return found if found and found.author_id == call.caller.telegram_id else None


async def finished(tx: Tx) -> list[Broadcast]:
    """Confirmed broadcasts of which nothing waits any more."""
    under_way = await broadcasts.under_way(tx)
    return [each for each in under_way if not _waiting(await deliveries.counts(tx, each.id))]


def _waiting(counts: dict[str, int]) -> int:
    return sum(counts.get(state, 0) for state in deliveries.OPEN)


async def finish(tx: Tx, now: datetime) -> None:
    """Owe the author a report of every broadcast that has gone out whole."""
    for each in await finished(tx):
        await broadcasts.move(tx, each.id, state="reported", after="confirmed", now=now)
        key = notice_key("broadcast", each.id, each.author_id)
        meaning = {"what": "broadcast", "broadcast": each.id}
        to = {"telegram_id": each.author_id}
        await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=now, **to)
