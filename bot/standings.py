"""Everything the planner wants to know of an enrolment, from the store; and whether a moment suits a message."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.circumstances import Circumstances
from lessons.course import Course, LessonId, Role
from lessons.enrolment import NEW, EnrolmentState, MeasureKind
from lessons.measures import FORMS
from scheduler.reminders import WorkingHours, allowed_from
from scheduler.slots import slot_at
from scheduler.standing import DueMeasure, DueReview, OpenAsking, Standing
from storage import askings, ladders, measures
from storage.askings import Asking
from storage.ladders import Given
from storage.store import Tx

ASKED_BACK = timedelta(days=40)  # far enough for the slowest pace over the longest holidays
AFTER_END = {MeasureKind.CHECK_30: timedelta(days=30), MeasureKind.CHECK_90: timedelta(days=90)}


async def of(tx: Tx, around: Circumstances, now: datetime) -> Standing:
    """What is known of an enrolment at that instant."""
    enrolment, course, calendar = around.enrolment, around.course, around.calendar
    opened = await askings.open_of(tx, enrolment.id)
    given = await _given(tx, around, opened)
    taken = {g.lesson_id for g in given}
    offered = await measures.of_enrolment(tx, enrolment.id)
    lately = await askings.dates(tx, enrolment.id, since=calendar.day(now) - ASKED_BACK)
    return Standing(
        enrolment=enrolment.id,
        state=enrolment.state,
        calendar=calendar,
        slot=around.slot,
        quiet=around.quiet,
        first_on=enrolment.first_on,
        free_since_at=enrolment.free_since_at,
        next_lesson=next((each for each in course.order if each not in taken), None),
        last_lesson_on=max((g.given_on for g in given), default=None),
        asked_on=lately.asked_on,
        open=tuple(_open(asking) for asking in opened),
        reviews=await _reviews(tx, around, {asking.lesson_id for asking in opened}),
        refresher_on=enrolment.refresher_on,
        cadence=course.cadence,
        nudged_on=lately.nudged_on,
        seen_at=around.learner.seen_at,
        pace=around.pace,
        reminders=around.cohort.reminders,
        deadline_on=around.deadline_on,
        measures=_measures(around, offered, early=len(taken) <= 1, today=calendar.day(now)),
        measured_on=max((each.sent_on for each in offered.values()), default=None),
        silences=enrolment.silences,
        consent_until_on=enrolment.consent_until_on,
        renewal_on=enrolment.renewal_on,
    )


async def _given(tx: Tx, around: Circumstances, opened: list[Asking]) -> list[Given]:
    """Lessons and cases that reached the phone or are on their way."""
    days = {asking.lesson_id for asking in opened if asking.kind in NEW}
    return [g for g in await ladders.lessons_given(tx, around.enrolment.id) if g.sent_at or g.lesson_id in days]


async def _reviews(tx: Tx, around: Circumstances, busy: Collection[LessonId]) -> tuple[DueReview, ...]:
    known, frozen = {lesson.id for lesson in around.course.lessons}, around.away
    due = [
        DueReview(lesson, on)
        for lesson, rung in (await ladders.rungs(tx, around.enrolment.id)).items()
        if (on := rung.comes_on(frozen)) and not rung.retired and lesson not in busy and lesson in known
    ]
    return tuple(sorted(due, key=lambda review: (review.due_on, review.lesson)))


def _open(asking: Asking) -> OpenAsking:
    return OpenAsking(
        id=asking.id,
        kind=asking.kind,
        state=asking.state,
        put_at=asking.put_at,
        chosen_at=asking.answered_at,
        nudges=asking.nudges,
        nudged_on=asking.nudged_on,
    )


def _measures(
    around: Circumstances, offered: Collection[MeasureKind], *, early: bool, today: date
) -> tuple[DueMeasure, ...]:
    """The baseline while hardly anything was taught, the checks once the course is over."""
    enrolment, due = around.enrolment, []
    if enrolment.state is EnrolmentState.ACTIVE and early:
        due.append(DueMeasure(MeasureKind.BASELINE, enrolment.first_on))
    if (over_on := ended_on(around)) is not None:
        checks = [DueMeasure(kind, over_on + gap) for kind, gap in AFTER_END.items()]
        late = checks[-1].due_on <= today  # the later check takes the place of one that was held up so long
        due += checks[-1:] if late else checks
    due = [each for each in due if each.kind not in offered]
    return tuple(due) if due and _is_measured(around.course) else ()


def _is_measured(course: Course) -> bool:
    """Whether it keeps enough questions for its measures."""
    return sum(question.role is Role.KEPT for lesson in course.lessons for question in lesson.questions) >= FORMS


def ended_on(around: Circumstances) -> date | None:
    """The local date on which the course was over, by completion or deadline."""
    enrolment = around.enrolment
    if enrolment.state is EnrolmentState.COMPLETED and enrolment.completed_at is not None:
        return around.calendar.day(enrolment.completed_at)
    return enrolment.ended_on if enrolment.state is EnrolmentState.ENDED else None


def serves(around: Circumstances, day: date, now: datetime) -> bool:
    """Whether that local date's slot has come and not passed: what was held up past it waits for the next one."""
    slot = slot_at(around.calendar, around.slot, now=now, quiet=around.quiet)
    return slot is not None and slot.day == day and not around.quiet.covers(now, around.calendar.zone_on(day))


def next_word_at(around: Circumstances, now: datetime) -> datetime:
    """The first instant, `now` or later, at which a reminder or another word beside the lessons may come."""
    return allowed_from(now, calendar=around.calendar, hours=WorkingHours(), quiet=around.quiet)
