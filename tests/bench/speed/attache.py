"""Attaché's own cases, each a process that prints one line of JSON (see measure.py) as the peers do.

    python -m tests.bench.speed.attache bulk|press|broadcast --api ADDRESS [--messages N] …
    python -m tests.bench.speed.attache start --api ADDRESS --learners N --work FOLDER
    python -m tests.bench.speed.attache claim|tide --learners N --work FOLDER

How the product's parts are used stands in parts.py, what the stores hold in filling.py.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.verbs import swift_loop
from storage.engine import url_of
from storage.store import Store
from tests.bench.enrolled import NOW
from tests.bench.speed import filling, parts
from tests.bench.speed.measure import Figures, Watch, memory, tell, under_way
from tests.bench.speed.stub.control import Control
from tests.support.processes import environment

WARM = 200  # messages or presses before the clock starts
QUIET_END = 5  # seconds of a broadcast after the last tap
DUE, TURNS = 1_000, 5  # rows of one claim; claims of a process
TIDE = 50_000  # due within one minute
PATIENCE = 60  # seconds until an answer that does not come ends a case


async def bulk(chosen: argparse.Namespace, folder: Path) -> Figures:
    """A broadcast from its rows to their being recorded as sent, the gate lifted."""
    await filling.people(folder, WARM + chosen.messages)
    async with parts.sending_half(folder, chosen.api) as service:
        await filling.owe_broadcast(service.store, 1, WARM)
        await parts.drain(service)
        await filling.owe_broadcast(service.store, WARM + 1, chosen.messages)
        watch = Watch()
        await parts.drain(service)
        told = watch.read(chosen.messages)
    accepted = Control(chosen.api).figures()["accepted"]
    assert accepted == WARM + chosen.messages, f"{accepted} messages arrived"
    return told


async def press(chosen: argparse.Namespace, folder: Path) -> Figures:
    """Taps from getUpdates to the edited message, in the running service."""
    await filling.people(folder, WARM + chosen.messages)
    control = Control(chosen.api)
    async with parts.serving(folder, chosen.api, parts.LIFTED):
        await tapped(control, filling.taps(1, WARM))
        control.reset()
        taps = filling.taps(WARM + 1, chosen.messages)
        watch = Watch()
        await tapped(control, taps)
        return watch.read(chosen.messages)


async def tapped(control: Control, taps: list[tuple[int, int, str]]) -> None:
    """These taps, all at once, until each is shown."""
    await asyncio.to_thread(control.taps, taps)
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(control.shown) < len(taps):
            await asyncio.sleep(0.05)


async def broadcast(chosen: argparse.Namespace, folder: Path) -> Figures:
    """A broadcast at the cap for so many seconds (with --alone: none), other people's taps beside."""
    many, tapped = int(chosen.rate * (chosen.seconds + 5)), int(chosen.taps * (chosen.seconds - QUIET_END))
    await filling.people(folder, many + tapped)
    control = Control(chosen.api)
    async with parts.serving(folder, chosen.api, chosen.rate) as service:
        control.reset()
        if not chosen.alone:
            await filling.owe_broadcast(service.store, 1, many)
        control.taps(filling.taps(many + 1, tapped), rate=chosen.taps)
        watch = Watch()
        await asyncio.sleep(chosen.seconds)
        counted = control.figures()
        return watch.read(counted["accepted"]) | under_way(counted, chosen.rate)


async def start(chosen: argparse.Namespace, _folder: Path) -> Figures:
    """`attache run` from its start until a tap that waits at Telegram is answered and shown; memory at its most."""
    folder = Path(chosen.work) / f"people-{chosen.learners}"
    await filling.people(folder, chosen.learners, now=datetime.now(UTC))
    control = Control(chosen.api)
    control.taps(filling.taps(chosen.turn, 1))
    env = environment(folder, ATTACHE_BOT_TOKEN=parts.TOKEN, ATTACHE_BOT_API=chosen.api)
    env |= _with_compiled(Path(chosen.work) / "compiled")
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=env, stdout=-3, stderr=-3)
    try:
        while control.shown() < 1:
            assert process.poll() is None, f"the service ended with status {process.returncode}"
            assert time.monotonic() < began + PATIENCE, "the tap was not answered"
            await asyncio.sleep(0.02)
        await asyncio.sleep(chosen.stay)
        most = _memory_of(process.pid)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)
    ready = control.figures()["shown_at"] - began
    return {"ready_ms": 1000 * ready, "rss_mb": most}


