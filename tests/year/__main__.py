"""`python -m tests.year`: a simulated year, judged. Exit status 0 when nothing was missed, doubled or out of hours."""

import argparse
import os
import sys
import time
from collections import Counter

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from lessons import catalogue
from tests.year import weeks
from tests.year.mutations import MUTATIONS, Mutation, seen
from tests.year.places import PLACES
from tests.year.running import Verdict, run

SHOWN = 12


def _table(lived: Verdict, through: Verdict) -> Table:
    table = Table("", "planner alone", "real store, outbox, sender", title="A simulated year")
    rows = {
        "people": (lived.people, through.people),
        "lessons": (lived.events["lesson"], through.events["lesson"]),
        "questions that came back": (lived.events["review"], through.events["review"]),
        "answers": (lived.events["answered"], through.events["answered"]),
        "reminders": (lived.events["remind"], through.events["remind"]),
        "kind pauses": (lived.events["pause"], through.events["pause"]),
        "refreshers": (lived.events["refresher"], through.events["refresher"]),
        "checks": (lived.events["check"], through.events["check"]),
        "plans": (lived.plans, ""),
        "messages on phones / sent": ("", f"{through.on_phones} / {through.sent}"),
        "refusals by the sandbox": ("", through.refusals),
    }
    for name, cells in rows.items():
        table.add_row(name, *map(str, cells))
    for name in sorted({*lived.ends, *through.ends}):
        table.add_row(f"stands at the end: {name}", str(lived.ends[name]), str(through.ends[name]))
    for rule in ("missed", "doubled", "hours", "nudges", "cap", "other rules"):
        table.add_row(f"findings: {rule}", str(_found(lived, rule)), str(_found(through, rule)))
    return table


def _found(verdict: Verdict, rule: str) -> int:
    counts = Counter(finding.rule for finding in verdict.findings)
    named = {"missed", "doubled", "hours", "nudges", "cap"}
    return counts[rule] if rule in named else sum(n for name, n in counts.items() if name not in named)


def main() -> int:
    """Run it, print the table, and say by the exit status whether every rule held."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--learners", type=int, default=2000, help="people lived by the planner alone")
    parser.add_argument("--working", type=int, default=60, help="people through the real store, outbox and sender")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-mutations", action="store_true", help="do not try whether the oracle sees planted faults")
    chosen = parser.parse_args()
    console, began = Console(width=110), time.perf_counter()
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("people", total=chosen.learners + chosen.working)
        lived, through = run(
            chosen.learners,
            chosen.working,
            seed=chosen.seed,
            jobs=chosen.jobs,
            told=lambda done: progress.update(bar, completed=done),
        )
    console.print(_table(lived, through))
    countries = len({place[0] for place in PLACES})
    console.print(f"{countries} countries; {time.perf_counter() - began:.0f} s on {chosen.jobs} processes")
    findings = lived.findings + through.findings
    for finding in findings[:SHOWN]:
        console.print(f"  {finding.rule}, person {finding.story_id}, {finding.at:%Y-%m-%d %H:%M}Z: {finding.sentence}")
    course = catalogue.built_in()
    console.print("\nAn official in Dhaka who is sure of 80 % of the answers:")
    for share in weeks.SHARES:
        console.print("  " + weeks.weeks(course, share).told(course.cadence.weeks_to_deadline))
    blind = [] if chosen.no_mutations else [mutation for mutation in MUTATIONS if not _seen(console, mutation)]
    lost = through.sent != through.on_phones or through.refusals
    return 1 if findings or blind or lost or lived.ends["unexplained"] or through.ends["unexplained"] else 0


def _seen(console: Console, mutation: Mutation) -> bool:
    found = seen(mutation)
    console.print(f"  planted: {mutation.name}: " + (f"seen ({found})" if found else "NOT SEEN"))
    return found is not None


if __name__ == "__main__":
    sys.exit(main())
