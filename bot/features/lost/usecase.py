"""What may not have arrived, by broadcast or kind; one more try, or leave it; what coordinators are told; the tap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot import callbacks as b
from bot.call import Call
from bot.circumstances import quiet_of
from lessons.enrolment import CohortId, LearnerId
from scheduler.broadcast import due_for
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.quiet_hours import QuietHours
from storage import audit, broadcasts, cohorts, colleagues, deliveries, enrolments, people, unknowns
from storage.deliveries import Delivery
from storage.people import Learner
from storage.store import Tx
from storage.unknowns import Unknown

MOST_GROUPS = 8
MOST_NAMED = 3
GATHERING = timedelta(minutes=15)  # so that one notice counts what goes wrong together
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

PROVES: Final[Mapping[type[Any], frozenset[DeliveryKind]]] = {  # which kinds carry such a button
    b.OpenQuestion: frozenset({DeliveryKind.LESSON}),
    b.Choose: frozenset({DeliveryKind.REVIEW, DeliveryKind.REFRESHER}),
    b.ReadFirst: frozenset({DeliveryKind.REFRESHER}),
    b.ReadLesson: frozenset({DeliveryKind.REMINDER}),
    b.Pause: frozenset({DeliveryKind.REMINDER}),
    b.Resume: frozenset({DeliveryKind.PAUSE}),
    b.BeginMeasure: frozenset({DeliveryKind.CHECK}),
    b.DeclineMeasure: frozenset({DeliveryKind.CHECK}),
    b.Renew: frozenset({DeliveryKind.RENEWAL}),
    b.Refreshers: frozenset({DeliveryKind.FAREWELL}),
}
_ASKED_AGAIN: Final = (DeliveryKind.REPLY,)  # whoever misses an answer asks once more: nobody need be called


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a message was for, and when it was due there; no learner: a coordinator, or somebody not enrolled."""

    learner: Learner | None
    due_at: datetime
    coordinates: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One broadcast, or everything else of one kind. `seen` marks the newest row that this screen counts."""

    name: str  # as a button carries it: "reminder", "broadcast-7"
    kind: DeliveryKind
    count: int
    seen: int
    receivers: tuple[Receiver, ...]
    words: str | None = None
    cohort: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest groups, how many further messages are in doubt, and what a tap has just done."""

    groups: tuple[Group, ...]
    further: int
    did: str | None = None
    n: int = 0


async def listed(tx: Tx, call: Call, *, did: str | None = None, n: int = 0) -> Listed:
    """What nobody has looked at, the newest group first."""
    by_group: dict[str, list[Unknown]] = {}
    for row in await _seen_by(tx, call, await unknowns.in_doubt(tx)):
        by_group.setdefault(_group_of(row), []).append(row)
    shown = [await _group(tx, name, rows, call.now) for name, rows in list(by_group.items())[:MOST_GROUPS]]
    further = sum(len(rows) for rows in list(by_group.values())[MOST_GROUPS:])
    return Listed(tuple(shown), further, did, n)


async def _seen_by(tx: Tx, call: Call, rows: Sequence[Unknown]) -> list[Unknown]:
    """Those to people of the cohorts that the caller may see."""
    if call.caller.cohorts is None:
        return list(rows)
    theirs = {who for cohort in call.caller.cohorts for who in await enrolments.learners_of(tx, CohortId(cohort))}
    return [row for row in rows if row.learner_id in theirs]


def _group_of(row: Unknown) -> str:
    if row.kind is DeliveryKind.BROADCAST:
        return f"{row.kind}-{row.meaning.get('broadcast', 0)}"
    return row.kind.value


async def _group(tx: Tx, name: str, rows: list[Unknown], now: datetime) -> Group:
    newest = rows[0]
    receivers = tuple([await _receiver(tx, row, now) for row in rows[:MOST_NAMED]])
    sent = await broadcasts.get(tx, newest.meaning["broadcast"]) if newest.kind is DeliveryKind.BROADCAST else None
    cohort = await cohorts.get(tx, sent.cohort_id) if sent else None
    words = sent.title if sent else None
    seen = (newest.done_at - EPOCH) // MICROSECOND
    return Group(name, newest.kind, len(rows), seen, receivers, words, cohort.name if cohort else None)


