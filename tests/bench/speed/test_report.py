"""How rounds become a table: medians, ratios, and cases that could not be run."""

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench.speed.benches import Bench, Case, Figure, Ratio
from tests.bench.speed.report import as_json, show
from tests.bench.speed.rounds import interleaved
from tests.bench.speed.tools import ROOT, Tools, cache_folder

LINE = "import json, sys; print('talk'); print(json.dumps({'messages': 10, 'seconds': 2, 'cpu': float(sys.argv[1])}))"
TOOLS = Tools(sys.executable, sys.executable, None, "", {"node": "Node or npm is not installed"})
BENCH = Bench(
    "A bench",
    (
        Case("slow", "peers", ("-c", LINE, "5"), None),
        Case("ours", "attache", ("-c", LINE, "1"), None),
        Case("broken", "attache", ("-c", "print('{}'); raise SystemExit('the disk is full')"), None),
        Case("node", "node", ("x.cjs",), None),
    ),
    (Figure("cpu_us", "CPU"),),
    (Ratio("cpu_us", "ours", "slow", 1 / 4), Ratio("cpu_us", "ours", "node", 1), Ratio("per_second", "ours", None, 4)),
)


def test_cases_take_turns_and_one_that_falls_costs_only_itself(tmp_path: Path) -> None:
    turns: list[tuple[str, int]] = []
    runs = interleaved(BENCH, TOOLS, 2, tmp_path, lambda case, turn, what: None if what else turns.append((case, turn)))
    assert turns == [("slow", 1), ("ours", 1), ("broken", 1), ("slow", 2), ("ours", 2)]
    assert [told["cpu_us"] for told in runs["ours"].told] == [100_000, 100_000]
    assert runs["broken"].missing == "ended with status 1: the disk is full"
    assert runs["node"].missing == "Node or npm is not installed"
    ratios = as_json(BENCH, runs)["ratios"]
    assert [(each["value"], each["met"]) for each in ratios] == [(0.2, True), (5.0, False)]


def test_the_table_says_what_was_met_and_what_was_not_run(tmp_path: Path) -> None:
    said = io.StringIO()
    console = Console(file=said, width=120)
    bench = Bench(BENCH.title, BENCH.cases, (*BENCH.figures, Figure("per_second", "a second")), BENCH.ratios)
    show(console, bench, interleaved(bench, TOOLS, 1, tmp_path, lambda *_: None))
    assert "CPU, ours against slow: 1/5.0 (at most 1/4.0) met" in said.getvalue()
    assert "a second, ours: 5.00 (at most 4.00) not met" in said.getvalue()
    assert "broken was not run: ended with status 1: the disk is full" in said.getvalue()
    assert "not run" in next(line for line in said.getvalue().splitlines() if "│ node" in line)


def test_the_cache_never_lies_inside_the_tree() -> None:
    with pytest.raises(SystemExit, match="inside the project"):
        cache_folder(str(ROOT / "build" / "peers"))
