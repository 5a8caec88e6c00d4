"""Is a reminder still due? Rechecked at the moment of sending: none for what was answered meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import agenda, seat, standings
from bot.office import Office
from bot.seat import Seat
from lessons.enrolment import AskingKind, AskingState, EnrolmentState
from scheduler.delivery import DeliveryKind
from storage import askings
from storage.askings import Asking
from storage.deliveries import Delivery
from storage.store import Tx

A_WHILE = timedelta(hours=1)
_WHAT = {AskingKind.DAY: "lesson", AskingKind.CASE: "case"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lesson, a case or a question that waits, by its title; `n` of the reminder, counted from 1."""

    seat: Seat
    title: str
    asking: Asking
    n: int

    @property
    def what(self) -> str:
        """What waits: a lesson, a case, or only a question."""
        return _WHAT.get(self.asking.kind, "question")


async def waiting(tx: Tx, row: Delivery, office: Office, now: datetime, *, state: EnrolmentState) -> Waiting | None:
    """What waits, or None when the reason is gone."""
    found = await seat.at(tx, row.meaning["asking"], office, now)
    if found is None:
        return None
    mine, asking = found
    title = mine.course.title_of(asking.lesson_id)
    if title is None or asking.state is not AskingState.PUT or mine.enrolment.state is not state:
        return None
    if standings.next_word_at(mine.around, now) > now:  # held up past working hours: another day, then
        return None
    if mine.learner.seen_at is not None and mine.learner.seen_at > row.due_at:  # held up, and not silent meanwhile
        return None
    return Waiting(mine, title, asking, row.meaning["n"])


async def missed(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """A nudge did not go out. A reminder counts as not sent; that lessons rest is said as soon as it may be."""
    found = await seat.at(tx, row.meaning["asking"], office, now)
    if found is None or found[1].state is not AskingState.PUT:
        return
    mine, asking = found
    if row.kind is DeliveryKind.REMINDER:
        await askings.change(tx, asking.id, nudges=max(0, min(asking.nudges, row.meaning["n"]) - 1))
    elif mine.enrolment.state is EnrolmentState.PAUSED:
        due_at = standings.next_word_at(mine.around, now + A_WHILE)  # a refusal for good must not be met at once again
        on = mine.calendar.day(due_at)
        await agenda.nudge(tx, DeliveryKind.PAUSE, mine.around, asking.id, row.meaning["n"], on=on, due_at=due_at)
