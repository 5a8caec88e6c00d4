"""A day's study: give the lesson, open its question, take the choice, take the confidence, settle."""

from dataclasses import replace
from datetime import datetime

from bot import agenda, alumni, classroom, completion, seat, standings
from bot.call import Call
from bot.features.study.outcome import CaseShown, FeedbackShown, LessonShown, QuestionShown, Refusal, Refused, Shown
from bot.office import Office
from bot.seat import Seat
from lessons.course import Question, TaughtId
from lessons.enrolment import NEW, AskingKind, AskingState, EnrolmentState
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.spacing import Rung
from scheduler.standing import Standing
from storage import askings, colleagues, deliveries, ladders, plays
from storage.askings import Asking
from storage.store import Tx

COMES_BACK = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)  # else no question returns but as a refresher


async def _own(tx: Tx, asking_id: int, call: Call, office: Office) -> tuple[Seat, Asking] | None:
    """The caller's own asking. The questions of a measure have buttons of their own and no feedback."""
    found = await seat.owned(tx, asking_id, call, office)
    return found if found and found[1].kind is not AskingKind.KEPT else None


async def show(
    tx: Tx,
    seat_: Seat,
    asking: Asking,
    now: datetime,
    *,
    question: Question | None = None,
    known: tuple[Rung, Standing] | None = None,
) -> Shown:
    """The asking as it stands: question, chosen, or feedback.

    `question`, and `known` of objective and enrolment: as they are now, where the caller has read them already.
    """
    lesson = seat_.course.lesson(asking.lesson_id)
    if lesson is None:
        return _case(seat_, asking) or Refused(Refusal.LESSON_GONE)
    question = question or await classroom.as_asked(tx, asking, lesson)
    if asking.state is not AskingState.SETTLED:
        is_refresher = asking.kind is AskingKind.REFRESHER
        novelty = await alumni.novelty(tx, asking, seat_.course) if is_refresher else None
        return QuestionShown(seat_, lesson, asking, question, novelty)
    rung, standing = known or ((await ladders.rungs(tx, asking.enrolment_id)).get(asking.lesson_id, Rung()), None)
    due_on = rung.comes_on(seat_.around.away) if seat_.enrolment.state in COMES_BACK else None
    returns = seat.returns_at(seat_, due_on, now) if due_on else None
    standing = standing or await standings.of(tx, seat_.around, now)
    next_at = await seat.next_lesson_at(tx, seat_, now, known=standing)
    is_case = seat_.course.simulation(standing.next_lesson or "") is not None
    unplayed = await _unplayed(tx, seat_) if asking.kind is AskingKind.REFRESHER else None
    return FeedbackShown(seat_, lesson, asking, question, rung, returns, next_at, now, is_case, unplayed=unplayed)


async def _unplayed(tx: Tx, mine: Seat) -> int | None:
    """The number of the first case that an alumna has never begun: some came when she had left."""
    played = {play.simulation_id for play in await plays.of_enrolment(tx, mine.enrolment.id)}
    return next((n for n, one in enumerate(mine.course.simulations) if one.id not in played), None)


def _case(mine: Seat, asking: Asking) -> CaseShown | None:
    simulation = mine.course.simulation(asking.lesson_id) if asking.kind is AskingKind.CASE else None
    return CaseShown(mine, simulation, asking) if simulation else None


def _taken_back(asking: Asking) -> Refusal:
    """Why a tap on an old message has nothing to do: a refresher left alone makes room for the next."""
    return Refusal.PUT_AWAY if asking.kind is AskingKind.REFRESHER else Refusal.LESSON_GONE


async def today(tx: Tx, call: Call, office: Office) -> Shown:
    """Today's lesson now: the open one again, or the next one early."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return Refused(Refusal.NOT_YOURS)
    return await open_again(tx, mine, call, office) or await _early(tx, mine, call, office)


async def open_again(tx: Tx, mine: Seat, call: Call, office: Office) -> Shown | None:
    """What is open, once more, or why nothing more may come; None where something may."""
    opened = [a for a in await askings.open_of(tx, mine.enrolment.id) if a.kind is not AskingKind.KEPT]
    for asking in opened:
        if asking.kind in NEW:
            return await _lesson_again(tx, mine, asking, call.now, office)
    if opened:
        await deliveries.cancel(tx, mine.enrolment.id, now=call.now)
        await classroom.put(tx, opened[0], now=call.now)
        await agenda.replan(tx, office.courses, mine.enrolment.id, now=call.now)
        return await show(tx, mine, opened[0], call.now)
    if mine.enrolment.state is EnrolmentState.PAUSED:
        return Refused(Refusal.PAUSED)
    if mine.enrolment.state is EnrolmentState.COMPLETED:
        return Refused(Refusal.COMPLETED)
    if mine.enrolment.state is EnrolmentState.ENDED or mine.today(call.now) > mine.around.deadline_on:
        return Refused(Refusal.ENDED)
    return None


async def _early(tx: Tx, mine: Seat, call: Call, office: Office) -> Shown:
    standing = await standings.of(tx, mine.around, call.now)
    had = standing.last_lesson_on is not None and standing.last_lesson_on >= mine.today(call.now)
    if standing.next_lesson is None or had:
        next_at = await seat.next_lesson_at(tx, mine, call.now)
        due = min((review.due_on for review in standing.reviews), default=None)
        if next_at is None and due is not None:
            next_at = seat.returns_at(mine, due, call.now)
        return Refused(Refusal.DONE_TODAY if had else Refusal.NOTHING_DUE, next_at)
    return await give_now(tx, mine, standing.next_lesson, call, office)


async def give_now(tx: Tx, mine: Seat, taught: TaughtId, call: Call, office: Office) -> Shown:
    """A lesson or case in the reply, given on the learner's local date whatever day it is."""
    on = mine.today(call.now)
    given = await classroom.give_lesson(tx, mine.enrolment, mine.course, taught, on=on, now=call.now)
    asking = given and await askings.get(tx, given[0])
    if asking is None:
        return Refused(Refusal.LESSON_GONE)
    return await _lesson_again(tx, mine, asking, call.now, office)


