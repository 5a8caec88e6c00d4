"""A new posting, at once or from a day to come: find the place, take the day, say what changes there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot import seat, upcoming
from bot.call import Call
from bot.office import Office
from bot.rearranging import posted, replanned
from bot.seat import Seat
from bot.upcoming import Upcoming
from scheduler.breaks import Break, breaks
from scheduler.places import Found, NotFound, Place, Several
from scheduler.public_holidays import DaysOff
from scheduler.spans import Span
from scheduler.typed_dates import NotASpan, Why, day_of
from scheduler.zones import A_DAY
from storage import calendars, conversations
from storage.calendars import Posting
from storage.store import Tx

PLACE, DAY = "posting.place", "posting.day"  # the steps that wait for words
FARTHEST = timedelta(days=365)
HOLIDAYS_WITHIN = timedelta(days=60)
MOST_HOLIDAYS = 2


class Refusal(StrEnum):
    """Why no day was taken from what was typed."""

    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    TOO_FAR = "too-far"


_WHY = {Why.IMPOSSIBLE: Refusal.IMPOSSIBLE, Why.TOO_FAR: Refusal.TOO_FAR}


@dataclass(frozen=True, slots=True)
class Asked:
    """Where next? `options`: which of these; `announced`: what is to come already."""

    options: tuple[Place, ...] = ()
    unknown: bool = False
    announced: tuple[Posting, ...] = ()


@dataclass(frozen=True, slots=True)
class WhichDay:
    """The place is known; from which day?"""

    place: Place


@dataclass(frozen=True, slots=True)
class Refused:
    """No day was taken; it is asked for again."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Moved:
    """A posting from that local date on (`at_once`: from now), with the next holidays there."""

    place: Place
    from_on: date
    at_once: bool
    before: Posting
    holidays: tuple[Break, ...]
    upcoming: Upcoming


@dataclass(frozen=True, slots=True)
class CalledOff:
    """An announced posting does not come."""

    posting: Posting
    stays: Posting
    upcoming: Upcoming


async def ask(tx: Tx, call: Call, office: Office) -> Asked:
    """Where next?"""
    mine = await seat.of_caller(tx, call, office)
    await conversations.put(tx, call.caller.telegram_id, PLACE, {}, now=call.now)
    return Asked(announced=upcoming.announced(mine.around, mine.today(call.now)) if mine else ())


async def take_place(tx: Tx, call: Call, office: Office) -> Asked | WhichDay:
    """A place as people type it."""
    match office.places.find(call.words):
        case Found(place):
            return await _found(tx, call, place)
        case Several(places):
            asked = Asked(options=places)
        case NotFound(nearest):
            there = office.places.by_local_time(call.words, call.now)
            asked = Asked(options=there or nearest, unknown=not there)
    options = {"options": [asdict(option) for option in asked.options]}
    await conversations.put(tx, call.caller.telegram_id, PLACE, options, now=call.now)
    return asked


async def _found(tx: Tx, call: Call, place: Place) -> WhichDay:
    await conversations.put(tx, call.caller.telegram_id, DAY, {"place": asdict(place)}, now=call.now)
    return WhichDay(place)


async def pick(tx: Tx, call: Call, n: int) -> WhichDay | None:
    """One of the places offered; None when nothing is being asked."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    options = waiting.so_far.get("options", []) if waiting and waiting.step == PLACE else []
    return await _found(tx, call, Place(**options[n])) if n < len(options) else None


async def _kept(tx: Tx, call: Call) -> Place | None:
    waiting = await conversations.get(tx, call.caller.telegram_id)
    kept = waiting.so_far.get("place") if waiting and waiting.step == DAY else None
    return Place(**kept) if kept else None


async def from_today(tx: Tx, call: Call, office: Office) -> Moved | None:
    """The place found holds at once; None when nothing is being asked."""
    mine, place = await seat.of_caller(tx, call, office), await _kept(tx, call)
    return await _move(tx, call, office, mine, place, mine.today(call.now)) if mine and place else None


async def take_day(tx: Tx, call: Call, office: Office) -> Moved | Refused | None:
    """The day typed, from which the place found holds; a day that has passed is taken as today."""
    mine, place = await seat.of_caller(tx, call, office), await _kept(tx, call)
    if mine is None or place is None:
        return None
    today = mine.today(call.now)
    day = day_of(call.words, today=today)
    if isinstance(day, NotASpan) and day.why is not Why.PAST:
        return Refused(_WHY.get(day.why, Refusal.UNREADABLE))
    from_on = today if isinstance(day, NotASpan) else day
    if from_on > today + FARTHEST:
        return Refused(Refusal.TOO_FAR)
    return await _move(tx, call, office, mine, place, from_on)


async def _move(tx: Tx, call: Call, office: Office, mine: Seat, place: Place, from_on: date) -> Moved:
    on = mine.today(call.now) if from_on <= mine.today(call.now) else from_on - A_DAY
    before = upcoming.posting_on(mine.around, on)
    await conversations.end(tx, call.caller.telegram_id)
    mine, from_on, at_once = await posted(tx, office, mine, place, from_on, call.now)
    since = mine.today(call.now) if at_once else from_on
    coming = await upcoming.read(tx, mine, call.now)
    return Moved(place, from_on, at_once, before, _holidays(mine, since), coming)


def _holidays(mine: Seat, since: date) -> tuple[Break, ...]:
    """The next holidays of the host country, those of home aside."""
    there = mine.calendar.posting_on(since)
    if not isinstance(there.days_off, DaysOff):
        return ()
    host = replace(there.days_off, home=())
    return tuple(breaks(host, there.weekend, Span(since, since + HOLIDAYS_WITHIN)))[:MOST_HOLIDAYS]


async def call_off(tx: Tx, call: Call, office: Office, from_on: str) -> CalledOff | None:
    """The posting announced for that date does not come; None when none is."""
    mine = await seat.of_caller(tx, call, office)
    announced: Sequence[Posting] = upcoming.announced(mine.around, mine.today(call.now)) if mine else ()
    posting = next((each for each in announced if each.from_on.isoformat() == from_on), None)
    if mine is None or posting is None:
        return None
    await calendars.call_off(tx, mine.learner.id, posting.from_on)
    mine = await replanned(tx, office, mine, call.now)
    stays = upcoming.posting_on(mine.around, posting.from_on)
    return CalledOff(posting, stays, await upcoming.read(tx, mine, call.now))
