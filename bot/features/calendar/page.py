"""A cohort's calendar on one screen: what holds, what comes, and how to change each."""

from collections.abc import Iterator
from datetime import date

from bot.features.calendar.outcome import Holidays, Overview
from bot.features.calendar.words import VERBS, example, span_words
from bot.message import Message
from bot.phrases import Html, Voice
from bot.wording import dated
from scheduler.spans import Span
from storage.rolls import CrisisThere

MOST_HOLIDAYS = 15  # lines, within Telegram's 4,096 characters
MOST_COUNTRIES = 6


def page(found: Overview, voice: Voice, today: date, *, several: bool) -> Message:
    """The calendar in words; of `several` cohorts a command must name one."""
    cohort = found.cohort.name if several else ""
    parts = [
        voice.say("calendar.title", cohort=found.cohort.name),
        Html("\n".join(_held(found, today, voice))),
        _coming(found, today, voice),
        Html("\n".join(_away(found, today, voice))),
        voice.say("calendar.how", lines=Html("\n".join(example(verb, cohort, today, voice) for verb in VERBS))),
    ]
    return Message("\n\n".join(part for part in parts if part))


def _held(found: Overview, today: date, voice: Voice) -> Iterator[Html]:
    say, cohort, short = voice.say, found.cohort, found.cohort.short_days
    yield say("calendar.start", day=dated(cohort.start_on, today, voice))
    if cohort.deadline_on is None:
        yield say("calendar.deadline-weeks", n=found.weeks)
    else:
        yield say("calendar.deadline", day=dated(cohort.deadline_on, today, voice))
    yield say("calendar.pace", n=cohort.pace)
    yield say("calendar.bar", n=cohort.bar)
    if short is None:
        yield say("calendar.no-ramadan")
    else:
        days, hours = span_words(short.span, today, voice), (voice.hour(short.start), voice.hour(short.end))
        yield say("calendar.ramadan", days=days, start=hours[0], end=hours[1])
    if found.own_days.off:
        yield say("calendar.off", days="; ".join(dated(day, today, voice) for day in sorted(found.own_days.off)))
    if found.own_days.working:
        yield say("calendar.on", days="; ".join(dated(day, today, voice) for day in sorted(found.own_days.working)))


def _coming(found: Overview, today: date, voice: Voice) -> Html:
    until = dated(found.until, today, voice)
    if not found.holidays:
        return voice.say("calendar.no-holidays", day=until)
    lines = [_holiday(each, today, voice) for each in found.holidays[:MOST_HOLIDAYS]]
    if len(found.holidays) > MOST_HOLIDAYS:
        lines.append(voice.say("calendar.more", n=len(found.holidays) - MOST_HOLIDAYS))
    if any(each.estimated for each in found.holidays):
        lines.append(voice.say("calendar.by-the-moon"))
    return voice.say("calendar.holidays", day=until, lines=Html("\n".join(lines)))


def _holiday(each: Holidays, today: date, voice: Voice) -> Html:
    days = span_words(each.span, today, voice)
    days = voice.say("calendar.expected", days=days) if each.estimated else Html(days)
    countries = ", ".join(each.countries[:MOST_COUNTRIES])
    if len(each.countries) > MOST_COUNTRIES:
        countries = voice.say("calendar.further", names=countries, n=len(each.countries) - MOST_COUNTRIES)
    people = voice.say("calendar.people", n=each.people)
    return voice.say("calendar.holiday", name=each.name, days=days, countries=countries, people=people)


def _away(found: Overview, today: date, voice: Voice) -> Iterator[Html]:
    if found.away["leave"]:
        yield voice.say("calendar.on-leave", n=found.away["leave"])
    if found.away["crisis"]:
        yield voice.say("calendar.own-crisis", n=found.away["crisis"])
    for each in found.crises:
        yield _crisis(each, today, voice)


def _crisis(each: CrisisThere, today: date, voice: Voice) -> Html:
    people = voice.say("calendar.people", n=each.people)
    return voice.say(
        "calendar.crisis-week",
        place=each.place,
        days=span_words(Span(each.first_on, each.last_on), today, voice),
        people=people,
    )
