"""Other people beside the broadcast: each chooses, says how sure, and looks up a term, so many acts a second."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from bot import callbacks as b
from bot.callbacks import pack
from tests.support.processes import Remote

ROUND = 24  # people who act in turns, so that a person's acts are some seconds apart


@dataclass(frozen=True, slots=True)
class Person:
    """Telegram's number, the asking that is open, its right choice, and the message that holds it."""

    number: int
    asking: int
    choice: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Done:
    """An act as it was made; `query` where it was a tap."""

    at: float
    person: int
    query: str | None


def _acts(people: Sequence[Person], terms: Sequence[str]) -> Iterator[tuple[Person, str | None, str]]:
    """(who, the button's data or None, words), three of each."""
    looked_up = cycle(terms)
    for start in range(0, len(people), ROUND):
        some = people[start : start + ROUND]
        for each in some:
            yield each, pack(b.Choose(each.asking, each.choice)), ""
        for each in some:
            yield each, pack(b.Sure(each.asking, 1)), ""
        for each in some:
            yield each, None, f"/term {next(looked_up)}"


class People:
    """`done` grows while they act."""

    def __init__(self, remote: Remote, people: Sequence[Person], terms: Sequence[str]) -> None:
        self.done: list[Done] = []
        self._remote = remote
        self._acts = _acts(people, terms)
        self._under_way: set[asyncio.Task[None]] = set()

    async def act(self, rate: float, until: Callable[[], bool]) -> None:
        """So many acts a second, however slow the answers are, until that is so or nobody is left."""
        began, n = time.monotonic(), 0
        while not until() and (act := next(self._acts, None)) is not None:
            task = asyncio.create_task(self._do(*act))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            n += 1
            await asyncio.sleep(max(0.0, began + n / rate - time.monotonic()))
        await asyncio.gather(*self._under_way)

    async def _do(self, who: Person, data: str | None, words: str) -> None:
        at, query = time.time(), None
        if data is None:
            await self._remote.post(f"/sandbox/people/{who.number}/says", text=words)
        else:
            tap = {"message_id": who.message_id, "data": data, "forged": True}
            told = await self._remote.post(f"/sandbox/people/{who.number}/taps", **tap)
            query = str(told["callback_query_id"])
        self.done.append(Done(at, who.number, query))
