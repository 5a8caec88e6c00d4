"""The year of many people on all cores: lived by the planner alone, or worked through the real parts, then judged."""

import asyncio
import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from lessons import catalogue
from tests.year.living import Life
from tests.year.oracle import explain, judge
from tests.year.people import OUTAGE, START, STEPS, stories
from tests.year.records import Finding, Record
from tests.year.through import worked

UNTIL_AT = datetime(START.year + 1, START.month, START.day, tzinfo=UTC)
PORTION = 50  # people lived in one go
SPEEDY = Path("/dev/shm")  # noqa: S108 - a database for minutes; where there is none, the usual place


@dataclass(slots=True)
class Verdict:
    """What came of a number of people."""

    people: int = 0
    events: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    plans: int = 0
    on_phones: int = 0
    sent: int = 0
    refusals: int = 0

    def add(self, other: "Verdict") -> None:
        """Both together."""
        self.events += other.events
        self.ends += other.ends
        self.findings += other.findings
        for name in ("people", "plans", "on_phones", "sent", "refusals"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def _judged(verdict: Verdict, record: Record) -> None:
    verdict.people += 1
    verdict.events += Counter(event.kind for event in record.events)
    verdict.ends[_end(explain(record))] += 1
    verdict.findings += judge(record, (OUTAGE,), STEPS)


def _end(reason: str) -> str:
    return "before the deadline" if reason.startswith("the deadline") else reason or "unexplained"


def live(first: int, last: int, seed: int) -> Verdict:
    """People `first` to `last` (from 1), by the planner alone."""
    course, verdict = catalogue.built_in(), Verdict()
    for story in stories(last, seed)[first - 1 :]:
        life = Life(story, course, UNTIL_AT, (OUTAGE,), STEPS)
        _judged(verdict, life.run())
        verdict.plans += life.plans
    return verdict


@contextmanager
def errors_only() -> Iterator[None]:
    """Only errors are logged meanwhile; whoever shares the process keeps the logging they had."""
    configured = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield
    finally:
        structlog.configure(**configured)


def work(first: int, last: int, seed: int, until_at: datetime = UNTIL_AT) -> Verdict:
    """People `first` to `last` through the real store, outbox and sender, against the sandbox over HTTP."""
    verdict, chosen = Verdict(), stories(last, seed)[first - 1 :]
    with (
        errors_only(),
        tempfile.TemporaryDirectory(prefix="attache-year-", dir=SPEEDY if SPEEDY.is_dir() else None) as at,
    ):
        done = asyncio.run(worked(Path(at), chosen, catalogue.built_in(), until_at, down=(OUTAGE,), steps=STEPS))
    for record in done.records:
        _judged(verdict, record)
    verdict.on_phones, verdict.sent, verdict.refusals = done.on_phones, done.sent, done.refusals
    return verdict


Task = tuple[Callable[[int, int, int], Verdict], int, int]


def tasks(learners: int, working: int, jobs: int) -> Iterator[Task]:
    """The longest first: so many people through the real parts, shared by the cores, then the others in portions."""
    share = -(-working // max(jobs, 1)) if working else 0
    for first in range(1, working + 1, share or 1):
        yield work, first, min(first + share - 1, working)
    for first in range(1, learners + 1, PORTION):
        yield live, first, min(first + PORTION - 1, learners)


def run(learners: int, working: int, *, seed: int, jobs: int, told: Callable[[int], None]) -> tuple[Verdict, Verdict]:
    """(lived, worked); `told` hears how many people are done."""
    lived, through = Verdict(), Verdict()
    with ProcessPoolExecutor(jobs) as pool:
        running = {pool.submit(task, first, last, seed): task for task, first, last in tasks(learners, working, jobs)}
        for future in as_completed(running):
            (through if running[future] is work else lived).add(future.result())
            told(lived.people + through.people)
    return lived, through
