"""Leave entered, taken back, ended early: nothing comes on these days, and the deadline moves with them."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot import seat, upcoming
from bot.call import Call
from bot.office import Office
from bot.rearranging import replanned
from bot.seat import Seat
from bot.upcoming import Upcoming
from lessons.enrolment import EnrolmentState
from scheduler.slots import Slot, slot_after
from scheduler.spans import Span
from scheduler.typed_dates import NotASpan, Why, span_of
from scheduler.zones import A_DAY
from storage import calendars, conversations
from storage.calendars import Leave, LeaveKind
from storage.store import Tx

STEP = "leave.dates"
CRISIS_WEEK = timedelta(days=6)  # seven days, today included
MOST_ENTERED = 10  # at a time, so that the list of them fits a screen


class Refusal(StrEnum):
    """Why dates that were read are no leave."""

    AFTER_DEADLINE = "after-deadline"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Page:
    """Leave in force and to come, and what comes next."""

    today: date
    leaves: tuple[Leave, ...]
    upcoming: Upcoming

    @property
    def in_force(self) -> tuple[Leave, ...]:
        """Leave that covers today."""
        return tuple(leave for leave in self.leaves if self.today in leave.span)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was entered. `first_on` and `deadline_on` of dates that come after the deadline."""

    why: Why | Refusal
    first_on: date | None = None
    deadline_on: date | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """Leave entered; the deadline before and now, None once the course is over; where lessons go on after it."""

    leave: Leave
    shortened: bool  # days that had passed are left out
    deadline_was: date | None
    deadline_on: date | None
    upcoming: Upcoming
    goes_on: Slot | None


@dataclass(frozen=True, slots=True)
class Ended:
    """Leave taken back, or ended early (`early`)."""

    early: bool
    deadline_on: date | None
    upcoming: Upcoming


async def page(tx: Tx, call: Call, office: Office) -> Page | None:
    """What is entered, and wait for dates; None without a seat."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    await conversations.put(tx, call.caller.telegram_id, STEP, {}, now=call.now)
    today = mine.today(call.now)
    return Page(today, upcoming.leaves_of(mine.around, today), await upcoming.read(tx, mine, call.now))


async def enter_words(tx: Tx, call: Call, office: Office) -> Entered | Refused | None:
    """Leave on the dates typed; None without a seat. Words that cannot be meant are asked for again."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    await conversations.put(tx, call.caller.telegram_id, STEP, {}, now=call.now)
    span = span_of(call.words, today=mine.today(call.now))
    return Refused(span.why) if isinstance(span, NotASpan) else await _enter(tx, call, office, mine, span, "leave")


async def enter_crisis_week(tx: Tx, call: Call, office: Office) -> Entered | Refused | None:
    """A crisis week from today; None without a seat."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    today = mine.today(call.now)
    return await _enter(tx, call, office, mine, Span(today, today + CRISIS_WEEK), "crisis")


async def _enter(tx: Tx, call: Call, office: Office, mine: Seat, span: Span, kind: LeaveKind) -> Entered | Refused:
    today, deadline_on = mine.today(call.now), upcoming.deadline_on(mine)
    if deadline_on is not None and span.first > deadline_on:
        return Refused(Refusal.AFTER_DEADLINE, span.first, deadline_on)
    entered = upcoming.leaves_of(mine.around, today)
    whole, span = span, Span(max(span.first, today), span.last)  # what has passed stays as it was
    there = next((leave for leave in entered if (leave.kind, leave.span) == (kind, span)), None)
    if there is None and len(entered) >= MOST_ENTERED:
        return Refused(Refusal.TOO_MANY)
    if there is None:  # typed or tapped twice, it is entered once
        there = Leave(await calendars.take_leave(tx, mine.learner.id, span, kind=kind, now=call.now), kind, span)
    await conversations.end(tx, call.caller.telegram_id)
    mine = await replanned(tx, office, mine, call.now, rests=today in span)
    now_on, coming = upcoming.deadline_on(mine), await upcoming.read(tx, mine, call.now)
    return Entered(there, whole != span, deadline_on, now_on, coming, _goes_on(mine, span, coming))


def _goes_on(mine: Seat, span: Span, coming: Upcoming) -> Slot | None:
    """The first slot after leave to come; None where what comes next says it, or where nothing does."""
    after_it = coming.slot is not None and coming.slot.day > span.last
    if mine.enrolment.state is not EnrolmentState.ACTIVE or after_it:
        return None
    around = mine.around
    opens = around.calendar.instant(span.first, around.slot)
    slot = slot_after(around.calendar, around.slot, after=opens, not_before=span.last + A_DAY, quiet=around.quiet)
    return slot if slot.day <= around.deadline_on else None


async def take_back(tx: Tx, call: Call, office: Office, leave_id: int) -> Ended | None:
    """That leave is not taken, or ended yesterday where it has begun; None when it is over or was never entered."""
    mine = await seat.of_caller(tx, call, office)
    entered = upcoming.leaves_of(mine.around, mine.today(call.now)) if mine else ()
    chosen = [leave for leave in entered if leave.id == leave_id]
    early = any(mine and leave.span.first < mine.today(call.now) for leave in chosen)
    return await _end(tx, call, office, mine, chosen, early=early)


async def come_back(tx: Tx, call: Call, office: Office) -> Ended | None:
    """All leave in force ended yesterday; None when none is."""
    mine = await seat.of_caller(tx, call, office)
    entered = upcoming.leaves_of(mine.around, mine.today(call.now)) if mine else ()
    in_force = [leave for leave in entered if mine and mine.today(call.now) in leave.span]
    return await _end(tx, call, office, mine, in_force, early=True)


async def _end(
    tx: Tx, call: Call, office: Office, mine: Seat | None, leaves: list[Leave], *, early: bool
) -> Ended | None:
    if mine is None or not leaves:
        return None
    today = mine.today(call.now)
    for leave in leaves:
        await calendars.end_leave(tx, mine.learner.id, leave.id, last_on=today - A_DAY)
    await conversations.end(tx, call.caller.telegram_id)
    begun = any(today in leave.span for leave in leaves)
    mine = await replanned(tx, office, mine, call.now, back=begun)
    return Ended(early, upcoming.deadline_on(mine), await upcoming.read(tx, mine, call.now))
