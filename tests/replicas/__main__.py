"""`python -m tests.replicas`: one budget for all replicas, and nobody waits. Exit status 0: every rule held."""

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
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table

from tests.replicas.judge import Asked
from tests.replicas.running import Plan, Told, run
from tests.replicas.stage import Crowd, server_for

SHOWN = 10


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.replicas", description=__doc__)
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--people", type=int, default=10_000, help="who receive the broadcast")
    parser.add_argument("--seconds", type=float, help="a broadcast so long, instead of --people")
    parser.add_argument("--rate", type=float, default=26, help="ATTACHE_SEND_RATE")
    parser.add_argument("--engine", choices=["postgres", "sqlite"], default="postgres", help="sqlite: one replica")
    parser.add_argument("--by", choices=["webhook", "polling"], default="webhook", help="how updates are received")
    parser.add_argument("--calm", type=float, default=30, help="seconds of taps before the broadcast")
    parser.add_argument("--taps", type=float, default=2, help="taps a second in the first third; 8 after that")
    parser.add_argument("--retry-after", type=int, default=5, help="of the 429 that is provoked; 0 for none")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the replicas' logs and the journal there")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def main() -> int:
    """Run it, print the table, and say by the exit status whether every rule held."""
    chosen, console = _chosen(), Console()
    people = round(chosen.seconds * chosen.rate) if chosen.seconds else chosen.people
    number = 1 if chosen.engine == "sqlite" else chosen.replicas
    more = {"calm": chosen.calm, "retry_after": chosen.retry_after or None, "slow": chosen.taps}
    plan = Plan(chosen.engine, chosen.by, number, people, chosen.rate, **more)
    try:
        told = _run(plan, console, chosen.keep)
    except pytest.skip.Exception as missing:  # tests/support/postgres.py says what is missing
        console.print(str(missing))
        return 2
    console.print(_figures(told))
    console.print(_delays(told))
    for rule, found in told.verdict.faults.items():
        for line in found[:SHOWN]:
            console.print(f"{rule}: {line}", highlight=False)
    if chosen.json:
        chosen.json.write_text(json.dumps(_as_json(told), indent=1))
    return 0 if told.verdict.sound else 1


def _run(plan: Plan, console: Console, keep: Path | None) -> Told:
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    asked = Asked(plan.rate, Crowd(plan.people, plan.others).receiving, plan.retry_after)
    with Progress(*columns, console=console) as progress, server_for(plan.engine) as server:
        task = progress.add_task("sent", total=plan.people)
        with tempfile.TemporaryDirectory(prefix="attache-replicas-") as folder:
            if keep is not None:
                keep.mkdir(parents=True)
            work = run(plan, server, keep or Path(folder), asked=asked, tick=lambda more: progress.advance(task, more))
            return asyncio.run(work)


def _figures(told: Told) -> Table:
    table = Table("", "", title=told.plan.name)
    for name, figure in told.verdict.figures.items():
        shown = f"{figure:.2%}" if name.startswith("budget") else f"{figure:,.2f}".removesuffix(".00")
        table.add_row(name, shown)
    table.add_row("shares of the replicas", ", ".join(f"{share:,}" for share in told.shares), end_section=True)
    for what, seconds in told.waits.items():
        table.add_row(f"the coordinator waits for {what}", f"{seconds:.2f} s")
    for name, seconds in told.cpu.items():
        table.add_row(f"processor, {name}", f"{seconds:.1f} s")
    table.add_row("seconds in all", f"{told.seconds:.0f}", end_section=True)
    for rule, found in told.verdict.faults.items():
        table.add_row(f"broken: {rule}", str(len(found)))
    return table


def _delays(told: Told) -> Table:
    table = Table("ms", "", "n", "p50", "p95", "p99", "most", title="How long people wait")
    for stretch, kinds in told.verdict.delays.items():
        for kind, found in kinds.items():
            table.add_row(stretch, kind, str(found.n), *(f"{ms:.0f}" for ms in found[1:]))
    return table


def _as_json(told: Told) -> dict[str, Any]:
    return {
        "plan": asdict(told.plan),
        "figures": told.verdict.figures,
        "delays": {
            stretch: {kind: found._asdict() for kind, found in kinds.items()}
            for stretch, kinds in told.verdict.delays.items()
        },
        "faults": told.verdict.faults,
        "shares": told.shares,
        "waits": told.waits,
        "processor": told.cpu,
        "seconds": told.seconds,
    }


if __name__ == "__main__":
    sys.exit(main())
