"""Which schedule leaves most in memory 30 and 90 days after a course, at equal numbers of questions?

`python -m tests.bench.learning [--seeds N] [--json FILE]`; simulated people only. The ladder runs first; as many
questions as each learner met there are that learner's budget under every other schedule, and all courses end on the
same day. Recall is the true chance without guessing, averaged over objectives and learners of a seed; ± is the standard
deviation over seeds. "Gain" is the difference to the ladder at 90 days, seed by seed: the same people, the same luck.
Mastered and complete go by the ladder's yardstick: right and sure twice with nothing wrong between; four fifths of all.
"Given" counts lessons: the ladder may not come to the last ones, because repeats go before them when many are overdue.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from lessons.progress import RETIRED_BAR
from scheduler.spacing import Ladder
from tests.bench.learners import Minds, People
from tests.bench.memories import Floats, Ints, Memory, PracticeMemory, TraceMemory
from tests.bench.schedules import Climbing, Fsrs, Qstream, Rule, Term, by_plan, by_rule

SEEDS = 20
TWENTY_WEEKS = Term()
LADDER = "ladder 18/10/4 (ours)"

RULES: dict[str, Callable[[], Rule]] = {
    "Qstream 24/12": Qstream,
    "ladder 12/7/3": lambda: Climbing(Ladder(right_days=12, unsure_days=7, sure_wrong_days=3)),
    "ladder 24/12/6": lambda: Climbing(Ladder(right_days=24, unsure_days=12, sure_wrong_days=6)),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One memory in one term."""

    name: str
    memory: Memory
    term: Term = TWENTY_WEEKS


SETTINGS = (
    Setting("traces (Pavlik and Anderson 2005), half recalled after 12 days", TraceMemory()),
    Setting("traces, slower forgetting: decay x 0.85", TraceMemory(0.177 * 0.85, 0.217 * 0.85)),
    Setting("traces, faster forgetting: decay x 1.15", TraceMemory(0.177 * 1.15, 0.217 * 1.15)),
    Setting("traces, as hard as words of a foreign language: b = 0, as published", TraceMemory(ease_mean=0.0)),
    Setting("traces, a course of 14 weeks", TraceMemory(), Term(weeks=14)),
    Setting("practice (Walsh et al. 2018), half recalled after 12 days", PracticeMemory()),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a schedule came to under a setting. Shares and chances are 0 to 1; every spread is over seeds."""

    setting: str
    schedule: str
    questions: float
    given: float
    mastered: float
    complete: float
    unseen_days: float
    recall_30: float
    spread_30: float
    recall_90: float
    spread_90: float
    gain_90: float
    gain_spread_90: float


def ran(setting: Setting, people: People, seeds: range) -> Iterator[tuple[str, Minds]]:
    """Every schedule's learners on the day the course ends, our ladder's first."""

    def fresh() -> Minds:
        return Minds(setting.memory, people, seeds)

    ours = fresh()
    by_rule(ours, Climbing(), setting.term)
    budget: Ints = ours.asked.sum(axis=1)
    yield LADDER, ours
    for name, massed in (("daily", False), ("massed", True)):
        minds = fresh()
        by_plan(minds, setting.term, budget, massed=massed)
        yield name, minds
    for name, rule in RULES.items():
        minds = fresh()
        by_rule(minds, rule(), setting.term, budget)
        yield name, minds
    minds = fresh()
    by_rule(minds, Fsrs(), setting.term.without_waiting(), budget)
    yield "FSRS 0.9", minds


def outcomes(setting: Setting, people: People, seeds: range) -> list[Outcome]:
    """One row a schedule."""
    rows: list[Outcome] = []
    ours: Floats | None = None
    last = setting.term.last_day
    for name, minds in ran(setting, people, seeds):
        in_30, in_90 = (_by_seed(minds.recall(last + days), seeds) for days in (30, 90))
        ours = in_90 if ours is None else ours
        rows.append(
            Outcome(
                setting=setting.name,
                schedule=name,
                questions=float(minds.asked.sum(axis=1).mean()),
                given=float((minds.asked > 0).sum(axis=1).mean()),
                mastered=float(minds.mastered.mean()),
                complete=float((minds.mastered.mean(axis=1) >= RETIRED_BAR).mean()),
                unseen_days=float((last - minds.seen_on).mean()),
                recall_30=float(in_30.mean()),
                spread_30=float(in_30.std()),
                recall_90=float(in_90.mean()),
                spread_90=float(in_90.std()),
                gain_90=float((in_90 - ours).mean()),
                gain_spread_90=float((in_90 - ours).std()),
            )
        )
    return rows


def _by_seed(recall: Floats, seeds: range) -> Floats:
    means: Floats = recall.reshape(len(seeds), -1).mean(axis=1)
    return means


def table(rows: list[Outcome]) -> str:
    """The rows of one setting, for reading."""
    head = f"{'schedule':22}{'asked':>7}{'given':>7}{'mastered':>10}{'complete':>10}{'unseen':>9}"
    head += f"{'30 days':>16}{'90 days':>16}{'gain':>17}"
    lines = [rows[0].setting, head]
    lines += [
        f"{row.schedule:22}{row.questions:7.1f}{row.given:7.1f}{row.mastered:10.1%}{row.complete:10.1%}"
        f"{row.unseen_days:7.0f} d{row.recall_30:8.3f} ± {row.spread_30:.3f}{row.recall_90:8.3f} ± {row.spread_90:.3f}"
        f"{row.gain_90:+9.3f} ± {row.gain_spread_90:.3f}"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print a table a setting; write all rows as JSON if asked."""
    parser = argparse.ArgumentParser(description="Compare schedules on simulated memories.")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="groups of 50 learners (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="file for all rows")
    asked = parser.parse_args()
    if asked.seeds < 1:
        parser.error("--seeds must be at least 1")
    everything: list[Outcome] = []
    for setting in SETTINGS:
        rows = outcomes(setting, People(), range(asked.seeds))
        sys.stdout.write(table(rows) + "\n")
        sys.stdout.flush()
        everything += rows
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in everything], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
