"""Leave in words: which days, where the deadline is now, what comes next."""

from datetime import datetime

from bot import callbacks as b
from bot import upcoming
from bot.features.leave.usecase import Ended, Entered, Page, Refused
from bot.message import Button, Message
from bot.phrases import Html, Voice
from storage.calendars import Leave

Rows = tuple[tuple[Button, ...], ...]


def page(found: Page, voice: Voice, now: datetime) -> Message:
    """What is entered, a way back from each, and how to enter more."""
    parts = [voice.say("leave.title"), *_standing(found, voice, now), voice.say("leave.how")]
    return Message(Html("\n\n".join(parts)), _ways(found, voice))


def _standing(found: Page, voice: Voice, now: datetime) -> list[Html]:
    if not found.leaves:
        return []
    listed = [_line(leave, voice) for leave in found.leaves]
    return [Html("\n".join(listed)), upcoming.words(found.upcoming, voice, now)]


def _line(leave: Leave, voice: Voice) -> Html:
    dates = voice.days(leave.span.first, leave.span.last)
    return voice.say("leave.line-crisis" if leave.kind == "crisis" else "leave.line", dates=dates)


def _ways(found: Page, voice: Voice) -> Rows:
    back = ((b.button(voice.label("button.am-back"), b.BackFromLeave()),),) if found.in_force else ()
    covered = found.in_force if len(found.in_force) == 1 else ()  # "I am back" ends it
    each = tuple(
        (b.button(_way_back(leave, voice), b.TakeBackLeave(leave.id)),)
        for leave in found.leaves
        if leave not in covered
    )
    return (*back, *each, (b.button(voice.label("button.crisis-week"), b.CrisisWeek()),))


def _way_back(leave: Leave, voice: Voice) -> str:
    return voice.label("leave.take-back", dates=voice.days(leave.span.first, leave.span.last))


def refused(found: Refused, voice: Voice) -> Message:
    """What is wrong with the dates, and how to mend it."""
    if found.first_on is None or found.deadline_on is None:
        return Message(voice.say(f"leave.{found.why}"))
    first, deadline = voice.day(found.first_on), voice.day(found.deadline_on)
    return Message(voice.say("leave.after-deadline", day=first, year=found.first_on.year, deadline=deadline))


def entered(found: Entered, voice: Voice, now: datetime) -> Message:
    """The days, the deadline before and now, what comes next, and the way back."""
    first, last = voice.day(found.leave.span.first), voice.day(found.leave.span.last)
    if found.leave.kind == "crisis":
        head = voice.say("leave.entered-crisis", first=first, last=last)
    elif found.leave.span.days == 1:
        head = voice.say("leave.entered-day", day=first)
    else:
        head = voice.say("leave.entered", first=first, last=last)
    parts = [head, *([voice.say("leave.shortened")] if found.shortened else [])]
    if found.deadline_on is not None and found.deadline_was is not None:
        parts.append(_moved(found, voice))
    parts.append(upcoming.words(found.upcoming, voice, now))
    if found.goes_on is not None:
        there = upcoming.posting_on(found.upcoming.seat.around, found.goes_on.day)
        when = voice.at(there.zone).when(found.goes_on.at)
        parts.append(voice.say("leave.goes-on", when=when, place=there.place))
    undo = b.button(voice.label("button.undo"), b.TakeBackLeave(found.leave.id))
    return Message(Html("\n\n".join(parts)), ((undo,),))


def _moved(found: Entered, voice: Voice) -> Html:
    assert found.deadline_was is not None  # noqa: S101 - entered() has looked
    assert found.deadline_on is not None  # noqa: S101
    if found.deadline_was == found.deadline_on:
        return voice.say("leave.deadline-stays", deadline=voice.day(found.deadline_on))
    return voice.say("leave.deadline-moves", was=voice.day(found.deadline_was), deadline=voice.day(found.deadline_on))


def ended(found: Ended, voice: Voice, now: datetime) -> Message:
    """Taken back or ended early: the deadline now, and what comes next."""
    parts = [voice.say("leave.back" if found.early else "leave.taken-back")]
    if found.deadline_on is not None:
        parts.append(voice.say("leave.deadline-now", deadline=voice.day(found.deadline_on)))
    return Message(Html("\n\n".join([*parts, upcoming.words(found.upcoming, voice, now)])))
