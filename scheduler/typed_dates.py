"""Dates, spans of dates and spans of hours as people type them in a chat: "12–26 Mar", "10:00-14:00".

Day first, months by name in English or Bangla, digits of any script. Words that cannot be meant become a value.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum

from babel import Locale

from scheduler.spans import Span

LONGEST_WORDS = 100  # characters
LONGEST_SPAN = 366  # days: twelve months
FARTHEST = timedelta(days=731)  # "2072" for "2027" is a slip of the thumb
_LONGEST_SLIP = timedelta(days=90)  # "26 Mar - 12 Mar" is the wrong way round, "28 Dec - 4 Jan" goes over New Year


class Why(StrEnum):
    """Why words are no span: not read, no such date or time, last before first, over, over a year long, years away."""

    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    REVERSED = "reversed"
    PAST = "past"
    TOO_LONG = "too-long"
    TOO_FAR = "too-far"


@dataclass(frozen=True, slots=True)
class NotASpan:
    """What was typed cannot be meant, and why."""

    why: Why


def span_of(words: str, *, today: date) -> Span | NotASpan:
    """The local dates that the words mean, both included; one date is a span of one day.

    Without a year it is the nearest that does not end before `today`. It may have begun already. At most twelve months,
    and within two years of today.
    """
    typed = _typed(words, today)
    if typed is None:
        return NotASpan(Why.UNREADABLE)
    try:
        first, last = _dated(*typed, today=today)
    except ValueError:
        return NotASpan(Why.IMPOSSIBLE)
    if last < first:
        return NotASpan(Why.REVERSED)
    if last < today:
        return NotASpan(Why.PAST)
    if (span := Span(first, last)).days > LONGEST_SPAN:
        return NotASpan(Why.TOO_LONG)
    return NotASpan(Why.TOO_FAR) if first - today > FARTHEST else span


def day_of(words: str, *, today: date) -> date | NotASpan:
    """The one local date that the words mean; without a year the nearest that is not before `today`."""
    typed = _typed(words, today)
    if typed is None or typed[0] != typed[1]:
        return NotASpan(Why.UNREADABLE)
    span = span_of(words, today=today)
    return span.first if isinstance(span, Span) else span


def hours_of(words: str) -> tuple[time, time] | NotASpan:
    """The local times from and until which the words mean, within one day: "10:00-14:00", "9.30 to 3", "10-2pm"."""
    read = _HOURS.fullmatch(_plain(words)) if len(words) <= LONGEST_WORDS else None
    if read is None:
        return NotASpan(Why.UNREADABLE)
    try:
        start, end = _times(read)
    except ValueError:
        return NotASpan(Why.IMPOSSIBLE)
    return (start, end) if start < end else NotASpan(Why.REVERSED)


_VARIANTS = str.maketrans({"ী": "ি", "ষ": "স", "−": "-"})  # months of Bangla are spelled both ways


def _plain(words: str) -> str:
    """The words without case, with one kind of dash and of spelling, and without characters nobody sees."""
    plain = unicodedata.normalize("NFKC", words).casefold().translate(_VARIANTS)
    kept = (c for c in plain if unicodedata.category(c) != "Cf")
    return "".join("-" if unicodedata.category(c) == "Pd" else c for c in kept)


_MONTHS = {
    _plain(name): month
    for language in ("en", "bn")
    for width in ("wide", "abbreviated")
    for month, name in Locale(language).months["format"][width].items()
} | {"sept": 9}
_DAYS_AHEAD = {"today": 0, "tomorrow": 1, "আজ": 0, _plain("আগামীকাল"): 1}

_A_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})(?!\w)\.?"
_A_DAY = r"(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th)?"
_A_YEAR = r"(?:,?\s*(?P<year>\d{4}))?(?!\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)",
        r"(?P<day>\d{1,2})(?P<mark>[/.])(?P<month>\d{1,2})(?:(?P=mark)(?P<year>\d{2}))?(?!\d)(?:\.(?!\.))?",
        rf"{_A_DAY}\s*(?:of\s+)?{_A_MONTH}{_A_YEAR}",
        rf"{_A_MONTH}\s*{_A_DAY}{_A_YEAR}",
        rf"(?P<ahead>{'|'.join(_DAYS_AHEAD)})(?!\w)",
        rf"{_A_DAY}{_A_YEAR}",  # "12" of "12-26 Mar", "26, 2027" of "March 12-26, 2027"
    )
)
_BEFORE = re.compile(r"\s*(?:from\s+|on\s+)?")
_BETWEEN = re.compile(r"\s*(?:-+|\.\.+|/|(?:to|until|till|through|থেকে|হতে)(?!\w))\s*|\s+")
_AFTER = re.compile(r"\s*(?:inclusive|থেকে|পর্যন্ত)?[\s.]*")

_A_TIME = r"(?P<{0}hour>\d{{1,2}})(?:\s?[:.h]?\s?(?P<{0}minute>\d{{2}})|h)?(?:\s*(?P<{0}half>[ap])\.?\s?m\b\.?)?"
_HOURS = re.compile(rf"\s*(?:from\s+)?{_A_TIME.format('s')}\s*(?:-|to|until|till)\s*{_A_TIME.format('e')}\s*")


@dataclass(frozen=True, slots=True)
class _Typed:
    """A date as far as it was said."""

    day: int
    month: int | None
    year: int | None

    def dated(self, year: int) -> date:
        return date(year if self.year is None else self.year, self.month or 0, self.day)


def _typed(words: str, today: date) -> tuple[_Typed, _Typed] | None:
    """The first and the last date as typed, one twice when only one was; None when the words cannot be read."""
    if len(words) > LONGEST_WORDS:
        return None
    text = _plain(words)
    first, at = _read(text, _ended(_BEFORE, text, 0), today)
    if first is None:
        return None
    last, end = _read(text, _ended(_BETWEEN, text, at), today)
    if last is None:
        last, end = first, at
    first, last = (replace(first, month=first.month or last.month), replace(last, month=last.month or first.month))
    return (first, last) if first.month and _AFTER.fullmatch(text, end) else None


def _ended(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where the pattern ends; an end that no date can follow when it is not there."""
    found = pattern.match(text, at)
    return found.end() if found else len(text)


