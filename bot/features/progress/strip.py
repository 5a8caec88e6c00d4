"""The calendar strip of a learner: two weeks back, this week and two ahead, in the week order of the posting."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from bot.phrases import Voice
from bot.pictures.strip import Sign, Strip, StripDay
from lessons.course import TaughtId
from lessons.enrolment import NEW, AskingKind, EnrolmentState
from scheduler.acts import GiveLesson
from scheduler.calendar import Calendar
from scheduler.outlook import next_refresher_on, outlook
from scheduler.spans import Span
from scheduler.standing import Standing
from scheduler.zones import A_DAY
from storage.ladders import Answered

BACK, LONG = timedelta(weeks=2), timedelta(weeks=5)
UNDER_WAY = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
LIVELY = (EnrolmentState.ACTIVE, EnrolmentState.COMPLETED)  # something comes by itself


def strip_of(
    known: Standing, lessons_left: Sequence[TaughtId], answered: Iterable[Answered], now: datetime, voice: Voice
) -> Strip:
    """The strip on that instant. `lessons_left`: still to be given, in order; `answered`: since the first day shown."""
    calendar, shown = known.calendar, days_shown(known.calendar, now)
    signs: dict[date, set[Sign]] = defaultdict(set, {day: set(_rest(calendar, day)) for day in shown})
    signs[calendar.day(now)].add(Sign.TODAY)
    for answer in answered:
        signs[calendar.day(answer.at)].add(Sign.LESSON_DONE if answer.kind in NEW else Sign.REPEAT_DONE)
    for day, sign in _coming(known, lessons_left, now, shown.last):
        signs[day].add(sign)
    if known.deadline_on is not None and known.state in UNDER_WAY:
        signs[known.deadline_on].add(Sign.DEADLINE)
    days = tuple(StripDay(day, frozenset(signs[day])) for day in shown)
    months = {(day.year, day.month): voice.short_month(day) for day in shown}
    return Strip(
        title=voice.label("progress.weeks"),
        days=days,
        first_weekday=shown.first.isoweekday(),
        weekdays=tuple(voice.short_weekday(day.on) for day in days[:7]),
        months=tuple(months.values()),
        legend=tuple((sign, voice.label(f"progress.sign-{sign}")) for sign in Sign),
    )


def days_shown(calendar: Calendar, now: datetime) -> Span:
    """The local dates of the strip: five weeks, the third of them this one."""
    today = calendar.day(now)
    into = (today.isoweekday() - first_weekday(calendar.posting_on(today).weekend)) % 7
    first = today - timedelta(days=into) - BACK
    return Span(first, first + LONG - A_DAY)


def first_weekday(weekend: AbstractSet[int]) -> int:
    """The first working day (ISO, Monday is 1) after the longest row of weekdays off; Monday where none is off."""

    def off_before(day: int) -> int:
        return next(n for n in range(7) if (day - 2 - n) % 7 + 1 not in weekend)

    return max((day for day in range(1, 8) if day not in weekend), key=off_before)


def _rest(calendar: Calendar, day: date) -> Iterator[Sign]:
    if any(day in span for span in calendar.away):
        yield Sign.LEAVE
    elif not calendar.is_working(day):
        yield Sign.DAY_OFF


def _coming(
    known: Standing, lessons_left: Sequence[TaughtId], now: datetime, until: date
) -> Iterator[tuple[date, Sign]]:
    """What is open stands on the next working day, today included; nothing comes while lessons rest."""
    if known.state not in LIVELY:
        return
    next_on = known.calendar.working_from(known.calendar.day(now))
    if known.new_is_open:
        yield next_on, Sign.LESSON_COMING
    if known.has_open(AskingKind.REVIEW) or known.has_open(AskingKind.REFRESHER):
        yield next_on, Sign.REPEAT_COMING
    for act in outlook(known, lessons_left, now, until):
        yield act.on, Sign.LESSON_COMING if isinstance(act, GiveLesson) else Sign.REPEAT_COMING
    if (on := next_refresher_on(known, now)) is not None:
        yield on, Sign.REPEAT_COMING
