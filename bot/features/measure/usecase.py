"""Ten kept questions one after the other, without a verdict before the end."""

from datetime import date, datetime

from bot import agenda, classroom, owing, seat, standings
from bot.call import Call
from bot.features.measure.outcome import (
    OVER,
    Declined,
    Finished,
    Offered,
    Outcome,
    Refusal,
    Refused,
    Shown,
    Sitting,
)
from bot.office import Office
from bot.seat import Seat
from lessons import measures as forms
from lessons.course import Question, QuestionId
from lessons.enrolment import AskingKind, AskingState, EnrolmentState, MeasureKind
from lessons.grading import grade
from storage import askings, enrolments, measures
from storage.askings import Asking
from storage.deliveries import Delivery
from storage.store import Tx


async def offered(tx: Tx, row: Delivery, office: Office, now: datetime) -> Offered | None:
    """What is offered, where the reason still holds: the day's slot, the state, and nobody has begun or declined."""
    enrolment = row.enrolment_id and await enrolments.get(tx, row.enrolment_id)
    mine = enrolment and await seat.take(tx, enrolment, office, now)
    sitting = mine and await _sitting(tx, mine, row.meaning["kind"])
    if not sitting or sitting.measure.state != "offered":
        return None
    kind, on, mine = sitting.measure.kind, sitting.measure.sent_on, sitting.seat
    allowed = (EnrolmentState.ACTIVE,) if kind is MeasureKind.BASELINE else OVER
    if mine.enrolment.state not in allowed or not standings.serves(mine.around, on, now):
        return None
    beside = await askings.open_of(tx, mine.enrolment.id)
    silent = any(asking.state is AskingState.PLANNED and asking.planned_on == on for asking in beside)
    return Offered(mine, kind, len(await _left(tx, sitting)), silent)


async def begin(tx: Tx, enrolment_id: int, kind: str, call: Call, office: Office) -> Outcome:
    """The first question, or where it was left."""
    sitting = await _own(tx, enrolment_id, kind, call, office)
    if sitting is None:
        return Refused(Refusal.NOT_YOURS)
    if sitting.measure.state in ("offered", "declined") and not sitting.closed:
        await measures.change(tx, sitting.seat.enrolment.id, sitting.measure.kind, state="begun", begun_at=call.now)
    return await _go_on(tx, sitting.seat, sitting.measure.kind, call)


async def decline(tx: Tx, enrolment_id: int, kind: str, call: Call, office: Office) -> Outcome:
    """It is not wanted. What was begun already goes on."""
    sitting = await _own(tx, enrolment_id, kind, call, office)
    if sitting is None:
        return Refused(Refusal.NOT_YOURS)
    if sitting.measure.state in ("begun", "done"):
        return await _go_on(tx, sitting.seat, sitting.measure.kind, call)
    await measures.change(tx, sitting.seat.enrolment.id, sitting.measure.kind, state="declined")
    return Declined(sitting.measure.kind)


