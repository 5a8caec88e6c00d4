"""The people at their phones: they tap and write on, whether the service lives or not."""

import asyncio
from collections.abc import Sequence
from random import Random

from tests.kill.evidence import Done
from tests.kill.placing import COORDINATOR, Placed
from tests.kill.script import Act, Size, acts_of, mixed, with_broadcasts
from tests.support.processes import Remote

LONGEST_BREATH = 0.02  # seconds between two acts


class People:
    """Everybody, as one sequence of acts. `done` grows as they act; `allow` says how many they may have made."""

    def __init__(self, remote: Remote, placed: Placed, size: Size, rng: Random) -> None:
        choices = [[list(asked.choices) for asked in questions] for questions in placed.questions]
        acts = [acts_of(rng, each, len(placed.course.glossary)) for each in choices]
        self.acts: Sequence[tuple[int, Act]] = [*with_broadcasts(list(mixed(rng, acts)), size.broadcasts, COORDINATOR)]
        self.done: list[Done] = []
        self._remote, self._placed = remote, placed
        self._rng = Random(rng.random())  # noqa: S311 - breath, not secrets
        self._allowed = asyncio.Event()
        self._most = 0

    def allow(self, share: float) -> None:
        """They go on until this share of all is done, 0 to 1."""
        self._most = max(self._most, round(len(self.acts) * share))
        self._allowed.set()

    async def act(self) -> None:
        """All of it, in order."""
        for n, (who, each) in enumerate(self.acts):
            while n >= self._most:
                self._allowed.clear()
                await self._allowed.wait()
            self.done.append(await self._does(who, each))
            await asyncio.sleep(self._rng.uniform(0, LONGEST_BREATH))

    async def _does(self, who: int, act: Act) -> Done:
        number, message_id, words = self._placed.of(who, act)
        if message_id is None:
            told = await self._remote.post(f"/sandbox/people/{number}/says", text=words)
        else:
            tap = {"message_id": message_id, "data": words, "forged": True}
            told = await self._remote.post(f"/sandbox/people/{number}/taps", **tap)
        update_id, query = told["update_id"], told.get("callback_query_id")
        assert isinstance(update_id, int)
        return Done(update_id, number, who, act, str(query) if query else None)
