"""A learner's seat: who, in which cohort, on which course. What most features load first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import agenda, classroom
from bot.call import Call
from bot.office import Office
from lessons.course import Course
from lessons.enrolment import AskingId, AskingKind, EnrolmentState
from scheduler.calendar import Calendar, weekend_of
from scheduler.places import Place
from scheduler.planner import next_slot
from storage import askings, enrolments, people
from storage.askings import Asking
from storage.enrolments import Enrolment
from storage.people import Learner
from storage.store import Tx

_FIRST = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Seat:
    """A learner in a cohort of a course."""

    learner: Learner
    enrolment: Enrolment
    course: Course

    @property
    def calendar(self) -> Calendar:
        """The calendar of the posting."""
        return agenda.calendar_of(self.learner)

    def today(self, now: datetime) -> date:
        """The learner's local date."""
        return self.calendar.day(now)


async def of_caller(tx: Tx, call: Call, office: Office) -> Seat | None:
    """The caller's seat: the active enrolment first, else the paused, else the completed one."""
    if call.caller.learner is None:
        return None
    mine = await enrolments.of_learner(tx, call.caller.learner)
    mine.sort(key=lambda enrolment: _FIRST.index(enrolment.state) if enrolment.state in _FIRST else len(_FIRST))
    return await take(tx, mine[0], office, call.now) if mine else None


async def take(tx: Tx, enrolment: Enrolment, office: Office, now: datetime) -> Seat | None:
    """The seat of an enrolment; None when the learner was forgotten or the course is not taught here."""
    learner = await people.by_id(tx, enrolment.learner_id, today=now.date())
    course = office.courses.get(enrolment.course_id)
    return Seat(learner, enrolment, course) if learner and course else None


async def at(tx: Tx, asking_id: int, office: Office, now: datetime) -> tuple[Seat, Asking] | None:
    """The asking with its seat."""
    asking = await askings.get(tx, asking_id)
    enrolment = asking and await enrolments.get(tx, asking.enrolment_id)
    seat = enrolment and await take(tx, enrolment, office, now)
    return (seat, asking) if seat and asking else None


async def owned(tx: Tx, asking_id: int, call: Call, office: Office) -> tuple[Seat, Asking] | None:
    """The asking, where it is the caller's own: button data is hostile input."""
    found = await at(tx, asking_id, office, call.now)
    return found if found and found[0].learner.id == call.caller.learner else None


def calendar_at(place: Place) -> Calendar:
    """The calendar of a place."""
    return Calendar(place.zone, weekend_of(place.country, place.subdivision))


async def rest(tx: Tx, seat: Seat, now: datetime) -> None:
    """Lessons rest: what was planned and has not left is taken back."""
    await enrolments.set_state(tx, seat.enrolment.id, EnrolmentState.PAUSED, paused_at=now)
    await classroom.withdraw_planned(tx, seat.enrolment, now=now)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open lesson: the asking behind it, and its title."""

    asking: AskingId
    title: str


async def waiting_lesson(tx: Tx, seat: Seat) -> Waiting | None:
    """The lesson that is open, if any; at most one is."""
    for asking in await askings.open_of(tx, seat.enrolment.id):
        lesson = seat.course.lesson(asking.lesson_id)
        if asking.kind is AskingKind.DAY and lesson is not None:
            return Waiting(asking.id, lesson.title)
    return None


async def next_lesson_at(tx: Tx, seat: Seat, now: datetime) -> datetime | None:
    """When the next lesson comes if everything open is answered; None when no lesson is left or lessons rest."""
    if seat.enrolment.state is not EnrolmentState.ACTIVE:
        return None
    standing = await agenda.standing(tx, seat.enrolment, seat.learner, seat.course, now)
    if standing.next_lesson is None:
        return None
    day_after = standing.last_lesson_on and standing.last_lesson_on + timedelta(days=1)
    not_before = max(seat.enrolment.first_on, day_after or seat.enrolment.first_on)
    return next_slot(standing.calendar, standing.slot, after=now, not_before=not_before, quiet=standing.quiet)


async def returns_at(tx: Tx, seat: Seat, due_on: date, now: datetime) -> datetime:
    """When a question due on that local date is asked: the first slot from then on."""
    slot = await agenda.slot_of(tx, seat.learner, seat.enrolment)
    return next_slot(seat.calendar, slot, after=now, not_before=due_on, quiet=agenda.quiet_of(seat.learner))
