"""Attaché beside its peers: `python -m tests.bench.speed [--only bulk,press] [--rounds N] [--json FILE]`.

Cases take turns round by round, so that a busy machine slows all alike: the ratios are the figures to quote.
"""

import argparse
import json
import os
import platform
import signal
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.status import Status

from tests.bench.speed.benches import benches
from tests.bench.speed.report import as_json, show
from tests.bench.speed.rounds import interleaved
from tests.bench.speed.tools import cache_folder, prepare


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.speed", description=__doc__)
    names = ",".join(benches(60))
    parser.add_argument("--only", default=names, help=f"some of {names}")
    parser.add_argument("--rounds", type=int, help="turns of each case; else as each bench has it")
    parser.add_argument("--seconds", type=float, default=60, help="how long each broadcast lasts, at least 10")
    parser.add_argument("--json", type=Path, help="also write every figure of every round there")
    parser.add_argument(
        "--cache", help="folder for the peers' packages; else ATTACHE_BENCH_CACHE, else a temporary one"
    )
    parser.add_argument("--peers-only", action="store_true", help="leave out Attaché's own cases")
    return parser.parse_args()


def _told(console: Console, status: Status, where: str, case: str, turn: int, what: str) -> None:
    """How far it has come; a line of its own where nobody watches a terminal, or where a case fell."""
    words = f"{where.format(turn)}: {case} {what}".rstrip()
    status.update(words)
    if what or not console.is_terminal:
        console.print(words, markup=False, highlight=False)


def main() -> None:
    """Run the benches and print their tables."""
    chosen = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended too
    console = Console() if sys.stdout.isatty() else Console(width=120)
    every = benches(chosen.seconds)
    if unknown := set(chosen.only.split(",")) - set(every):
        raise SystemExit(f"There is no bench {', '.join(sorted(unknown))}; there are {', '.join(every)}.")
    with console.status("Preparing the peers (once; a minute or two) ..."):
        tools = prepare(cache_folder(chosen.cache))
    if chosen.peers_only:
        tools.missing["attache"] = "left out"
    tables: dict[str, Any] = {}
    told = {"python": platform.python_version(), "cores": os.cpu_count(), "benches": tables}
    with TemporaryDirectory(prefix="attache-bench-") as folder:
        for name in chosen.only.split(","):
            bench = every[name]
            rounds = chosen.rounds or bench.rounds
            with console.status(name) as status:
                on_turn = partial(_told, console, status, f"{name}, {{}} of {rounds}")
                runs = interleaved(bench, tools, rounds, Path(folder), on_turn)
            show(console, bench, runs)
            tables[name] = as_json(bench, runs)
            if chosen.json:
                chosen.json.write_text(json.dumps(told, indent=1), "utf-8")


if __name__ == "__main__":
    main()