async def choose(tx: Tx, asking_id: int, choice_id: str, call: Call, office: Office) -> Outcome:
    """Record the choice; the first one wins."""
    found = await _asked(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    sitting, asking = found
    if asking.state is AskingState.PUT and not sitting.closed:
        question = await _words(tx, sitting.seat, asking)
        if question is not None and question.choice(choice_id) is None:
            return Refused(Refusal.NO_SUCH_CHOICE)
        if question is not None:
            right = grade(question, choice_id)
            await askings.record(tx, asking.id, choice_id, correct=right, now=call.now, update_id=call.update_id)
            around = sitting.seat.around
            await agenda.replan(tx, office.courses, asking.enrolment_id, now=call.now, around=around)
    return await _go_on(tx, sitting.seat, sitting.measure.kind, call)


async def sure(tx: Tx, asking_id: int, is_sure: bool, call: Call, office: Office) -> Outcome:
    """Take the confidence, and on to the next question."""
    found = await _asked(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    sitting, asking = found
    mine = sitting.seat
    if asking.state is AskingState.CHOSEN:
        today, by = mine.today(call.now), call.update_id
        await classroom.settle(
            tx, asking, mine.enrolment, mine.course, sure=is_sure, now=call.now, today=today, update_id=by
        )
        await agenda.replan(tx, office.courses, asking.enrolment_id, now=call.now, around=mine.around)
    return await _go_on(tx, mine, sitting.measure.kind, call)


async def _sitting(tx: Tx, mine: Seat, kind: str) -> Sitting | None:
    every = await measures.of_enrolment(tx, mine.enrolment.id)
    return next((Sitting(mine, each, every) for each in every.values() if each.kind == kind), None)


async def _own(tx: Tx, enrolment_id: int, kind: str, call: Call, office: Office) -> Sitting | None:
    """The caller's own measure: button data is hostile input."""
    enrolment = await enrolments.get(tx, enrolment_id)
    if enrolment is None or enrolment.learner_id != call.caller.learner:
        return None
    mine = await seat.take(tx, enrolment, office, call.now)
    return await _sitting(tx, mine, kind) if mine and enrolment.state is not EnrolmentState.WITHDRAWN else None


async def _asked(tx: Tx, asking_id: int, call: Call, office: Office) -> tuple[Sitting, Asking] | None:
    """The caller's own kept asking, with the measure that was under way when it was put."""
    found = await seat.owned(tx, asking_id, call, office)
    if found is None or found[1].kind is not AskingKind.KEPT:
        return None
    mine, asking = found
    every = await measures.of_enrolment(tx, mine.enrolment.id)
    begun = [m for m in every.values() if m.begun_at and asking.put_at and m.begun_at <= asking.put_at]
    under_way = max(begun, key=lambda m: (m.begun_at, list(MeasureKind).index(m.kind)), default=None)
    return (Sitting(mine, under_way, every), asking) if under_way else None


async def _left(tx: Tx, sitting: Sitting) -> list[QuestionId]:
    """The questions of its form that this person has not answered, here or before."""
    answered = await measures.answered(tx, sitting.seat.enrolment.id)
    known = {answer.question for answers in answered.values() for answer in answers}
    form = forms.forms(sitting.seat.course)[sitting.measure.form]
    return [question for question in form if question not in known]


async def _words(tx: Tx, mine: Seat, asking: Asking) -> Question | None:
    """The question as it was worded when it was put; None when the course no longer has its lesson."""
    lesson = mine.course.lesson(asking.lesson_id)
    return await classroom.as_asked(tx, asking, lesson) if lesson else None


async def _go_on(tx: Tx, mine: Seat, kind: MeasureKind, call: Call) -> Outcome:
    """The question that is open, else the next one, else the end."""
    sitting = await _sitting(tx, mine, kind)
    if sitting is None:
        return Refused(Refusal.NOT_YOURS)
    if sitting.measure.state == "done":
        return await _finished(tx, sitting, call)
    if sitting.closed or sitting.measure.begun_at is None:
        return Refused(Refusal.TOO_LATE)
    before = len((await measures.answered(tx, mine.enrolment.id)).get(kind, []))
    left = (await _left(tx, sitting))[: forms.QUESTIONS - before]
    shown = await _open(tx, sitting) or await _next(tx, sitting, left, call)
    if shown is not None:
        asking, question = shown
        others = sum(each != asking.question_id for each in left)
        return Shown(asking, question, before + 1, min(before + 1 + others, forms.QUESTIONS))
    over = {"state": "done", "done_at": call.now} if before else {"state": "declined"}
    await measures.change(tx, mine.enrolment.id, kind, **over)
    return await _finished(tx, sitting, call) if before else Refused(Refusal.NOTHING_LEFT)


async def _open(tx: Tx, sitting: Sitting) -> tuple[Asking, Question] | None:
    """The question that stands open in this measure."""
    since = sitting.measure.begun_at
    for asking in await askings.open_of(tx, sitting.seat.enrolment.id):
        if asking.kind is AskingKind.KEPT and since and asking.put_at and asking.put_at >= since:
            question = await _words(tx, sitting.seat, asking)
            if question is not None:
                return asking, question
            await askings.change(tx, asking.id, state=AskingState.CANCELLED.value)
    return None


async def _next(tx: Tx, sitting: Sitting, left: list[QuestionId], call: Call) -> tuple[Asking, Question] | None:
    """The next question of the form, put."""
    mine = sitting.seat
    question = mine.course.question(left[0]) if left else None
    lesson = mine.course.lesson_of(left[0]) if left else None
    if question is None or lesson is None:
        return None
    id_, _ = await owing.plan_question(
        tx, mine.enrolment, mine.course, lesson, question, AskingKind.KEPT, on=mine.today(call.now), now=call.now
    )
    planned = await askings.get(tx, id_)
    if planned is None:
        return None
    await classroom.put(tx, planned, now=call.now)
    return planned, question


async def _finished(tx: Tx, sitting: Sitting, call: Call) -> Finished:
    mine, at_start = sitting.seat, sitting.measure.kind is MeasureKind.BASELINE
    waiting = await seat.waiting_lesson(tx, mine) if at_start else None
    next_at = None if waiting else await seat.next_lesson_at(tx, mine, call.now)
    results, check_on = await results_of(tx, mine), await next_check_on(tx, mine, call.now)
    return Finished(mine, sitting.measure.kind, results, waiting, next_at, check_on, call.now)


async def results_of(tx: Tx, mine: Seat) -> dict[MeasureKind, forms.Result]:
    """What came of every measure that this person has finished, in their order."""
    every = await measures.of_enrolment(tx, mine.enrolment.id)
    answered = await measures.answered(tx, mine.enrolment.id)
    done = [kind for kind in MeasureKind if kind in every and every[kind].state == "done"]
    return {kind: forms.result(mine.course, answered.get(kind, [])) for kind in done}


async def next_check_on(tx: Tx, mine: Seat, now: datetime) -> date | None:
    """The local date of the next check; None while the course runs, and when there is none."""
    due = (await standings.of(tx, mine.around, now)).measures
    on = min((each.due_on for each in due if each.kind is not MeasureKind.BASELINE), default=None)
    return on and mine.calendar.working_from(max(on, mine.today(now)))
