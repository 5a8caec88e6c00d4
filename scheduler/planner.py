"""One function that says what an enrolment is due now, and when to look again.

Everything known comes in, values come out. Planning is a fixed point: once its acts are carried out, planning again
at the same instant adds nothing; and nothing is due before `look_at`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lessons.course import LessonId
from lessons.enrolment import AskingKind, AskingState, EnrolmentState
from scheduler.calendar import A_DAY
from scheduler.reminders import PAUSE, Nudge, allowed_from, next_nudge
from scheduler.slots import closing_of, next_slot, slot_on
from scheduler.standing import (
    Act,
    AskRefresher,
    AskReview,
    DueReview,
    GiveLesson,
    OpenAsking,
    PauseKindly,
    Remind,
    Settle,
    Standing,
    after,
)

__all__ = [
    "Act",
    "AskRefresher",
    "AskReview",
    "DueReview",
    "GiveLesson",
    "OpenAsking",
    "PauseKindly",
    "Plan",
    "Remind",
    "Settle",
    "Standing",
    "next_slot",
    "plan",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due now, in order, and the next instant at which anything will be; None when nothing ever will."""

    acts: tuple[Act, ...]
    look_at: datetime | None


def plan(standing: Standing, now: datetime) -> Plan:
    """What is due for an enrolment at that instant, and when to look again if nothing else happens to it.

    A settled answer may move a rung or complete the enrolment: carry out Settle first, then plan again.
    """
    acts: tuple[Act, ...] = ()
    for due in (_settles, _sends, _refreshers, _nudges):
        found = tuple(due(standing, now))
        acts += found
        standing = after(standing, found)
    looks = [
        *(at for _, at in _midnights(standing)),
        *_send_looks(standing, now),
        *_refresher_looks(standing, now),
        *_nudge_looks(standing, now),
    ]
    return Plan(acts, min((at for at in looks if at > now), default=None))


def _midnights(standing: Standing) -> Iterator[tuple[OpenAsking, datetime]]:
    """Answers without a "sure" tap, and when that tap is waited for no longer."""
    if standing.state is EnrolmentState.WITHDRAWN:
        return
    for asking in standing.open:
        if asking.state is AskingState.CHOSEN and asking.chosen_at is not None:
            yield asking, standing.calendar.end_of(standing.calendar.day(asking.chosen_at))


def _settles(standing: Standing, now: datetime) -> Iterator[Act]:
    return (Settle(asking.id, at) for asking, at in _midnights(standing) if at <= now)


def _current(standing: Standing, now: datetime, not_before: date) -> tuple[datetime, datetime] | None:
    """Today's slot if it has come, counts and has not passed, and the instant from which it may be used.

    What comes too late (an outage) waits for the next slot: nothing is sent at 03:00, and never five at once.
    """
    day = standing.calendar.day(now)
    at = slot_on(standing.calendar, standing.slot, day=day, quiet=standing.quiet)
    if at is None or day < not_before or not standing.free_since_at < at <= now:
        return None
    usable = standing.quiet.free_at(now, standing.calendar.zone)  # a repeated hour may repeat the quiet ones
    return (at, usable) if usable < closing_of(standing.calendar, at, quiet=standing.quiet) else None


def _wanted(standing: Standing, day: date) -> tuple[LessonId | None, list[LessonId]]:
    """The new lesson and the reviews that a slot on that day brings.

    While lessons remain a day has one new and one repeat; repeats take the new one's place when too many are overdue.
    """
    cadence = standing.cadence
    room = cadence.questions_a_day - standing.asked_on.count(day)
    if room <= 0 or standing.has_open(AskingKind.DAY):
        return None, []
    oldest_first = sorted(standing.reviews, key=lambda review: (review.due_on, review.lesson))
    due = [review.lesson for review in oldest_first if review.due_on <= day]
    if standing.has_open(AskingKind.REVIEW):
        due = []
    overdue = sum(review.due_on < day for review in standing.reviews)
    if standing.next_lesson is None or overdue > cadence.overdue_before_new:
        return None, due[:room]
    new = standing.next_lesson if standing.last_lesson_on != day else None
    return new, due[: min(1, room - bool(new))]


