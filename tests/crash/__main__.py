"""`python -m tests.crash`: die at every boundary, and at every pair. Exit status 0: the ledger balances every time."""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.crash.running import At, Tale, Told, boundaries, pairs_of, place_of, sampled, spread
from tests.support.postgres import cluster

ENGINES = {"sqlite": ("sqlite",), "postgres": ("postgres",), "both": ("sqlite", "postgres")}
OUTCOMES = ("as if nothing had happened", "twice, unavoidably", "in doubt, and told", "at fault")
SHOWN = 20


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--engine", choices=[*ENGINES], default="both")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--singles", action="store_true", help="one death a run; else pairs too")
    which.add_argument("--pairs", action="store_true", help="singles, and every pair (the default)")
    parser.add_argument("--sample", type=int, metavar="N", help="of the pairs (or singles alone), only so many")
    parser.add_argument("--seed", type=int, default=7, help="which ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def main() -> int:
    """Run, print the tables, and say by the exit status whether every rule held."""
    chosen = _chosen()
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console) as progress:
            tales = [_tale(engine, chosen, progress) for engine in ENGINES[chosen.engine]]
    except pytest.skip.Exception as missing:  # tests/support/postgres.py says what is missing
        console.print(str(missing))
        return 2
    console.print(_summary(tales))
    for tale in tales:
        console.print(_by_boundary(tale))
        for each in [each for each in tale.told if each.faults][:SHOWN]:
            where = " and ".join(f"{boundary} ({n})" for boundary, n in each.at)
            console.print(f"{tale.engine}, died at {where}: {each.faults}", highlight=False)
    if chosen.json:
        chosen.json.write_text(json.dumps([_as_json(each) for each in tales], indent=1))
    return 0 if all(tale.sound for tale in tales) else 1


def _tale(engine: str, chosen: argparse.Namespace, progress: Progress) -> Tale:
    began = time.monotonic()
    with cluster() if engine == "postgres" else nullcontext() as ours:
        address = ours.server.url() if ours else None
        tale = Tale(engine, asyncio.run(boundaries(place_of(address))))

        def play(runs: list[At] | Any, what: str) -> list[Told]:
            task = progress.add_task(f"{engine}, {what}", total=len(runs))
            return spread(address, runs, jobs=chosen.jobs, tick=lambda n: progress.advance(task, n))

        singles: list[At] = [(crossing,) for crossing in tale.boundaries]
        tale.told = play(sampled(singles, chosen.sample if chosen.singles else None, chosen.seed), "singles")
        if not chosen.singles:
            tale.told += play(sampled(pairs_of(tale.told), chosen.sample, chosen.seed), "pairs")
    tale.seconds = time.monotonic() - began
    return tale


def _summary(tales: list[Tale]) -> Table:
    table = Table("", *(each.engine for each in tales), title="died at every boundary")

    def row(name: str, of: Any, **more: Any) -> None:
        table.add_row(name, *(f"{of(tale):,}" for tale in tales), **more)

    row("boundaries of an undisturbed life", lambda tale: len(tale.boundaries))
    for n, name in ((1, "singles"), (2, "pairs")):
        row(f"runs: {name}", lambda tale, n=n: sum(len(each.at) == n for each in tale.told))
    row("lives that were over before", lambda tale: sum(not each.reached for each in tale.told), end_section=True)
    for outcome in OUTCOMES:
        row(outcome, lambda tale, outcome=outcome: sum(each.outcome == outcome for each in tale.told))
    table.add_section()
    for what in ("twice", "doubted"):
        for kind in sorted({kind for tale in tales for each in tale.told for kind in getattr(each, what)}):
            row(f"{what}: {kind}", lambda tale, k=kind, w=what: sum(getattr(e, w).get(k, 0) for e in tale.told))
    table.add_section()
    for rule in sorted({rule for tale in tales for each in tale.told for rule in each.faults}):
        row(f"found: {rule}", lambda tale, rule=rule: sum(rule in each.faults for each in tale.told))
    row("milliseconds a run", lambda tale: round(1000 * sum(e.seconds for e in tale.told) / max(1, len(tale.told))))
    row("seconds in all", lambda tale: round(tale.seconds))
    return table


def _by_boundary(tale: Tale) -> Table:
    """Where lives ended, and what came of it; a pair counts at both of its boundaries."""
    table = Table(title=f"{tale.engine}: where lives ended, and what came of it")
    table.add_column("died at", no_wrap=True)
    for name in ("as before", "twice", "in doubt", "at fault", "copies"):
        table.add_column(name, justify="right")
    outcomes: dict[str, Counter[str]] = {}
    copies: Counter[str] = Counter()
    for each in tale.told:
        for boundary, _ in each.at[: each.deaths]:
            outcomes.setdefault(boundary, Counter())[each.outcome] += 1
            copies[boundary] += sum(each.twice.values())
    for boundary, counts in sorted(outcomes.items()):
        table.add_row(boundary, *(f"{counts[name]:,}" for name in OUTCOMES), f"{copies[boundary]:,}")
    return table


def _as_json(tale: Tale) -> dict[str, Any]:
    return asdict(tale) | {"sound": tale.sound}


if __name__ == "__main__":
    sys.exit(main())
