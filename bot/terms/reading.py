"""One of the terms as it is typed or tapped: `29 Nov`, `none`, `2`, `Sun-Thu`, `80 %`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.phrases import plain
from bot.terms.value import BARS, LONGEST_NAME, PACES, REMINDERS, Terms, Trouble, Why
from scheduler.public_holidays import holidays_in
from scheduler.typed_dates import FARTHEST, NotASpan, day_of
from scheduler.typed_days import weekdays_of

NONE = ("none", "no", "usual")  # the course's deadline, the week of each place
LONGEST_ECHO = 40  # characters of what was typed that an answer repeats


def read(field: str, words: str, terms: Terms, today: date) -> Terms | Trouble:
    """The terms with that field as the words say. A date that is written as 2026-11-29 may be over."""
    typed = plain(words)
    found = _READERS[field](typed, terms, today)
    echo = typed if len(typed) <= LONGEST_ECHO else typed[:LONGEST_ECHO] + "…"
    return Trouble(field, found, echo) if isinstance(found, Why) else found


def _name(typed: str, terms: Terms, _today: date) -> Terms | Why:
    if not any(letter.isalnum() for letter in typed):
        return Why.NO_NAME
    return replace(terms, name=typed) if len(typed) <= LONGEST_NAME else Why.LONG_NAME


def _date(typed: str, today: date) -> date | Why:
    try:
        on: date | NotASpan = date.fromisoformat(typed)
    except ValueError:
        on = day_of(typed, today=today)
    if isinstance(on, NotASpan):
        return Why(on.why.value)
    return Why.TOO_FAR if on - today > FARTHEST else on


def _start(typed: str, terms: Terms, today: date) -> Terms | Why:
    on = _date(typed, today)
    return on if isinstance(on, Why) else replace(terms, start_on=on)


def _deadline(typed: str, terms: Terms, today: date) -> Terms | Why:
    if typed.casefold() in NONE:
        return replace(terms, deadline_on=None)
    on = _date(typed, today)
    return on if isinstance(on, Why) else replace(terms, deadline_on=on)


def _number(typed: str, within: range) -> int | None:
    found = re.fullmatch(r"(\d{1,3})\s*(?:%|per ?cent)?", typed, re.IGNORECASE)
    return int(found[1]) if found and int(found[1]) in within else None


def _pace(typed: str, terms: Terms, _today: date) -> Terms | Why:
    n = _number(typed, PACES)
    return Why.PACE if n is None else replace(terms, pace=n)


def _bar(typed: str, terms: Terms, _today: date) -> Terms | Why:
    n = _number(typed, BARS)
    return Why.BAR if n is None else replace(terms, bar=n)


def _reminders(typed: str, terms: Terms, _today: date) -> Terms | Why:
    n = 0 if typed.casefold() == "none" else _number(typed, REMINDERS)
    return Why.REMINDERS if n is None else replace(terms, reminders=n)


def _days(typed: str, terms: Terms, _today: date) -> Terms | Why:
    if typed.casefold() in NONE:
        return replace(terms, days=None)
    days = weekdays_of(typed)
    return Why.DAYS if days is None else replace(terms, days=days)


def _home(typed: str, terms: Terms, _today: date) -> Terms | Why:
    home = typed.upper()
    known = home.isalpha() and bool(holidays_in(home, None, terms.start_on.year))
    return replace(terms, home=home) if known else Why.HOME


_READERS: Mapping[str, Callable[[str, Terms, date], Terms | Why]] = {
    "name": _name,
    "start": _start,
    "deadline": _deadline,
    "pace": _pace,
    "days": _days,
    "reminders": _reminders,
    "bar": _bar,
    "home": _home,
}
