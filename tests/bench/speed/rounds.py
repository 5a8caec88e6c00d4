"""Running the cases: round by round, each in a process of its own, with a fresh stub in another."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.speed.benches import Bench, Case
from tests.bench.speed.measure import Figures
from tests.bench.speed.tools import ROOT, Tools

LONGEST = 900  # seconds that a case may take


@dataclass(slots=True)
class Runs:
    """What the rounds of one case told, or why it was not run."""

    told: list[Figures] = field(default_factory=list)
    missing: str | None = None


class Fell(Exception):
    """A case ended without its line; the sentence holds the last thing it said."""


@contextlib.contextmanager
def stub(tools: Tools, options: tuple[str, ...]) -> Iterator[str]:
    """A stub's address; on the peers' interpreter, which has uvloop, where that is there."""
    command = [tools.peers or tools.attache, "-m", "tests.bench.speed.stub", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line.startswith("ready on "):
                raise Fell("the stub did not start")
            yield line.removeprefix("ready on ").strip()
        finally:
            process.terminate()


def _with_derived(told: Figures) -> Figures:
    if "messages" not in told:
        return told
    many, seconds, cpu = told["messages"], told["seconds"], told["cpu"]
    return told | {"per_second": many / seconds, "cpu_us": 1e6 * cpu / many, "cpu_percent": 100 * cpu / seconds}


def run(case: Case, tools: Tools, work: Path, turn: int) -> Figures:
    """One turn of one case. Raises Fell."""
    if case.stub is None:
        return _process(case, tools, work, ["--work", str(work), "--turn", str(turn)])
    with stub(tools, case.stub) as address:
        more = ["--api", address]
        if case.runs == "attache":
            more += ["--work", str(work), "--turn", str(turn)]
        return _process(case, tools, work, more)


def _process(case: Case, tools: Tools, work: Path, more: list[str]) -> Figures:
    program = {"attache": tools.attache, "peers": tools.peers, "node": tools.node}[case.runs]
    assert program is not None
    env = os.environ | {"NODE_PATH": tools.node_path, "TMPDIR": str(work)}  # what a killed case leaves goes with it
    command = [program, *case.command, *more]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=said, start_new_session=True
        )
        try:
            out, _ = process.communicate(timeout=LONGEST)
        finally:
            with contextlib.suppress(ProcessLookupError):  # whatever it has started
                os.killpg(process.pid, signal.SIGKILL)
        said.seek(0)
        lines = out.strip().splitlines()
        if process.returncode or not lines:
            last = (said.read().strip() or "it said nothing").splitlines()[-1]
            raise Fell(f"ended with status {process.returncode}: {last}")
    return _with_derived(json.loads(lines[-1]))


def interleaved(
    bench: Bench, tools: Tools, rounds: int, work: Path, on_turn: Callable[[str, int, str], None]
) -> dict[str, Runs]:
    """Every case once a round; `on_turn(case, round, what)` hears of each turn. A case that falls is left out."""
    runs = {case.name: Runs(missing=tools.missing.get(case.runs)) for case in bench.cases}
    for turn in range(1, rounds + 1):
        for case in bench.cases:
            mine = runs[case.name]
            if mine.missing is not None:
                continue
            on_turn(case.name, turn, "")
            try:
                mine.told.append(run(case, tools, work, turn))
            except (Fell, subprocess.TimeoutExpired, ValueError) as why:
                mine.missing = str(why)
                on_turn(case.name, turn, str(why))
    return runs
