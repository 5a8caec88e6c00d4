"""What a coordinator types about the calendar: `deadline 30 April 2027`, `Beirut 2-8 Mar`, `Asha 14 days because …`."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from bot.features.calendar.changes import Bar, Day, Deadline, Misread, OfCohort, Pace, Ramadan, Start, Why
from scheduler.calendar import ShortDays
from scheduler.spans import Span
from scheduler.typed_dates import NotASpan, day_of, hours_of, span_of

LONGEST_WINDOW = 40  # days: Ramadan has thirty, and offices may start early
SHORTEST_DAY, LONGEST_DAY = 1, 16  # hours
PACES, BARS = range(1, 4), range(50, 101)
EXTENSIONS = range(1, 181)  # days
LONGEST_REASON = 200  # characters


def read(words: str, today: date) -> OfCohort | Misread:
    """`deadline 30 April 2027` and its sisters."""
    verb, _, rest = words.strip().partition(" ")
    reader = _READERS.get(verb.casefold())
    if reader is None:
        return Misread(Why.VERB, verb)
    return reader(verb.casefold(), rest.strip(), today)


def _not_read(found: NotASpan, typed: str, verb: str) -> Misread:
    return Misread(Why(found.why.value) if typed.strip() else Why.NO_DATE, typed.strip(), verb)


def _date(verb: str, rest: str, today: date) -> OfCohort | Misread:
    if verb == "deadline" and rest.casefold() == "none":
        return Deadline(None)
    on = day_of(rest, today=today)
    if isinstance(on, NotASpan):
        return _not_read(on, rest, verb)
    match verb:
        case "deadline":
            return Deadline(on)
        case "start":
            return Start(on)
    return Day(on, "off" if verb == "off" else "on")


def _ramadan(verb: str, rest: str, today: date) -> OfCohort | Misread:
    if rest.casefold() == "none":
        return Ramadan(None)
    at = _cut(rest, lambda tail: not isinstance(hours_of(tail), NotASpan))
    span = span_of(rest[:at], today=today)
    if isinstance(span, NotASpan):
        return _not_read(span, rest[:at], verb)
    hours = hours_of(rest[at:])
    if isinstance(hours, NotASpan):
        return Misread(Why.NO_HOURS, rest, verb)
    if span.days > LONGEST_WINDOW:
        return Misread(Why.WINDOW, rest[:at].strip(), verb)
    start, end = hours
    if not SHORTEST_DAY * 60 <= (end.hour - start.hour) * 60 + end.minute - start.minute <= LONGEST_DAY * 60:
        return Misread(Why.HOURS, rest[at:].strip(), verb)
    return Ramadan(ShortDays(span, start, end))


def _number(verb: str, rest: str, _today: date) -> OfCohort | Misread:
    typed = re.fullmatch(r"(\d{1,3})\s*(?:%|per ?cent)?", rest)
    n = int(typed[1]) if typed else 0
    if verb == "pace":
        return Pace(n) if n in PACES else Misread(Why.PACE, rest, verb)
    return Bar(n) if n in BARS else Misread(Why.BAR, rest, verb)


_READERS: Mapping[str, Callable[[str, str, date], OfCohort | Misread]] = {
    "deadline": _date,
    "start": _date,
    "ramadan": _ramadan,
    "off": _date,
    "on": _date,
    "pace": _number,
    "bar": _number,
}
VERBS = tuple(_READERS)


def _cut(words: str, fits: Callable[[str], bool]) -> int:
    """Where the first run of words begins that fits up to the end; the end when none does."""
    starts = (found.start() for found in re.finditer(r"(?<=\s)\S", words))
    return next((at for at in starts if fits(words[at:])), len(words))


def read_crisis(words: str, today: date) -> tuple[str, Span] | Misread:
    """`Beirut 2-8 Mar`: the words of the place, and the dates."""

    def dates(tail: str) -> bool:
        span = span_of(tail, today=today)
        return isinstance(span, Span) or span.why.value != Why.UNREADABLE

    at = _cut(words, dates)
    where, when = words[:at].strip(), words[at:].strip()
    if not when or not where:
        return Misread(Why.CRISIS, words, "crisis")
    span = span_of(when, today=today)
    return _not_read(span, when, "crisis") if isinstance(span, NotASpan) else (where, span)


_EXTENSION = re.compile(
    r"(?P<name>.*?\S)\s+(?P<n>\d{1,4})\s*(?P<unit>days?|weeks?)(?![^\W_])[\s,.:;–—-]*(?:because\b|for\b)?(?P<why>.*)",
    re.IGNORECASE | re.DOTALL,
)


def read_extension(words: str) -> tuple[str, int, str] | Misread:
    """`Asha Rahman 14 days because …`: (name, days, reason)."""
    typed = _EXTENSION.fullmatch(words.strip())
    if typed is None:
        return Misread(Why.EXTEND, words.strip()[:60], "extend")
    days = int(typed["n"]) * (7 if typed["unit"].casefold().startswith("week") else 1)
    reason = " ".join(typed["why"].split()).strip(" …")
    if days not in EXTENSIONS:
        return Misread(Why.DAYS, typed["n"], "extend")
    if not any(letter.isalpha() for letter in reason):
        return Misread(Why.NO_REASON, typed["name"], "extend")
    if len(reason) > LONGEST_REASON:
        return Misread(Why.LONG_REASON, reason[:30], "extend")
    return typed["name"], days, reason
