"""From the store to the planner and back: what is known of an enrolment, what follows, and when to look again.

The planner decides; this module fetches what it needs and carries out what it says, inside the caller's change.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import assert_never

from bot import classroom
from lessons.course import Course
from lessons.enrolment import AskingId, AskingKind, EnrolmentId, EnrolmentState
from scheduler import planner
from scheduler.calendar import Calendar, weekend_of
from scheduler.delivery import DeliveryKind, Reach, reminder_key
from scheduler.quiet_hours import QuietHours
from storage import askings, cohorts, deliveries, enrolments, people
from storage.askings import Asking
from storage.enrolments import Enrolment
from storage.people import Learner
from storage.store import Tx

ROUNDS = 4  # settling may open the way for a lesson; a plan is a fixed point after a few rounds


def calendar_of(learner: Learner) -> Calendar:
    """The calendar of a learner's posting."""
    return Calendar(learner.zone, weekend_of(learner.country, learner.subdivision))


def quiet_of(learner: Learner) -> QuietHours:
    """The learner's quiet hours, or the default."""
    return QuietHours(*learner.quiet) if learner.quiet else QuietHours()


async def slot_of(tx: Tx, learner: Learner, enrolment: Enrolment) -> time:
    """The hour of lessons: the learner's own, else the cohort's."""
    if learner.slot is not None:
        return learner.slot
    cohort = await cohorts.get(tx, enrolment.cohort_id)
    return cohort.slot if cohort else time(8, 30)


async def standing(tx: Tx, enrolment: Enrolment, learner: Learner, course: Course, now: datetime) -> planner.Standing:
    """Everything the planner wants to know."""
    calendar = calendar_of(learner)
    opened = await askings.open_of(tx, enrolment.id)
    busy = {asking.lesson_id for asking in opened}
    days = {asking.lesson_id for asking in opened if asking.kind is AskingKind.DAY}
    given = [g for g in await askings.lessons_given(tx, enrolment.id) if g.sent_at or g.lesson_id in days]
    taken = {g.lesson_id for g in given}
    known = {lesson.id for lesson in course.lessons}
    reviews = [
        planner.DueReview(lesson, rung.due_on)
        for lesson, rung in (await askings.rungs(tx, enrolment.id)).items()
        if rung.due_on and not rung.retired and lesson not in busy and lesson in known
    ]
    return planner.Standing(
        enrolment=enrolment.id,
        state=enrolment.state,
        calendar=calendar,
        slot=await slot_of(tx, learner, enrolment),
        quiet=quiet_of(learner),
        first_on=enrolment.first_on,
        free_since_at=enrolment.free_since_at,
        next_lesson=next((lesson.id for lesson in course.lessons if lesson.id not in taken), None),
        last_lesson_on=max((g.given_on for g in given), default=None),
        asked_on=await askings.asked_on(tx, enrolment.id, since=calendar.day(now) - timedelta(days=8)),
        open=tuple(_open(asking) for asking in opened),
        reviews=tuple(sorted(reviews, key=lambda review: (review.due_on, review.lesson))),
        refresher_on=enrolment.refresher_on,
        nudged_on=await askings.last_nudged_on(tx, enrolment.id),
        cadence=course.cadence,
    )


def _open(asking: Asking) -> planner.OpenAsking:
    return planner.OpenAsking(
        id=asking.id,
        kind=asking.kind,
        state=asking.state,
        put_at=asking.put_at,
        chosen_at=asking.answered_at,
        nudges=asking.nudges,
        nudged_on=asking.nudged_on,
    )


async def replan(tx: Tx, courses: Mapping[str, Course], enrolment_id: EnrolmentId, *, now: datetime) -> datetime | None:
    """Plan one enrolment, write what follows, and return when it will be looked at next."""
    look_at: datetime | None = None
    for _ in range(ROUNDS):
        enrolment = await enrolments.get(tx, enrolment_id)
        learner = enrolment and await people.by_id(tx, enrolment.learner_id, today=now.date())
        course = enrolment and courses.get(enrolment.course_id)
        if not (enrolment and learner and course) or learner.reach is not Reach.REACHABLE:
            look_at = None
            break
        plan = planner.plan(await standing(tx, enrolment, learner, course, now), now)
        look_at = plan.look_at
        if not plan.acts:
            break
        settles = [act for act in plan.acts if isinstance(act, planner.Settle)]
        for act in settles or plan.acts:  # settling may complete the enrolment or move a rung: then plan anew
            await _carry_out(tx, act, enrolment, learner, course, now)
    await enrolments.look(tx, enrolment_id, look_at)
    return look_at


async def _carry_out(
    tx: Tx, act: planner.Act, enrolment: Enrolment, learner: Learner, course: Course, now: datetime
) -> None:
    match act:
        case planner.GiveLesson():
            await classroom.owe_lesson(tx, enrolment, course, act.lesson, on=act.on, due_at=act.due_at, now=now)
        case planner.AskReview():
            await classroom.owe_review(tx, enrolment, course, act.lesson, on=act.on, due_at=act.due_at, now=now)
        case planner.AskRefresher():
            await classroom.owe_refresher(tx, enrolment, course, on=act.on, due_at=act.due_at, now=now)
        case planner.Remind():
            await _nudge(tx, DeliveryKind.REMINDER, enrolment, learner, act.asking, act.n, act.due_at)
        case planner.PauseKindly():
            await _nudge(tx, DeliveryKind.PAUSE, enrolment, learner, act.asking, 4, act.due_at)
            await enrolments.set_state(tx, enrolment.id, EnrolmentState.PAUSED, paused_at=now)
        case planner.Settle():
            await _settle_at_midnight(tx, act, enrolment, learner, course)
        case _:
            assert_never(act)


async def _nudge(
    tx: Tx,
    kind: DeliveryKind,
    enrolment: Enrolment,
    learner: Learner,
    asking: AskingId,
    n: int,
    due_at: datetime,
) -> None:
    before = await deliveries.counts(tx, f"reminder:{enrolment.id}:{asking}:")
    key = reminder_key(enrolment.id, asking, 1 + sum(before.values()))  # n starts anew when somebody comes back
    to = {"learner_id": enrolment.learner_id, "enrolment_id": enrolment.id}
    await deliveries.add(tx, kind, key, meaning={"asking": asking, "n": n}, due_at=due_at, **to)
    await askings.change(tx, asking, nudges=n, nudged_on=calendar_of(learner).day(due_at))


async def _settle_at_midnight(
    tx: Tx, act: planner.Settle, enrolment: Enrolment, learner: Learner, course: Course
) -> None:
    """No second tap by the learner's midnight: taken as not sure, feedback comes with the next message."""
    asking = await askings.get(tx, act.asking)
    if asking is None or asking.answered_at is None:
        return
    today = calendar_of(learner).day(asking.answered_at)
    await classroom.settle(tx, asking, enrolment, course, sure=False, now=act.at, today=today)
    await askings.change(tx, asking.id, feedback_owed=1)


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