def _memory_of(process: int) -> float:
    """MiB at its most. Its resource usage would not do: that begins with the memory of whoever started it."""
    told = Path(f"/proc/{process}/status").read_text().partition("VmHWM:")[2].split()
    return int(told[0]) / 1024


def _with_compiled(folder: Path) -> dict[str, str]:
    """Settings by which Python finds its modules compiled in the folder, as an installation has them; made once."""
    settings = {"PYTHONPYCACHEPREFIX": str(folder), "PYTHONDONTWRITEBYTECODE": ""}
    if not folder.exists():
        used = [sys.executable, "-c", "import bot.cli, holidays.countries"]
        subprocess.run(used, env=os.environ | settings, check=True)
    return settings


async def _waiting(chosen: argparse.Namespace) -> Path:
    """A store in which so many deliveries wait for tomorrow; made once."""
    folder = Path(chosen.work) / f"waiting-{chosen.learners}"
    if not folder.exists():
        folder.mkdir(parents=True)
        async with await Store.open(url_of(None, folder)) as store:
            tomorrow = NOW + timedelta(days=1)
            await filling.owe_rows(store, "later", chosen.learners, first=tomorrow, within=timedelta(hours=12))
    return folder


async def claim(chosen: argparse.Namespace, _folder: Path) -> Figures:
    """A thousand due among so many that wait: one claim, committed."""
    async with await Store.open(url_of(None, await _waiting(chosen))) as store:
        taken = []
        for turn in range(TURNS):
            name = f"due-{chosen.turn}-{turn}"
            await filling.owe_rows(store, name, DUE, first=NOW - timedelta(minutes=1), within=timedelta(seconds=30))
            began = time.perf_counter()
            rows = await parts.claim(store, DUE)
            taken.append(time.perf_counter() - began)
            assert len(rows) == DUE
    return {"claim_ms": 1000 * median(taken), "rss_mb": memory()}


async def tide(chosen: argparse.Namespace, _folder: Path) -> Figures:
    """Fifty thousand fall due in one minute: the longest that the event loop stands still while they are claimed."""
    async with await Store.open(url_of(None, await _waiting(chosen))) as store:
        name = f"tide-{chosen.turn}"
        await filling.owe_rows(store, name, TIDE, first=NOW - timedelta(minutes=1), within=timedelta(seconds=59))
        longest = [0.0]
        watching = asyncio.create_task(_feel(longest))
        await asyncio.sleep(0.1)
        longest[0], began, taken = 0.0, time.perf_counter(), 0
        while rows := await parts.claim(store, parts.CLAIMED_AT_ONCE):
            taken += len(rows)
        seconds = time.perf_counter() - began
        watching.cancel()
        assert taken == TIDE, f"{taken} rows were claimed"
    return {"hold_ms": 1000 * longest[0], "tide_ms": 1000 * seconds}


async def _feel(longest: list[float]) -> None:
    """How much later than asked the loop comes back."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        longest[0] = max(longest[0], time.perf_counter() - before - 0.001)


CASES = {"bulk": bulk, "press": press, "broadcast": broadcast, "start": start, "claim": claim, "tide": tide}


def main() -> None:
    """Run one case."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.speed.attache", description=__doc__)
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--api", help="the stub's address")
    parser.add_argument("--messages", type=int, default=4_000, help="bulk messages, or presses")
    parser.add_argument("--in-flight", type=int, help="the peers' option; Attaché has a number of its own")
    parser.add_argument("--seconds", type=float, default=60, help="how long a broadcast lasts")
    parser.add_argument("--rate", type=float, default=30, help="the cap of the stub, calls a second")
    parser.add_argument("--taps", type=float, default=2, help="taps a second beside a broadcast")
    parser.add_argument("--alone", action="store_true", help="the taps without the broadcast")
    parser.add_argument("--work", help="folder in which large stores are kept from turn to turn")
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument("--turn", type=int, default=1, help="number of the round: another person taps in each")
    parser.add_argument("--stay", type=float, default=2, help="seconds for which a started service goes on")
    chosen = parser.parse_args()
    as_served = asyncio.Runner(loop_factory=swift_loop())  # as `attache run` does it
    with TemporaryDirectory(prefix="attache-case-") as folder, as_served as runner:
        tell(runner.run(CASES[chosen.case](chosen, Path(folder) / "data")))


if __name__ == "__main__":
    main()