def _read(text: str, at: int, today: date) -> tuple[_Typed | None, int]:
    """The date that is written there, and where it ends."""
    found = next((found for form in _FORMS if (found := form.match(text, at))), None)
    if found is None:
        return None, at
    said = found.groupdict()
    if ahead := said.get("ahead"):
        day = today + timedelta(days=_DAYS_AHEAD[ahead])
        return _Typed(day.day, day.month, day.year), found.end()
    month, year = said.get("month"), said.get("year")
    return _Typed(
        int(said["day"]),
        (_MONTHS.get(month) or int(month)) if month else None,
        (int(year) + 2000 * (len(year) == 2)) if year else None,
    ), found.end()


def _dated(first: _Typed, last: _Typed, *, today: date) -> tuple[date, date]:
    """Both dates with the years that are meant; raises ValueError for one that does not exist."""
    if last.year is None and first.year is not None:
        starts = first.dated(first.year)
        ends = last.dated(first.year)
        return starts, last.dated(first.year + 1) if _over_new_year(starts, ends) else ends
    coming = today.year + ((last.month, last.day) < (today.month, today.day))
    ends = last.dated(coming)
    starts = first.dated(ends.year)
    if first.year is None and _over_new_year(starts, ends):
        starts = first.dated(ends.year - 1)
    return starts, ends


def _over_new_year(starts: date, ends: date) -> bool:
    """Whether dates of one year, the last before the first, are rather meant of two years than the wrong way round."""
    return ends < starts and starts - ends > _LONGEST_SLIP


def _times(read: re.Match[str]) -> tuple[time, time]:
    """Both times; raises ValueError for one that no clock shows.

    An end that comes first is in the afternoon unless it is written 03:00 or with a half of the day; a start without a
    half has that of the end if it can.
    """
    start, end = (
        _time(read["shour"], read["sminute"], read["shalf"]),
        _time(read["ehour"], read["eminute"], read["ehalf"]),
    )
    if read["ehalf"] and not read["shalf"] and start.hour < 12:
        alike = _time(read["shour"], read["sminute"], read["ehalf"])
        return alike if alike < end else start, end
    if end < start and end.hour < 12 and not read["ehalf"] and not read["ehour"].startswith("0"):
        return start, end.replace(hour=end.hour + 12)
    return start, end


def _time(hour: str, minute: str | None, half: str | None) -> time:
    said = int(hour)
    if half and not 1 <= said <= 12:
        raise ValueError("clocks with halves show 1 to 12")
    return time(said % 12 + 12 * (half == "p") if half else said, int(minute or 0))
