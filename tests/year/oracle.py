"""Judges a record of a year by the rules alone."""

from collections.abc import Callable, Iterator
from typing import get_args

from tests.year import as_it_happens as now
from tests.year import owed
from tests.year.machine import Machine
from tests.year.placing import NUDGES, QUESTIONS, SENDS, place
from tests.year.records import ClockStep, Down, Finding, Kind, Record
from tests.year.replay import State
from tests.year.year import Year

WATCHES: tuple[tuple[str, now.Watch, frozenset[str]], ...] = (
    ("record", now.record, frozenset(get_args(Kind))),
    ("standing", now.standing, now.SPOKEN),
    ("hours", now.hours, SENDS),
    ("nudges", now.nudges, NUDGES),
    ("cap", now.cap, QUESTIONS),
    ("doubled", now.doubled, QUESTIONS),
    ("order", now.order, frozenset({"lesson"})),
    ("ladder", now.ladder, frozenset({"review"})),
    ("deadline", now.deadline, now.SPOKEN),
    ("alumni", now.alumni, frozenset({"refresher", "renewal", "farewell"})),
    ("checks", now.checks, frozenset({"check"})),
)
_WATCHING = {kind: [(rule, watch) for rule, watch, kinds in WATCHES if kind in kinds] for kind in get_args(Kind)}

Debt = Callable[[Year], Iterator[owed.Missing]]
DEBTS: tuple[tuple[str, Debt], ...] = (
    ("missed", owed.lessons),
    ("missed", owed.reviews),
    ("missed", owed.chains),
    ("checks", owed.checks),
    ("alumni", owed.farewell),
    ("explained", owed.explained),
    ("deadline", owed.word_at_the_end),
)
RULES = {rule for rule, _, _ in WATCHES} | {rule for rule, _ in DEBTS}


def judge(record: Record, down: tuple[Down, ...] = (), steps: tuple[ClockStep, ...] = ()) -> tuple[Finding, ...]:
    """Every broken rule of the record, by time; empty for a year without fault."""
    state, id_ = State(record, Machine(down, steps)), record.story.id
    found = list[Finding]()
    for event in record.events:
        where = place(record.story, event, state.machine)
        for rule, watch in _WATCHING[event.kind]:
            found += (Finding(rule, id_, event.at, said) for said in watch(state, event, where))
        state.apply(event, where)
    year = Year(state)
    for rule, debt in DEBTS:
        found += (Finding(rule, id_, at, said) for at, said in debt(year))
    return tuple(sorted(found, key=lambda finding: finding.at))


def explain(record: Record) -> str:
    """Why the story stands where it does at the end: completed, ended, paused… or the deadline still ahead."""
    state = State(record, Machine())
    for event in record.events:
        state.apply(event, place(record.story, event, state.machine))
    return owed.reason(Year(state))
