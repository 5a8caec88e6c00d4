"""What a message and a press cost in Python calls: hardly different from run to run, whatever else the machine does."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from storage.engine import READERS
from storage.store import Store, Tx
from tests.bench.speed import filling, parts
from tests.bench.speed.attache import tapped
from tests.bench.speed.stub.control import Control
from tests.support.processes import started

pytestmark = pytest.mark.slow
WARM, MANY = 100, 600
MOST = 300  # calls a message: claim, words, slot, request, answer, record, and the event loop's own; it took 266
MOST_OF_A_PRESS = 1390  # poll, inbox, the whole change, two requests, done, and the event loop's own; it took 1352


@pytest.fixture
async def stub(tmp_path: Path) -> AsyncIterator[str]:
    log = tmp_path / "stub.log"
    async with started("tests.bench.speed.stub", "--port", "0", env={}, log=log), asyncio.timeout(20):
        while not (found := re.search(r"ready on (http\S+)", log.read_text())):
            await asyncio.sleep(0.05)
        yield found[1]


class Counter:
    """Counts the Python functions that are called on the threads it is put on."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _frame: FrameType, event: str, _argument: Any) -> None:
        self.calls += event == "call"

    async def on_this_thread(self, _tx: Tx) -> None:
        sys.setprofile(self)


async def off_this_thread(_tx: Tx) -> None:
    sys.setprofile(None)


@asynccontextmanager
async def counting(store: Store) -> AsyncIterator[Counter]:
    """On this thread, the one that writes, and those that read."""
    counter = Counter()
    await store.change(counter.on_this_thread)
    await asyncio.gather(*(store.read(counter.on_this_thread) for _ in range(2 * READERS)))
    sys.setprofile(counter)
    try:
        yield counter
    finally:
        sys.setprofile(None)
        counted = counter.calls
        await store.change(off_this_thread)
        counter.calls = counted


async def test_a_broadcast_costs_at_most_so_many_calls_a_message(tmp_path: Path, stub: str) -> None:
    folder = tmp_path / "data"
    await filling.people(folder, WARM + MANY)
    async with parts.sending_half(folder, stub) as service:
        await filling.owe_broadcast(service.store, 1, WARM)
        await parts.drain(service)
        await filling.owe_broadcast(service.store, WARM + 1, MANY)
        async with counting(service.store) as counter:
            await parts.drain(service)
    counted = counter.calls / MANY
    assert 100 < counted <= MOST, f"{counted:.0f} calls a message"


async def test_a_press_costs_at_most_so_many_calls(tmp_path: Path, stub: str) -> None:
    folder, control = tmp_path / "data", Control(stub)
    await filling.people(folder, WARM + MANY)
    async with parts.serving(folder, stub, parts.LIFTED) as service:
        await tapped(control, filling.taps(1, WARM))
        control.reset()
        counted_taps = filling.taps(WARM + 1, MANY)
        async with counting(service.store) as counter:
            await tapped(control, counted_taps)
    counted = counter.calls / MANY
    assert 500 < counted <= MOST_OF_A_PRESS, f"{counted:.0f} calls a press"
