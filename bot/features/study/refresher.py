"""A refresher when an alumna asks for one, and the lesson behind one that is new to her."""

from bot import agenda, alumni, classroom, seat
from bot.call import Call
from bot.features.study.outcome import LessonShown, Refusal, Refused, Shown
from bot.features.study.usecase import show
from bot.office import Office
from bot.seat import Seat
from lessons.enrolment import AskingKind, AskingState, EnrolmentState
from storage import askings, deliveries
from storage.askings import Asking
from storage.store import Tx


async def ask(tx: Tx, call: Call, office: Office) -> Shown:
    """One question now: the one that is open already, else what would come next."""
    done = await seat.completed(tx, call, office)
    if not done:
        other = await seat.of_caller(tx, call, office)
        is_over = other is not None and other.enrolment.state is EnrolmentState.ENDED
        return Refused(Refusal.NOT_ALUMNA_ENDED if is_over else Refusal.NOT_ALUMNA)
    mine = done[0]
    asking = await _open(tx, mine) or await _next(tx, mine, call)
    if asking is None:
        return Refused(Refusal.NO_REFRESHER)
    if asking.state is AskingState.PLANNED:
        await deliveries.cancel(tx, mine.enrolment.id, now=call.now)
        await classroom.put(tx, asking, now=call.now)
    await agenda.replan(tx, office.courses, mine.enrolment.id, now=call.now)
    return await show(tx, mine, asking, call.now)


async def _open(tx: Tx, mine: Seat) -> Asking | None:
    for asking in await askings.open_of(tx, mine.enrolment.id):
        if asking.kind is AskingKind.REFRESHER:
            if mine.course.lesson(asking.lesson_id) is not None:
                return asking
            await askings.change(tx, asking.id, state=AskingState.CANCELLED.value)  # the course no longer has it
    return None


async def _next(tx: Tx, mine: Seat, call: Call) -> Asking | None:
    on = mine.today(call.now)
    planned = await alumni.plan_refresher(tx, mine.enrolment, mine.course, on=on, now=call.now, early=True)
    return await askings.get(tx, planned[0]) if planned else None


async def read_first(tx: Tx, asking_id: int, call: Call, office: Office) -> Shown:
    """The lesson of a refresher, with the way back to its question."""
    found = await seat.owned(tx, asking_id, call, office)
    if found is None or found[1].kind is not AskingKind.REFRESHER:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    if asking.state is AskingState.CANCELLED:
        return Refused(Refusal.PUT_AWAY)
    lesson = mine.course.lesson(asking.lesson_id)
    return LessonShown(mine, lesson, asking) if lesson else Refused(Refusal.LESSON_GONE)
