"""How far a learner has come, and what comes next."""

from dataclasses import dataclass, replace
from datetime import date, time

from bot import classroom, seat, standings, upcoming
from bot.call import Call
from bot.features.progress.strip import days_shown
from bot.office import Office
from bot.seat import Seat, Waiting
from bot.upcoming import Upcoming
from lessons.course import TaughtId
from lessons.enrolment import AskingKind
from lessons.progress import Progress
from scheduler.standing import Standing
from storage import askings, ladders
from storage.ladders import Answered
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last local date, where it ends, by how many days leave moved it, and whether crisis weeks did too."""

    on: date
    place: str
    moved_days: int
    by_crisis: bool


@dataclass(frozen=True, slots=True)
class HowFar:
    """Counts, what is open and comes next, and what the strip is drawn from. `question`: an open one that came back."""

    seat: Seat
    progress: Progress
    upcoming: Upcoming
    question: Waiting | None
    deadline: Deadline | None
    known: Standing
    lessons_left: tuple[TaughtId, ...]
    answered: tuple[Answered, ...]


async def how_far(tx: Tx, call: Call, office: Office) -> HowFar | None:
    """Where the caller stands; None without a seat."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    known = await standings.of(tx, mine.around, call.now)
    since = known.calendar.instant(days_shown(known.calendar, call.now).first, time())
    return HowFar(
        mine,
        await classroom.progress(tx, mine.enrolment, mine.course),
        await upcoming.read(tx, mine, call.now),
        await _open_question(tx, mine),
        _deadline(mine),
        known,
        await _lessons_left(tx, mine, known),
        tuple(await ladders.answered(tx, mine.enrolment.id, since=since)),
    )


async def _open_question(tx: Tx, mine: Seat) -> Waiting | None:
    for asking in await askings.open_of(tx, mine.enrolment.id):
        lesson = mine.course.lesson(asking.lesson_id)
        if asking.kind in (AskingKind.REVIEW, AskingKind.REFRESHER) and lesson is not None:
            return Waiting(asking.id, lesson.title)
    return None


async def _lessons_left(tx: Tx, mine: Seat, known: Standing) -> tuple[TaughtId, ...]:
    """Lessons and cases not given yet, from the next one on."""
    given = {g.lesson_id for g in await ladders.lessons_given(tx, mine.enrolment.id) if g.sent_at}
    left = [each for each in mine.course.order if each not in given]
    return tuple(left[left.index(known.next_lesson) :]) if known.next_lesson else ()


def _deadline(mine: Seat) -> Deadline | None:
    on = upcoming.deadline_on(mine)
    if on is None:
        return None
    calm = replace(mine.around, crises=(), leaves=tuple(each for each in mine.around.leaves if each.kind == "leave"))
    moved = on - replace(calm, leaves=()).deadline_on
    return Deadline(on, upcoming.posting_on(mine.around, on).place, moved.days, by_crisis=calm.deadline_on != on)
