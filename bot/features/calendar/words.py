"""Dates, spans and changes of the calendar in words, and the line by which each is typed."""

from datetime import date, timedelta
from typing import assert_never

from bot.features.calendar.changes import Bar, Change, Crisis, Day, Deadline, Extension, Pace, Ramadan, Start
from bot.phrases import Html, Voice
from bot.wording import dated, place_name
from scheduler.calendar import ShortDays
from scheduler.spans import Span
from scheduler.zones import A_DAY

VERBS = ("deadline", "start", "ramadan", "no-ramadan", "off", "on", "pace", "bar", "crisis", "extend")
_A_MONTH, _A_TERM = timedelta(days=30), timedelta(days=150)


def span_words(span: Span, today: date, voice: Voice) -> str:
    """`10–12 Mar`, with the year where it is another; one date alone is a day."""
    if span.first == span.last:
        return dated(span.first, today, voice)
    days = voice.days(span.first, span.last)
    return days if span.last.year == today.year else str(voice.say("calendar.dated", day=days, year=span.last.year))


def what(change: Change, subject: str, today: date, voice: Voice) -> Html:
    """What is to change, in one line."""
    say = voice.say
    match change:
        case Deadline(on=None):
            return say("calendar.what-no-deadline", cohort=subject)
        case Deadline(on=on, verb=verb) | Start(on=on, verb=verb) | Day(on=on, verb=verb):
            return say(f"calendar.what-{verb}", cohort=subject, day=dated(on or today, today, voice))
        case Ramadan(short=short):
            return _ramadan(short, subject, today, voice)
        case Pace(n=n):
            return say("calendar.what-pace", n=n, cohort=subject)
        case Bar(n=n):
            return say("calendar.what-bar", n=n, cohort=subject)
        case Crisis(place=place, span=span):
            return say("calendar.what-crisis", place=place_name(place), days=span_words(span, today, voice))
        case Extension(days=n, reason=reason):
            return say("calendar.what-extend", n=n, name=subject, reason=reason)
        case _:
            assert_never(change)


def _ramadan(short: ShortDays | None, cohort: str, today: date, voice: Voice) -> Html:
    if short is None:
        return voice.say("calendar.what-no-ramadan", cohort=cohort)
    days, start, end = span_words(short.span, today, voice), voice.hour(short.start), voice.hour(short.end)
    return voice.say("calendar.what-ramadan", cohort=cohort, days=days, start=start, end=end)


def example(verb: str, cohort: str, today: date, voice: Voice) -> Html:
    """The line by which that is typed; `cohort` where its name must be given."""
    head = voice.say("calendar.how-cohort", cohort=cohort) if cohort else Html("")
    soon, later = today + _A_MONTH, today + _A_TERM
    typed = {
        "soon": _typed(soon),
        "next_week": _typed(soon + 6 * A_DAY),
        "next_month": _typed(soon + _A_MONTH),
        "later": _typed(later, year=True),
    }
    return voice.say(f"calendar.how-{verb}", cohort=head, **typed)


def _typed(on: date, *, year: bool = False) -> str:
    """A date as it may be typed in any language."""
    return f"{on.day} {on:%b} {on.year}" if year else f"{on.day} {on:%b}"