async def _receiver(tx: Tx, row: Unknown, now: datetime) -> Receiver:
    if row.learner_id is not None:
        return Receiver(await people.by_id(tx, row.learner_id, now=now), row.due_at)
    assert row.telegram_id is not None  # noqa: S101 - one of the two is there while it is in doubt
    coordinates = await colleagues.of(tx, row.telegram_id) is not None
    return Receiver(await people.learner_of(tx, row.telegram_id, now=now), row.due_at, coordinates)


async def send_again(tx: Tx, call: Call) -> Listed:
    """One more try for what this screen showed and is still in doubt; nobody's quiet hours are broken."""
    n = 0
    for row in await _meant(tx, call):
        who = (await _receiver(tx, row, call.now)).learner
        due_at = due_for(call.now, quiet_of(who), who.zone) if who and row.learner_id else call.now
        n += await unknowns.send_again(tx, row, due_at=due_at)
    await audit.note(tx, "lost.sent-again", actor_id=call.caller.telegram_id, now=call.now, messages=n)
    return await listed(tx, call, did="again" if n else "dealt-with", n=n)


async def leave(tx: Tx, call: Call) -> Listed:
    """Looked at: it is listed no more."""
    n = sum([await unknowns.leave(tx, row) for row in await _meant(tx, call)])
    await audit.note(tx, "lost.left", actor_id=call.caller.telegram_id, now=call.now, messages=n)
    return await listed(tx, call, did="left" if n else "dealt-with", n=n)


async def _meant(tx: Tx, call: Call) -> list[Unknown]:
    """The rows that a button means: none for a name that no group has or an instant that never was."""
    name = call.pressed.group
    kinds = [kind for kind in DeliveryKind if name.split("-")[0] == kind]
    try:
        seen_at = EPOCH + call.pressed.seen * MICROSECOND
    except OverflowError:
        return []
    found = await unknowns.in_doubt(tx, kinds[0], seen_at=seen_at) if kinds else []
    return [row for row in await _seen_by(tx, call, found) if _group_of(row) == name]


async def tell(tx: Tx, row: Delivery, now: datetime) -> None:
    """A delivery is in doubt for good: each coordinator hears of it, once a day at most, in waking hours.

    A notice counts everything that is in doubt when it goes out; what comes later on that day is told on the next.
    """
    if row.kind in _ASKED_AGAIN or row.meaning.get("what") == "lost":
        return
    for telegram_id in await people.coordinators(tx):
        zone = await people.zone_of_coordinator(tx, telegram_id) or "UTC"
        for days in (0, 1):
            due_at = due_for(now + GATHERING + timedelta(days=days), QuietHours(), zone)
            if await _owe(tx, telegram_id, due_at, zone):
                break


async def _owe(tx: Tx, telegram_id: int, due_at: datetime, zone: str) -> bool:
    """Owe that day's notice; False when it has gone out already."""
    key = notice_key("lost", due_at.astimezone(ZoneInfo(zone)).date().isoformat(), telegram_id)
    meaning = {"what": "lost", "for": telegram_id}
    added = await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=due_at, telegram_id=telegram_id)
    return added or await unknowns.waits(tx, key)


async def heal(tx: Tx, learner: LearnerId, pressed: Any, message_id: int, machine_now: datetime) -> int | None:
    """A tap on a message proves that it arrived: the delivery in doubt that brought it is marked so."""
    kinds = PROVES.get(type(pressed))
    if kinds is None:
        return None
    about = {name: getattr(pressed, name) for name in ("asking", "kind") if hasattr(pressed, name)}
    return await unknowns.arrived(tx, learner, kinds, about, message_id=message_id, now=machine_now)
