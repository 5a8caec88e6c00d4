"""A course in fast motion: simulated officials study against the real service, and the sandbox's journal is counted."""

import asyncio
import json
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - simulated people need dice, seeded

from rich.console import Console

from bot import cohort_desk
from bot.clock import SystemClock
from bot.demo import officials
from bot.demo.officials import Answers, Habit, Official, Says, Wish
from bot.demo.phones import PAUSE, NotPossible, Phones, Time
from bot.demo.progress_bar import Bar
from bot.demo.stage import RIYADH, Stage, StageError, saturday_evening, stage
from bot.demo.tally import Tally, table, tally
from lessons.catalogue import built_in
from storage.engine import FILE

COHORT = "The week"
A_DAY = timedelta(days=1)
AT_ONCE = 12  # people whose taps arrive at the same moment
BLOCKS, UNBLOCKS = timedelta(days=2, hours=12), timedelta(days=4, hours=12)  # days 3 and 5, at noon
FAULTS = (  # a call that may have arrived is repeated only after its lease of a real minute: few of those
    {"method": "sendMessage", "kind": "429", "every": 15, "retry_after": 1, "count": None},
    {"method": "sendMessage", "kind": "cut-after", "every": 31, "count": 2},
    {"method": "sendMessage", "kind": "502", "every": 37, "count": 1},
    {"method": "sendMessage", "kind": "cut-before", "every": 41, "count": 1},
    {"method": "editMessageText", "kind": "cut-before", "every": 13, "count": 6},
    {"method": "answerCallbackQuery", "kind": "502", "every": 29, "count": 4},
    {"method": "getUpdates", "kind": "502", "every": 40, "count": 3},
)


async def play(*, learners: int, days: int, faults: bool, seed: int, keep: Path | None) -> bool:
    """Play so many days with so many officials and print the table; whether everything in it is as it must be.

    Raises StageError when the sandbox or the service cannot go on.
    """
    counted = await simulate(learners=learners, days=days, faults=faults, seed=seed, keep=keep)
    out = Console()
    out.print(table(counted, learners=learners, days=days))
    for refusal, times in Counter(counted.refusals).items():
        out.print(f"Refused {times} times: {refusal}", markup=False)
    for chat, asking in counted.stuck:
        out.print(f"Asking {asking} could not be answered in chat {chat}.")
    for (chat, asking), extra in counted.doubled.items():
        out.print(f"Asking {asking} reached chat {chat} {extra + 1} times.")
    return counted.holds()


async def simulate(*, learners: int, days: int, faults: bool, seed: int, keep: Path | None) -> Tally:
    """The same without the table."""
    if keep is not None and (keep / FILE).exists():
        raise StageError(f"--keep {keep} holds an earlier run; give a new folder.")
    start_at = saturday_evening(SystemClock().machine_now())
    async with stage(keep=keep, start_at=start_at, typing=False) as made:
        course = built_in()
        now = (await made.phones.rate(0)).now
        midnight = now.astimezone(RIYADH).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        end = midnight + days * A_DAY
        cohort = await cohort_desk.create_cohort(made.settings, course=course.id, name=COHORT, uses=learners)
        await made.serve()
        cast = officials.cast(learners, Random(seed))  # noqa: S311 - a game
        with Bar(midnight, days) as bar:
            week = Week(made, cast, Answers(course), str(cohort["code"]), bar, midnight=midnight)
            await week.run(end, faults=faults)
        journal = await made.phones.journal()
        if keep is not None:
            (keep / "journal.json").write_text(json.dumps(journal, ensure_ascii=False), "utf-8")
        struck = Counter(call["fault"] for call in journal["calls"] if call.get("fault"))
        return tally(
            journal,
            Answers(course),
            blocks=week.blocks,
            faults=dict(struck) | ({"kill -9": week.kills} if faults else {}),
            willing=week.willing(),
            since=end - A_DAY,
        )


