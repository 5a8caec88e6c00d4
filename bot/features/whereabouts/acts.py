"""The screens of what is done on somebody's behalf: asked, said before it is done, and done."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from bot import callbacks as b
from bot.callbacks import whereabouts as w
from bot.features.whereabouts import outcome as o
from bot.features.whereabouts.absences import AFTER_DEADLINE, MOST_ENTERED, OFFERED, TOO_MANY
from bot.message import Button, Message
from bot.phrases import Html, Voice
from bot.wording import place_name

Rows = tuple[tuple[Button, ...], ...]


def screen(found: Any, voice: Voice, now: datetime) -> Message:
    """Whatever was asked or done."""
    return _SCREENS[type(found)](found, voice, now)


def _named(found: Any) -> dict[str, str]:
    return {"name": found.person.learner.name}


def _back(found: Any, voice: Voice, *rows: tuple[Button, ...]) -> Rows:
    """Further buttons, and the way back to the person."""
    person: o.Person = found.person
    return (*rows, (b.button(voice.label("button.who-person"), w.ShowPerson(person.enrolment.id)),))


def _there(found: Any, voice: Voice, at: datetime, now: datetime) -> dict[str, str]:
    """An instant on the clock of the person's place."""
    learner = found.person.learner
    return {"when": voice.at(learner.zone).soon(at, now), "place": learner.place}


def _dated(on: date, found: Any, voice: Voice, now: datetime) -> str:
    today = found.person.seat.today(now) if found.person.seat else now.date()
    return voice.day(on) if on.year == today.year else f"{voice.day(on)} {on.year}"


def _unnudged(found: o.Unnudged, voice: Voice, _now: datetime) -> Message:
    return Message(voice.say(f"nudge.not-{found.why}", **_named(found)), _back(found, voice))


def _nudged(found: o.Nudged, voice: Voice, now: datetime) -> Message:
    when = _there(found, voice, found.due_at, now)
    words = voice.say("nudge.at-once" if found.due_at <= now else "nudge.owed", **_named(found), **when)
    return Message(words, _back(found, voice))


def _nudge_all(found: o.NudgeAll, voice: Voice, _now: datetime) -> Message:
    cohort = found.cohort.id
    back = (b.button(voice.label("button.who-cohort"), b.ShowCohort(cohort)),)
    if found.done:
        return Message(voice.say("nudge.all-done", n=found.people), (back,))
    if not found.people:
        return Message(voice.say("nudge.all-nobody"), (back,))
    yes = b.button(voice.label("button.who-nudge-yes"), w.NudgeSilent(cohort, 1))
    return Message(voice.say("nudge.all-sure", n=found.people), ((yes,), back))


def _time(found: o.AskTime, voice: Voice, _now: datetime) -> Message:
    who = found.person.enrolment.id
    if not found.days:
        days = tuple(b.button(voice.label(f"button.who-days-{n}"), w.MoreTime(who, n)) for n in w.MORE_DAYS)
        return Message(voice.say("time.how-long", **_named(found)), _back(found, voice, days))
    whys = tuple(
        (b.button(voice.label(f"time.because-{why}"), w.MoreTimeBecause(who, found.days, why)),) for why in w.REASONS
    )
    return Message(voice.say("time.why", n=found.days, **_named(found)), _back(found, voice, *whys))


def _leave(found: o.AskLeave, voice: Voice, _now: datetime) -> Message:
    who = found.person.enrolment.id
    weeks = tuple(b.button(voice.label(f"button.who-leave-{n}"), w.LeaveFor(who, n)) for n in OFFERED)
    return Message(voice.say("behalf.leave", **_named(found)), _back(found, voice, weeks))


def _no_leave(found: o.NoLeave, voice: Voice, now: datetime) -> Message:
    if found.why == AFTER_DEADLINE and found.deadline_on is not None:
        day = _dated(found.deadline_on, found, voice, now)
        return Message(voice.say("behalf.leave-after-deadline", day=day, **_named(found)), _back(found, voice))
    if found.why == TOO_MANY:
        return Message(voice.say("behalf.leave-too-many", most=MOST_ENTERED, **_named(found)), _back(found, voice))
    return Message(voice.say(f"leave.{found.why}"), _back(found, voice))


def _leave_entered(found: o.LeaveEntered, voice: Voice, now: datetime) -> Message:
    days = voice.days(found.span.first, found.span.last)
    lines = [voice.say("behalf.leave-entered", days=days, **_named(found))]
    if found.deadline_on is not None:
        key = "behalf.deadline-stays" if found.deadline_on == found.deadline_was else "behalf.deadline-moves"
        lines.append(voice.say(key, day=_dated(found.deadline_on, found, voice, now)))
    lines.append(voice.say("behalf.told", **_there(found, voice, found.told_at, now)))
    undo = b.button(voice.label("button.undo"), w.TakeBackLeaveOf(found.person.enrolment.id, found.leave))
    return Message(Html("\n\n".join(lines)), _back(found, voice, (undo,)))


