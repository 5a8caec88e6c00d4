"""How far a cohort has come, as a picture with words beside it that say the same: over time, by mission, by module."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot import callbacks as b
from bot.call import Call
from bot.features.whereabouts import usecase
from bot.features.whereabouts.outcome import Gone, Why
from bot.message import Message
from bot.office import Office
from bot.phrases import Html, Voice
from bot.pictures.drawn import Drawn
from lessons.course import Course
from lessons.measures import FEWEST_PEOPLE
from scheduler.zones import A_DAY
from storage import advances
from storage.advances import OfMission
from storage.cohorts import Cohort
from storage.store import Tx

MOST_BARS = 12
MOST_ADDED_UP = 3_000  # people whose lessons are added up day by day
MOST_TICKS = 6
LONGEST_NAME = 40  # characters of a mission in words
SHORTEST = timedelta(days=13)  # of the axis of dates


@dataclass(frozen=True, slots=True)
class Bar:
    """A mission or module and the share of its lessons that are answered; `name` None: several missions together."""

    name: str | None
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What is drawn. `lines`: shares (0 to 1) answered, expected and completed from `first` on, a date each."""

    what: str
    cohort: Cohort
    people: int
    expected: float
    first: date
    answered: float = 0.0
    completed: float = 0.0
    lines: Mapping[str, Sequence[float]] = field(default_factory=dict)
    bars: tuple[Bar, ...] = ()
    left_out: int = 0  # people whose mission is too small to be shown, even with others
    every: int = 1  # lessons are added up of every so-manieth person


async def seen(tx: Tx, call: Call, office: Office) -> Seen | Gone:
    """The picture that the button names."""
    cohort = await usecase.mine(tx, call, call.pressed.cohort)
    course = office.courses.get(cohort.course_id) if cohort else None
    if cohort is None or course is None:
        return Gone(Why.NO_COHORT)
    today, people = usecase.today(call), await advances.people(tx, cohort.id)
    bars: tuple[Bar, ...] = ()
    left_out = 0
    if call.pressed.what == "missions":
        bars, left_out = by_mission(await advances.by_mission(tx, cohort.id, today), len(course.lessons))
    elif call.pressed.what == "modules":
        bars = _by_module(course, await advances.by_lesson(tx, cohort.id), people)
    if call.pressed.what in ("missions", "modules"):
        expected = expected_by(cohort, course, today)
        return Seen(call.pressed.what, cohort, people, expected, today, bars=bars, left_out=left_out)
    return await _over_time(tx, cohort, course, people, today)


