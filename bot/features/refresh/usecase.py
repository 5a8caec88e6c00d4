"""Alumni decide whether questions come; once a year they are asked again, and silence is taken as an answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import agenda, alumni, classroom, seat, standings
from bot.call import Call
from bot.office import Office
from bot.owing import owe_word
from bot.seat import Seat
from lessons.enrolment import AskingKind, EnrolmentState
from scheduler.delivery import DeliveryKind, Reach
from scheduler.zones import A_DAY
from storage import askings, enrolments
from storage.deliveries import Delivery
from storage.store import Tx

A_YEAR = timedelta(days=365)  # for which the wish for refreshers counts


@dataclass(frozen=True, slots=True)
class Switched:
    """On, with the date of the next; or off."""

    next_on: date | None


async def switch(tx: Tx, call: Call, office: Office) -> Switched | None:
    """Refreshers for a year, or none; None for somebody who has not completed a course."""
    mine = await seat.completed(tx, call, office)
    if not mine:
        return None
    if call.pressed.on == 1:
        return Switched(await _begin(tx, mine[0], call, office))
    for each in mine:
        await _stop(tx, each, call, office)
    return Switched(None)


async def _begin(tx: Tx, mine: Seat, call: Call, office: Office) -> date | None:
    today = mine.today(call.now)
    next_on = await _next_on(tx, mine, today)
    agreed = {"consent_until_on": today + A_YEAR if next_on else None, "renewal_on": None, "silences": 0}
    await enrolments.change(tx, mine.enrolment.id, refresher_on=next_on, **agreed)
    await agenda.replan(tx, office.courses, mine.enrolment.id, now=call.now)
    return next_on


async def _stop(tx: Tx, mine: Seat, call: Call, office: Office) -> None:
    await classroom.withdraw_planned(tx, mine.enrolment, now=call.now)
    wished = {"refresher_on": None, "consent_until_on": None, "renewal_on": None, "silences": 0}
    await enrolments.change(tx, mine.enrolment.id, **wished)
    await agenda.replan(tx, office.courses, mine.enrolment.id, now=call.now)


async def _next_on(tx: Tx, mine: Seat, today: date) -> date | None:
    """A fortnight from now or as planned; on the next working day where the yearly question took a refresher's place.

    None when the course has nothing to ask.
    """
    planned = mine.enrolment.refresher_on
    opened = await askings.open_of(tx, mine.enrolment.id)
    if planned is None or any(asking.kind is AskingKind.REFRESHER for asking in opened):
        soonest = await alumni.next_refresher(tx, mine.enrolment, mine.course, today)
        return soonest and mine.calendar.working_from(soonest)
    return mine.calendar.working_from(max(planned, today + A_DAY))


async def renewal(tx: Tx, row: Delivery, office: Office, now: datetime) -> Seat | None:
    """The seat to ask for another year; None when she has decided meanwhile, or it is too late in the day."""
    mine = await _alumna(tx, row, office, now)
    on = date.fromisoformat(row.meaning["on"])
    wanted = mine is not None and mine.enrolment.renewal_on == on and mine.enrolment.refresher_on is not None
    return mine if mine and wanted and standings.serves(mine.around, on, now) else None


async def renewal_missed(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """She was not asked: it is planned again."""
    mine = await _alumna(tx, row, office, now)
    if mine is not None and str(mine.enrolment.renewal_on) == row.meaning["on"]:
        await enrolments.change(tx, mine.enrolment.id, renewal_on=None)


async def farewell(tx: Tx, row: Delivery, office: Office, now: datetime) -> Seat | None:
    """The seat to tell that refreshers have stopped; None when they have begun again, or it is too late in the day."""
    mine = await _alumna(tx, row, office, now)
    if mine is None or mine.enrolment.refresher_on is not None:
        return None
    return mine if standings.serves(mine.around, date.fromisoformat(row.meaning["on"]), now) else None


async def farewell_missed(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """She was not told: it is owed for the next slot, if they are still stopped and she can be reached."""
    mine = await _alumna(tx, row, office, now)
    if mine is None or mine.enrolment.refresher_on is not None or mine.learner.reach is not Reach.REACHABLE:
        return
    due_at = seat.returns_at(mine, mine.today(now), now)
    await owe_word(tx, DeliveryKind.FAREWELL, mine.enrolment, on=mine.calendar.day(due_at), due_at=due_at)


async def _alumna(tx: Tx, row: Delivery, office: Office, now: datetime) -> Seat | None:
    enrolment = row.enrolment_id and await enrolments.get(tx, row.enrolment_id)
    if not enrolment or enrolment.state is not EnrolmentState.COMPLETED:
        return None
    return await seat.take(tx, enrolment, office, now)
