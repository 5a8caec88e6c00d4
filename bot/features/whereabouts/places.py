"""A place in a cohort: kept, moved to another cohort of the same course, or ended. Said before, done once."""

from dataclasses import replace
from datetime import date, datetime

from bot import agenda, classroom
from bot.call import Call
from bot.circumstances import Circumstances
from bot.features.whereabouts import usecase
from bot.features.whereabouts.absences import word_at
from bot.features.whereabouts.outcome import AskCohort, Gone, Person, Transfer, Why, Withdrawal
from bot.office import Office
from lessons.enrolment import EnrolmentState
from lessons.measures import FORMS
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.slots import next_slot
from storage import audit, calendars, cohorts, deliveries, enrolments, whereabouts
from storage.cohorts import Cohort
from storage.store import Tx

MOVABLE = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.ENDED)
MOST = 12  # cohorts on one screen


async def ask_cohort(tx: Tx, call: Call, office: Office) -> AskCohort | Gone:
    """Into which one?"""
    found = await usecase.person(tx, call, office, call.pressed.enrolment)
    if isinstance(found, Gone):
        return found
    if found.seat is None or found.enrolment.state not in MOVABLE:
        return Gone(Why.CLOSED)
    every = await cohorts.every(tx, call.caller.cohorts)
    others = [each for each in every if each.course_id == found.cohort.course_id and each.id != found.cohort.id]
    return AskCohort(found, tuple(others[:MOST]))


async def transfer(tx: Tx, call: Call, office: Office) -> Transfer | Gone:
    """What it changes; once said yes to, done."""
    found = await usecase.held(tx, call, office, call.pressed.enrolment)
    to = await usecase.mine(tx, call, call.pressed.cohort)
    if isinstance(found, Gone):
        return found
    same = to is not None and to.course_id == found.cohort.course_id and to.id != found.cohort.id
    if to is None or not same or found.seat is None or found.enrolment.state not in MOVABLE:
        return Gone(Why.CLOSED)
    moved = await _moved(tx, found.seat.around, to, call.now)
    first_on, was = moved.enrolment.first_on, found.seat.around.deadline_on
    shown = Transfer(found, to, first_on, was, moved.deadline_on, done=False)
    if await whereabouts.has_place(tx, found.learner.id, to.id):
        return replace(shown, taken=True)
    if call.pressed.sure != 1:
        return shown
    return await _transfer(tx, call, office, found, to, shown, moved.calendar.day(call.now))


async def _moved(tx: Tx, around: Circumstances, to: Cohort, now: datetime) -> Circumstances:
    """The circumstances as they would be: like somebody's who joins that cohort now, but for what is done."""
    there = replace(around, cohort=to, own_days=await calendars.own_days(tx, to.id))
    first = next_slot(there.calendar, there.slot, after=now, not_before=to.start_on, quiet=there.quiet)
    return replace(there, enrolment=replace(around.enrolment, cohort_id=to.id, first_on=there.calendar.day(first)))


async def _transfer(
    tx: Tx, call: Call, office: Office, found: Person, to: Cohort, shown: Transfer, today: date
) -> Transfer | Gone:
    enrolment, learner = found.enrolment, found.learner.id
    await classroom.withdraw_planned(tx, enrolment, now=call.now)
    was_in, seat = found.cohort.id, enrolment.seat  # the turn of the forms of measures is kept
    first_on = shown.first_on
    if not await whereabouts.transfer(tx, enrolment.id, was_in, to.id, seat=seat, turns=FORMS, first_on=first_on):
        return Gone(Why.CLOSED)
    if shown.deadline_on >= today:
        await classroom.reopen(tx, enrolment, call.now)
    await agenda.replan(tx, office.courses, enrolment.id, now=call.now)
    meaning = {"what": "transfer", "enrolment": enrolment.id, "cohort": to.id}
    due_at = word_at(found.seat, call.now) if found.seat else call.now
    key = notice_key("transfer", call.update_id, learner)
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=due_at, learner_id=learner)
    about = {"enrolment": enrolment.id, "from_cohort": found.cohort.id}
    await audit.note(tx, "person.transferred", actor_id=call.caller.telegram_id, now=call.now, cohort_id=to.id, **about)
    return replace(shown, done=True)


async def withdraw(tx: Tx, call: Call, office: Office) -> Withdrawal | Gone:
    """What it means; once said yes to, nothing comes any more, and what was answered stays."""
    found = await usecase.held(tx, call, office, call.pressed.enrolment)
    if isinstance(found, Gone):
        return found
    enrolment = found.enrolment
    if enrolment.state is EnrolmentState.WITHDRAWN:
        return Gone(Why.CLOSED)
    if call.pressed.sure != 1:
        return Withdrawal(found, done=False)
    await classroom.withdraw_planned(tx, enrolment, now=call.now)
    await enrolments.set_state(tx, enrolment.id, EnrolmentState.WITHDRAWN, refresher_on=None)
    await enrolments.look(tx, enrolment.id, None)
    meaning = {"what": "withdrawal", "enrolment": enrolment.id}
    due_at = word_at(found.seat, call.now) if found.seat else call.now
    key, to = notice_key("withdrawal", call.update_id, found.learner.id), {"learner_id": found.learner.id}
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=due_at, **to)
    by, about = call.caller.telegram_id, {"enrolment": enrolment.id}
    await audit.note(tx, "person.withdrawn", actor_id=by, now=call.now, cohort_id=found.cohort.id, **about)
    return Withdrawal(found, done=True)
