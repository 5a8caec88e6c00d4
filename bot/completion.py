"""What is said at the end of a course: what was done, when the check comes, and the offer of refreshers.

The last tap brings it at once; where midnight settled the last answer it goes out by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from bot import callbacks as b
from bot import classroom, seat, standings
from bot.message import Message
from bot.phrases import Voice
from bot.seat import Seat
from lessons.enrolment import AskingKind
from lessons.progress import Progress
from storage import ladders
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Completion:
    """A completed course in numbers: of `answered` day questions `right` were right; `check_at` if a check comes."""

    course: str
    progress: Progress
    right: int
    answered: int
    check_at: datetime | None


async def of(tx: Tx, mine: Seat, now: datetime) -> Completion:
    """The numbers of an enrolment that has just been completed."""
    days = [answer for answer in await ladders.history(tx, mine.enrolment.id) if answer.kind is AskingKind.DAY]
    return Completion(
        course=mine.course.title,
        progress=await classroom.progress(tx, mine.enrolment, mine.course),
        right=sum(answer.correct for answer in days),
        answered=len(days),
        check_at=await first_check_at(tx, mine, now),
    )


async def first_check_at(tx: Tx, mine: Seat, now: datetime) -> datetime | None:
    """When the first check after the end comes; None when the course has too few kept questions."""
    due = (await standings.of(tx, mine.around, now)).measures
    return seat.returns_at(mine, min(each.due_on for each in due), now) if due else None


def screen(done: Completion, voice: Voice) -> Message:
    """The summary and the offer, in at most 900 characters."""
    say, progress = voice.say, done.progress
    numbers = {"lessons": progress.lessons, "mastered": progress.mastered, "right": done.right}
    parts = [say("completed.words", course=done.course, answered=done.answered, **numbers)]
    if done.check_at is not None:
        parts.append(say("completed.check", day=voice.day_of(done.check_at)))
    parts.append(say("completed.refreshers"))
    yes = b.button(voice.label("button.refreshers-yes"), b.Refreshers(1))
    no = b.button(voice.label("button.refreshers-no"), b.Refreshers(0))
    return Message("\n\n".join(parts), ((yes, no),))
