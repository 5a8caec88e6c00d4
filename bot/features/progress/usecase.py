"""How far a learner has come, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from bot import classroom, seat
from bot.call import Call
from bot.office import Office
from bot.seat import Seat
from lessons.progress import Progress
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts, the lesson that waits if any, and when the next one comes."""

    seat: Seat
    progress: Progress
    waiting: str | None  # title of the open lesson
    next_at: datetime | None


async def standing(tx: Tx, call: Call, office: Office) -> Standing | None:
    """Where the caller stands; None without a seat."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    waiting = await seat.waiting_lesson(tx, mine)
    next_at = None if waiting else await seat.next_lesson_at(tx, mine, call.now)
    progress = await classroom.progress(tx, mine.enrolment, mine.course)
    return Standing(mine, progress, waiting.title if waiting else None, next_at)
