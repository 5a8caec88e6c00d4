"""What was owed and never came: lessons, reviews, the chain of reminders, the word at the end, the checks."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter

from tests.year.local_days import (
    DAY,
    any_dates,
    holding,
    instant,
    is_absent,
    nudge_window,
    working_days,
)
from tests.year.replay import Owed, Span, State
from tests.year.year import FOREVER, NOTICED, PATIENCE, Day, Year, merged, overlap

_REVIEW_DAYS = 15
_END_DAYS = 10
_CHECK_DAYS = 21
_FAREWELL = timedelta(days=141)  # the longest gap of refreshers, and three weeks

Missing = tuple[datetime, str]


def lessons(year: Year) -> Iterator[Missing]:
    """Each working day with nothing open brings a lesson while there are any, as far as pace and backlog allow."""
    owing = [day for day in year.days if _owes_lesson(year, day)]
    served = _matched([day.on for day in owing], [dates for _, dates in year.state.lessons])
    instants = {day.first for day in year.days if day.on in served}  # a move by 24 hours: two dates, one instant
    for day in owing:
        if day.on not in served and day.first not in instants:
            yield day.first, f"no lesson on {day.on:%a} {day.on} ({day.posting.country}) though nothing was open"


def _owes_lesson(year: Year, day: Day) -> bool:
    if year.is_open(day.before) or year.is_measured(day.before):
        return False
    state, story = year.state, year.story
    n = bisect_right(state.new_lessons, day.last, key=itemgetter(0))
    if n >= len(state.record.lessons) or _overdue(state, day) > 10:
        return False
    if n and story.pace > 1:
        last_on = state.new_lessons[n - 1][1][-1]
        if min(working_days(story, last_on, day.on, at) for at in (day.first, day.last)) < story.pace:
            return False
    return _questions_lately(year, day) < 2  # else the room of a slower pace is used up


def _questions_lately(year: Year, day: Day) -> int:
    """Questions that were put before on that date, and on the days that a slower pace takes together with it."""
    asked = year.state.lessons + year.state.reviews
    count = sum(
        day.on in dates and at < day.before for at, dates in asked
    )  # that date had come elsewhere, before a move
    on, left = day.on, year.story.pace - 1
    while left:
        on -= DAY
        count += year.state.questions_on.get(on, 0)
        left -= working_days(year.story, on - DAY, on, day.first)
    return count


def _matched(days: list[date], sends: list[tuple[date, ...]]) -> set[date]:
    """Which days a send was for, each send for one day at most: the earliest that it may stand for."""
    wanted, served = set(days), set[date]()
    for dates in sends:
        for on in dates:
            if on not in served and (on in wanted or on == dates[-1]):
                served.add(on)
                break
    return served


def _overdue(state: State, day: Day) -> int:
    answered = (one for one in state.all_owed if one.early_on <= day.on and one.answered_at < day.first)
    return sum(one.asked_at is None or one.asked_at >= day.before for one in answered)


def reviews(year: Year) -> Iterator[Missing]:
    """A review that has been due for more than fifteen working days with room for it on each has been forgotten.

    A slower pace has room for two questions on every so many working days: it takes so many times longer.
    """
    state, patience = year.state, _REVIEW_DAYS * year.story.pace
    asked: dict[date, int] = {}
    for _, dates in state.lessons + state.reviews:
        for on in dates:
            asked[on] = asked.get(on, 0) + 1
    roomy = [day.on for day in year.days if asked.get(day.on, 0) < 2 and _is_free(year, day)]
    for owed in state.all_owed:
        last_on = owed.asked_at.date() - DAY if owed.asked_at else date.max
        n, end = bisect_right(roomy, owed.late_on), bisect_right(roomy, last_on)
        if owed.certain and end - n > patience and not _was_replaced(state, owed):
            at = datetime.combine(roomy[n + patience], time(12), UTC)
            yield at, f"review {owed.what}, due on {owed.late_on}, did not come in {end - n} working days with room"


def _is_free(year: Year, day: Day) -> bool:
    evening = day.last - NOTICED
    return not (year.is_open(day.before) or year.is_open(evening) or year.is_measured(day.before))


def _was_replaced(state: State, owed: Owed) -> bool:
    """A later answer has taken its place (a lesson answered again after a withdrawn send)."""
    return owed.asked_at is None and state.owed.get(owed.what) is not owed


def chains(year: Year) -> Iterator[Missing]:
    """Whatever stays unanswered is reminded of three times and then paused, by the eighth working day."""
    for span in year.state.stretches:
        last = min(span.last or FOREVER, year.until_at)
        if last - span.first > PATIENCE * DAY:
            yield from _unbroken(year, span, last)


def _unbroken(year: Year, span: Span, until: datetime) -> Iterator[Missing]:
    story, state, count = year.story, year.state, 0
    on = any_dates(story, span.first, until)[-1]
    while count < PATIENCE:
        on += DAY
        posting = holding(year.postings, on)
        first, last = nudge_window(story, posting, on)
        if last > until or on > state.deadline(first)[0]:
            return
        if first <= span.first or not year.posting_on(on, first, last):
            continue
        up = state.machine.up_for(first, last) - 2 * state.machine.wrong_by(first)
        count += up >= NOTICED and year.is_reachable(on, posting, first, last)
    yield last, f"unanswered since {span.first:%Y-%m-%d %H:%M}Z and not paused by the eighth working day"


def _reached_by(year: Year, after: date, days: int, *unlike: str) -> date | None:
    """The date by which so many days passed on which the person could be spoken to; None: not in the record."""
    away = merged((span.first, span.last) for span in year.state.idle if span.why in unlike)
    on, left = after, days
    while left:
        on += DAY
        morning = instant(holding(year.postings, on), on, time())
        if morning + DAY > year.until_at:
            return None
        shut = any(overlap(spans, morning, morning + DAY) for spans in (away, year.away))
        left -= not shut and not is_absent(year.story, on, year.until_at)
    return on


def word_at_the_end(year: Year) -> Iterator[Missing]:
    """Whoever has not completed by the deadline is told so within ten days on which that was possible."""
    state = year.state
    ended_at = state.ended.at if state.ended else year.until_at
    latest = state.deadline(ended_at)[1]
    if state.completed or state.gone:
        return
    by = _reached_by(year, latest, _END_DAYS, "paused", "blocked")
    if by and (state.ended is None or state.end_dates[0] > by):
        at = instant(holding(year.postings, by), by, time())
        yield at, f"the deadline {latest} passed and nobody said so by {by}"


def checks(year: Year) -> Iterator[Missing]:
    """The baseline at the start, the other checks within three weeks of their days when the person can be reached."""
    state, story = year.state, year.story
    if not state.record.measures:
        return
    if state.lessons and "baseline" not in state.checks:
        yield state.lessons[0][0], "lessons began without a baseline"
    if not state.is_over() or state.gone:
        return
    for what, days in (("check-30", 30), ("check-90", 90)):
        by = _reached_by(year, state.end_dates[-1] + DAY * days, _CHECK_DAYS, "blocked")
        came = state.checks.get(what)
        if what == "check-30" and by and by >= state.end_dates[0] + DAY * 90:
            continue  # held up until the other one takes its place
        if by and (came is None or came[1][0] > by):
            yield instant(holding(year.postings, by), by, story.slot), f"{what} did not come by {by}"


def farewell(year: Year) -> Iterator[Missing]:
    """Three refreshers unanswered in a row are followed by a farewell."""
    state = year.state
    if len(state.unanswered) < 3 or state.farewell_at or state.blocked or state.gone or state.consent_at is None:
        return
    third_at = state.refreshers[-1][0]
    if not state.renewal_open and year.until_at - third_at > _FAREWELL:
        yield third_at, "three refreshers stayed unanswered and no farewell was said"


def explained(year: Year) -> Iterator[Missing]:
    """At the end each story has come to a known end, or waits for its deadline."""
    state = year.state
    if state.completed:
        left = [what for what in state.record.lessons if what not in state.answered]
        if left:
            yield state.completed.at, f"completed with {len(left)} lessons unanswered, {left[0]} the first"
    elif not reason(year):
        yield year.until_at, "neither completed, ended, paused, withdrawn, blocked nor before the deadline"


def reason(year: Year) -> str:
    """Why the story stands where it does at the end of its record; empty when nothing explains it."""
    state, until = year.state, year.until_at
    if state.completed or state.ended or state.gone:
        return "completed" if state.completed else "ended" if state.ended else "withdrawn"
    if state.blocked:
        return "blocked" if any(first <= until <= last + DAY for first, last in state.story.blocked) else ""
    if state.paused:
        return "paused"
    finished = len(state.answered) >= len(state.record.lessons) and not state.owed and not state.open
    if finished and state.active_at and until - state.active_at > DAY:
        return ""
    latest = state.deadline(until)[1]
    being_told = _reached_by(year, latest, _END_DAYS, "paused", "blocked") is None
    return f"the deadline {latest} has not passed or is being told" if being_told else ""
