"""A learner's seat: who, in which cohort, on which course. What most features load first."""

from dataclasses import dataclass
from datetime import date, datetime

from bot import circumstances, classroom, standings
from bot.call import Call
from bot.circumstances import EVERY_DAY, Circumstances
from bot.office import Office
from lessons.course import Course
from lessons.enrolment import NEW, AskingId, AskingKind, EnrolmentState
from scheduler.calendar import Calendar, weekend_of
from scheduler.places import Place
from scheduler.slots import next_slot
from scheduler.standing import Standing
from storage import askings, enrolments, people
from storage.askings import Asking
from storage.enrolments import Enrolment
from storage.people import Learner
from storage.store import Tx

_FIRST = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.COMPLETED, EnrolmentState.ENDED)


@dataclass(frozen=True, slots=True)
class Seat:
    """A learner in a cohort of a course."""

    around: Circumstances

    @property
    def learner(self) -> Learner:
        """Who sits here."""
        return self.around.learner

    @property
    def enrolment(self) -> Enrolment:
        """In which cohort, and how far."""
        return self.around.enrolment

    @property
    def course(self) -> Course:
        """What is taught."""
        return self.around.course

    @property
    def calendar(self) -> Calendar:
        """The learner's calendar."""
        return self.around.calendar

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


async def completed(tx: Tx, call: Call, office: Office) -> list[Seat]:
    """The seats of courses that the caller has completed, whatever else they study; those with refreshers first."""
    mine = await enrolments.of_learner(tx, call.caller.learner) if call.caller.learner is not None else []
    done = [enrolment for enrolment in mine if enrolment.state is EnrolmentState.COMPLETED]
    done.sort(key=lambda enrolment: enrolment.refresher_on is None)
    found = [await take(tx, enrolment, office, call.now) for enrolment in done]
    return [each for each in found if each is not None]


async def take(
    tx: Tx, enrolment: Enrolment, office: Office, now: datetime, *, learner: Learner | None = None
) -> Seat | None:
    """The seat of an enrolment; None when the learner was forgotten or the course is not taught here.

    `learner`: whose it is, where the caller has read that already.
    """
    learner = learner or await people.by_id(tx, enrolment.learner_id, now=now)
    course = office.courses.get(enrolment.course_id)
    return Seat(await circumstances.load(tx, enrolment, learner, course)) if learner and course else None


async def at(tx: Tx, asking_id: int, office: Office, now: datetime) -> tuple[Seat, Asking] | None:
    """The asking with its seat."""
    asking = await askings.get(tx, asking_id)
    enrolment = asking and await enrolments.get(tx, asking.enrolment_id)
    seat = enrolment and await take(tx, enrolment, office, now)
    return (seat, asking) if seat and asking else None


async def owned(tx: Tx, asking_id: int, call: Call, office: Office) -> tuple[Seat, Asking] | None:
    """The asking, where it is the caller's own: button data is hostile input. To be read before anything is changed."""
    asking, found = await askings.get(tx, asking_id), call.caller.found
    if asking is None:
        return None
    known = (each for each in (found.enrolments if found else ()) if each.id == asking.enrolment_id)
    enrolment = next(known, None) or await enrolments.get(tx, asking.enrolment_id)
    if enrolment is None or enrolment.learner_id != call.caller.learner:
        return None
    mine = await take(tx, enrolment, office, call.now, learner=found.learner if found else None)
    return (mine, asking) if mine else None


def calendar_at(place: Place, days: frozenset[int] | None = None) -> Calendar:
    """The calendar of a place; `days`: the cohort's own weekdays for lessons."""
    return Calendar(place.zone, EVERY_DAY - days if days else weekend_of(place.country, place.subdivision))


async def rest(tx: Tx, seat: Seat, now: datetime) -> None:
    """Lessons rest: what was planned and has not left is taken back."""
    await enrolments.set_state(tx, seat.enrolment.id, EnrolmentState.PAUSED, paused_at=now)
    await classroom.withdraw_planned(tx, seat.enrolment, now=now)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open lesson or case: the asking behind it, and its title."""

    asking: AskingId
    title: str
    is_case: bool = False


async def waiting_lesson(tx: Tx, seat: Seat) -> Waiting | None:
    """The lesson or case that is open, if any; at most one is."""
    for asking in await askings.open_of(tx, seat.enrolment.id):
        title = seat.course.title_of(asking.lesson_id)
        if asking.kind in NEW and title is not None:
            return Waiting(asking.id, title, asking.kind is AskingKind.CASE)
    return None


async def next_lesson_at(tx: Tx, seat: Seat, now: datetime, *, known: Standing | None = None) -> datetime | None:
    """When the next lesson or case comes if everything open is answered; None when no lesson is left or lessons rest.

    `known`: what is known of the enrolment now, where the caller has it.
    """
    if seat.enrolment.state is not EnrolmentState.ACTIVE:
        return None
    known = known or await standings.of(tx, seat.around, now)
    if known.next_lesson is None:
        return None
    not_before = known.first_on
    if known.last_lesson_on is not None:
        not_before = max(not_before, known.calendar.add_working(known.last_lesson_on, known.pace))
    at = next_slot(known.calendar, known.slot, after=now, not_before=not_before, quiet=known.quiet)
    return at if known.deadline_on is None or known.calendar.day(at) <= known.deadline_on else None


def returns_at(seat: Seat, due_on: date, now: datetime) -> datetime:
    """When a question due on that local date is asked: the first slot from then on."""
    around = seat.around
    return next_slot(around.calendar, around.slot, after=now, not_before=due_on, quiet=around.quiet)
