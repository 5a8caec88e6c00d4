"""The evidence pack of a cohort as plain values, words included, for the press in bot/papers."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot import case_figures, case_words
from bot.case_figures import CaseFigures
from bot.phrases import Voice
from lessons.course import Course
from lessons.enrolment import EnrolmentId
from lessons.evidence import Pack, Person, pack
from lessons.measures import Result, Score, result
from storage import evidence, measures, whereabouts
from storage.cohorts import Cohort
from storage.store import Tx

A_WEEK = timedelta(weeks=1)
WORDS = (
    "title",
    "invited",
    "enrolled",
    "studied",
    "completed",
    "of-invited",
    "of-enrolled",
    "learnt",
    "learnt-note",
    "no-measure",
    "before",
    "after",
    "end",
    "check-30",
    "check-90",
    "people",
    "points",
    "confidence",
    "confidence-note",
    "no-confidence",
    "sure-right",
    "sure-wrong",
    "time",
    "time-note",
    "no-time",
    "weeks",
    "quick",
    "middle",
    "slow",
    "curve",
    "groups",
    "group-mission",
    "group-sex",
    "group-rank",
    "others",
    "not-stated",
    "held-back",
    "no-groups",
    "not-yet",
    "cases",
    "cases-note",
    "no-cases",
    "ended-so",
    "method",
)


async def values(tx: Tx, cohort: Cohort, course: Course, academy: str, voice: Voice, today: date) -> dict[str, Any]:
    """What bot.papers.evidence prints."""
    found = await _pack(tx, cohort, course, today)
    return {
        "words": {name: voice.label(f"evidence.{name}") for name in WORDS},
        "academy": academy,
        "cohort": cohort.name,
        "course": course.title,
        "span": voice.label("evidence.span", start=voice.day(cohort.start_on), today=voice.day(today)),
        "pack": asdict(found) | {"groups": {side: _plain(groups, voice) for side, groups in found.groups.items()}},
        "cases": await _cases(tx, cohort, course, voice),
        "method": [voice.label(f"evidence.method-{n}") for n in range(1, 7)],
    }


async def _cases(tx: Tx, cohort: Cohort, course: Course, voice: Voice) -> list[dict[str, Any]]:
    """Cases of which figures may be shown, in the order of the course."""
    found = [await case_figures.of(tx, cohort.id, one) for one in course.simulations]
    return [_case(each, voice) for each in found if each is not None]


def _case(found: CaseFigures, voice: Voice) -> dict[str, Any]:
    regretted = None
    if found.regretted is not None:
        move, n = found.regretted
        regretted = voice.label("evidence.case-regret", move=move.text, n=n)
    return {
        "title": found.simulation.title,
        "figures": voice.label("evidence.case-figures", **case_words.figures(found, voice)),
        "endings": [{"name": ending.title, "n": n} for ending, n in found.endings],
        "regretted": regretted,
        "flow": case_words.flow(found, voice) if found.ways else None,
    }


def _plain(groups: Any, voice: Voice) -> list[dict[str, Any]] | None:
    if groups is None:
        return None
    others, nothing = voice.label("evidence.others"), voice.label("evidence.not-stated")
    return [asdict(each) | {"name": others if each.name is None else each.name or nothing} for each in groups]


async def _pack(tx: Tx, cohort: Cohort, course: Course, today: date) -> Pack:
    measured: dict[str, dict[EnrolmentId, Result]] = {}
    for measure, answers in await measures.done_in(tx, cohort.id):
        measured.setdefault(measure.kind.value, {})[measure.enrolment_id] = result(course, answers)
    ended = {who: Score(*score) for who, score in (await evidence.last_answers(tx, cohort.id)).items()}
    people = [_person(row) for row in await evidence.people(tx, cohort.id, today)]
    completed = {person.enrolment for person in people if person.weeks is not None}
    return pack(
        people,
        waiting=await whereabouts.invited(tx, cohort.id),
        measured=measured,
        ended=_of(ended, completed),
    )


def _of(ended: Mapping[EnrolmentId, Score], completed: set[EnrolmentId]) -> dict[EnrolmentId, Score]:
    return {who: score for who, score in ended.items() if who in completed}


def _person(row: evidence.Row) -> Person:
    begun = datetime.combine(row.first_on, time(), UTC)
    weeks = max(row.completed_at - begun, timedelta()) / A_WEEK if row.completed_at else None
    groups = {"mission": row.mission or "", "sex": row.sex or "", "rank": row.rank or ""}
    return Person(row.enrolment, row.answers > 0, weeks, groups)
