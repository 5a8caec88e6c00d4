"""What an end came to. Rechecked at the moment of sending: none for a course that goes on again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import classroom, completion, seat, standings
from bot.completion import Completion
from bot.office import Office
from bot.owing import owe_word
from bot.seat import Seat
from lessons.enrolment import EnrolmentState
from lessons.progress import Progress
from scheduler.delivery import DeliveryKind, Reach
from storage import enrolments
from storage.deliveries import Delivery
from storage.store import Tx

REST = timedelta(hours=1)  # before a word that failed is tried anew


@dataclass(frozen=True, slots=True)
class Ended:
    """The deadline has passed: how far the learner came, and when the first check comes, if one does."""

    seat: Seat
    on: date
    progress: Progress
    check_at: datetime | None


async def ended(tx: Tx, row: Delivery, office: Office, now: datetime) -> tuple[Seat, Ended | Completion] | None:
    """What is to be told now; None when it no longer holds, or the hour does not suit."""
    mine = await _still_over(tx, row, office, now)
    if mine is None or standings.next_word_at(mine.around, now) > now:
        return None
    if mine.enrolment.state is EnrolmentState.COMPLETED:
        return mine, await completion.of(tx, mine, now)
    progress = await classroom.progress(tx, mine.enrolment, mine.course)
    check_at = await completion.first_check_at(tx, mine, now)
    return mine, Ended(mine, date.fromisoformat(row.meaning["on"]), progress, check_at)


async def missed(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """It did not go out: it is owed again for the next hour that suits, or later when sending failed."""
    mine = await _still_over(tx, row, office, now)
    if mine is None:
        return
    due_at = standings.next_word_at(mine.around, now)
    if due_at == now:
        due_at = standings.next_word_at(mine.around, now + REST)
    meaning = {name: value for name, value in row.meaning.items() if name != "on"}
    on = date.fromisoformat(row.meaning["on"])
    await owe_word(tx, DeliveryKind.ENDED, mine.enrolment, on=on, due_at=due_at, **meaning)


async def _still_over(tx: Tx, row: Delivery, office: Office, now: datetime) -> Seat | None:
    """The seat, where it still stands as the row says and the learner can be reached."""
    enrolment = row.enrolment_id and await enrolments.get(tx, row.enrolment_id)
    mine = enrolment and await seat.take(tx, enrolment, office, now)
    if not mine or mine.learner.reach is not Reach.REACHABLE:
        return None
    if row.meaning.get("completed"):
        return mine if mine.enrolment.state is EnrolmentState.COMPLETED else None
    holds = mine.enrolment.state is EnrolmentState.ENDED and str(mine.enrolment.ended_on) == row.meaning["on"]
    return mine if holds else None
