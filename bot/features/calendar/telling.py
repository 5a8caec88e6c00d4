"""Whether a word about the calendar still holds when it is sent to a learner, and whether the hour suits it."""

from dataclasses import replace
from datetime import date, datetime

from bot import seat, standings
from bot.features.calendar.effects import UNDER_WAY
from bot.office import Office
from bot.seat import Seat
from scheduler.spans import Span
from storage import calendars, deliveries, enrolments
from storage.calendars import CrisisWeek
from storage.deliveries import Delivery
from storage.store import Tx


async def _seats(tx: Tx, row: Delivery, office: Office, now: datetime) -> list[Seat]:
    """Every seat of the receiver in which something still comes."""
    mine = await enrolments.of_learner(tx, row.learner_id) if row.learner_id is not None else []
    taken = [await seat.take(tx, each, office, now) for each in mine if each.state in UNDER_WAY]
    return [each for each in taken if each is not None and each.today(now) <= each.around.deadline_on]


def later(mine: Seat, now: datetime) -> datetime | None:
    """When the word may be said instead, where it was held up past working hours; leave does not hold it up."""
    due_at = standings.next_word_at(replace(mine.around, leaves=(), crises=()), now)
    return due_at if due_at > now else None


async def held_up(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """A word that still holds and came too late in the day is owed anew, under a key of its own."""
    what = row.meaning.get("what")
    if what == "crisis":
        found = await in_crisis(tx, row, office, now)
        mine = found[0] if found else None
    elif what not in ("deadline", "extension"):
        return
    else:
        mine = await (with_deadline if what == "deadline" else with_extension)(tx, row, office, now)
    if mine is not None and row.learner_id is not None and (due_at := later(mine, now)):
        key, _, n = row.key.partition("+")
        again = f"{key}+{int(n or 0) + 1}"
        await deliveries.add(tx, row.kind, again, meaning=row.meaning, due_at=due_at, learner_id=row.learner_id)


async def with_deadline(tx: Tx, row: Delivery, office: Office, now: datetime) -> Seat | None:
    """The seat whose cohort still has the deadline that is told."""
    for mine in await _seats(tx, row, office, now):
        cohort = mine.around.cohort
        on = cohort.deadline_on and cohort.deadline_on.isoformat()
        if (cohort.id, on) == (row.meaning["cohort"], row.meaning["on"]):
            return mine
    return None


async def with_extension(tx: Tx, row: Delivery, office: Office, now: datetime) -> Seat | None:
    """The seat whose extension is still the one that is told."""
    for mine in await _seats(tx, row, office, now):
        if (mine.enrolment.id, mine.enrolment.extension_days) == (row.meaning["enrolment"], row.meaning["days"]):
            return mine
    return None


async def in_crisis(tx: Tx, row: Delivery, office: Office, now: datetime) -> tuple[Seat, Span] | None:
    """The seat that the crisis week freezes, and its dates there."""
    told = row.meaning
    span = Span(date.fromisoformat(told["first"]), date.fromisoformat(told["last"]))
    week = CrisisWeek(told["place"], told["country"], span)
    if week not in await calendars.crisis_weeks(tx, {week.country}):
        return None
    for mine in await _seats(tx, row, office, now):
        for frozen in replace(mine.around, leaves=(), crises=(week,)).away:
            if mine.today(now) <= frozen.last:
                return mine, frozen
    return None
