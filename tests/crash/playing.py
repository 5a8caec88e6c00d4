"""One run: the same morning, a life that ends at a given crossing, another one, perhaps ending too, and then rest."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from pydantic import SecretStr
from structlog.typing import EventDict

from bot import app
from bot.office import Office
from bot.settings import Settings
from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.crash.evidence import Evidence, gather, half_done, in_doubt
from tests.crash.fuse import LIFE, Crossing, Died, Fuse, tracked
from tests.crash.ledger import Verdict, judge
from tests.crash.life import Life, WoundClock, lived
from tests.crash.places import Place
from tests.crash.placing import MORNING, NIGHTFALL, Placed, place
from tests.crash.script import LAST, Phones
from tests.support.world import TOKEN
from tests.year.few_lessons import course

RESTART = timedelta(seconds=7)  # until the next life: what the dead one had received is free by then
REST = timedelta(minutes=10)  # between two acts, when something is still due
MARGIN = timedelta(seconds=0.3)  # a pause is a little longer than was asked for
SECONDS = 20  # that one step may take before it counts as stuck


@dataclass
class Run:
    """What came of it. `at`: the crossing at which each life was to end; `crossings`: those of each life."""

    at: tuple[Crossing, ...]
    crossings: list[list[Crossing]] = field(default_factory=list)
    deaths: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    evidence: Evidence | None = None
    seconds: float = 0.0


class Stage:
    """A sandbox and a database for any number of runs. `async with stage(place)` is the way in."""

    def __init__(self, sandbox: Sandbox, database: Place, office: Office) -> None:
        self.sandbox = sandbox
        self.database = database
        self.office = office
        self.clock = WoundClock(MORNING)
        self.placed: Placed
        self.usual: frozenset[str] = frozenset()  # keys of what is owed when nobody dies
        self.errors: list[str] = []
        self._lives = 0

    async def prepare(self) -> None:
        """Put everybody in their place, and see what a run without a death comes to."""
        self.placed = await place(self.database.store(), self.office)
        await self.database.keep()
        undisturbed = await self.play()
        assert undisturbed.evidence is not None
        assert undisturbed.verdict.sound, undisturbed.verdict.faults
        assert not undisturbed.verdict.doubted
        self.usual = undisturbed.evidence.named()

    async def play(self, *at: Crossing) -> Run:
        """A life for each of `at`, which ends at that crossing, and one more that serves to the end."""
        began, run = time.monotonic(), Run(at)
        phones = Phones(self.sandbox.world, self.placed)
        await self.database.fresh()
        self.clock.begin(MORNING)
        self.errors.clear()
        phones.begin()
        playing = _Playing(self, run, Evidence(phones), list(at))
        try:
            await playing.play()
        except Exception as error:  # whatever breaks is a finding of this run, and the others go on
            run.verdict.faults["never comes to rest"] = [f"{playing.step}: {type(error).__name__} {error}"]
        run.seconds = time.monotonic() - began
        return run

    def new_life(self, at: Crossing | None) -> Life:
        """Built on what the database holds."""
        self._lives += 1
        store = self.database.store()
        office = replace(self.office, owner=f"life {self._lives}")
        return Life(office.settings, store, self.clock, office, Fuse(at, given_up=self.database.gives_up))

    def heard(self, _log: object, level: str, event: EventDict) -> EventDict:
        """The log: what breaks is written down, unless it breaks because its life is over."""
        life = LIFE.get()
        if level in ("error", "exception", "critical") and not (life and life.died.is_set()):
            self.errors.append(f"{event['event']} ({event.get('kind', '')})")
        raise structlog.DropEvent


class _Playing:
    """The course of one run."""

    def __init__(self, stage: Stage, run: Run, evidence: Evidence, at: list[Crossing]) -> None:
        self._stage = stage
        self._run = run
        self._evidence = evidence
        self._at = at
        self._life: Life | None = None
        self._dead: Life | None = None
        self.step = ""

    async def play(self) -> None:
        try:
            for step in self._evidence.phones.steps():
                self.step = step
                async with asyncio.timeout(SECONDS):
                    await self._rest(NIGHTFALL if step == LAST else self._stage.clock.at + REST)
                assert self._life is not None
                if await half_done(self._life.store):
                    self._evidence.half_done.append(step)
            assert self._life is not None
            await gather(self._life.store, self._evidence, self._stage.clock.at)
            self._run.evidence = self._evidence
            self._run.verdict = judge(self._evidence, self._stage.usual, self._stage.errors)
        finally:
            await self._end()

    async def _rest(self, until: datetime) -> None:
        """Serve, and wind the clock to whatever is due next, until nothing is before that instant."""
        clock = self._stage.clock
        while True:
            try:
                life = self._life or await self._begin()
                at = await lived(life.fuse, life.serve())
            except Died:
                await self._died()
                continue
            if at is None or at > until:
                return
            await self._wind(at - clock.at + MARGIN)

    async def _begin(self) -> Life:
        life = self._life = self._stage.new_life(self._at.pop(0) if self._at else None)
        if self._dead is not None:
            self._evidence.deaths.append(await in_doubt(life.store, self._dead.owner, self._dead.fuse.begun))
            self._dead = None
        await lived(life.fuse, life.begin(self._stage.sandbox))
        return life

    async def _died(self) -> None:
        life, self._life = self._life, None
        self._dead = life
        assert life is not None
        self._run.deaths += 1
        self._run.crossings.append(life.fuse.crossings)
        await life.end()
        await self._wind(RESTART)

    async def _wind(self, by: timedelta) -> None:
        self._stage.clock.wind(by)
        await self._stage.database.passes(by)

    async def _end(self) -> None:
        if self._life is not None:
            self._run.crossings.append(self._life.fuse.crossings)
            await self._life.end()


@asynccontextmanager
async def stage(database: AbstractAsyncContextManager[Place]) -> AsyncIterator[Stage]:
    """Everything that runs have in common; the log goes to the stage while the block lasts."""
    tracked(asyncio.get_running_loop())
    unlimited = Limits(global_per_second=None, chat_burst=None, chat_per_second=None, callback_seconds=None)
    async with database as ready, Sandbox(token=TOKEN, start_at=MORNING, limits=unlimited) as sandbox:
        settings = Settings(
            bot_token=SecretStr(TOKEN),
            bot_api=sandbox.address,
            database_url=ready.url,
            http_port=0,
            chat_pace=0,
            undo_seconds=0,
            typing_seconds=0,
        )
        made = Stage(sandbox, ready, replace(app.office(settings), courses={"few": course()}))
        configured = structlog.get_config()
        structlog.configure(processors=[made.heard], cache_logger_on_first_use=False)
        try:
            await made.prepare()
            yield made
        finally:
            structlog.configure(**configured)
