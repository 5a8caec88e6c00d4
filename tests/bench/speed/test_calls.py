"""What a delivered message costs, in Python calls: hardly different from run to run, whatever else the machine does."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from storage.store import Tx
from tests.bench.speed import filling, parts
from tests.support.processes import started

pytestmark = pytest.mark.slow
WARM, MANY = 100, 600
MOST = 300  # calls a message: claim, words, slot, request, answer, record, and the event loop's own; it took 266


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


async def test_a_broadcast_costs_at_most_so_many_calls_a_message(tmp_path: Path, stub: str) -> None:
    folder, counter = tmp_path / "data", Counter()
    await filling.people(folder, WARM + MANY)
    async with parts.sending_half(folder, stub) as service:
        await filling.owe_broadcast(service.store, 1, WARM)
        await parts.drain(service)
        await filling.owe_broadcast(service.store, WARM + 1, MANY)
        await service.store.change(counter.on_this_thread)
        await asyncio.gather(*(service.store.read(counter.on_this_thread) for _ in range(8)))
        sys.setprofile(counter)
        try:
            await parts.drain(service)
        finally:
            sys.setprofile(None)
        counted = counter.calls / MANY
        await service.store.change(off_this_thread)
    assert 100 < counted <= MOST, f"{counted:.0f} calls a message"
