"""Terms against what is stored: may they hold, whom would they move, and, once confirmed, the change itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from bot import circumstances, standings
from bot.circumstances import EVERY_DAY, Circumstances
from bot.terms.value import Terms, Trouble, Why, against, column_of, differences
from lessons.course import Course, CourseId
from lessons.enrolment import CohortId, EnrolmentId, EnrolmentState
from scheduler.calendar import Calendar, weekend_of
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.planner import next_send_at
from scheduler.quiet_hours import QuietHours
from scheduler.slots import next_slot
from storage import audit, cohorts, concerned, deliveries, enrolments, people, rolls
from storage.calendars import Posting
from storage.cohorts import Cohort
from storage.concerned import Concerned
from storage.store import Tx

SHOWN = 3  # people whose next message is told as an example
MOVING = frozenset({"start", "deadline", "pace", "days", "home"})  # what may move the next lesson


@dataclass(frozen=True, slots=True)
class Moved:
    """When the next message comes to one person, before and after; None where none comes by itself."""

    name: str
    place: str
    zone: str
    before: datetime | None
    after: datetime | None
    open: bool  # a lesson waits for an answer
    paused: bool


@dataclass(frozen=True, slots=True)
class Foresight:
    """Whom new terms concern, with the first few as examples; what may move the next lesson is in `fields`."""

    concerned: Concerned
    fields: tuple[str, ...]
    moved: tuple[Moved, ...]


async def hindrance(tx: Tx, terms: Terms, cohort: Cohort | None, *, today: date | None) -> Trouble | None:
    """Why the terms cannot hold for that cohort, or a new one. `today`: None where dates may be over."""
    old = Terms.of(cohort) if cohort else None
    if old == terms:
        return Trouble("name", Why.SAME, terms.name)
    others = (each for each in await cohorts.every(tx) if cohort is None or each.id != cohort.id)
    if any(each.name.casefold() == terms.name.casefold() for each in others):
        return Trouble("name", Why.TAKEN, terms.name)
    if cohort and cohort.start_on != terms.start_on and await rolls.taught(tx, cohort.id):
        return Trouble("start", Why.STARTED, cohort.name)
    return against(terms, old, today)


async def open_cohort(tx: Tx, terms: Terms, course: Course, *, actor: int | None, now: datetime) -> CohortId | None:
    """A new cohort, noted; None when another took the name first."""
    made = await cohorts.create(
        tx,
        course_id=CourseId(terms.course_id),
        name=terms.name,
        start_on=terms.start_on,
        slot=course.cadence.slot,
        now=now,
    )
    if made is None:
        return None
    await cohorts.set_calendar(tx, made, **terms.columns())
    figures = {name: _figure(value) for name, value in terms.as_json().items() if name != "name"}
    await audit.note(tx, "cohort.opened", actor_id=actor, now=now, cohort_id=made, **figures)
    return made


async def foresee(tx: Tx, courses: Mapping[str, Course], cohort: Cohort, terms: Terms, now: datetime) -> Foresight:
    """Whom the new terms concern; nothing is changed."""
    fields = differences(Terms.of(cohort), terms)
    counted = await concerned.count(tx, cohort.id)
    course = courses.get(cohort.course_id)
    if course is None or not MOVING.intersection(fields):
        return Foresight(counted, fields, ())
    chosen = await concerned.first(tx, cohort.id, most=SHOWN)
    moved = [await _moved(tx, course, each, terms, now) for each in chosen]
    return Foresight(counted, fields, tuple(each for each in moved if each is not None))


async def _moved(tx: Tx, course: Course, who: EnrolmentId, terms: Terms, now: datetime) -> Moved | None:
    enrolment = await enrolments.get(tx, who)
    learner = enrolment and await people.by_id(tx, enrolment.learner_id, now=now)
    if not enrolment or not learner:
        return None
    before = await circumstances.load(tx, enrolment, learner, course)
    after = _after(before, terms, now)
    known, then = await standings.of(tx, before, now), await standings.of(tx, after, now)
    sends = next_send_at(known, now), next_send_at(then, now)
    paused = enrolment.state is EnrolmentState.PAUSED
    zone = before.calendar.zone_at(now)
    return Moved(learner.name, learner.place, zone, *sends, known.new_is_open, paused)


def _after(around: Circumstances, terms: Terms, now: datetime) -> Circumstances:
    after = replace(around, cohort=terms.on(around.cohort))
    if terms.start_on == around.cohort.start_on:
        return after
    first_on = _first_on(around.postings[-1], terms=terms, cohort=around.cohort, now=now)
    return replace(after, enrolment=replace(around.enrolment, first_on=first_on))


def _first_on(posting: Posting, *, terms: Terms, cohort: Cohort, now: datetime) -> date:
    """The date of the first lesson of somebody posted there."""
    days = posting.days or terms.days
    free = EVERY_DAY - days if days else weekend_of(posting.country, posting.subdivision)
    calendar = Calendar(posting.zone, free)
    at = next_slot(calendar, cohort.slot, after=now, not_before=terms.start_on, quiet=QuietHours())
    return calendar.day(at)


async def change(
    tx: Tx, cohort: Cohort, terms: Terms, *, actor: int | None, n: int | str, now: datetime
) -> tuple[Concerned, int]:
    """(whom it concerns, how many are told of another deadline). `n` numbers the change; it is noted."""
    old, counted = Terms.of(cohort), await concerned.count(tx, cohort.id)
    fields = differences(old, terms)
    await cohorts.set_calendar(tx, cohort.id, **terms.columns())
    if "start" in fields:
        await concerned.begin_on(tx, cohort.id, partial(_first_on, terms=terms, cohort=cohort, now=now))
    if set(fields) != {"name"}:
        await concerned.look_soon(tx, cohort.id, now)
    await audit.note(tx, "cohort.changed", actor_id=actor, now=now, cohort_id=cohort.id, **_figures(old, terms, fields))
    return counted, await _tell(tx, cohort, terms, n, now) if "deadline" in fields else 0


def _figures(old: Terms, new: Terms, fields: tuple[str, ...]) -> dict[str, str | int]:
    """Old and new of what differs, without the names."""
    before, after = old.as_json(), new.as_json()
    columns = [column_of(field) for field in fields if field != "name"]
    was = {f"{name}_was": _figure(before[name]) for name in columns}
    return was | {name: _figure(after[name]) for name in columns} | ({"renamed": 1} if "name" in fields else {})


def _figure(value: Any) -> str | int:
    """`usual` where the course or the place decides; weekdays as `7+1+2`."""
    if isinstance(value, list):
        return "+".join(map(str, value))
    return "usual" if value is None else value


async def _tell(tx: Tx, cohort: Cohort, terms: Terms, n: int | str, now: datetime) -> int:
    """A word about the deadline, due now: where that is outside somebody's working hours it is owed anew in them."""
    told = await concerned.learners(tx, cohort.id)
    on = terms.deadline_on and terms.deadline_on.isoformat()
    meaning = {"what": "deadline", "cohort": cohort.id, "on": on}
    owed = [(notice_key("deadline", n, who), who, now) for who in told]
    await deliveries.add_many(tx, DeliveryKind.NOTICE, owed, meaning)
    return len(owed)
