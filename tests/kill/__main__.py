"""`python -m tests.kill`: kill -9 under load, and the ledger. Exit status 0: nothing was lost, doubled or left over."""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.kill.places import Databases, Engine, databases
from tests.kill.running import Plan, Told, Way, run

ENGINES: dict[str, tuple[Engine, ...]] = {
    "sqlite": ("sqlite",),
    "postgres": ("postgres",),
    "both": ("sqlite", "postgres"),
}
WAYS: dict[str, tuple[Way, ...]] = {"polling": ("polling",), "webhook": ("webhook",), "both": ("polling", "webhook")}
SHOWN = 10


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="in each combination")
    parser.add_argument("--updates", type=int, default=20_000)
    parser.add_argument(
        "--sends", type=int, default=5_000, help="copies of broadcasts; lessons and replies come on top"
    )
    parser.add_argument("--engine", choices=[*ENGINES], default="both")
    parser.add_argument("--by", choices=[*WAYS], default="both", help="how updates are received")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hurried", action="store_true", help="wind leases on at the end instead of waiting for them")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def main() -> int:
    """Run every combination, print the table, and say by the exit status whether every rule held."""
    chosen = _chosen()
    console = Console()
    try:
        told = _run(chosen, console)
    except pytest.skip.Exception as missing:  # tests/support/postgres.py says what is missing
        console.print(str(missing))
        return 2
    console.print(_table(told))
    for each in told:
        for rule, found in each.verdict.faults.items():
            for line in found[:SHOWN]:
                console.print(f"{each.plan.name}: {rule}: {line}", highlight=False)
    if chosen.json:
        chosen.json.write_text(json.dumps([_as_json(each) for each in told], indent=1))
    return 0 if all(each.verdict.sound for each in told) else 1


def _run(chosen: argparse.Namespace, console: Console) -> list[Told]:
    told: list[Told] = []
    with Progress(console=console) as progress:
        for engine in ENGINES[chosen.engine]:
            with databases(engine) as fresh:
                told += [_run_one(_plan(chosen, engine, way), fresh, progress) for way in WAYS[chosen.by]]
    return told


def _plan(chosen: argparse.Namespace, engine: Engine, way: Way) -> Plan:
    size = (chosen.kills, chosen.updates, chosen.sends)
    return Plan(f"{engine}, {way}", way, *size, chosen.seed, chosen.hurried)


def _run_one(plan: Plan, fresh: Databases, progress: Progress) -> Told:
    task = progress.add_task(plan.name, total=plan.kills)
    with tempfile.TemporaryDirectory(prefix="attache-kill-") as folder:
        return asyncio.run(run(plan, fresh, Path(folder), tick=lambda: progress.advance(task)))


def _table(told: list[Told]) -> Table:
    table = Table("", *(each.plan.name for each in told), title="kill -9")
    kinds = dict.fromkeys(kind for each in told for kind in each.kills)
    counts = dict.fromkeys(name for each in told for name in sorted(each.verdict.counts))
    rules = dict.fromkeys(rule for each in told for rule in each.verdict.faults)
    table.add_row("kills", *(str(each.kills.total()) for each in told))
    for kind in kinds:
        table.add_row(f"  {kind}", *(str(each.kills[kind]) for each in told))
    for name in counts:
        table.add_row(name, *(f"{each.verdict.counts[name]:,}" for each in told))
    table.add_row("seconds that a lease was overdue at most", *(f"{each.late:.1f}" for each in told))
    table.add_row("seconds in all", *(f"{each.seconds:.0f}" for each in told), end_section=True)
    for rule in rules:
        table.add_row(f"found: {rule}", *(str(len(each.verdict.faults.get(rule, ()))) for each in told))
    return table


def _as_json(told: Told) -> dict[str, Any]:
    return {
        "plan": asdict(told.plan),
        "kills": told.kills,
        "counts": told.verdict.counts,
        "faults": told.verdict.faults,
        "late": told.late,
        "seconds": told.seconds,
    }


if __name__ == "__main__":
    sys.exit(main())
