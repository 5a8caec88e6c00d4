"""What is kept of a person, a copy of it, and forgetting. A stranger may ask too."""

from dataclasses import dataclass
from datetime import datetime

from bot import seat
from bot.call import Call
from bot.office import Office
from bot.seat import Seat
from storage import answers, enrolments, forgetting, people
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as kept."""

    at: datetime
    question: str
    choice: str
    correct: bool
    sure: bool | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything kept of a learner."""

    telegram_id: int
    seats: tuple[Seat, ...]
    answers: tuple[Answer, ...]


async def kept(tx: Tx, call: Call, office: Office) -> Kept | None:
    """A copy of everything; None when nothing is kept."""
    learner = await people.learner_of(tx, call.caller.telegram_id, now=call.now)
    if learner is None:
        return None
    seats = [await seat.take(tx, each, office, call.now) for each in await enrolments.of_learner(tx, learner.id)]
    rows = await answers.of_learner(tx, learner.id)
    told = tuple(Answer(r.answered_at, r.question_id, r.choice_id, bool(r.correct), _sure(r.sure)) for r in rows)
    return Kept(call.caller.telegram_id, tuple(each for each in seats if each), told)


def _sure(kept_as: int | None) -> bool | None:
    return None if kept_as is None else bool(kept_as)


async def forget(tx: Tx, call: Call) -> bool:
    """Erase the caller; False when nothing was kept."""
    return await forgetting.forget(tx, call.caller.telegram_id, call.now, asked_in=call.update_id)