async def _lesson_again(tx: Tx, mine: Seat, asking: Asking, now: datetime, office: Office) -> Shown:
    """Show the lesson or case in the reply: what was planned for it is not sent a second time."""
    lesson = mine.course.lesson(asking.lesson_id)
    shown = LessonShown(mine, lesson, asking) if lesson else _case(mine, asking)
    if shown is None:
        return Refused(Refusal.LESSON_GONE)
    if asking.state is AskingState.CHOSEN:
        return await show(tx, mine, asking, now)
    if asking.state is AskingState.PLANNED:
        await deliveries.cancel(tx, asking.enrolment_id, now=now)
        await classroom.put(tx, asking, now=now)
    await askings.change(tx, asking.id, opened_at=None)  # the question may have been lost on its way
    await agenda.replan(tx, office.courses, asking.enrolment_id, now=now)
    return shown


async def read(tx: Tx, asking_id: int, call: Call, office: Office) -> Shown:
    """The lesson or case of an asking again, from a reminder."""
    found = await _own(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    if asking.state is AskingState.CANCELLED:
        return Refused(_taken_back(asking))
    if asking.state not in (AskingState.PLANNED, AskingState.PUT) or asking.kind not in NEW:
        return await show(tx, mine, asking, call.now)
    return await _lesson_again(tx, mine, asking, call.now, office)


async def open_question(tx: Tx, asking_id: int, call: Call, office: Office) -> Shown:
    """From the lesson to its question. A double tap brings one question."""
    found = await _own(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    if asking.state is AskingState.CANCELLED:
        return Refused(_taken_back(asking))
    if not await askings.first_opening(tx, asking.id, now=call.now):
        return Refused(Refusal.OPENED_ALREADY)
    await classroom.put(tx, asking, now=call.now)
    await ladders.mark_given(tx, asking.enrolment_id, asking.lesson_id, opened_at=call.now)
    return await show(tx, mine, asking, call.now)


async def choose(tx: Tx, asking_id: int, choice_id: str, call: Call, office: Office) -> Shown:
    """Record the choice; the first one wins."""
    found = await _own(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    lesson = mine.course.lesson(asking.lesson_id)
    if lesson is None or asking.state is AskingState.CANCELLED:
        return Refused(_taken_back(asking))
    question = None
    if asking.state in (AskingState.PLANNED, AskingState.PUT):
        question = await classroom.as_asked(tx, asking, lesson)
        if question.choice(choice_id) is None:
            return Refused(Refusal.NO_SUCH_CHOICE)
        asking = await _take_choice(tx, mine, asking, choice_id, choice_id == question.key, call, office)
    return await show(tx, mine, asking, call.now, question=question)


async def _take_choice(
    tx: Tx, mine: Seat, asking: Asking, choice_id: str, correct: bool, call: Call, office: Office
) -> Asking:
    """Record it and plan anew; the asking as it stands then, read again only where more may have changed."""
    was_put = asking.state is AskingState.PUT
    if not was_put:
        await classroom.put(tx, asking, now=call.now)
    is_first = await askings.record(tx, asking.id, choice_id, correct=correct, now=call.now, update_id=call.update_id)
    standing = await agenda.replan(tx, office.courses, asking.enrolment_id, now=call.now, around=mine.around)
    if was_put and is_first and standing is not None:
        return replace(
            asking, state=AskingState.CHOSEN, choice_id=choice_id, correct=correct, sure=None, answered_at=call.now
        )
    return await askings.get(tx, asking.id) or asking


async def sure(tx: Tx, asking_id: int, is_sure: bool, call: Call, office: Office) -> Shown:
    """Take the confidence: verdict, ladder, and what comes next."""
    found = await _own(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    done = known = None
    if asking.state is AskingState.CHOSEN:
        settled = await classroom.settle(
            tx,
            asking,
            mine.enrolment,
            mine.course,
            sure=is_sure,
            now=call.now,
            today=mine.today(call.now),
            update_id=call.update_id,
        )
        mine = Seat(replace(mine.around, enrolment=settled.enrolment))
        standing = await agenda.replan(tx, office.courses, asking.enrolment_id, now=call.now, around=mine.around)
        if standing is None:  # more has changed
            mine, asking = await seat.at(tx, asking.id, office, call.now) or found
        else:
            known, asking = (settled.rung, standing), await askings.get(tx, asking.id) or asking
        done = await completion.of(tx, mine, call.now) if settled.completed else None
    shown = await show(tx, mine, asking, call.now, known=known)
    return replace(shown, completed=done) if isinstance(shown, FeedbackShown) else shown


async def report_mistake(tx: Tx, asking_id: int, call: Call, office: Office) -> Shown:
    """Something is wrong with this question: every coordinator is told, without the learner's name."""
    found = await _own(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    if not await askings.report(tx, asking.id, now=call.now):
        return Refused(Refusal.REPORTED_ALREADY)
    for telegram_id in await colleagues.in_charge(tx, mine.enrolment.cohort_id):
        key = notice_key("mistake", asking.id, telegram_id)
        meaning = {"what": "mistake", "asking": asking.id, "for": telegram_id}
        await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=telegram_id)
    return await show(tx, mine, asking, call.now)