def _sends(standing: Standing, now: datetime) -> Iterator[Act]:
    if standing.state is not EnrolmentState.ACTIVE:
        return
    slot = _current(standing, now, standing.first_on)
    if slot is None or slot[1] > now:
        return
    day = standing.calendar.day(now)
    new, reviews = _wanted(standing, day)
    if new is not None:
        yield GiveLesson(new, day, slot[0])
    for lesson in reviews:
        yield AskReview(lesson, day, slot[0])


def _send_looks(standing: Standing, now: datetime) -> Iterator[datetime]:
    if standing.state is not EnrolmentState.ACTIVE:
        return
    calendar = standing.calendar
    slot = _current(standing, now, standing.first_on)
    if slot is not None and any(_wanted(standing, calendar.day(now))):
        yield slot[1]
    known = [standing.first_on, calendar.day(now), *standing.asked_on, *(r.due_on for r in standing.reviews)]
    last = max(known) + A_DAY  # from then on every day is alike
    day = standing.first_on
    while day <= last:
        at = _slot_after(standing, now, day)
        if any(_wanted(standing, calendar.day(at))):
            yield at
            return
        day = calendar.day(at) + A_DAY


def _slot_after(standing: Standing, now: datetime, not_before: date) -> datetime:
    since = max(now, standing.free_since_at)
    return next_slot(standing.calendar, standing.slot, after=since, not_before=not_before, quiet=standing.quiet)


def _refresher_day(standing: Standing) -> date | None:
    awaited = standing.state is EnrolmentState.COMPLETED and not standing.has_open(AskingKind.REFRESHER)
    return standing.refresher_on if awaited else None


def _refreshers(standing: Standing, now: datetime) -> Iterator[Act]:
    day = _refresher_day(standing)
    slot = _current(standing, now, day) if day else None
    if slot is not None and slot[1] <= now:
        yield AskRefresher(standing.calendar.day(now), slot[0])


def _refresher_looks(standing: Standing, now: datetime) -> Iterator[datetime]:
    day = _refresher_day(standing)
    if day is None:
        return
    if slot := _current(standing, now, day):
        yield slot[1]
    yield _slot_after(standing, now, day)


def _coming_nudge(standing: Standing, now: datetime) -> tuple[OpenAsking, Nudge] | None:
    """The next nudge and its asking; while a lesson is open it is the only one that is nudged about."""
    if standing.state is not EnrolmentState.ACTIVE:
        return None
    kind = AskingKind.DAY if standing.has_open(AskingKind.DAY) else AskingKind.REVIEW
    put = [
        (asking.put_at, asking.id, asking)
        for asking in standing.open
        if asking.kind is kind and asking.state is AskingState.PUT and asking.put_at is not None
    ]
    if not put:
        return None
    put_at, _, asking = min(put, key=lambda each: each[:2])
    nudge = next_nudge(
        put_at=put_at,
        sent=asking.nudges,
        nudged_on=standing.last_nudge_on,
        calendar=standing.calendar,
        hours=standing.hours,
    )
    if nudge is None:
        return None
    at = allowed_from(max(nudge.at, now), calendar=standing.calendar, hours=standing.hours, quiet=standing.quiet)
    return asking, Nudge(nudge.n, at)


def _nudges(standing: Standing, now: datetime) -> Iterator[Act]:
    match _coming_nudge(standing, now):
        case asking, nudge if nudge.at <= now:
            yield PauseKindly(asking.id, nudge.at) if nudge.n == PAUSE else Remind(asking.id, nudge.n, nudge.at)


def _nudge_looks(standing: Standing, now: datetime) -> Iterator[datetime]:
    match _coming_nudge(standing, now):
        case _, nudge:
            yield nudge.at
