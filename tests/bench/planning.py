"""What a tick of the planner costs: 1,000 due among 10,000 and among 1,000,000 enrolments.

`python -m tests.bench.planning [--json FILE]`. Both databases are made once; then processes that hold one of them take
turns. Each ticks five times over the same 1,000 people and tells its median and its greatest memory. The ratio is the
figure: a tick that costs what is due, not who is enrolled, has a ratio near 1.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bot import app
from bot.clock import SystemClock
from bot.planning import Planning
from bot.settings import Settings
from lessons import catalogue
from storage import enrolments
from storage.engine import url_of
from storage.store import Store
from tests.bench.enrolled import NOW, call, make

FEW, MANY, DUE = 10_000, 1_000_000, 1_000
TICKS, TURNS = 5, 3


class _Noon(SystemClock):
    def people_now(self) -> "object":  # type: ignore[override]  # always the same instant
        return NOW


@dataclass(frozen=True, slots=True)
class Turn:
    """One process: medians of reading who is due and of the whole tick in seconds, memory at its most in MiB."""

    enrolled: int
    reading: float
    tick: float
    memory: float


async def _turn(folder: Path, enrolled: int) -> Turn:
    settings = Settings(data=folder, http_port=0)
    async with await Store.open(url_of(None, folder)) as store:
        planning = Planning(store, app.office(settings), _Noon())  # type: ignore[arg-type]  # its clock stands still
        readings, ticks = [], []
        for _ in range(TICKS):
            await call(store, enrolled, DUE)
            began = time.perf_counter()
            found = await store.read(lambda tx: enrolments.due_now(tx, NOW, limit=DUE))
            readings.append(time.perf_counter() - began)
            assert len(found) == DUE
            began = time.perf_counter()
            looked = await planning.tick()
            ticks.append(time.perf_counter() - began)
            assert looked == DUE
    return Turn(enrolled, median(readings), median(ticks), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _process(folder: Path, enrolled: int) -> Turn:
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.planning", "--turn", str(folder), str(enrolled)],
        check=True,
        capture_output=True,
        text=True,
    )
    return Turn(**json.loads(told.stdout))


def compare(few: int = FEW, many: int = MANY) -> dict[int, list[Turn]]:
    """Turns by the number enrolled, interleaved."""
    course = catalogue.built_in()
    first, second = course.lessons[:2]
    with tempfile.TemporaryDirectory(prefix="attache-bench-") as folder:
        for enrolled in (few, many):
            place = Path(folder) / str(enrolled)
            place.mkdir()
            asyncio.run(make(place, enrolled, lessons=(first.id, second.id), question=second.questions[0].id))
        turns: dict[int, list[Turn]] = {few: [], many: []}
        for _ in range(TURNS):
            for enrolled, found in turns.items():
                found.append(_process(Path(folder) / str(enrolled), enrolled))
    return turns


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.planning", description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--turn", nargs=2, metavar=("FOLDER", "ENROLLED"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.turn:
        print(json.dumps(asdict(asyncio.run(_turn(Path(chosen.turn[0]), int(chosen.turn[1]))))))
        return
    turns = compare()
    print(f"{'enrolled':>10} {'due':>6} {'who is due':>22} {'whole tick':>22} {'memory':>10}")
    for enrolled, found in turns.items():
        reading, tick = ([getattr(turn, name) for turn in found] for name in ("reading", "tick"))
        print(
            f"{enrolled:>10,} {DUE:>6,} {_spread(reading, 1000, 'ms'):>22} {_spread(tick, 1, 's'):>22} "
            f"{max(turn.memory for turn in found):>6.0f} MiB"
        )
    few, many = (median(turn.tick for turn in found) for found in turns.values())
    print(f"ratio of the ticks: {many / few:.2f} (the limit is 1.5)")
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(turn) for found in turns.values() for turn in found], indent=1))


def _spread(seconds: list[float], times: int, unit: str) -> str:
    low, high = min(seconds) * times, max(seconds) * times
    return f"{median(seconds) * times:.2f} {unit} ({low:.2f}-{high:.2f})"


if __name__ == "__main__":
    main()
