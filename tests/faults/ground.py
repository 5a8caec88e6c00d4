"""Where faults strike: a sandbox, a database and services as processes, and what they leave behind."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp

from storage.store import Store
from tests.faults.load import SEND_RATE, Load
from tests.kill.calm_clock import calm_clock
from tests.kill.lives import Lives
from tests.kill.places import Engine, in_folder, on_server
from tests.kill.placing import COORDINATOR, NOON
from tests.support.postgres import Cluster, cluster
from tests.support.processes import Remote, environment, sandbox_process


@dataclass
class Ground:
    """Everything that a fault may touch. `wrong` takes what a fault itself found to be wrong."""

    folder: Path
    session: aiohttp.ClientSession
    remote: Remote
    clock: str
    url: str
    store: Store
    cluster: Cluster | None
    services: list[Lives] = field(default_factory=list)
    load: Load | None = None
    wrong: list[str] = field(default_factory=list)
    began: datetime | None = None  # the fault, where that is later than its function

    def log(self, n: int = 0) -> Path:
        """What the nth service has told."""
        return self.folder / f"service-{n}.log"

    async def serve(self, url: str | None = None) -> Lives:
        """Start one more service, on this database or another, and wait until it is online."""
        more = {"ATTACHE_SEND_RATE": str(SEND_RATE), "ATTACHE_COORDINATORS": str(COORDINATOR)}
        more |= {"ATTACHE_CLOCK": self.clock, "ATTACHE_DATABASE_URL": url or self.url}
        log = self.log(len(self.services))
        one = Lives(environment(self.folder, self.remote.address, **more), log)
        self.services.append(one)
        await one.start()
        await one.online()
        return one

    def told(self, event: str, n: int = 0) -> int:
        """How often the nth service has logged this event."""
        lines = self.log(n).read_text(errors="replace").splitlines()
        events = [json.loads(line) for line in lines if line.startswith("{")]
        return sum(each.get("event") == event for each in events)

    def says(self, words: str, n: int = 0) -> bool:
        """Whether these words stand in the nth service's log."""
        return words in self.log(n).read_text(errors="replace")


@contextmanager
def server_for(engine: Engine) -> Iterator[Cluster | None]:
    """PostgreSQL while the block runs, where it is wanted."""
    if engine == "sqlite":
        yield None
        return
    with cluster() as ours:
        yield ours


@asynccontextmanager
async def ground_in(folder: Path, server: Cluster | None, turn: asyncio.Lock) -> AsyncIterator[Ground]:
    """An empty database and a sandbox; every service that was started is ended with the block.

    `turn` is for grounds in one process: it migrates one database at a time.
    """
    fresh = on_server(server.server) if server else in_folder
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        address = await stack.enter_async_context(sandbox_process(folder, NOON.isoformat()))
        clock = await stack.enter_async_context(calm_clock(NOON))
        url = await stack.enter_async_context(fresh(folder / "data"))
        async with turn:
            store = await stack.enter_async_context(await Store.open(url))
        ground = Ground(folder, session, Remote(session, address), clock, url, store, server)
        try:
            yield ground
        finally:
            await asyncio.gather(*(each.end() for each in ground.services))
