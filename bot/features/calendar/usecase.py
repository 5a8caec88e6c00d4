"""/calendar, /crisis and /extend: what is typed becomes a draft, that a preview, and only a confirmed one is done."""

from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from bot.call import Call
from bot.features.calendar import effects, making, overview, reading
from bot.features.calendar.changes import Crisis, Extension, Misread, Why
from bot.features.calendar.hindrance import hindrance
from bot.features.calendar.outcome import (
    Closed,
    Done,
    Draft,
    Left,
    NoCohort,
    Outcome,
    Preview,
    WhichCalendar,
    WhichDraft,
)
from bot.office import Office
from bot.wording import place_name
from scheduler.places import Found, NotFound, Place, Several
from storage import audit, cohorts, conversations, enrolments, people, rolls
from storage.cohorts import Cohort
from storage.rolls import Named
from storage.store import Tx

STEP = "calendar.change"
MOST = 20  # buttons under one question
ALIKE = 0.6  # difflib's ratio from which a name is near


def today(call: Call) -> date:
    """The coordinator's local date."""
    return call.now.astimezone(ZoneInfo(call.caller.voice.zone)).date()


async def calendar(tx: Tx, call: Call, office: Office) -> Outcome:
    """/calendar, alone or with a cohort and what is to change."""
    every = await cohorts.every(tx, call.caller.cohorts)
    if not every:
        return NoCohort()
    named, words = _addressed(call.words.strip(), every)
    meant = [named] if named else every
    if not words:
        shown = meant[0] if len(meant) == 1 else None
        return await overview.of(tx, shown, office, today(call)) if shown else WhichCalendar(tuple(every[:MOST]))
    change = reading.read(words, today(call))
    if isinstance(change, Misread):
        return _no_cohort(words) if change.why is Why.VERB and ":" in words else change
    drafts = [(cohort.name, Draft(cohort.id, change)) for cohort in meant]
    return await _settled_on(tx, call, office, "cohort", drafts)


def _addressed(words: str, every: list[Cohort]) -> tuple[Cohort | None, str]:
    """(the cohort that is named first, what follows its colon)."""
    for cohort in sorted(every, key=lambda each: -len(each.name)):
        head, rest = words[: len(cohort.name)], words[len(cohort.name) :].lstrip()
        if head.casefold() == cohort.name.casefold() and rest[:1] in ("", ":"):
            return cohort, rest.removeprefix(":").strip()
    return None, words


def _no_cohort(words: str) -> Misread:
    return Misread(Why.COHORT, words.partition(":")[0].strip())


async def crisis(tx: Tx, call: Call, office: Office) -> Outcome:
    """/crisis PLACE DATES."""
    read = reading.read_crisis(call.words.strip(), today(call))
    if isinstance(read, Misread):
        return read
    where, span = read
    found = office.places.find(where)
    places: tuple[Place, ...]
    match found:
        case Found(place):
            places = (place,)
        case Several(several):
            places = _with_country(several)
        case NotFound(nearest):
            places = nearest
    if not places:
        return Misread(Why.NO_PLACE, where, "crisis")
    drafts = [
        (place_name(place), Draft(None, Crisis(place, whole_country=place.name == place.country_name, span=span)))
        for place in places
    ]
    return await _settled_on(tx, call, office, "place", drafts, unknown=isinstance(found, NotFound))


def _with_country(several: tuple[Place, ...]) -> tuple[Place, ...]:
    """The cities that a country of several zones asks about, and the whole of it before them."""
    first = several[0]
    if any(place.country != first.country for place in several):
        return several
    return (Place(first.country_name, first.country, first.country_name, None, first.zone), *several)


async def extend(tx: Tx, call: Call, office: Office) -> Outcome:
    """/extend NAME DAYS because REASON."""
    read = reading.read_extension(call.words)
    if isinstance(read, Misread):
        return read
    name, days, reason = read
    meant, unknown = _named(name, await rolls.named(tx, call.caller.cohorts))
    if not meant:
        return Misread(Why.NOBODY, name, "extend")
    drafts = [(f"{each.name}, {each.cohort}", Draft(None, Extension(each.id, days, reason))) for each in meant[:MOST]]
    return await _settled_on(tx, call, office, "learner", drafts, unknown=unknown)


def _named(typed: str, everybody: list[Named]) -> tuple[list[Named], bool]:
    """(who is meant, whether that is a guess): the exact name, else those with all its words, else the nearest."""
    wanted = typed.casefold().split()
    exact = [each for each in everybody if each.name.casefold().split() == wanted]
    within = exact or [each for each in everybody if set(wanted) <= set(each.name.casefold().split())]
    if within:
        return within, False
    names = {each.name.casefold(): None for each in everybody}
    near = get_close_matches(" ".join(wanted), names, n=5, cutoff=ALIKE)
    return [each for name in near for each in everybody if each.name.casefold() == name], len(near) > 1


