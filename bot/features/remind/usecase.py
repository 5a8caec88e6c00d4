"""Is a reminder still due? Rechecked at the moment of sending: none for what was answered meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from bot import seat
from bot.office import Office
from bot.seat import Seat
from lessons.course import Lesson
from lessons.enrolment import AskingKind, AskingState, EnrolmentState
from storage.askings import Asking
from storage.deliveries import Delivery
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lesson or a question that waits; `n` of the reminder, counted from 1."""

    seat: Seat
    lesson: Lesson
    asking: Asking
    n: int

    @property
    def is_lesson(self) -> bool:
        """Whether a lesson waits; else only a question."""
        return self.asking.kind is AskingKind.DAY


async def waiting(tx: Tx, row: Delivery, office: Office, now: datetime, *, state: EnrolmentState) -> Waiting | None:
    """What waits, or None when the reason is gone."""
    found = await seat.at(tx, row.meaning["asking"], office, now)
    if found is None:
        return None
    mine, asking = found
    lesson = mine.course.lesson(asking.lesson_id)
    if lesson is None or asking.state is not AskingState.PUT or mine.enrolment.state is not state:
        return None
    return Waiting(mine, lesson, asking, row.meaning["n"])
