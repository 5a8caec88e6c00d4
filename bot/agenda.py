"""From the store to the planner and back: what is known of an enrolment, what follows, and when to look again.

The planner decides; this module fetches what it needs and carries out what it says, inside the caller's change.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from bot import alumni, circumstances, classroom, owing, standings
from bot.circumstances import Circumstances
from lessons.course import Course
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentId, EnrolmentState
from scheduler import acts
from scheduler.delivery import DeliveryKind, Reach, reminder_key
from scheduler.planner import plan
from scheduler.reminders import PAUSE
from scheduler.standing import Standing
from storage import askings, deliveries, enrolments, people
from storage.people import Learner
from storage.store import Tx

ROUNDS = 4  # settling may open the way for a lesson; a plan is a fixed point after a few rounds


async def replan(
    tx: Tx,
    courses: Mapping[str, Course],
    enrolment_id: EnrolmentId,
    *,
    now: datetime,
    around: Circumstances | None = None,
) -> Standing | None:
    """Plan one enrolment, write what follows and when it will be looked at next.

    `around`: its circumstances as they stand now, where the caller has them. Returns what is known of it where that
    was enough to see that nothing follows; None where something did.
    """
    look_at: datetime | None = None
    looked = followed = False
    known: Standing | None = None
    await enrolments.hold(tx, enrolment_id)
    around = around or await _around(tx, courses, enrolment_id, now)
    for _ in range(ROUNDS):
        if around is None or around.learner.reach is not Reach.REACHABLE:
            look_at, looked, known = None, False, None
            break
        known = await standings.of(tx, around, now)
        found = plan(known, now)
        followed = followed or bool(found.acts)
        look_at = found.look_at
        looked = around.enrolment.look_at == look_at is not None
        first = [act for act in found.acts if isinstance(act, acts.Settle | acts.End)]
        as_planned = [await _carry_out(tx, act, around, now) for act in first or found.acts]
        if not first and all(as_planned):
            break  # a plan is a fixed point: what is known now is what the planner reckoned with
        around = await _refreshed(tx, around)  # settling may complete the enrolment or move a rung: plan anew
    if not looked:
        await enrolments.look(tx, enrolment_id, look_at)
    return None if followed else known


async def _refreshed(tx: Tx, around: Circumstances) -> Circumstances | None:
    enrolment = await enrolments.get(tx, around.enrolment.id)
    return replace(around, enrolment=enrolment) if enrolment else None


async def _around(
    tx: Tx, courses: Mapping[str, Course], enrolment_id: EnrolmentId, now: datetime
) -> Circumstances | None:
    """The circumstances; None for somebody forgotten, or for a course that is not taught here."""
    enrolment = await enrolments.get(tx, enrolment_id)
    learner = enrolment and await people.by_id(tx, enrolment.learner_id, now=now)
    course = enrolment and courses.get(enrolment.course_id)
    if not (enrolment and learner and course):
        return None
    return await circumstances.load(tx, enrolment, learner, course)


async def _carry_out(tx: Tx, act: acts.Act, around: Circumstances, now: datetime) -> bool:
    """Write what an act means; whether it came to what the planner reckoned with."""
    enrolment, course = around.enrolment, around.course
    match act:
        case acts.GiveLesson():
            return await classroom.owe_lesson(tx, enrolment, course, act.lesson, on=act.on, due_at=act.due_at, now=now)
        case acts.AskReview():
            return await classroom.owe_review(tx, enrolment, course, act.lesson, on=act.on, due_at=act.due_at, now=now)
        case acts.AskMeasure():
            await owing.owe_measure(tx, enrolment, act.kind, on=act.on, due_at=act.due_at)
        case acts.Remind():
            await nudge(tx, DeliveryKind.REMINDER, around, act.asking, act.n, on=act.on, due_at=act.due_at)
        case acts.PauseKindly():
            await nudge(tx, DeliveryKind.PAUSE, around, act.asking, PAUSE, on=act.on, due_at=act.due_at)
            await enrolments.set_state(tx, enrolment.id, EnrolmentState.PAUSED, paused_at=now)
        case acts.Settle():
            await _settle_at_midnight(tx, act, around, now)
        case acts.End():
            await classroom.end(tx, enrolment, on=around.deadline_on, due_at=act.due_at, now=now)
        case acts.AskRefresher() | acts.Lapse() | acts.AskRenewal() | acts.Farewell():
            await _carry_out_alumni(tx, act, around, now)
            return False  # which question comes, and whether one is due, the planner does not know
        case _:
            assert_never(act)
    return True


async def _carry_out_alumni(
    tx: Tx,
    act: acts.AskRefresher | acts.Lapse | acts.AskRenewal | acts.Farewell,
    around: Circumstances,
    now: datetime,
) -> None:
    enrolment = around.enrolment
    match act:
        case acts.AskRefresher():
            await alumni.owe_refresher(tx, enrolment, around.course, on=act.on, due_at=act.due_at, now=now)
        case acts.Lapse():
            await askings.change(tx, act.asking, state=AskingState.CANCELLED.value)
            await enrolments.change(tx, enrolment.id, silences=enrolment.silences + 1, refresher_on=act.on)
        case acts.AskRenewal():
            await enrolments.change(tx, enrolment.id, renewal_on=act.on)
            await owing.owe_word(tx, DeliveryKind.RENEWAL, enrolment, on=act.on, due_at=act.due_at)
        case acts.Farewell():
            await enrolments.change(tx, enrolment.id, refresher_on=None, renewal_on=None, silences=0)
            await owing.owe_word(tx, DeliveryKind.FAREWELL, enrolment, on=act.on, due_at=act.due_at)
        case _:
            assert_never(act)


async def nudge(
    tx: Tx,
    kind: DeliveryKind,
    around: Circumstances,
    asking: AskingId,
    n: int,
    *,
    on: date,
    due_at: datetime,
) -> None:
    """Owe the nth reminder about an asking, or the word that lessons rest."""
    enrolment = around.enrolment
    before = await deliveries.count_of(tx, enrolment.id, f"reminder:{enrolment.id}:{asking}:")
    key = reminder_key(enrolment.id, asking, 1 + before)  # n starts anew when somebody comes back
    to = {"learner_id": enrolment.learner_id, "enrolment_id": enrolment.id}
    await deliveries.add(tx, kind, key, meaning={"asking": asking, "n": n}, due_at=due_at, **to)
    await askings.change(tx, asking, nudges=n, nudged_on=on)


async def _settle_at_midnight(tx: Tx, act: acts.Settle, around: Circumstances, now: datetime) -> None:
    """No second tap by the learner's midnight: taken as not sure, feedback comes with the next message."""
    asking = await askings.get(tx, act.asking)
    if asking is None or asking.answered_at is None:
        return
    today = around.calendar.day(asking.answered_at)
    settled = await classroom.settle(tx, asking, around.enrolment, around.course, sure=False, now=act.at, today=today)
    if settled.completed:  # nobody is looking at the screen that would say so
        due_at = standings.next_word_at(around, now)
        await owing.owe_word(tx, DeliveryKind.ENDED, around.enrolment, on=today, due_at=due_at, completed=True)
    if asking.kind is not AskingKind.KEPT:  # a measure gives no verdict before its end
        await askings.change(tx, asking.id, feedback_owed=1)


