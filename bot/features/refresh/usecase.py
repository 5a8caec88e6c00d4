"""Alumni decide whether a question comes every fortnight."""

from dataclasses import dataclass
from datetime import date

from bot import agenda, classroom, seat
from bot.call import Call
from bot.office import Office
from lessons.enrolment import EnrolmentState
from storage import enrolments
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Switched:
    """On, with the date of the next; or off."""

    next_on: date | None


async def switch(tx: Tx, call: Call, office: Office) -> Switched | None:
    """Refreshers on or off; None for somebody who has not completed a course."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None or mine.enrolment.state is not EnrolmentState.COMPLETED:
        return None
    next_on = None
    if call.pressed.on == 1:
        next_on = mine.enrolment.refresher_on or mine.calendar.working_from(
            mine.today(call.now) + classroom.REFRESHER_GAP
        )
    else:
        await classroom.withdraw_planned(tx, mine.enrolment, now=call.now)
    await enrolments.set_refresher(tx, mine.enrolment.id, next_on)
    await agenda.replan(tx, office.courses, mine.enrolment.id, now=call.now)
    return Switched(next_on)
