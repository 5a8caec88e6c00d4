"""The screens of a cohort's terms: one asked for, all of them, and what was done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never

from bot import callbacks as b
from bot.callbacks import desk
from bot.callbacks import opening as o
from bot.circumstances import EVERY_DAY
from bot.features.opening.outcome import (
    Asked,
    Changed,
    Closed,
    Draft,
    LastDay,
    Left,
    NoCourse,
    Opened,
    Outcome,
    Refused,
    Summary,
)
from bot.message import Button, Message
from bot.phrases import Html, Voice
from bot.terms.keeping import Foresight, Moved
from bot.terms.value import BARS, FIELDS, PACES, REMINDERS, usual_start
from bot.terms.words import Teller
from bot.wording import SUNDAY, dated
from scheduler.calendar import weekend_of

Rows = tuple[tuple[Button, ...], ...]
A_WEEK = timedelta(weeks=1)
BARS_OFFERED = (60, 70, 80, 90, 100)
WEEKS_OFFERED = (12, 20, 26)  # after the start, for a deadline
EXAMPLE_IN = timedelta(days=30)


def screen(outcome: Outcome, teller: Teller, now: datetime) -> Message:
    """Whatever is to be shown."""
    voice = teller.voice
    match outcome:
        case Asked():
            return _asked(outcome, teller)
        case Summary():
            return _summary(outcome, teller, now)
        case Opened(cohort):
            day, hour = dated(cohort.start_on, teller.today, voice), voice.hour(cohort.slot)
            html = voice.say("opening.opened", name=cohort.name, day=day, hour=hour)
            invite = b.button(voice.label("button.invite-people"), desk.InvitePeople(cohort.id))
            return Message(html, ((invite,), _to(cohort.id, voice)))
        case Changed():
            return _changed(outcome, teller)
        case Left(cohort=None):
            return Message(voice.say("opening.left-new"))
        case Left(cohort=int(cohort_id), name=name):
            return Message(voice.say("opening.left-edit", name=name), (_to(cohort_id, voice),))
        case Refused(trouble):
            return Message(teller.sentence(trouble))
        case NoCourse():
            return Message(voice.say("opening.no-course"))
        case Closed() | LastDay() | Left():
            return Message(voice.say("opening.closed"))
        case _:
            assert_never(outcome)


def _to(cohort_id: int, voice: Voice) -> tuple[Button, ...]:
    return (b.button(voice.label("button.to-cohort"), b.ShowCohort(cohort_id)),)


def _leave(draft: Draft, voice: Voice) -> tuple[Button, ...]:
    return (b.button(voice.label("button.leave-it"), o.LeaveTerms(draft.n)),)


def _asked(found: Asked, teller: Teller) -> Message:
    draft, voice, soon = found.draft, teller.voice, teller.today + EXAMPLE_IN
    example = f"{soon.day} {soon:%b} {soon.year}"
    parts = [teller.sentence(found.trouble)] if found.trouble else []
    parts.append(voice.say(f"opening.ask-{found.field}", example=example, least=BARS[0], most=BARS[-1]))
    if found.field == "days":
        parts.append(voice.say("opening.days-now", days=teller.value("days", draft.terms)))
    rows = _days(draft, voice) if found.field == "days" else tuple(_offers(found, teller))
    back = (b.button(voice.label("button.back"), o.ShowTerms(draft.n)),)
    return Message("\n\n".join(parts), (*rows, _leave(draft, voice) if draft.missing else back))


def _offers(found: Asked, teller: Teller) -> Iterator[tuple[Button, ...]]:
    """A button for each value that is offered."""
    draft, voice = found.draft, teller.voice
    for label, value in _values(found, teller):
        yield (b.button(label, o.SetTerm(draft.n, found.field, value)),)
    if found.field == "deadline":
        yield (b.button(voice.label("button.by-course"), o.SetTerm(draft.n, found.field, "none")),)


def _values(found: Asked, teller: Teller) -> Iterator[tuple[str, str]]:
    """(label, value as it might be typed)."""
    terms, voice, today = found.draft.terms, teller.voice, teller.today
    match found.field:
        case "course":
            for n, course in enumerate(found.draft.courses):
                yield teller.courses[course].title if course in teller.courses else course, str(n)
        case "start" | "deadline":
            first = usual_start(today) if found.field == "start" else max(terms.start_on, today)
            for weeks in (0, 1, 2) if found.field == "start" else WEEKS_OFFERED:
                on = first + weeks * A_WEEK
                yield dated(on, today, voice), on.isoformat()
        case "pace":
            yield from ((voice.label(f"button.pace-{n}"), str(n)) for n in PACES)
        case "reminders":
            yield from ((voice.label(f"button.reminders-{n}"), str(n)) for n in reversed(REMINDERS))
        case "bar":
            yield from ((f"{n} %", str(n)) for n in BARS_OFFERED)


def _days(draft: Draft, voice: Voice) -> Rows:
    """Seven days to tap, the usual week, and that it is right as it is."""
    days = draft.terms.days or EVERY_DAY - weekend_of(draft.terms.home)
    names = [(n or 7, voice.short_weekday(SUNDAY + timedelta(days=n))) for n in range(7)]
    each = [b.button(f"✓ {name}" if day in days else name, o.SetTerm(draft.n, "days", str(day))) for day, name in names]
    usual = b.button(voice.label("button.week-of-place"), o.SetTerm(draft.n, "days", "usual"))
    right = b.button(voice.label("button.days-done"), o.ShowTerms(draft.n))
    return tuple(each[:4]), tuple(each[4:]), (usual,), (right,)


def _summary(found: Summary, teller: Teller, now: datetime) -> Message:
    draft, voice = found.draft, teller.voice
    changed, old = draft.changes, draft.was
    lines = [
        teller.changed(field, old, draft.terms) if old and field in changed else teller.line(field, draft.terms)
        for field in FIELDS
        if field != "name" or field in changed
    ]
    kind = "new" if old is None else "changed" if changed else "edit"
    name = old.name if old else draft.terms.name
    parts = [
        *([teller.sentence(found.trouble)] if found.trouble else ()),
        voice.say(f"opening.title-{kind}", name=name),
        Html("\n".join(lines)),
        Html("\n".join(_follows(found.seen, voice, now) if found.seen else ())),
        "" if changed else voice.say(f"opening.hint-{kind}"),
    ]
    return Message("\n\n".join(part for part in parts if part), _summary_rows(draft, voice))


def _summary_rows(draft: Draft, voice: Voice) -> Rows:
    fields = [f for f in FIELDS if f != "course" or (draft.cohort is None and len(draft.courses) > 1)]
    taps = [b.button(voice.label(f"button.term-{field}"), o.ChangeTerm(draft.n, field)) for field in fields]
    pairs = tuple(tuple(taps[n : n + 2]) for n in range(0, len(taps), 2))
    do = voice.label("button.open-cohort") if draft.cohort is None else voice.label("button.change-cohort")
    settle = ((b.button(do, o.SettleTerms(draft.n)),),)
    if draft.cohort is None or draft.changes:
        return *settle, *pairs, _leave(draft, voice)
    return *pairs, _to(draft.cohort, voice)


def _follows(seen: Foresight, voice: Voice, now: datetime) -> Iterator[Html]:
    """Whom it concerns, and when the next message comes to the first of them."""
    people, own_pace, own_days = seen.concerned
    yield voice.say("opening.concerns", n=people) if people else voice.say("opening.concerns-nobody")
    if "pace" in seen.fields and own_pace:
        yield voice.say("opening.own-pace", n=own_pace)
    if "days" in seen.fields and own_days:
        yield voice.say("opening.own-days", n=own_days)
    if seen.moved:
        yield voice.say("opening.next-sends")
        yield from (_moved(each, voice, now) for each in seen.moved)
        if people > len(seen.moved):
            yield voice.say("opening.further", n=people - len(seen.moved))
    if "deadline" in seen.fields and people:
        yield voice.say("opening.will-be-told")


def _moved(each: Moved, voice: Voice, now: datetime) -> Html:
    before, after = _send(each, each.before, voice, now), _send(each, each.after, voice, now)
    if before == after:
        return voice.say("opening.stays", name=each.name, place=each.place, when=before)
    return voice.say("opening.moves", name=each.name, place=each.place, before=before, after=after)


def _send(each: Moved, at: datetime | None, voice: Voice, now: datetime) -> str:
    if at is not None:
        return voice.at(each.zone).soon(at, now)
    if each.paused:
        return voice.say("opening.resting")
    return voice.say("opening.waiting") if each.open else voice.say("opening.nothing")


def _changed(found: Changed, teller: Teller) -> Message:
    draft, voice = found.draft, teller.voice
    lines = Html("\n".join(teller.line(field, draft.terms) for field in draft.changes))
    parts = [voice.say("opening.changed", name=found.cohort.name, lines=lines)]
    if found.concerned.people and draft.changes != ("name",):
        parts.append(voice.say("opening.replanned", n=found.concerned.people))
    if found.told:
        parts.append(voice.say("opening.told", n=found.told))
    return Message("\n\n".join(parts), (_to(found.cohort.id, voice),))
