"""The screens of a change: which one is meant, what would follow, and what was done."""

from collections.abc import Iterator
from datetime import date, datetime

from bot import callbacks as b
from bot.features.calendar.changes import Crisis, Deadline, Extension, Misread
from bot.features.calendar.effects import SHOWN
from bot.features.calendar.outcome import (
    Closed,
    Done,
    Effect,
    Foresight,
    Left,
    NoCohort,
    Outcome,
    Overview,
    Preview,
    WhichCalendar,
    WhichDraft,
)
from bot.features.calendar.page import page
from bot.features.calendar.reading import (
    BARS,
    EXTENSIONS,
    LONGEST_DAY,
    LONGEST_REASON,
    LONGEST_WINDOW,
    PACES,
    SHORTEST_DAY,
)
from bot.features.calendar.words import VERBS, example, what
from bot.message import Button, Message
from bot.phrases import Html, Voice
from bot.wording import dated
from lessons.enrolment import EnrolmentState
from scheduler.spans import Span

LONGEST_ECHO = 60  # characters of what was typed
LIMITS = {
    "paces": (PACES[0], PACES[-1]),
    "bars": (BARS[0], BARS[-1]),
    "extensions": (EXTENSIONS[0], EXTENSIONS[-1]),
    "hours": (SHORTEST_DAY, LONGEST_DAY),
}


def screen(outcome: Outcome, voice: Voice, today: date, now: datetime, *, several: bool) -> Message:
    """Whatever is to be shown; `several`: a command must name its cohort."""
    match outcome:
        case Overview():
            return page(outcome, voice, today, several=several)
        case WhichCalendar():
            rows = tuple((b.button(each.name, b.ShowCalendar(each.id)),) for each in outcome.cohorts)
            return Message(voice.say("calendar.which"), rows)
        case WhichDraft():
            key = f"calendar.near-{outcome.about}" if outcome.unknown else f"calendar.which-{outcome.about}"
            buttons = (b.button(label, b.PickChange(outcome.n, n)) for n, label in enumerate(outcome.labels))
            return Message(voice.say(key), tuple((button,) for button in buttons))
        case Preview():
            return _preview(outcome, voice, today, now)
        case Done():
            return _done(outcome, voice, today)
        case Misread():
            return _misread(outcome, voice, today, several)
        case Left(enrolment):
            return Message(voice.say("calendar.left"), _to_person(enrolment, voice))
        case Closed():
            return Message(voice.say("calendar.closed"))
        case NoCohort():
            return Message(voice.say("calendar.no-cohort"))


def _preview(found: Preview, voice: Voice, today: date, now: datetime) -> Message:
    seen, change = found.seen, found.draft.change
    parts = [
        voice.say("calendar.preview", what=what(change, found.subject, today, voice)),
        Html("\n".join(_counted(seen, voice))),
        Html("\n".join(_sends(seen, voice, now))),
        Html("\n".join(_besides(found, voice, today))),
    ]
    rows = (
        (b.button(voice.label("button.do"), b.DoChange(found.n)),),
        (b.button(voice.label("button.leave-it"), b.LeaveChange(found.n)),),
    )
    return Message("\n\n".join(part for part in parts if part), rows)


def _counted(seen: Foresight, voice: Voice) -> Iterator[Html]:
    yield voice.say("calendar.affects", n=seen.affected) if seen.affected else voice.say("calendar.affects-nobody")
    if seen.looked < seen.total:
        yield voice.say("calendar.looked", looked=seen.looked, total=seen.total)


def _sends(seen: Foresight, voice: Voice, now: datetime) -> Iterator[Html]:
    if seen.shown:
        yield voice.say("calendar.next-sends")
    for each in seen.shown:
        yield _effect(each, voice, now)
    if seen.affected > len(seen.shown):
        yield voice.say("calendar.more", n=seen.affected - len(seen.shown))


def _effect(each: Effect, voice: Voice, now: datetime) -> Html:
    who = {"name": each.before.learner.name, "place": each.before.learner.place}
    old, new = (_send(at, each, voice, now) for at in each.sends)
    if each.then is not None:
        then = [_send(at, each, voice, now) for at in each.then]
        return voice.say("calendar.effect-then", when=old, before=then[0], after=then[1], **who)
    if each.sends[0] == each.sends[1]:
        return voice.say("calendar.effect-same", when=old, **who)
    return voice.say("calendar.effect", before=old, after=new, **who)


