"""What comes next to a learner, and why not sooner: every change of the days ends with these words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import seat, standings
from bot.circumstances import Circumstances
from bot.phrases import Html, Voice
from bot.seat import Seat, Waiting
from lessons.enrolment import EnrolmentState
from scheduler.breaks import Break, breaks
from scheduler.planner import next_send_at
from scheduler.public_holidays import DaysOff
from scheduler.slots import Slot, slot_on
from scheduler.spans import Span
from scheduler.zones import A_DAY
from storage.calendars import Leave, Posting
from storage.store import Tx

STUDYING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
_BEGUN_BEFORE = timedelta(days=14)  # a holiday may have begun some days ago


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The open lesson or case, else the slot of the next one, else when a question comes by itself.

    `is_case`: a case comes in that slot. `too_late`: lessons are left, but the deadline comes first.
    """

    seat: Seat
    waiting: Waiting | None = None
    slot: Slot | None = None
    is_case: bool = False
    question_at: datetime | None = None
    too_late: bool = False


async def read(tx: Tx, mine: Seat, now: datetime) -> Upcoming:
    """What comes next, as things are stored and planned now."""
    known = await standings.of(tx, mine.around, now)
    if mine.enrolment.state is EnrolmentState.ACTIVE:
        waiting = await seat.waiting_lesson(tx, mine)
        if waiting is not None:
            return Upcoming(mine, waiting=waiting)
        at = await seat.next_lesson_at(tx, mine, now)
        if at is not None:
            is_case = mine.course.simulation(known.next_lesson or "") is not None
            return Upcoming(mine, slot=_slot_of(mine.around, at), is_case=is_case)
    late = mine.enrolment.state is EnrolmentState.ACTIVE and known.next_lesson is not None
    return Upcoming(mine, question_at=next_send_at(known, now), too_late=late)


def _slot_of(around: Circumstances, at: datetime) -> Slot | None:
    """The slot of that instant: over the date line it may serve the day after the one that is counted."""
    today = around.calendar.day(at)
    found = (slot_on(around.calendar, around.slot, day=day, quiet=around.quiet) for day in (today, today + A_DAY))
    return next((slot for slot in found if slot is not None and slot.at == at), None)


def posting_on(around: Circumstances, day: date) -> Posting:
    """Where they serve on that local date."""
    begun = [posting for posting in around.postings if posting.from_on <= day]
    return begun[-1] if begun else around.postings[0]


def deadline_on(mine: Seat) -> date | None:
    """The last local date on which they may complete; None once the course is over."""
    return mine.around.deadline_on if mine.enrolment.state in STUDYING else None


def words(found: Upcoming, voice: Voice, now: datetime) -> Html:
    """One sentence: what comes next, and when on the clocks of the place."""
    mine = found.seat
    if found.waiting is not None:
        away = any(mine.today(now) in span for span in mine.around.away)
        return voice.say("next.waiting-away" if away else "next.waiting", lesson=found.waiting.title)
    if found.slot is not None:
        return _lesson(found.slot, found.is_case, mine, voice, now)
    if mine.enrolment.state is EnrolmentState.PAUSED:
        return voice.say("next.paused")
    if found.question_at is not None:
        there = voice.at(mine.calendar.zone_at(found.question_at))
        return voice.say("next.question", when=there.soon(found.question_at, now))
    if found.too_late:
        return voice.say("next.too-late", day=voice.day(mine.around.deadline_on))
    return voice.say("next.nothing")


def open_label(waiting: Waiting, voice: Voice) -> str:
    """What the button says that opens the lesson or case that waits."""
    return voice.label("button.open-case" if waiting.is_case else "button.read-lesson")


def _lesson(slot: Slot, is_case: bool, mine: Seat, voice: Voice, now: datetime) -> Html:
    there = posting_on(mine.around, slot.day)
    when = voice.at(there.zone).soon(slot.at, now)
    why = _why(slot.day, mine.around, mine.today(now), voice)
    if why is None:
        return voice.say("next.case" if is_case else "next.lesson", when=when, place=there.place)
    key = "next.case-because" if is_case else "next.lesson-because"
    return voice.say(key, when=when, place=there.place, why=why)


def _why(day: date, around: Circumstances, today: date, voice: Voice) -> Html | None:
    """Why the next lesson does not come on an ordinary working day before that one."""
    calendar, weekend = around.calendar, around.calendar.posting_on(day).weekend
    before = day - A_DAY
    while before > today and before.isoweekday() in weekend and not _is_away(around, before):
        before -= A_DAY
    if before <= today or calendar.is_working(before):
        return None
    if _is_away(around, before):
        leave = any(each.kind == "leave" and before in each.span for each in around.leaves)
        return voice.say("next.why-leave" if leave else "next.why-crisis", day=voice.day(before))
    found = _break_before(day, before, around)
    if found is None:
        return voice.say("next.why-off", day=voice.day(before))
    key = "next.why-moon" if found.estimated else "next.why-holiday"
    return voice.say(key, holiday=found.name, day=voice.day(found.span.last))


def _is_away(around: Circumstances, day: date) -> bool:
    return any(day in span for span in around.away)


def _break_before(day: date, off: date, around: Circumstances) -> Break | None:
    there = around.calendar.posting_on(off)
    if not isinstance(there.days_off, DaysOff):
        return None
    near = Span(off - _BEGUN_BEFORE, day - A_DAY)
    return next((each for each in breaks(there.days_off, there.weekend, near) if off in each.span), None)


def leaves_of(around: Circumstances, today: date) -> tuple[Leave, ...]:
    """Leave in force and to come."""
    return tuple(leave for leave in around.leaves if leave.span.last >= today)


def announced(around: Circumstances, today: date) -> tuple[Posting, ...]:
    """Postings to come."""
    return tuple(posting for posting in around.postings[1:] if posting.from_on > today)
