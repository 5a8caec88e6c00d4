"""Weekdays as people type them in a chat: "Sun-Thu", "Sunday to Thursday", "Mon, Wed, Fri"; in English or Bangla."""

import re
import unicodedata

from babel import Locale

LONGEST_WORDS = 100  # characters
_SHORTEST = 3  # letters by which an English weekday may be cut short: "Thurs", "Tues"
_TO = frozenset({"-", "to", "until", "till", "through", "থেকে", "হতে"})
_FILLERS = frozenset({"and", "from", "ও", "এবং", "পর্যন্ত"})
_TOKEN = re.compile(r"-|[^\s,;/&+.-]+")


def weekdays_of(words: str) -> frozenset[int] | None:
    """The ISO weekdays (1 Monday to 7 Sunday) that the words mean; None when they cannot be read."""
    days: list[int] = []
    spans = False
    for token in _TOKEN.findall(_plain(words)) if len(words) <= LONGEST_WORDS else ():
        if token in _TO and days and not spans:
            spans = True
            continue
        if token in _FILLERS and not spans:
            continue
        day = _weekday(token)
        if day is None:
            return None
        days += _between(days[-1], day) if spans else (day,)
        spans = False
    return frozenset(days) if days and not spans else None


def _plain(words: str) -> str:
    plain = unicodedata.normalize("NFKC", words).casefold()
    kept = (c for c in plain if unicodedata.category(c) != "Cf")
    return "".join("-" if unicodedata.category(c) == "Pd" else c for c in kept)


_NAMES: dict[str, int] = {
    _plain(name): n + 1  # babel counts from Monday, 0
    for language in ("en", "bn")
    for width in ("wide", "abbreviated")
    for n, name in Locale(language).days["format"][width].items()
}


def _weekday(token: str) -> int | None:
    if token in _NAMES:
        return _NAMES[token]
    if len(token) < _SHORTEST or not token.isascii():
        return None
    return next((n for name, n in _NAMES.items() if name.startswith(token)), None)


def _between(first: int, last: int) -> list[int]:
    """The weekdays after the first up to the last, over the end of the week where it comes before."""
    return [(first + step - 1) % 7 + 1 for step in range(1, (last - first) % 7 + 1)]
