"""Hour, quiet hours, lesson days, pace, language, pause and resume. Every change plans anew."""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot import agenda, seat, standings, upcoming
from bot.call import Call
from bot.circumstances import EVERY_DAY
from bot.office import Office
from bot.seat import Seat, Waiting
from bot.upcoming import Upcoming
from lessons.enrolment import EnrolmentState
from scheduler.calendar import weekend_of
from scheduler.slots import slot_after
from storage import askings, calendars, enrolments, people
from storage.calendars import Leave, Posting
from storage.store import Tx

HOURS = (time(7, 0), time(8, 30), time(10, 0), time(12, 30), time(17, 0), time(19, 0))
QUIETS = ((time(20, 0), time(8, 0)), (time(21, 0), time(7, 0)), (time(22, 0), time(6, 0)))
PACES = (1, 2, 3)  # a lesson every so many working days


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is set for a learner, and what comes next."""

    seat: Seat
    today: date
    upcoming: Upcoming
    languages: tuple[str, ...]

    @property
    def posting(self) -> Posting:
        """Where they serve today."""
        return upcoming.posting_on(self.seat.around, self.today)

    @property
    def usual_days(self) -> frozenset[int]:
        """The cohort's weekdays, else the working week of the place; ISO."""
        return self.seat.around.cohort.days or EVERY_DAY - weekend_of(self.posting.country, self.posting.subdivision)

    @property
    def days(self) -> frozenset[int]:
        """The weekdays on which lessons come."""
        return self.posting.days or self.usual_days

    @property
    def announced(self) -> tuple[Posting, ...]:
        """Postings to come."""
        return upcoming.announced(self.seat.around, self.today)

    @property
    def leaves(self) -> tuple[Leave, ...]:
        """Leave in force and to come."""
        return upcoming.leaves_of(self.seat.around, self.today)

    @property
    def deadline_on(self) -> date | None:
        """None once the course is over."""
        return upcoming.deadline_on(self.seat)


@dataclass(frozen=True, slots=True)
class Forecast:
    """At the pace now set: when the last of the lessons left comes, and how many come after the deadline."""

    left: int
    last_on: date
    deadline_on: date
    missed: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """Lessons go on: with the one that waits, or from the next slot."""

    seat: Seat
    waiting: Waiting | None
    next_at: datetime | None


async def read(tx: Tx, call: Call, office: Office) -> Preferences | None:
    """What is set; None without a seat."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    coming = await upcoming.read(tx, mine, call.now)
    return Preferences(mine, mine.today(call.now), coming, office.phrases.languages)


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


async def set_day(tx: Tx, call: Call, office: Office, day: int, *, on: bool) -> Preferences | None:
    """Lessons on that weekday or not, at the posting that holds now; None when it is the only one left."""
    found = await read(tx, call, office)
    if found is None or day not in EVERY_DAY:
        return found
    days = found.days | {day} if on else found.days - {day}
    return await _set_days(tx, call, office, found, days) if days else None


async def usual_days(tx: Tx, call: Call, office: Office) -> Preferences | None:
    """Lessons on the days of the cohort, or the working days of the place."""
    found = await read(tx, call, office)
    return await _set_days(tx, call, office, found, found.usual_days) if found else None


async def _set_days(tx: Tx, call: Call, office: Office, found: Preferences, days: frozenset[int]) -> Preferences | None:
    """Today's slot, should today become a lesson day after it, does not count: nothing comes while days are chosen."""
    own = None if days == found.usual_days else days
    await calendars.set_days(tx, found.seat.learner.id, found.posting.from_on, own)
    if found.today.isoweekday() not in found.days:
        for enrolment in await enrolments.of_learner(tx, found.seat.learner.id):
            await enrolments.set_free_since(tx, enrolment.id, call.now)
    return await _planned(tx, call, office)


async def set_pace(tx: Tx, call: Call, office: Office, every: int) -> Preferences | None:
    """A lesson every so many working days, one of those offered; 0: as the cohort."""
    if call.caller.learner is not None and every in (0, *PACES):
        await people.set_pace(tx, call.caller.learner, every or None)
    return await _planned(tx, call, office)


async def forecast(tx: Tx, mine: Seat, now: datetime) -> Forecast | None:
    """What the pace means if every lesson is answered on its day; None when no lesson is left or counts."""
    deadline_on, known = upcoming.deadline_on(mine), await standings.of(tx, mine.around, now)
    if deadline_on is None or known.next_lesson is None:
        return None
    order = mine.course.order
    left, calendar = len(order) - order.index(known.next_lesson), known.calendar
    given = known.last_lesson_on
    not_before = max(known.first_on, calendar.add_working(given, known.pace)) if given else known.first_on
    day = slot_after(calendar, known.slot, after=now, not_before=not_before, quiet=known.quiet).day
    missed = int(day > deadline_on)
    for _ in range(left - 1):
        day = calendar.add_working(day, known.pace)
        missed += day > deadline_on
    return Forecast(left, day, deadline_on, missed)


async def set_language(tx: Tx, call: Call, office: Office, language: str) -> Preferences | None:
    """Another language, one of those spoken."""
    if call.caller.learner is not None and language in office.phrases.languages:
        await people.set_language(tx, call.caller.learner, language)
    return await read(tx, call, office)


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
    waiting = await seat.waiting_lesson(tx, mine)
    return Resumed(mine, waiting, None if waiting else await seat.next_lesson_at(tx, mine, call.now))