def _send(at: datetime | None, each: Effect, voice: Voice, now: datetime) -> str:
    """When the next message comes on their clock, or why none does by itself."""
    if at is not None:
        return voice.at(each.after.calendar.zone_at(at)).soon(at, now)
    if each.before.enrolment.state is EnrolmentState.PAUSED:
        return voice.say("calendar.send-paused")
    return voice.say("calendar.send-open" if each.open else "calendar.send-none")


def _besides(found: Preview, voice: Voice, today: date) -> Iterator[Html]:
    """Deadlines, who is left out, and who is told."""
    seen, change = found.seen, found.draft.change
    if seen.deadlines is not None:
        first, last = (dated(on, today, voice) for on in seen.deadlines)
        one = first == last
        yield (
            voice.say("calendar.new-deadline", day=first)
            if one
            else voice.say("calendar.new-deadlines", first=first, last=last)
        )
    if seen.unreachable:
        yield voice.say("calendar.unreachable", names=_names(seen.unreachable, voice))
    if seen.over:
        yield voice.say("calendar.over", names=_names(seen.over, voice))
    if isinstance(change, Crisis) and seen.beside:
        country, place = change.place.country_name, change.place.name
        yield voice.say("calendar.beside", n=seen.beside, country=country, place=place)
    if seen.affected and isinstance(change, Deadline | Crisis | Extension):
        yield voice.say("calendar.will-be-told")


def _names(names: tuple[str, ...], voice: Voice) -> Html:
    shown = Html(", ".join(voice.say("calendar.name", name=name) for name in names[:SHOWN]))
    return voice.say("calendar.further", names=shown, n=len(names) - SHOWN) if len(names) > SHOWN else shown


def _done(found: Done, voice: Voice, today: date) -> Message:
    parts = [voice.say("calendar.done", what=what(found.draft.change, found.subject, today, voice))]
    if found.affected:
        parts.append(voice.say("calendar.replanned", n=found.affected))
    if found.told:
        parts.append(voice.say("calendar.told", n=found.told))
    change = found.draft.change
    return Message("\n\n".join(parts), _to_person(change.enrolment if isinstance(change, Extension) else None, voice))


def _to_person(enrolment: int | None, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    """The way back to whom it was about."""
    if enrolment is None:
        return ()
    return ((b.button(voice.label("button.who-person"), b.whereabouts.ShowPerson(enrolment)),),)


def _misread(found: Misread, voice: Voice, today: date, several: bool) -> Message:
    cohort = voice.label("calendar.your-cohort") if several else ""
    verbs = VERBS if found.verb is None else (found.verb,)
    examples = Html("\n".join(example(verb, cohort, today, voice) for verb in verbs))
    typed = found.typed if len(found.typed) <= LONGEST_ECHO else found.typed[:LONGEST_ECHO] + "…"
    limits = {"longest": LONGEST_WINDOW, "letters": LONGEST_REASON, "example": examples}
    for name, (least, most) in LIMITS.items():
        limits |= {f"least_{name}": least, f"most_{name}": most}
    return Message(voice.say(f"calendar.{found.why}", typed=typed, **limits))


def told_deadline(day: date, course: str, voice: Voice, today: date) -> Message:
    """A learner's deadline is another."""
    return Message(voice.say("calendar.told-deadline", course=course, day=dated(day, today, voice)))


def told_extension(day: date, course: str, voice: Voice, today: date) -> Message:
    """A learner has more time."""
    return Message(voice.say("calendar.told-extension", course=course, day=dated(day, today, voice)))


def told_crisis(span: Span, deadline_on: date, voice: Voice, today: date) -> Message:
    """Nothing comes to a learner for a while."""
    last, deadline = dated(span.last, today, voice), dated(deadline_on, today, voice)
    if span.first <= today:
        return Message(voice.say("calendar.told-crisis", last=last, deadline=deadline))
    first = dated(span.first, today, voice)
    return Message(voice.say("calendar.told-crisis-ahead", first=first, last=last, deadline=deadline))