class Week:
    """The loop: wind to the next thing that anybody does, look at the phones, act."""

    def __init__(
        self,
        made: Stage,
        cast: Sequence[Official],
        answers: Answers,
        code: str,
        bar: Bar,
        *,
        midnight: datetime,
    ) -> None:
        self._stage = made
        self._phones: Phones = made.phones
        self._cast = cast
        self._answers = answers
        self._code = code
        self._bar = bar
        self._hand = asyncio.Semaphore(AT_ONCE)
        self._waiting: set[int] = set()  # whose last act has no answer yet
        self._wishes: dict[int, Wish | None] = {}
        self._moves = [
            (midnight + when, official, act)
            for official in cast
            if official.habit is Habit.BLOCKING
            for when, act in ((BLOCKS, "blocks"), (UNBLOCKS, "unblocks"))
        ]
        self._kill_at: datetime | None = None
        self._seen: Time
        self.kills = 0
        self.blocks = 0

    async def run(self, end: datetime, *, faults: bool) -> None:
        """Until `end`."""
        for one in self._cast:
            await self._phones.meet(
                id=one.id, first_name=one.first_name, last_name=one.last_name, place=one.place, zone=one.zone
            )
        self._seen = await self._phones.settled()
        await self._enrol()
        if faults:
            self._kill_at = self._seen.now + (end - self._seen.now) / 2
            for fault in FAULTS:
                await self._phones.fault(**fault)
        while self._seen.now < end:
            self._seen = await self._phones.wind(self._next(end))
            self._bar.show(self._seen.now)
            await self._move()
            await self._study()
        if faults:
            await self._phones.no_faults()
            await self._phones.settled()

    def willing(self) -> frozenset[int]:
        """Who answers within a day: not the silent, and not who still blocks the bot."""
        away = {official.id for _, official, act in self._moves if act == "unblocks"}
        return frozenset(one.id for one in self._cast if one.habit is not Habit.SILENT and one.id not in away)

    def _next(self, end: datetime) -> datetime:
        human = [one.planned_at for one in self._cast if one.planned_at]
        moves = [at for at, _, _ in self._moves]
        service = [self._seen.next_due_at] if self._seen.next_due_at else []
        return max(self._seen.now, min([*human, *moves, *service, end]))

    async def _enrol(self) -> None:
        """Everybody goes through the dialogue, before any lesson is due."""
        patience = 200  # looks
        while not all(one.enrolled for one in self._cast):
            await self._look(self._cast)
            acting = [one for one in self._cast if self._wishes[one.id]]
            if not acting and self._waiting and patience:
                patience -= 1
                await asyncio.sleep(PAUSE)
            elif not acting:
                stuck = next(one for one in self._cast if not one.enrolled)
                raise StageError(
                    f"The dialogue of enrolling has come to a stop for {stuck.first_name} ({stuck.place})."
                )
            await self._act(acting)
            self._bar.enrolled(sum(one.enrolled for one in self._cast), len(self._cast))

    async def _move(self) -> None:
        """Blocks and unblocks that are due."""
        due = [move for move in self._moves if move[0] <= self._seen.now]
        self._moves = [move for move in self._moves if move not in due]
        for _, official, act in due:
            await self._phones.does(official.id, act)
            if act == "unblocks":
                await self._phones.says(official.id, "/start")
            else:
                self.blocks += 1
        if due:
            self._seen = await self._phones.settled()

    async def _study(self) -> None:
        """Whoever has taken the phone goes on until nothing is left on it."""
        looking: Sequence[Official] = self._cast
        while True:
            await self._look(looking)
            for one in looking:
                if self._wishes[one.id] is None:
                    one.planned_at = None
                elif one.planned_at is None:
                    one.planned_at = self._seen.now + one.delay()
            looking = [one for one in looking if one.planned_at and one.planned_at <= self._seen.now]
            if not looking:
                return
            await self._act(looking)

    async def _look(self, whom: Sequence[Official]) -> None:
        async def look(one: Official) -> None:
            async with self._hand:
                seen = await self._phones.screen(one.id)
            (self._waiting.add if seen.waiting else self._waiting.discard)(one.id)
            self._wishes[one.id] = officials.wish(one, seen, self._answers, invitation=self._code)

        await asyncio.gather(*(look(one) for one in whom))

    async def _act(self, whom: Sequence[Official]) -> None:
        """One act each, a handful of people at a time, until all of it is answered."""
        for start in range(0, len(whom), AT_ONCE):
            acts = [self._do(one) for one in whom[start : start + AT_ONCE]]
            if self._kill_at and self._seen.now >= self._kill_at and len(acts) > 1:
                await self._with_a_kill(acts)
            else:
                await asyncio.gather(*acts)
            self._seen = await self._phones.settled()

    async def _with_a_kill(self, acts: Sequence[Coroutine[None, None, None]]) -> None:
        """The service dies as in a power cut while taps arrive, and comes back."""
        self._kill_at = None
        self.kills += 1
        hands = [asyncio.ensure_future(act) for act in acts]
        await asyncio.wait(hands, return_when=asyncio.FIRST_COMPLETED)
        await self._stage.kill_service()
        await asyncio.gather(*hands)
        await self._stage.serve()

    async def _do(self, one: Official) -> None:
        wished = self._wishes[one.id]
        if wished is None:
            return
        officials.remember(one, wished)
        with suppress(NotPossible):  # the button went away between the look and the hand
            if isinstance(wished, Says):
                await self._phones.says(one.id, wished.text)
                return
            await self._phones.taps(one.id, wished.key)
            for _ in range(1, wished.times):
                await self._phones.taps(one.id, wished.key, forged=True)
