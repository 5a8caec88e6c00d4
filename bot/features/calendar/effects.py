"""What a change would do to each person, by value: circumstances with and without it, and what the planner says."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot import seat, standings
from bot.circumstances import Circumstances
from bot.features.calendar.changes import (
    Bar,
    Change,
    Crisis,
    Day,
    Deadline,
    Extension,
    OfCohort,
    Pace,
    Ramadan,
    Start,
)
from bot.features.calendar.outcome import Draft, Effect, Foresight
from bot.office import Office
from lessons.enrolment import EnrolmentState
from scheduler.delivery import Reach
from scheduler.planner import next_send_at
from scheduler.slots import next_slot
from scheduler.spans import apart
from storage import calendars, enrolments
from storage.calendars import CrisisWeek, OwnDays
from storage.cohorts import Cohort
from storage.enrolments import Enrolment
from storage.store import Tx

LOOKED_AT = 200  # people of whom a preview asks the planner
SHOWN = 5
UNDER_WAY = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def crisis_week(change: Crisis) -> CrisisWeek:
    """The crisis week as the store keeps it."""
    place = None if change.whole_country else change.place.name
    return CrisisWeek(place, change.place.country, change.span)


def cohort_with(change: OfCohort, cohort: Cohort) -> Cohort:
    """The cohort as it would be; its own days stand elsewhere."""
    match change:
        case Deadline(on=on):
            return replace(cohort, deadline_on=on)
        case Start(on=start_on):
            return replace(cohort, start_on=start_on)
        case Ramadan(short=short):
            return replace(cohort, short_days=short)
        case Pace(n=n):
            return replace(cohort, pace=n)
        case Bar(n=n):
            return replace(cohort, bar=n)
        case Day():
            return cohort
        case _:
            assert_never(change)


def days_with(change: Day, own: OwnDays) -> OwnDays:
    """The cohort's own days as they would be."""
    off, working = own.off - {change.on}, own.working - {change.on}
    return OwnDays(off | {change.on}, working) if change.verb == "off" else OwnDays(off, working | {change.on})


def with_change(change: Change, around: Circumstances, now: datetime) -> Circumstances:
    """Somebody's circumstances as they would be."""
    match change:
        case Day():
            return replace(around, own_days=days_with(change, around.own_days))
        case Crisis():
            return replace(around, crises=(*around.crises, crisis_week(change)))
        case Extension():
            return replace(around, enrolment=_extended(change, around.enrolment, now))
        case Start():
            moved = replace(around, cohort=cohort_with(change, around.cohort))
            first = next_slot(moved.calendar, moved.slot, after=now, not_before=change.on, quiet=moved.quiet)
            return replace(moved, enrolment=replace(around.enrolment, first_on=moved.calendar.day(first)))
    return replace(around, cohort=cohort_with(change, around.cohort))


def _extended(change: Extension, enrolment: Enrolment, now: datetime) -> Enrolment:
    longer = replace(enrolment, extension_days=enrolment.extension_days + change.days)
    if enrolment.state is not EnrolmentState.ENDED:
        return longer
    return replace(longer, state=EnrolmentState.ACTIVE, free_since_at=now, ended_on=None)


def _trait(change: Change, around: Circumstances) -> object:
    """What of somebody's circumstances the change is about."""
    match change:
        case Deadline() | Extension():
            return around.deadline_on
        case Start():
            return around.enrolment.first_on, around.deadline_on
        case Ramadan():
            return around.cohort.short_days
        case Day(on=on):
            return around.calendar.is_working(on)
        case Pace():
            return around.pace
        case Bar():
            return around.cohort.bar
        case Crisis():
            return apart(around.away)
        case _:
            assert_never(change)


def affects(change: Change, before: Circumstances, after: Circumstances) -> bool:
    """Whether it makes a difference to somebody who is under way and can be reached."""
    under_way = after.enrolment.state in UNDER_WAY and before.learner.reach is Reach.REACHABLE
    return under_way and _trait(change, before) != _trait(change, after)


async def concerned(tx: Tx, draft: Draft) -> Sequence[int]:
    """The enrolments that the change may concern, in the order of their seats."""
    match draft.change:
        case Extension(enrolment=enrolment):
            return (enrolment,)
        case Crisis():
            week = crisis_week(draft.change)
            there = await calendars.learners_at(tx, week.country, week.place)
            return sorted(await calendars.enrolments_of(tx, there))
    return [each.id for each in await enrolments.of_cohort(tx, draft.cohort)] if draft.cohort is not None else ()


async def around_each(
    tx: Tx, office: Office, change: Change, ids: Collection[int], now: datetime
) -> list[tuple[Circumstances, Circumstances]]:
    """(before, after) of everybody who is known here."""
    pairs = []
    for each in ids:
        enrolment = await enrolments.get(tx, each)
        taken = enrolment and await seat.take(tx, enrolment, office, now)
        if taken:
            pairs.append((taken.around, with_change(change, taken.around, now)))
    return pairs


async def foresee(tx: Tx, office: Office, draft: Draft, now: datetime) -> Foresight:
    """Whom the change concerns, and when the next message comes to them with and without it."""
    ids = await concerned(tx, draft)
    everybody = await around_each(tx, office, draft.change, ids[:LOOKED_AT], now)
    touched = [(before, after) for before, after in everybody if affects(draft.change, before, after)]
    effects = [await _effect(tx, draft.change, before, after, now) for before, after in touched]
    effects.sort(key=lambda effect: effect.sends[0] == effect.sends[1])  # whose next message moves comes first
    moved = [after.deadline_on for before, after in touched if before.deadline_on != after.deadline_on]
    return Foresight(
        total=len(ids),
        looked=min(len(ids), LOOKED_AT),
        affected=len(touched),
        shown=tuple(effects[:SHOWN]),
        deadlines=(min(moved), max(moved)) if moved else None,
        unreachable=tuple(b.learner.name for b, _ in everybody if b.learner.reach is not Reach.REACHABLE),
        over=tuple(b.learner.name for b, a in everybody if a.enrolment.state not in UNDER_WAY),
        beside=await _beside(tx, office, draft, ids, now),
    )


async def _effect(tx: Tx, change: Change, before: Circumstances, after: Circumstances, now: datetime) -> Effect:
    now_known, then_known = await standings.of(tx, before, now), await standings.of(tx, after, now)
    waits = now_known.new_is_open
    sends = next_send_at(now_known, now), next_send_at(then_known, now)
    then = _slots(change, before, after, now) if sends[0] == sends[1] else None
    return Effect(before, after, sends, waits, then)


def _slots(
    change: Change, before: Circumstances, after: Circumstances, now: datetime
) -> tuple[datetime, datetime] | None:
    """The first slots from the changed date on, where they differ."""
    short = change.short or before.cohort.short_days if isinstance(change, Ramadan) else None
    first = change.on if isinstance(change, Day) else short.span.first if short else None
    if first is None:
        return None
    old, new = (next_slot(a.calendar, a.slot, after=now, not_before=first, quiet=a.quiet) for a in (before, after))
    return (old, new) if old != new else None


async def _beside(tx: Tx, office: Office, draft: Draft, there: Collection[int], now: datetime) -> int:
    """People whom a crisis in the whole country would take in as well."""
    if not isinstance(draft.change, Crisis) or draft.change.whole_country:
        return 0
    wide = replace(draft.change, whole_country=True)
    others = [each for each in await concerned(tx, Draft(None, wide)) if each not in set(there)]
    pairs = await around_each(tx, office, wide, others[:LOOKED_AT], now)
    return sum(affects(wide, before, after) for before, after in pairs)
