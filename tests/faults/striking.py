"""The faults: each begins, lasts so many seconds, and is over when its function returns."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from storage.engine import url_of
from storage.schema import delivery
from storage.store import Tx
from tests.faults.ground import Ground
from tests.kill.places import Engine

SLOWEST_TO_SAY = 20.0  # seconds until both of two pollers have said so
ENDED = ("sent", "failed", "unknown", "cancelled")

Strike = Callable[[Ground, float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """`seconds` is how long it lasts by itself; `shortest` how long in the quick form."""

    name: str
    what: str
    strike: Strike
    seconds: float
    shortest: float
    engines: tuple[Engine, ...] = ("sqlite", "postgres")
    replicas: int = 1


def _by_sandbox(*methods: str, **fields: object) -> Strike:
    async def strike(ground: Ground, seconds: float) -> None:
        for method in methods:
            await ground.remote.post("/sandbox/faults", method=method, count=None, **fields)
        await asyncio.sleep(seconds)
        await _no_faults(ground)

    return strike


async def _no_faults(ground: Ground) -> None:
    async with ground.session.delete(f"{ground.remote.address}/sandbox/faults") as answer:
        assert answer.status == 200


async def _outage(ground: Ground, seconds: float) -> None:
    await ground.remote.post("/sandbox/faults", kind="outage", seconds=seconds)
    await asyncio.sleep(seconds)


def _by_strace(injected: str, sentence: str) -> Strike:
    async def strike(ground: Ground, seconds: float) -> None:
        before = ground.log().stat().st_size
        async with _traced(ground.services[0].pid, injected):
            await asyncio.sleep(seconds)
        with ground.log().open("rb") as log:
            log.seek(before)
            if sentence.encode() not in log.read():
                ground.wrong.append(f"the log does not say {sentence!r}")

    return strike


@asynccontextmanager
async def _traced(pid: int, injected: str) -> AsyncIterator[None]:
    """System calls of all threads of a process fail while the block runs."""
    calls = injected.partition(":")[0]
    command = ["strace", "-f", "-q", "-p", str(pid), "-e", f"trace={calls}", "-e", f"inject={injected}"]
    tracer = await asyncio.create_subprocess_exec(*command, "-o", os.devnull, stderr=asyncio.subprocess.PIPE)
    try:
        yield
        if tracer.returncode is not None and tracer.stderr is not None:
            raise AssertionError(f"strace has ended: {(await tracer.stderr.read()).decode()}")
    finally:
        if tracer.returncode is None:
            tracer.terminate()  # it lets go of the process, which goes on
        await tracer.wait()


async def _restart(ground: Ground, seconds: float) -> None:
    assert ground.cluster is not None
    await asyncio.to_thread(ground.cluster.stop)
    await asyncio.sleep(seconds)
    ground.cluster.start()  # here: the server ends with the thread that started it


async def _stopped(ground: Ground, seconds: float) -> None:
    """The leader stands still with calls in the air, and wakes up when all it held is another's."""
    first = ground.services[0]
    await ground.remote.post("/sandbox/faults", method="sendMessage", kind="slow", count=None, seconds=1.0)
    await asyncio.sleep(2)
    os.kill(first.pid, signal.SIGSTOP)
    ground.began = datetime.now(UTC)
    await _no_faults(ground)
    try:
        await asyncio.sleep(seconds)
        settled = await ground.store.read(_settled)
    finally:
        os.kill(first.pid, signal.SIGCONT)
    doubted = {row for row, state in settled.items() if state == "unknown"}
    if not doubted:
        ground.wrong.append("nothing was in the air when the worker was stopped")
    await asyncio.sleep(3)
    after = await ground.store.read(_settled)
    moved = [row for row, state in settled.items() if after.get(row) != state]
    ground.wrong += [
        f"delivery {row} was {settled[row]} and is {after.get(row)} since the worker woke" for row in moved
    ]


async def _settled(tx: Tx) -> dict[int, str]:
    rows = await tx.all(select(delivery.c.id, delivery.c.state).where(delivery.c.state.in_(ENDED)))
    return {row.id: row.state for row in rows}


async def _two_pollers(ground: Ground, seconds: float) -> None:
    """Nobody touches a phone meanwhile: what the other one is given is the other one's."""
    assert ground.load is not None
    ground.load.hands.clear()
    await asyncio.sleep(1)
    other = await ground.serve(url_of(None, ground.folder / "other"))
    await asyncio.sleep(seconds)
    for n, who in enumerate(("first", "second")):
        if not await _said(ground, n):
            ground.wrong.append(f"the {who} of two pollers does not say so")
    await other.stop()
    ground.services.remove(other)
    ground.load.hands.set()


async def _said(ground: Ground, n: int) -> bool:
    for _ in range(int(SLOWEST_TO_SAY / 0.2)):
        if ground.told("poll.conflict", n):
            return True
        await asyncio.sleep(0.2)
    return False


SHOWING = ("sendMessage", "editMessageText", "answerCallbackQuery")
FULL = "is full: make room, nothing stored is lost"
FAILING = "cannot be opened or written to"
_ALL = (
    Fault("outage", "Telegram cuts every connection", _outage, 15, 3),
    Fault("502", "Telegram answers 502", _by_sandbox("*", kind="502"), 10, 3),
    Fault("cut-after", "connections are cut after acceptance", _by_sandbox("*", kind="cut-after", every=3), 10, 3),
    Fault("slow", "every fifth call is never answered", _by_sandbox(*SHOWING, kind="timeout-after", every=5), 15, 3),
    Fault("429", "a storm of 429s", _by_sandbox(*SHOWING[:2], kind="429", retry_after=3), 10, 3),
    Fault("429-bare", "429s that do not say how long", _by_sandbox(*SHOWING[:2], kind="429-bare"), 10, 3),
    Fault("full-disk", "no room on the disk", _by_strace("pwrite64:error=ENOSPC", FULL), 8, 3, ("sqlite",)),
    Fault("io-errors", "the disk fails", _by_strace("fdatasync,fsync:error=EIO", FAILING), 8, 3, ("sqlite",)),
    Fault("restart", "PostgreSQL dies and comes back", _restart, 5, 1, ("postgres",)),
    Fault("stopped", "a worker stands still past its lease", _stopped, 65, 65, ("postgres",), replicas=2),
    Fault("two-pollers", "two services poll with one token", _two_pollers, 5, 1),
)
FAULTS = {fault.name: fault for fault in _ALL}
