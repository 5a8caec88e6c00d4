"""What all peers in Python share: the card, the store as the tutorials make it, and the options. aiosqlite only."""

import argparse
import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiosqlite

from tests.bench.speed.measure import Figures, Watch, tell, under_way
from tests.bench.speed.stub.control import Control

CARD: dict[str, Any] = json.loads((Path(__file__).parent / "card.json").read_text("utf-8"))
TOKEN = "4200000001:AAtestTESTtestTESTtestTESTtestTEST000"
WARM = 200  # messages or presses before the clock starts
FIRST_CHAT = 100_000
QUIET_END = 5  # seconds of a broadcast after the last tap, in which the slow ones may still be answered

Send = Callable[[int, str], Awaitable[int]]  # chat, text → message id


def fill(path: Path, many: int) -> None:
    """So many messages to be sent, and an empty table of answers; write-ahead log, every commit flushed."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE delivery(id INTEGER PRIMARY KEY, chat INT, text TEXT, state TEXT, message INT)")
        db.execute("CREATE TABLE answer(id INTEGER PRIMARY KEY, chat INTEGER, message INTEGER, data TEXT)")
        rows = ((FIRST_CHAT + n, CARD["text"], "pending") for n in range(many))
        db.executemany("INSERT INTO delivery(chat, text, state) VALUES (?, ?, ?)", rows)
    db.close()


async def opened(path: Path) -> aiosqlite.Connection:
    """One connection for all, as the tutorials have it."""
    db = await aiosqlite.connect(path)
    await db.execute("PRAGMA synchronous = FULL")
    return db


async def deliver(db: aiosqlite.Connection, ids: Iterator[int], send: Send) -> None:
    """One of the workers: select one, send it, record it and commit."""
    for each in ids:
        async with db.execute("SELECT chat, text FROM delivery WHERE id = ?", (each,)) as found:
            row = await found.fetchone()
        assert row is not None
        message = await send(row[0], row[1])
        await db.execute("UPDATE delivery SET state = 'sent', message = ? WHERE id = ?", (message, each))
        await db.commit()


async def bulk(chosen: argparse.Namespace, send: Send) -> None:
    """Deliver a warm-up, then the messages that count."""
    with TemporaryDirectory(prefix="attache-peer-") as folder:
        path = Path(folder) / "peer.db"
        fill(path, WARM + chosen.messages)
        db = await opened(path)
        ids = iter(range(1, WARM + 1))
        await asyncio.gather(*(deliver(db, ids, send) for _ in range(chosen.in_flight)))
        watch, ids = Watch(), iter(range(WARM + 1, WARM + chosen.messages + 1))
        await asyncio.gather(*(deliver(db, ids, send) for _ in range(chosen.in_flight)))
        tell(watch.read(chosen.messages))
        await db.close()


class Answers:
    """Presses as they are recorded: one row and one commit each."""

    def __init__(self, db: aiosqlite.Connection) -> None:
        self._db = db
        self._many = 0
        self._awaited = 0
        self._all = asyncio.Event()

    async def record(self, chat: int, message: int, data: str) -> None:
        """Durable when it returns."""
        await self._db.execute("INSERT INTO answer(chat, message, data) VALUES (?, ?, ?)", (chat, message, data))
        await self._db.commit()
        self._many += 1
        if self._many >= self._awaited:
            self._all.set()

    async def tapped(self, control: Control, first: int, many: int) -> None:
        """So many people tap at once; returns when all are recorded."""
        self._awaited = self._many + many
        self._all.clear()
        control.taps(taps(first, many))
        await self._all.wait()


def taps(first: int, many: int) -> list[tuple[int, int, str]]:
    """Taps of different people on cards of their own."""
    return [(FIRST_CHAT + n, 5_000_000 + n, "a:1042:agency") for n in range(first, first + many)]


async def press(chosen: argparse.Namespace, answers: Answers) -> None:
    """With the bot polling already: a warm-up, then the presses that count."""
    control = Control(chosen.api)
    await answers.tapped(control, 0, WARM)
    control.reset()
    watch = Watch()
    await answers.tapped(control, WARM, chosen.messages)
    tell(watch.read(chosen.messages))


async def broadcast(chosen: argparse.Namespace, db: aiosqlite.Connection, send: Send, workers: int) -> None:
    """With the bot polling already: a broadcast for so many seconds, other people's taps beside."""
    control = Control(chosen.api)
    control.reset()
    watch, ids = Watch(), iter(range(1, int(chosen.rate * (chosen.seconds + 5)) + 1))
    control.taps(taps(500_000, int(chosen.taps * (chosen.seconds - QUIET_END))), rate=chosen.taps)
    working = [asyncio.create_task(deliver(db, ids, send)) for _ in range(workers)]
    await asyncio.sleep(chosen.seconds)
    counted = control.figures()
    for each in working:
        each.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    told: Figures = watch.read(counted["accepted"])
    tell(told | under_way(counted, chosen.rate))


def options(name: str, words: str | None) -> argparse.Namespace:
    """The options of a peer's case."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=words)
    parser.add_argument("bench", choices=("bulk", "press", "broadcast"))
    parser.add_argument("--api", required=True, help="the stub's address")
    parser.add_argument("--messages", type=int, default=4_000, help="bulk messages, or presses")
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60, help="how long a broadcast lasts")
    parser.add_argument("--rate", type=float, default=30, help="the cap of the stub, calls a second")
    parser.add_argument("--taps", type=float, default=2, help="taps a second beside a broadcast")
    return parser.parse_args()