def _leave_back(found: o.LeaveBack, voice: Voice, now: datetime) -> Message:
    lines = [voice.say("behalf.leave-back", **_named(found))]
    if found.deadline_on is not None:
        lines.append(voice.say("behalf.deadline-now", day=_dated(found.deadline_on, found, voice, now)))
    return Message(Html("\n\n".join(lines)), _back(found, voice))


def _place(found: o.AskPlace, voice: Voice, _now: datetime) -> Message:
    who = found.person.enrolment.id
    rows = tuple((b.button(place_name(each), w.PickPlaceFor(who, n)),) for n, each in enumerate(found.options))
    if found.unknown and rows:
        words = voice.say("behalf.place-near")
    elif found.unknown:
        words = voice.say("behalf.place-unknown")
    else:
        words = voice.say("behalf.place-which") if rows else voice.say("behalf.place", **_named(found))
    return Message(words, _back(found, voice, *rows))


def _day(found: o.AskDay, voice: Voice, now: datetime) -> Message:
    place, there = place_name(found.place), voice.at(found.place.zone)
    from_today = b.button(voice.label("button.who-from-today"), w.PostFromToday(found.person.enrolment.id))
    if found.why is not None:
        words = voice.say("behalf.no-day", name=found.person.learner.name)
    else:
        words = voice.say("behalf.day", place=place, when=there.soon(now, now), **_named(found))
    return Message(words, _back(found, voice, (from_today,)))


def _posted(found: o.Posted, voice: Voice, now: datetime) -> Message:
    place = place_name(found.place)
    if found.at_once:
        words = voice.say("behalf.posted", city=place, **_named(found))
    else:
        words = voice.say(
            "behalf.posted-from", city=place, day=_dated(found.from_on, found, voice, now), **_named(found)
        )
    when = voice.at(found.place.zone if found.at_once else found.person.learner.zone).soon(found.told_at, now)
    told = voice.say("behalf.told", when=when, place=found.place.name if found.at_once else found.person.learner.place)
    return Message(Html(f"{words}\n\n{told}"), _back(found, voice))


def _cohort(found: o.AskCohort, voice: Voice, _now: datetime) -> Message:
    who = found.person.enrolment.id
    rows = tuple((b.button(each.name, w.TransferTo(who, each.id, 0)),) for each in found.cohorts)
    key = "transfer.which" if rows else "transfer.nowhere"
    return Message(voice.say(key, **_named(found), cohort=found.person.cohort.name), _back(found, voice, *rows))


def _transfer(found: o.Transfer, voice: Voice, now: datetime) -> Message:
    names = _named(found) | {"cohort": found.to.name, "before": found.person.cohort.name}
    if found.taken:
        return Message(voice.say("transfer.taken", **names), _back(found, voice))
    first, deadline = (_dated(on, found, voice, now) for on in (found.first_on, found.deadline_on))
    if found.done:
        return Message(voice.say("transfer.done", first=first, deadline=deadline, **names), _back(found, voice))
    was = _dated(found.deadline_was, found, voice, now)
    yes = b.button(voice.label("button.who-transfer-yes"), w.TransferTo(found.person.enrolment.id, found.to.id, 1))
    words = voice.say("transfer.sure", first=first, deadline=deadline, was=was, **names)
    return Message(words, _back(found, voice, (yes,)))


def _withdrawal(found: o.Withdrawal, voice: Voice, _now: datetime) -> Message:
    names = _named(found) | {"cohort": found.person.cohort.name}
    if found.done:
        back = (b.button(voice.label("button.who-cohort"), b.ShowCohort(found.person.cohort.id)),)
        return Message(voice.say("withdrawal.done", **names), (back,))
    yes = b.button(voice.label("button.who-withdraw-yes"), w.Withdraw(found.person.enrolment.id, 1))
    return Message(voice.say("withdrawal.sure", **names), _back(found, voice, (yes,)))


_SCREENS: Mapping[type[Any], Callable[[Any, Voice, datetime], Message]] = {
    o.Unnudged: _unnudged,
    o.Nudged: _nudged,
    o.NudgeAll: _nudge_all,
    o.AskTime: _time,
    o.AskLeave: _leave,
    o.NoLeave: _no_leave,
    o.LeaveEntered: _leave_entered,
    o.LeaveBack: _leave_back,
    o.AskPlace: _place,
    o.AskDay: _day,
    o.Posted: _posted,
    o.AskCohort: _cohort,
    o.Transfer: _transfer,
    o.Withdrawal: _withdrawal,
}