async def reopen(tx: Tx, around: Circumstances, now: datetime) -> None:
    """More time was given: an enrolment that has ended goes on, or completes by what was answered since."""
    await classroom.reopen(tx, around.enrolment, now)
    if around.enrolment.state is EnrolmentState.ENDED and await classroom.is_complete(
        tx, around.enrolment, around.course
    ):
        await enrolments.set_state(tx, around.enrolment.id, EnrolmentState.COMPLETED, completed_at=now)
        on, due_at = around.calendar.day(now), standings.next_word_at(around, now)
        await owing.owe_word(tx, DeliveryKind.ENDED, around.enrolment, on=on, due_at=due_at, completed=True)


async def reach_changed(
    tx: Tx, courses: Mapping[str, Course], learner: Learner, reach: Reach, *, now: datetime
) -> None:
    """Planning ends for someone out of reach and goes on for someone back; the history is kept."""
    await people.set_reach(tx, learner.id, reach)
    for enrolment in await enrolments.of_learner(tx, learner.id):
        if reach is not Reach.REACHABLE:
            await classroom.withdraw_planned(tx, enrolment, now=now)
        elif learner.reach is not Reach.REACHABLE:  # back again: the next slot counts, not those missed
            await enrolments.set_free_since(tx, enrolment.id, now)
        await replan(tx, courses, enrolment.id, now=now)
