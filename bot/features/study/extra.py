"""One more question or lesson for somebody who asks for it, as far as a day bears it."""

from bot import agenda, classroom, seat, standings
from bot.call import Call
from bot.features.study.outcome import Refusal, Refused, Shown
from bot.features.study.usecase import give_now, open_again, show
from bot.office import Office
from bot.seat import Seat
from scheduler.acts import AskReview, GiveLesson
from scheduler.planner import next_send_at
from scheduler.studying import asked_for, is_full
from storage import askings
from storage.store import Tx


async def more(tx: Tx, call: Call, office: Office) -> Shown:
    """What is open again, else one more; when the day is full or nothing is left, when the next one comes."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return Refused(Refusal.NOT_YOURS)
    if (again := await open_again(tx, mine, call, office)) is not None:
        return again
    known = await standings.of(tx, mine.around, call.now)
    match asked_for(known, call.now):
        case GiveLesson() as act:
            return await give_now(tx, mine, act.lesson, call, office)
        case AskReview() as act:
            return await _ask_now(tx, mine, act, call, office)
        case None:
            why = Refusal.FULL if is_full(known, mine.today(call.now)) else Refusal.NOTHING_DUE
            return Refused(why, next_send_at(known, call.now))


async def _ask_now(tx: Tx, mine: Seat, act: AskReview, call: Call, office: Office) -> Shown:
    planned = await classroom.plan_review(tx, mine.enrolment, mine.course, act.lesson, on=act.on, now=call.now)
    asking = planned and await askings.get(tx, planned[0])
    if asking is None:
        return Refused(Refusal.LESSON_GONE)
    await classroom.put(tx, asking, now=call.now)
    await agenda.replan(tx, office.courses, asking.enrolment_id, now=call.now)
    return await show(tx, mine, asking, call.now)
