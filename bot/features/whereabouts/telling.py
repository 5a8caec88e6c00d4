"""Learners are told what was done on their behalf: whether it still holds when it is said, in an hour that suits."""

from dataclasses import dataclass
from datetime import date, datetime

from bot import seat
from bot.circumstances import quiet_of
from bot.features.whereabouts.absences import word_at
from bot.office import Office
from bot.seat import Seat
from lessons.enrolment import EnrolmentState
from storage import deliveries, enrolments, people
from storage.calendars import Leave
from storage.deliveries import Delivery
from storage.people import Learner
from storage.store import Tx

OURS = ("leave-for", "posting-for", "transfer", "withdrawal")


@dataclass(frozen=True, slots=True)
class Told:
    """What a learner is told. `seat` is None where the course is not taught here any more."""

    what: str
    learner: Learner
    seat: Seat | None
    leave: Leave | None = None
    from_on: date | None = None
    place: str = ""


async def still(tx: Tx, row: Delivery, office: Office, now: datetime) -> Told | None:
    """What is to be told, if it still holds."""
    enrolment = await enrolments.get(tx, row.meaning.get("enrolment", 0))
    learner = await people.by_id(tx, row.learner_id, now=now) if row.learner_id is not None else None
    if enrolment is None or learner is None or enrolment.learner_id != learner.id:
        return None
    mine, what = await seat.take(tx, enrolment, office, now, learner=learner), row.meaning["what"]
    told = Told(what, learner, mine)
    if what == "withdrawal":
        return told if enrolment.state is EnrolmentState.WITHDRAWN else None
    if mine is None or enrolment.state is EnrolmentState.WITHDRAWN:
        return None
    if what == "transfer":
        return told if enrolment.cohort_id == row.meaning["cohort"] else None
    if what == "leave-for":
        leave = next((each for each in mine.around.leaves if each.id == row.meaning["leave"]), None)
        return Told(what, learner, mine, leave) if leave and leave.span.last >= mine.today(now) else None
    from_on, place = date.fromisoformat(row.meaning["from"]), row.meaning["place"]
    there = any((each.place, each.from_on) == (place, from_on) for each in learner.postings)
    return Told(what, learner, mine, from_on=from_on, place=place) if there else None


def later(told: Told, now: datetime) -> datetime | None:
    """When it may be said instead, where it was held up past the hours for it."""
    if told.seat is not None:
        due_at = word_at(told.seat, now)
    else:
        due_at = quiet_of(told.learner).free_at(now, told.learner.zone)
    return due_at if due_at > now else None


async def held_up(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """A word that still holds and came too late in the day is owed anew, under a key of its own."""
    if row.meaning.get("what") not in OURS:
        return
    told = await still(tx, row, office, now)
    if told is not None and (due_at := later(told, now)):
        key, _, n = row.key.partition("+")
        again = f"{key}+{int(n or 0) + 1}"
        await deliveries.add(tx, row.kind, again, meaning=row.meaning, due_at=due_at, learner_id=told.learner.id)