async def _over_time(tx: Tx, cohort: Cohort, course: Course, people: int, today: date) -> Seen:
    every = -(-people // MOST_ADDED_UP) or 1
    answered = await advances.lessons_by_day(tx, cohort.id, every=every)
    completed = await advances.completed_by_day(tx, cohort.id)
    first = min([cohort.start_on, today, *answered, *completed])
    days = [first + n * A_DAY for n in range((today - first).days + 1)]
    whole = await advances.people(tx, cohort.id, every=every) * len(course.lessons)
    lines = {
        "answered": _summed(days, answered, whole),
        "expected": [expected_by(cohort, course, day) for day in days],
        "completed": _summed(days, completed, people),
    }
    now = {name: line[-1] for name, line in lines.items()}
    return Seen(
        "over-time", cohort, people, now["expected"], first, now["answered"], now["completed"], lines, every=every
    )


def _summed(days: Sequence[date], by_day: Mapping[date, int], whole: int) -> list[float]:
    """The share that is reached on each date; what lies after the last (in UTC) counts on it."""
    total, shares = 0, []
    for day in days:
        total += by_day.get(day, 0)
        shares.append(total)
    shares[-1] += sum(n for day, n in by_day.items() if day > days[-1])
    return [min(1.0, n / whole) if whole else 0.0 for n in shares]


def expected_by(cohort: Cohort, course: Course, day: date) -> float:
    """The share of lessons by the end of that date, at a lesson every so many of the five (or own) days of a week."""
    weekly = len(cohort.days) if cohort.days else 5
    passed = max(0, (day - cohort.start_on).days + 1)
    return min(1.0, passed * weekly / 7 / cohort.pace / max(1, len(course.lessons)))


def by_mission(missions: Sequence[OfMission], lessons: int) -> tuple[tuple[Bar, ...], int]:
    """(bars with the furthest behind first, how many people none stands for).

    Missions with few people are one bar, and none where even together they are few, so that nobody is singled out.
    """
    ranked = sorted(missions, key=lambda each: (-each.people, each.mission or ""))
    alone = [each for each in ranked if each.people >= FEWEST_PEOPLE and each.mission][: MOST_BARS - 1]
    others = [each for each in ranked if each not in alone]
    bars = [_bar(each.mission, [each], lessons) for each in alone]
    bars.sort(key=lambda bar: (bar.share, bar.name or ""))
    together = sum(each.people for each in others)
    if together >= FEWEST_PEOPLE:
        return (*bars, _bar(None, others, lessons)), 0
    return tuple(bars), together


def _bar(name: str | None, missions: Sequence[OfMission], lessons: int) -> Bar:
    people = sum(each.people for each in missions)
    return Bar(name, people, min(1.0, sum(each.done for each in missions) / max(1, people * lessons)))


def _by_module(course: Course, answered: Mapping[Any, int], people: int) -> tuple[Bar, ...]:
    bars = []
    for module in course.modules:
        done = sum(min(people, answered.get(lesson.id, 0)) for lesson in module.lessons)
        bars.append(Bar(module.title, people, done / max(1, people * len(module.lessons))))
    return tuple(bars)


def message(found: Seen, voice: Voice) -> Message:
    """Picture and words; words alone where there is nothing to draw."""
    rows = ((b.button(voice.label("button.who-cohort"), b.ShowCohort(found.cohort.id)),),)
    if not found.people:
        return Message(voice.say("picture.nobody", cohort=found.cohort.name), rows)
    if found.what == "over-time":
        return Message(_over_time_words(found, voice), rows, picture=Drawn("cohort-lines", _lines(found, voice)))
    words = _bar_words(found, voice)
    if not found.bars:
        return Message(words, rows)
    return Message(words, rows, picture=Drawn("cohort-bars", _bars(found, voice)))


def _per_cent(share: float) -> int:
    return round(100 * share)


def _figures(found: Seen) -> dict[str, Any]:
    shares = {name: _per_cent(getattr(found, name)) for name in ("answered", "expected", "completed")}
    return shares | {"cohort": found.cohort.name, "n": found.people}


def _over_time_words(found: Seen, voice: Voice) -> Html:
    words = voice.say("picture.over-time", **_figures(found))
    return Html(f"{words}\n\n{voice.say('questions.sampled', n=found.every)}") if found.every > 1 else words


def _bar_words(found: Seen, voice: Voice) -> Html:
    head = voice.say(f"picture.{found.what}", cohort=found.cohort.name, expected=_per_cent(found.expected))
    lines = [
        voice.say("picture.bar", i=i, name=_short(_name(bar, voice)), people=bar.people, share=_per_cent(bar.share))
        if found.what == "missions"
        else voice.say("picture.module", i=i, name=_short(_name(bar, voice)), share=_per_cent(bar.share))
        for i, bar in enumerate(found.bars, 1)
    ]
    if found.left_out:
        lines.append(voice.say("picture.left-out", n=found.left_out, fewest=FEWEST_PEOPLE))
    return Html("\n".join([head, "", *lines]))


def _name(bar: Bar, voice: Voice) -> str:
    return voice.label("picture.others") if bar.name is None else bar.name


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _lines(found: Seen, voice: Voice) -> dict[str, Any]:
    """Values for bot/pictures/charts.py."""
    days = len(found.lines["answered"])
    span = max(SHORTEST.days, days - 1)
    step = max(1, -(-span // (MOST_TICKS - 1)))
    marked = [(n, found.first + n * A_DAY) for n in range(0, span + 1, step)]
    named = [(n, voice.days(day, day)) for n, day in marked]
    lines = [
        {
            "name": voice.label(f"picture.line-{name}"),
            "share": _per_cent(shares[-1]),
            "values": _thinned(shares),
            "kind": name,
        }
        for name, shares in found.lines.items()
    ]
    title = voice.label("picture.title-over-time", cohort=found.cohort.name)
    return {"title": title, "span": span, "days": days, "ticks": named, "lines": lines}


def _thinned(shares: Sequence[float]) -> list[list[float]]:
    """(day, share) at 200 points at most: no more can be seen, and the values travel."""
    step = max(1, len(shares) // 200)
    chosen = sorted({*range(0, len(shares), step), len(shares) - 1})
    return [[n, round(shares[n], 4)] for n in chosen]


def _bars(found: Seen, voice: Voice) -> dict[str, Any]:
    title = voice.label(f"picture.title-{found.what}", cohort=found.cohort.name)
    bars = []
    for bar in found.bars:
        people = f" ({bar.people})" if found.what == "missions" else ""
        share = {"share": round(bar.share, 4), "words": f"{_per_cent(bar.share)} %"}
        bars.append({"name": _name(bar, voice), "people": people} | share)
    mark = {"share": found.expected, "words": voice.label("picture.mark")} if found.what == "missions" else None
    return {"title": title, "bars": bars, "mark": mark}
