"""A story as the service knows it at an instant: what was declared by then, as the values that the bot works with."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.circumstances import Circumstances
from lessons.course import Course
from lessons.enrolment import CohortId, EnrolmentId, EnrolmentState, LearnerId
from scheduler.calendar import ShortDays
from scheduler.delivery import Reach
from scheduler.spans import Span
from storage.calendars import Leave, OwnDays, Posting
from storage.cohorts import Cohort
from storage.enrolments import Enrolment
from storage.people import Learner
from tests.year.records import Absence, ClockStep, Down, Story

ZERO = timedelta()


def turns(story: Story, until_at: datetime) -> list[tuple[datetime, str]]:
    """(instant, what) of everything that the world does to somebody after joining: declared, blocked, unblocked."""
    told = [(posting.declared_at, "declared") for posting in story.postings]
    told += [(absence.declared_at, "declared") for absence in story.absences]
    told += [(extension.granted_at, "declared") for extension in story.extensions]
    for first, last in story.blocked:
        told += [(first, "blocked"), (last, "unblocked")]
    return sorted(turn for turn in told if story.joined_at < turn[0] < until_at)


def cohort(story: Story, course: Course) -> Cohort:
    """The cohort with its calendar."""
    short, fast = None, story.ramadan
    if fast is not None:
        short = ShortDays(Span(fast.first, fast.last), fast.start, fast.end)
    return Cohort(
        CohortId(1),
        course.id,
        "",
        story.cohort_start_on or story.first_on,
        story.slot,
        deadline_on=story.cohort_deadline_on,
        pace=story.pace,
        short_days=short,
    )


def span(absence: Absence) -> Span:
    """Its dates."""
    return Span(absence.first, absence.last)


def circumstances(story: Story, course: Course, known_at: datetime) -> Circumstances:
    """Everything that moves the days, as declared by that instant."""
    first, *later = story.postings
    postings = [first, *(each for each in later if each.declared_at <= known_at)]
    leaves = [each for each in story.absences if each.declared_at <= known_at]
    course = replace(course, cadence=replace(course.cadence, weeks_to_deadline=story.weeks_to_deadline))
    granted = sum(each.days for each in story.extensions if each.granted_at <= known_at)
    learner = Learner(
        LearnerId(story.id),
        story.id,
        "",
        "en",
        Reach.REACHABLE,
        None,
        (story.quiet_from, story.quiet_until),
        first.zone,
        first.country,
        first.subdivision,
        first.zone,
    )
    enrolment = Enrolment(
        EnrolmentId(story.id),
        learner.id,
        CohortId(1),
        course.id,
        EnrolmentState.ACTIVE,
        story.first_on,
        story.joined_at,
        None,
        extension_days=granted,
    )
    return Circumstances(
        learner,
        enrolment,
        course,
        cohort(story, course),
        tuple(Posting(each.zone, each.country, each.subdivision, each.zone, each.from_on, None) for each in postings),
        tuple(Leave(n, each.kind, span(each)) for n, each in enumerate(leaves)),
        (),
        OwnDays(story.days_off_also, story.days_off_struck),
    )


def error_at(steps: tuple[ClockStep, ...], at: datetime) -> timedelta:
    """By how much the machine's clock is ahead at that true instant."""
    return sum((step.by for step in steps if step.at <= at), ZERO)


def up_at(down: tuple[Down, ...], at: datetime) -> datetime:
    """The first instant, `at` or later, at which the service is up."""
    return next((each.last for each in down if each.first <= at < each.last), at)
