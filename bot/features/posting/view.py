"""A new posting in words: where, from when, what changes there."""

from datetime import datetime
from typing import assert_never

from bot import callbacks as b
from bot import upcoming
from bot.features.posting.usecase import Asked, CalledOff, Moved, Refused, WhichDay
from bot.message import Button, Message
from bot.phrases import Html, Voice
from bot.wording import place_name, working_week
from scheduler.breaks import Break
from scheduler.zones import A_DAY

Outcome = Asked | WhichDay | Refused | Moved | CalledOff


def screen(found: Outcome, voice: Voice, now: datetime) -> Message:
    """Whatever is to be shown."""
    match found:
        case Asked():
            return _asked(found, voice)
        case WhichDay(place):
            there = voice.at(place.zone).when(now)
            html = voice.say("posting.which-day", place=place_name(place), time_there=there)
            today = b.button(voice.label("button.from-today"), b.ConfirmPosting())
            return Message(html, ((today, b.button(voice.label("button.change-place"), b.ChangePosting())),))
        case Refused(why):
            return Message(voice.say(f"posting.{why}"))
        case Moved():
            return _moved(found, voice, now)
        case CalledOff():
            gone, day = found.posting.place, voice.day(found.posting.from_on)
            head = voice.say("posting.called-off", place=gone, day=day, stays=found.stays.place)
            return Message(Html(f"{head}\n\n{upcoming.words(found.upcoming, voice, now)}"))
        case _:
            assert_never(found)


def _asked(found: Asked, voice: Voice) -> Message:
    if found.unknown or found.options:
        rows = tuple((b.button(place_name(option), b.PickPosting(n)),) for n, option in enumerate(found.options))
        return Message(voice.say("enrol.place-unknown" if found.unknown else "enrol.place-several"), rows)
    parts = [voice.say("posting.announced", day=voice.day(p.from_on), place=p.place) for p in found.announced]
    each = tuple((_way_back(p.place, p.from_on.isoformat(), voice),) for p in found.announced)
    return Message(Html("\n".join([*parts, *([""] if parts else []), voice.say("posting.where")])), each)


def _way_back(place: str, from_on: str, voice: Voice) -> Button:
    return b.button(voice.label("posting.take-back", place=place), b.CallOffPosting(from_on))


def _moved(found: Moved, voice: Voice, now: datetime) -> Message:
    mine = found.upcoming.seat
    there = mine.calendar.posting_on(mine.today(now) if found.at_once else found.from_on)
    said = {
        "place": place_name(found.place),
        "days": working_week(there, voice),
        "hour": voice.hour(mine.around.slot),
        "time_there": voice.at(found.place.zone).when(now),
    }
    undo: tuple[tuple[Button, ...], ...] = ()
    if found.at_once:
        parts = [voice.say("posting.moved", **said)]
    else:
        day, until = voice.day(found.from_on), voice.day(found.from_on - A_DAY)
        parts = [voice.say("posting.moves", day=day, until=until, before=found.before.place, **said)]
        undo = ((b.button(voice.label("button.undo"), b.CallOffPosting(found.from_on.isoformat())),),)
    if found.holidays:
        parts.append(Html("\n".join([voice.say("posting.holidays"), *(_holiday(h, voice) for h in found.holidays)])))
    parts.append(upcoming.words(found.upcoming, voice, now))
    return Message(Html("\n\n".join(parts)), undo)


def _holiday(found: Break, voice: Voice) -> Html:
    dates = voice.days(found.span.first, found.span.last)
    return voice.say("posting.holiday-moon" if found.estimated else "posting.holiday", dates=dates, holiday=found.name)