async def _settled_on(
    tx: Tx, call: Call, office: Office, about: str, drafts: list[tuple[str, Draft]], *, unknown: bool = False
) -> Outcome:
    """The preview of the only draft; which one is meant where there are several."""
    n = call.update_id
    if len(drafts) == 1 and not unknown:
        return await _previewed(tx, call, office, n, drafts[0][1])
    drafts = drafts[:MOST]
    await _keep(tx, call, {"n": n, "options": [draft.as_json() for _, draft in drafts]})
    return WhichDraft(about, n, tuple(label for label, _ in drafts), unknown)


async def pick(tx: Tx, call: Call, office: Office) -> Outcome:
    """One of the drafts that a question offered."""
    kept = await _kept(tx, call)
    options = kept.get("options", ())
    if not call.pressed.option < len(options):
        return Closed()
    return await _previewed(tx, call, office, call.pressed.draft, Draft.from_json(options[call.pressed.option]))


async def do(tx: Tx, call: Call, office: Office) -> Outcome:
    """Confirmed, once: it is checked again, done, and everybody whom it concerns is looked at soon."""
    kept = await _kept(tx, call)
    if "chosen" not in kept:
        return Closed()
    draft = Draft.from_json(kept["chosen"])
    await conversations.end(tx, call.caller.telegram_id)
    subject = await _subject(tx, call, draft)
    against = await hindrance(tx, office, draft, today=today(call), now=call.now)
    if against is not None:
        return against
    if draft.cohort is not None and not call.caller.may_see(draft.cohort):  # the role was narrowed meanwhile
        return Closed()
    affected, told = await making.carry_out(tx, office, draft, call.pressed.draft, call.now)
    await _note(tx, call, draft)
    return Done(draft, subject, affected, told)


async def _note(tx: Tx, call: Call, draft: Draft) -> None:
    """Into the trail."""
    by, change, now = call.caller.telegram_id, draft.change, call.now
    if isinstance(change, Extension):
        enrolment = await enrolments.get(tx, change.enrolment)
        cohort = enrolment.cohort_id if enrolment else None
        about = {"enrolment": change.enrolment, "days": change.days}
        await audit.note(tx, "extension.given", actor_id=by, now=now, cohort_id=cohort, **about)
    elif isinstance(change, Crisis):
        _, country, _ = effects.crisis_week(change)
        dates = [change.span.first.isoformat(), change.span.last.isoformat()]
        await audit.note(tx, "crisis.declared", actor_id=by, now=now, country=country, dates=dates)
    else:
        what = type(change).__name__.lower()
        await audit.note(tx, "calendar.changed", actor_id=by, now=now, cohort_id=draft.cohort, what_changed=what)


async def leave(tx: Tx, call: Call) -> Outcome:
    """Nothing is done."""
    kept = await _kept(tx, call)
    if not kept:
        return Closed()
    await conversations.end(tx, call.caller.telegram_id)
    change = Draft.from_json(kept["chosen"]).change if "chosen" in kept else None
    return Left(change.enrolment if isinstance(change, Extension) else None)


async def more_time(tx: Tx, call: Call, office: Office, reason: str) -> Outcome:
    """More days for somebody, from the screen that shows them: previewed like /extend."""
    enrolment, days = await enrolments.get(tx, call.pressed.enrolment), call.pressed.days
    if enrolment is None or not call.caller.may_see(enrolment.cohort_id) or days not in reading.EXTENSIONS:
        return Closed()
    return await _previewed(tx, call, office, call.update_id, Draft(None, Extension(enrolment.id, days, reason)))


async def show_one(tx: Tx, call: Call, office: Office) -> Outcome:
    """The calendar of the cohort that was picked."""
    cohort = await cohorts.get(tx, call.pressed.cohort) if call.caller.may_see(call.pressed.cohort) else None
    return await overview.of(tx, cohort, office, today(call)) if cohort else NoCohort()


async def _keep(tx: Tx, call: Call, so_far: dict[str, Any]) -> None:
    await conversations.put(tx, call.caller.telegram_id, STEP, so_far, now=call.now)


async def _kept(tx: Tx, call: Call) -> dict[str, Any]:
    """What this coordinator's tap is about; {} when that is settled or was overtaken."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    if waiting is None or waiting.step != STEP or waiting.so_far["n"] != call.pressed.draft:
        return {}
    return waiting.so_far


async def _previewed(tx: Tx, call: Call, office: Office, n: int, draft: Draft) -> Outcome:
    against = await hindrance(tx, office, draft, today=today(call), now=call.now)
    if against is not None:
        return against
    if isinstance(draft.change, Extension):
        enrolment = await enrolments.get(tx, draft.change.enrolment)
        granted = enrolment.extension_days if enrolment else None
        draft = Draft(None, replace(draft.change, granted=granted))
    await _keep(tx, call, {"n": n, "chosen": draft.as_json()})
    subject = await _subject(tx, call, draft)
    return Preview(n, draft, subject, await effects.foresee(tx, office, draft, call.now))


async def _subject(tx: Tx, call: Call, draft: Draft) -> str:
    if isinstance(draft.change, Extension):
        enrolment = await enrolments.get(tx, draft.change.enrolment)
        learner = enrolment and await people.by_id(tx, enrolment.learner_id, now=call.now)
        return learner.name if learner else ""
    cohort = await cohorts.get(tx, draft.cohort) if draft.cohort is not None else None
    return cohort.name if cohort else ""
