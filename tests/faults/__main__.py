"""`python -m tests.faults`: one fault after the other under load. Exit status 0: every promise was kept."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.faults.ground import server_for
from tests.faults.running import PROMISED, Plan, Told, run
from tests.faults.striking import FAULTS
from tests.kill.places import Engine

ENGINES: dict[str, tuple[Engine, ...]] = {
    "sqlite": ("sqlite",),
    "postgres": ("postgres",),
    "both": ("sqlite", "postgres"),
}
SHOWN = 6


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", metavar="NAME,…", type=_names, default=list(FAULTS), help=", ".join(FAULTS))
    parser.add_argument("--engine", choices=[*ENGINES], default="both")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--patient", action="store_true", help="wait at the end until leases run out by themselves")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the logs of the services are kept")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in FAULTS]:
        raise argparse.ArgumentTypeError(f"there is no fault {unknown[0]!r}; there are {', '.join(FAULTS)}")
    return names


def main() -> int:
    """Run them, print the table, and say by the exit status whether every promise was kept."""
    chosen = _chosen()
    console = Console()
    try:
        told = _run(chosen, console)
    except pytest.skip.Exception as missing:  # tests/support/postgres.py says what is missing
        console.print(str(missing))
        return 2
    console.print(_table(told))
    for each in told:
        for line in _found(each):
            console.print(f"{each.plan.fault.name}, {each.plan.engine}: {line}", highlight=False)
    if chosen.json:
        chosen.json.write_text(json.dumps([_as_json(each) for each in told], indent=1))
    return 0 if told and all(each.sound for each in told) else 1


def _run(chosen: argparse.Namespace, console: Console) -> list[Told]:
    told: list[Told] = []
    with Progress(console=console) as progress:
        for engine in ENGINES[chosen.engine]:
            faults = [FAULTS[name] for name in chosen.only if engine in FAULTS[name].engines]
            task = progress.add_task(engine, total=len(faults))
            with server_for(engine) as server:
                for fault in faults:
                    progress.update(task, description=f"{engine}: {fault.what}")
                    plan = Plan(fault, engine, fault.seconds, seed=chosen.seed, patient=chosen.patient)
                    with tempfile.TemporaryDirectory(prefix="attache-faults-") as folder:
                        told.append(asyncio.run(run(plan, Path(folder), server)))
                        if chosen.keep:
                            shutil.copytree(folder, chosen.keep / f"{engine}-{fault.name}", dirs_exist_ok=True)
                    progress.advance(task)
    return told


COLUMNS: dict[str, Callable[[Told], str]] = {
    "fault": lambda each: each.plan.fault.name,
    "on": lambda each: each.plan.engine,
    "lasts\ns": lambda each: f"{each.lasted:.0f}",
    "tap\nafter s": lambda each: _seconds(each.tap),
    "bulk\nafter s": lambda each: _seconds(each.bulk),
    "taps,\nwords": lambda each: str(each.verdict.counts["updates"]),
    "sends": lambda each: str(each.verdict.counts["sends"]),
    "lost,\ndoubled": lambda each: str(each.lost),
    "in\ndoubt": lambda each: str(each.verdict.counts["rows unknown"]),
    "not\nshown": lambda each: str(each.unshown),
    "kept": lambda each: "yes" if each.sound else "NO",
}


def _table(told: list[Told]) -> Table:
    table = Table(title=f"faults; work must be done again {PROMISED:.0f} s after the end of each")
    for name in COLUMNS:
        table.add_column(name, justify="left" if name in ("fault", "on") else "right", no_wrap=True)
    for each in told:
        table.add_row(*(tell(each) for tell in COLUMNS.values()))
    return table


def _found(told: Told) -> list[str]:
    late = [f"no {what} for {PROMISED:.0f} s" for what, s in _figures(told).items() if s is None or s > PROMISED]
    ledger = [f"{rule}: {line}" for rule, found in told.verdict.faults.items() for line in found[:SHOWN]]
    return [*told.wrong, *late, *ledger]


def _figures(told: Told) -> dict[str, float | None]:
    return {"tap was answered": told.tap, "bulk message went out": told.bulk}


def _seconds(figure: float | None) -> str:
    return "never" if figure is None else f"{figure:.1f}"


def _as_json(told: Told) -> dict[str, Any]:
    return {
        "fault": told.plan.fault.name,
        "engine": told.plan.engine,
        "lasted": told.lasted,
        "tap": told.tap,
        "bulk": told.bulk,
        "meanwhile": told.meanwhile,
        "not_shown": told.unshown,
        "counts": told.verdict.counts,
        "faults": told.verdict.faults,
        "wrong": told.wrong,
        "sound": told.sound,
    }


if __name__ == "__main__":
    sys.exit(main())
