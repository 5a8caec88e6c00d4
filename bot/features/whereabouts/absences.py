"""Leave entered on somebody's behalf: nothing comes on these days, the deadline moves with them, and they are told."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot import standings, upcoming
from bot.call import Call
from bot.features.whereabouts import usecase
from bot.features.whereabouts.outcome import AskLeave, Gone, LeaveBack, LeaveEntered, NoLeave, Person, Why
from bot.office import Office
from bot.rearranging import replanned
from bot.seat import Seat
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.spans import Span
from scheduler.typed_dates import NotASpan, span_of
from scheduler.zones import A_DAY
from storage import audit, calendars, conversations, deliveries
from storage.store import Tx

STEP = "whereabouts.leave"
OFFERED = (7, 14, 28)  # days from today
MOST_ENTERED = 10
AFTER_DEADLINE, TOO_MANY = "after-deadline", "too-many"


def word_at(mine: Seat, now: datetime) -> datetime:
    """When they may be told of a change: in their working hours, whatever leave is entered."""
    return standings.next_word_at(replace(mine.around, leaves=(), crises=()), now)


async def leave_for(tx: Tx, call: Call, office: Office) -> AskLeave | NoLeave | LeaveEntered | Gone:
    """So many days from today; 0 asks which."""
    found = await usecase.held(tx, call, office, call.pressed.enrolment)
    if isinstance(found, Gone):
        return found
    mine, days = found.seat, call.pressed.days
    if mine is None or upcoming.deadline_on(mine) is None or days not in (0, *OFFERED):
        return Gone(Why.CLOSED)
    if days == 0:
        await conversations.put(tx, call.caller.telegram_id, STEP, {"enrolment": found.enrolment.id}, now=call.now)
        return AskLeave(found)
    today = mine.today(call.now)
    return await _enter(tx, call, office, found, mine, Span(today, today + timedelta(days=days - 1)))


async def take_dates(tx: Tx, call: Call, office: Office) -> NoLeave | LeaveEntered | Gone:
    """The days typed."""
    waited = await usecase.waited_for(tx, call, office, STEP)
    if isinstance(waited, Gone):
        return waited
    found, _ = waited
    if found.seat is None or upcoming.deadline_on(found.seat) is None:
        return Gone(Why.CLOSED)
    span = span_of(call.words, today=found.seat.today(call.now))
    if isinstance(span, NotASpan):
        return NoLeave(found, span.why)
    return await _enter(tx, call, office, found, found.seat, span)


async def _enter(tx: Tx, call: Call, office: Office, found: Person, mine: Seat, span: Span) -> NoLeave | LeaveEntered:
    today, deadline_was = mine.today(call.now), upcoming.deadline_on(mine)
    if deadline_was is not None and span.first > deadline_was:
        return NoLeave(found, AFTER_DEADLINE, deadline_was)
    span = Span(max(span.first, today), span.last)  # what has passed stays as it was
    entered = upcoming.leaves_of(mine.around, today)
    there = next((leave for leave in entered if leave.span == span), None)
    if there is None and len(entered) >= MOST_ENTERED:
        return NoLeave(found, TOO_MANY)
    await conversations.end(tx, call.caller.telegram_id)
    told_at = word_at(mine, call.now)
    if there is not None:  # two colleagues at once, or tapped twice: it is entered once
        return LeaveEntered(found, there.id, span, deadline_was, deadline_was, told_at)
    leave = await calendars.take_leave(tx, mine.learner.id, span, kind="leave", now=call.now)
    mine = await replanned(tx, office, mine, call.now, rests=today in span)
    meaning = {"what": "leave-for", "enrolment": found.enrolment.id, "leave": leave}
    key, to = notice_key("leave-for", leave, mine.learner.id), {"learner_id": mine.learner.id}
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=told_at, **to)
    about = {"enrolment": found.enrolment.id, "leave": leave, "dates": [span.first.isoformat(), span.last.isoformat()]}
    by = call.caller.telegram_id
    await audit.note(tx, "leave.entered", actor_id=by, now=call.now, cohort_id=found.cohort.id, **about)
    return LeaveEntered(found, leave, span, deadline_was, upcoming.deadline_on(mine), told_at)


async def take_back(tx: Tx, call: Call, office: Office) -> LeaveBack | Gone:
    """It does not count, or ended yesterday where it has begun."""
    found = await usecase.held(tx, call, office, call.pressed.enrolment)
    if isinstance(found, Gone):
        return found
    mine = found.seat
    entered = upcoming.leaves_of(mine.around, mine.today(call.now)) if mine else ()
    chosen = next((leave for leave in entered if leave.id == call.pressed.leave), None)
    if mine is None or chosen is None:
        return Gone(Why.CLOSED)
    today = mine.today(call.now)
    await calendars.end_leave(tx, mine.learner.id, chosen.id, last_on=today - A_DAY)
    mine = await replanned(tx, office, mine, call.now, back=today in chosen.span)
    about, by = {"enrolment": found.enrolment.id, "leave": chosen.id}, call.caller.telegram_id
    await audit.note(tx, "leave.taken-back", actor_id=by, now=call.now, cohort_id=found.cohort.id, **about)
    return LeaveBack(found, upcoming.deadline_on(mine))
