"""Settings: one message, edited in place."""

from datetime import datetime, time

from bot import callbacks as b
from bot.features.preferences.usecase import HOURS, QUIETS, Postings, Preferences, Resumed
from bot.message import Button, Message
from bot.phrases import Voice
from bot.seat import Seat
from bot.wording import place_name, working_week

Rows = tuple[tuple[Button, ...], ...]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def home(found: Preferences, voice: Voice, now: datetime) -> Message:
    """Everything that is set, and what can be changed."""
    here = voice.at(found.seat.learner.zone)
    html = voice.say(
        "settings.home",
        name=found.seat.learner.name,
        place=found.seat.learner.place,
        days=working_week(found.seat.calendar, voice),
        hour=voice.hour(found.slot),
        quiet_from=voice.hour(found.quiet.start),
        quiet_until=voice.hour(found.quiet.end),
    )
    if found.waiting is not None and found.seat.enrolment.state == "active":
        html = voice.say("settings.waiting", settings=html, lesson=found.waiting)
    elif found.next_at is not None:
        html = voice.say("settings.next", settings=html, when=here.soon(found.next_at, now))
    rows: Rows = (
        (
            b.button(voice.label("button.hour"), b.Settings("hour")),
            b.button(voice.label("button.quiet"), b.Settings("quiet")),
        ),
        (b.button(voice.label("button.posting"), b.ChangePosting()),),
    )
    if found.seat.enrolment.state == "paused":
        rows += ((b.button(voice.label("button.resume"), b.Resume()),),)
    elif found.seat.enrolment.state == "active":
        rows += ((b.button(voice.label("button.pause"), b.Pause()),),)
    elif found.seat.enrolment.refresher_on is not None:
        rows += ((b.button(voice.label("button.stop-refreshers"), b.Refreshers(0)),),)
    else:
        rows += ((b.button(voice.label("button.refreshers-yes"), b.Refreshers(1)),),)
    return Message(html, rows)


def hours(voice: Voice) -> Message:
    """The hours offered."""
    made = [b.button(voice.hour(at), b.SetHour(_minutes(at))) for at in HOURS]
    return Message(voice.say("settings.hour"), (tuple(made[:3]), tuple(made[3:]), _back(voice)))


def quiets(voice: Voice) -> Message:
    """The quiet hours offered."""
    rows = tuple(
        (b.button(f"{voice.hour(start)} – {voice.hour(end)}", b.SetQuiet(_minutes(start), _minutes(end))),)
        for start, end in QUIETS
    )
    return Message(voice.say("settings.quiet"), (*rows, _back(voice)))


def _back(voice: Voice) -> tuple[Button, ...]:
    return (b.button(voice.label("button.back"), b.Settings("home")),)


def posting(found: Postings, voice: Voice, now: datetime) -> Message:
    """Where next, which of these, or: is this right?"""
    if found.place is not None:
        there = voice.at(found.place.zone).when(now)
        html = voice.say("settings.posting-confirm", place=place_name(found.place), time_there=there)
        right = (b.button(voice.label("button.confirm"), b.ConfirmPosting()),)
        return Message(html, (right, (b.button(voice.label("button.change-place"), b.ChangePosting()),)))
    rows = tuple((b.button(place_name(option), b.PickPosting(n)),) for n, option in enumerate(found.options))
    if found.unknown:
        return Message(voice.say("enrol.place-unknown"), rows)
    return Message(voice.say("enrol.place-several" if rows else "settings.posting"), rows)


def paused(mine: Seat, voice: Voice) -> Message:
    """Lessons rest."""
    if mine.enrolment.state == "completed":
        return Message(voice.say("settings.nothing-to-pause"))
    return Message(voice.say("settings.paused"), ((b.button(voice.label("button.resume"), b.Resume()),),))


def resumed(found: Resumed, voice: Voice, now: datetime) -> Message:
    """Lessons go on."""
    if found.waiting is not None:
        read = b.button(voice.label("button.read-lesson"), b.ReadLesson(found.waiting))
        return Message(voice.say("settings.resumed-waiting"), ((read,),))
    if found.next_at is not None:
        when = voice.at(found.seat.learner.zone).soon(found.next_at, now)
        return Message(voice.say("settings.resumed", when=when, place=found.seat.learner.place))
    return Message(voice.say("settings.resumed-no-lesson"))
