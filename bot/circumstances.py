"""Everything stored that bears on when things come to somebody, and the calendar and deadline that follow from it.

Values: what would follow from another cohort calendar or crisis week is seen by replacing a field.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Self

from lessons.course import Course
from scheduler.calendar import Calendar, Move, weekend_of
from scheduler.deadline import deadline
from scheduler.public_holidays import DaysOff
from scheduler.quiet_hours import QuietHours
from scheduler.spans import Span
from scheduler.zones import A_DAY
from storage import calendars, cohorts
from storage.calendars import CrisisWeek, Leave, OwnDays, Posting
from storage.cohorts import Cohort
from storage.enrolments import Enrolment
from storage.people import Learner
from storage.store import Tx

EVERY_DAY = frozenset(range(1, 8))
NO_OWN_DAYS = OwnDays(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Circumstances:
    """A learner in a cohort of a course, with all that moves the days. `postings` in the order of their dates."""

    learner: Learner
    enrolment: Enrolment
    course: Course
    cohort: Cohort
    postings: tuple[Posting, ...]
    leaves: tuple[Leave, ...] = ()
    crises: tuple[CrisisWeek, ...] = ()
    own_days: OwnDays = NO_OWN_DAYS

    @classmethod
    def plain(cls, learner: Learner, enrolment: Enrolment, course: Course) -> Self:
        """Somebody whose days nothing moves: one posting, a cohort with the course's defaults."""
        cohort = Cohort(enrolment.cohort_id, course.id, "", enrolment.first_on, course.cadence.slot)
        here = Posting(learner.place, learner.country, learner.subdivision, learner.zone, enrolment.first_on, days=None)
        return cls(learner, enrolment, course, cohort, (here,))

    @property
    def slot(self) -> time:
        """The hour of lessons: the learner's own, else the cohort's."""
        return self.learner.slot or self.cohort.slot

    @property
    def quiet(self) -> QuietHours:
        """The learner's quiet hours, or the default."""
        return quiet_of(self.learner)

    @property
    def pace(self) -> int:
        """A lesson every so many working days: the learner's own, else the cohort's."""
        return self.learner.pace or self.cohort.pace

    @property
    def away(self) -> tuple[Span, ...]:
        """Leave, and the crisis weeks of the missions where the learner serves on their dates."""
        spans = [leave.span for leave in self.leaves]
        ends = [posting.from_on - A_DAY for posting in self.postings[1:]]
        for n, (posting, until) in enumerate(zip(self.postings, [*ends, date.max], strict=True)):
            since = posting.from_on if n else date.min
            cuts = (crisis.span.cut(since, until) for crisis in self.crises if crisis.concerns(posting))
            spans += [cut for cut in cuts if cut is not None]
        return tuple(spans)

    @property
    def calendar(self) -> Calendar:
        """The learner's calendar: postings, weekends, holidays of host and home, leave, crisis weeks, short days."""
        first, *later = self.postings
        return Calendar(
            first.zone,
            self._weekend(first),
            self._days_off(first),
            tuple(Move(each.from_on, each.zone, self._weekend(each), self._days_off(each)) for each in later),
            self.away,
            (self.cohort.short_days,) if self.cohort.short_days else (),
        )

    def _weekend(self, posting: Posting) -> frozenset[int]:
        """What the learner's own lesson days leave free, else the cohort's, else the weekend of the place."""
        days = posting.days or self.cohort.days
        return EVERY_DAY - days if days else weekend_of(posting.country, posting.subdivision)

    def _days_off(self, posting: Posting) -> DaysOff:
        home, own = (self.cohort.home,), self.own_days
        return DaysOff(posting.country, posting.subdivision, home, also=own.off, struck=own.working)

    @property
    def deadline_on(self) -> date:
        """The last local date on which the enrolment may complete."""
        return deadline(
            self.enrolment.first_on,
            weeks=self.course.cadence.weeks_to_deadline,
            cohort_start_on=self.cohort.start_on,
            cohort_deadline_on=self.cohort.deadline_on,
            away=self.away,
            extension_days=self.enrolment.extension_days,
        )


def quiet_of(learner: Learner) -> QuietHours:
    """The learner's quiet hours, or the default."""
    return QuietHours(*learner.quiet) if learner.quiet else QuietHours()


async def load(tx: Tx, enrolment: Enrolment, learner: Learner, course: Course) -> Circumstances:
    """The circumstances of an enrolment."""
    cohort = await cohorts.get(tx, enrolment.cohort_id)
    if cohort is None or not learner.postings:
        return Circumstances.plain(learner, enrolment, course)
    return Circumstances(
        learner,
        enrolment,
        course,
        cohort,
        learner.postings,
        tuple(await calendars.leaves(tx, learner.id)),
        tuple(await calendars.crisis_weeks(tx, {posting.country for posting in learner.postings})),
        await calendars.own_days(tx, cohort.id),
    )
