"""Hour, quiet hours, posting, pause and resume. Every change plans anew and says what happens next."""

from dataclasses import asdict, dataclass
from datetime import datetime, time

from bot import agenda, seat
from bot.call import Call
from bot.office import Office
from bot.seat import Seat
from lessons.enrolment import AskingId, AskingKind, EnrolmentState
from scheduler.places import Found, NotFound, Place, Several
from scheduler.quiet_hours import QuietHours
from storage import askings, conversations, enrolments, people
from storage.store import Tx

HOURS = (time(7, 0), time(8, 30), time(10, 0), time(12, 30), time(17, 0), time(19, 0))
QUIETS = ((time(20, 0), time(8, 0)), (time(21, 0), time(7, 0)), (time(22, 0), time(6, 0)))
STEP = "posting.place"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is set for a learner, and when the next lesson comes."""

    seat: Seat
    slot: time
    quiet: QuietHours
    waiting: str | None  # title of the lesson that is open
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Resumed:
    """Lessons go on: with the one that waits, or from the next slot."""

    seat: Seat
    waiting: AskingId | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Postings:
    """What to ask about a new posting."""

    options: tuple[Place, ...] = ()
    unknown: bool = False
    place: Place | None = None  # found: to be confirmed


async def read(tx: Tx, call: Call, office: Office) -> Preferences | None:
    """What is set; None without a seat."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    slot = await agenda.slot_of(tx, mine.learner, mine.enrolment)
    waiting = await seat.waiting_lesson(tx, mine)
    next_at = None if waiting else await seat.next_lesson_at(tx, mine, call.now)
    return Preferences(mine, slot, agenda.quiet_of(mine.learner), waiting.title if waiting else None, next_at)


async def _planned(tx: Tx, call: Call, office: Office) -> Preferences | None:
    if call.caller.learner is not None:
        for enrolment in await enrolments.of_learner(tx, call.caller.learner):
            await agenda.replan(tx, office.courses, enrolment.id, now=call.now)
    return await read(tx, call, office)


async def set_hour(tx: Tx, call: Call, office: Office, slot: time) -> Preferences | None:
    """Lessons at another hour: one of those offered."""
    if call.caller.learner is not None and slot in HOURS:
        await people.set_slot(tx, call.caller.learner, slot)
    return await _planned(tx, call, office)


async def set_quiet(tx: Tx, call: Call, office: Office, quiet: tuple[time, time]) -> Preferences | None:
    """Other quiet hours: one of those offered."""
    if call.caller.learner is not None and quiet in QUIETS:
        await people.set_quiet(tx, call.caller.learner, *quiet)
    return await _planned(tx, call, office)


async def ask_posting(tx: Tx, call: Call) -> Postings:
    """Where next?"""
    await conversations.put(tx, call.caller.telegram_id, STEP, {}, now=call.now)
    return Postings()


async def take_posting(tx: Tx, call: Call, office: Office) -> Postings:
    """A place as people type it."""
    match office.places.find(call.words):
        case Found(place):
            found = Postings(place=place)
        case Several(places):
            found = Postings(options=places)
        case NotFound(nearest):
            there = office.places.by_local_time(call.words, call.now)
            found = Postings(options=there or nearest, unknown=not there)
    so_far = {
        "options": [asdict(option) for option in found.options],
        "place": found.place and asdict(found.place),
    }
    await conversations.put(tx, call.caller.telegram_id, STEP, so_far, now=call.now)
    return found


async def pick_posting(tx: Tx, call: Call, n: int) -> Postings | None:
    """One of the places offered; None when nothing is being asked."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    options = waiting.so_far.get("options", []) if waiting and waiting.step == STEP else []
    if not n < len(options):
        return None
    place = Place(**options[n])
    await conversations.put(tx, call.caller.telegram_id, STEP, {"place": asdict(place)}, now=call.now)
    return Postings(place=place)


async def confirm_posting(tx: Tx, call: Call, office: Office) -> Preferences | None:
    """The new posting holds from today, its local date; None when nothing is being asked."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    kept = waiting.so_far.get("place") if waiting and waiting.step == STEP else None
    if kept is None or call.caller.learner is None:
        return None
    place = Place(**kept)
    today = min(call.now.date(), seat.calendar_at(place).day(call.now))  # so that it holds at once
    await people.post(tx, call.caller.learner, place, from_on=today)
    await conversations.end(tx, call.caller.telegram_id)
    return await _planned(tx, call, office)


async def pause(tx: Tx, call: Call, office: Office) -> Seat | None:
    """Lessons rest until resumed; what was on its way is taken back."""
    mine = await seat.of_caller(tx, call, office)
    if mine is not None and mine.enrolment.state is EnrolmentState.ACTIVE:
        await seat.rest(tx, mine, call.now)
        await agenda.replan(tx, office.courses, mine.enrolment.id, now=call.now)
    return mine


async def resume(tx: Tx, call: Call, office: Office) -> Resumed | None:
    """Lessons go on: the open one is offered again, its reminders start anew."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    opened = await askings.open_of(tx, mine.enrolment.id)
    if mine.enrolment.state is EnrolmentState.PAUSED:
        await enrolments.set_state(tx, mine.enrolment.id, EnrolmentState.ACTIVE, paused_at=None, free_since_at=call.now)
        for asking in opened:
            if asking.put_at is not None:
                await askings.change(tx, asking.id, put_at=call.now, nudges=0)
        await agenda.replan(tx, office.courses, mine.enrolment.id, now=call.now)
        mine = await seat.of_caller(tx, call, office) or mine
    lesson = next((a.id for a in opened if a.kind is AskingKind.DAY), None)
    return Resumed(mine, lesson, None if lesson else await seat.next_lesson_at(tx, mine, call.now))
