"""A cohort's screen, the names in a group and one person: read anew at every tap, in a handful of statements."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot import classroom, seat, upcoming
from bot.call import Call, Role
from bot.features.whereabouts.outcome import Choose, Gone, Mission, Names, Person, Roll, Why
from bot.office import Office
from scheduler.delivery import nudge_key
from storage import cohorts, conversations, enrolments, people, whereabouts
from storage.cohorts import Cohort
from storage.store import Tx
from storage.whereabouts import GROUPS, Count

MISSIONS, NAMES, COHORTS = 8, 8, 20  # on one screen
TO_CARE_ABOUT = ("silent", "paused", "unreachable", "ended")
T = TypeVar("T")
NEAR = (timedelta(days=-1), timedelta(), timedelta(days=1))


def today(call: Call) -> date:
    """The reader's local date."""
    return call.now.astimezone(ZoneInfo(call.caller.voice.zone)).date()


def may_act(call: Call) -> bool:
    """Whether the caller may change anything; observers only look."""
    return Role.COORDINATOR in call.caller.roles


async def mine(tx: Tx, call: Call, cohort_id: int) -> Cohort | None:
    """The cohort, where it is the caller's: button data is hostile input."""
    return await cohorts.get(tx, cohort_id) if call.caller.may_see(cohort_id) else None


async def show(tx: Tx, call: Call, office: Office) -> Roll | Choose:
    """/cohort, alone or with a name: the only cohort or the one that is named, else which."""
    every = await cohorts.every(tx, call.caller.cohorts)
    wanted = " ".join(call.words.split()).casefold()
    named = [each for each in every if each.name.casefold() == wanted]
    if len(named or every) == 1:
        return await _roll(tx, call, office, (named or every)[0], 0, several=len(every) > 1)
    return _choice(call, every)


async def choose(tx: Tx, call: Call) -> Choose:
    """All cohorts of the caller."""
    return _choice(call, await cohorts.every(tx, call.caller.cohorts))


def _choice(call: Call, every: list[Cohort]) -> Choose:
    return Choose(tuple(every[:COHORTS]), max(0, len(every) - COHORTS), may_act(call))


async def roll(tx: Tx, call: Call, office: Office, cohort_id: int, page: int = 0) -> Roll | Gone:
    """One cohort, turned to a page of its missions."""
    cohort = await mine(tx, call, cohort_id)
    if cohort is None:
        return Gone(Why.NO_COHORT)
    several = len(await cohorts.every(tx, call.caller.cohorts)) > 1
    return await _roll(tx, call, office, cohort, page, several=several)


async def _roll(tx: Tx, call: Call, office: Office, cohort: Cohort, page: int, *, several: bool) -> Roll:
    counts = await whereabouts.counts(tx, cohort.id, today(call))
    groups: Counter[str] = Counter()
    for count in counts:
        groups[count.group] += count.people
    census = whereabouts.Census(
        await whereabouts.invited(tx, cohort.id),
        await whereabouts.places_left(tx, cohort.id, now=call.now),
        *(groups[name] for name in whereabouts.Census._fields[2:]),
    )
    shown, page, of = turned(_by_mission(counts), page, MISSIONS)
    course = office.courses.get(cohort.course_id)
    title = course.title if course else None
    return Roll(cohort, title, census, tuple(shown), page, of, several, may_act(call))


def _by_mission(counts: list[Count]) -> list[Mission]:
    groups: dict[str | None, dict[str, int]] = defaultdict(dict)
    for count in counts:
        groups[count.mission][count.group] = count.people

    def worth_a_look(each: Mission) -> tuple[int, int, str]:
        return -sum(each.groups.get(name, 0) for name in TO_CARE_ABOUT), -each.people, each.name or ""

    return sorted((Mission(name, theirs) for name, theirs in groups.items()), key=worth_a_look)


def turned(everything: list[T], page: int, most: int) -> tuple[list[T], int, int]:
    """(what stands on that page, the page, how many there are); past the last, the last."""
    pages = max(1, -(-len(everything) // most))
    page = min(page, pages - 1)
    return everything[page * most : (page + 1) * most], page, pages


async def names(tx: Tx, call: Call) -> Names | Gone:
    """A page of a group."""
    pressed = call.pressed
    cohort = await mine(tx, call, pressed.cohort)
    if cohort is None or pressed.group not in (*GROUPS, "invited"):
        return Gone(Why.NO_COHORT)
    census = await whereabouts.census(tx, cohort.id, now=call.now)
    total: int = getattr(census, pressed.group)
    pages = max(1, -(-total // NAMES))
    page = min(pressed.page, pages - 1)
    found = await whereabouts.page(tx, cohort.id, pressed.group, today(call), skipped=page * NAMES, most=NAMES)
    return Names(cohort, pressed.group, total, tuple(found), page, pages, may_act(call))


async def person(tx: Tx, call: Call, office: Office, enrolment_id: int) -> Person | Gone:
    """Somebody as they stand now; nobody for a place that is not the caller's, or whose holder was forgotten."""
    enrolment = await enrolments.get(tx, enrolment_id)
    cohort = await mine(tx, call, enrolment.cohort_id) if enrolment else None
    if enrolment is None or cohort is None:
        return Gone(Why.NOBODY)
    learner = await people.by_id(tx, enrolment.learner_id, now=call.now)
    if learner is None:
        return Gone(Why.FORGOTTEN)
    taken = await seat.take(tx, enrolment, office, call.now, learner=learner)
    group, mission = await whereabouts.of(tx, enrolment.id, today(call))
    there = call.now.astimezone(ZoneInfo(learner.zone)).date()
    return Person(
        enrolment,
        cohort,
        learner,
        group,
        mission,
        taken,
        await classroom.progress(tx, enrolment, taken.course) if taken else None,
        await upcoming.read(tx, taken, call.now) if taken else None,
        await whereabouts.nudge(tx, [nudge_key(enrolment.id, there + days) for days in NEAR]),
        may_act(call),
    )


async def held(tx: Tx, call: Call, office: Office, enrolment_id: int) -> Person | Gone:
    """The same for a change: nobody else moves this place until the change ends."""
    found = await person(tx, call, office, enrolment_id)
    if isinstance(found, Gone):
        return found
    await enrolments.hold(tx, found.enrolment.id)
    return await person(tx, call, office, enrolment_id)


async def waited_for(tx: Tx, call: Call, office: Office, step: str) -> tuple[Person, dict[str, Any]] | Gone:
    """(whom the dialogue at that step is about, what was said so far)."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    if waiting is None or waiting.step != step:
        return Gone(Why.CLOSED)
    found = await held(tx, call, office, waiting.so_far["enrolment"])
    return found if isinstance(found, Gone) else (found, waiting.so_far)
