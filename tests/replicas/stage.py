"""What stands before a run: a filled database, phones at the sandbox, the replicas as processes."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp
from sqlalchemy import make_url, text

from lessons import catalogue
from storage.engine import url_of
from storage.moving import move
from storage.store import Store, Tx
from tests.bench.enrolled import NOW
from tests.bench.speed import filling
from tests.kill.calm_clock import calm_clock
from tests.replicas.people import Person
from tests.support.postgres import Server, cluster
from tests.support.processes import TOKEN, Remote, environment, started
from tests.support.replicas import in_turns

Engine = Literal["sqlite", "postgres"]
Way = Literal["polling", "webhook"]
COORDINATOR = 9001
PLACED_AT_ONCE = 20  # requests to the sandbox
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Receivers of the broadcast, and the others, who tap: numbers from the first on."""

    receivers: int
    others: int

    @property
    def receiving(self) -> range:
        """Telegram's numbers of those who receive."""
        return range(filling.FIRST_CHAT + 1, filling.FIRST_CHAT + 1 + self.receivers)

    @property
    def tapping(self) -> range:
        """Telegram's numbers of the others."""
        return range(self.receiving.stop, self.receiving.stop + self.others)


@contextmanager
def server_for(engine: Engine) -> Iterator[Server | None]:
    """PostgreSQL while the block lasts, where it is wanted."""
    if engine == "sqlite":
        yield None
        return
    with cluster() as ours:
        yield ours.server


@asynccontextmanager
async def database(folder: Path, server: Server | None, crowd: Crowd) -> AsyncIterator[str]:
    """Everybody in the middle of a course, the others in a cohort of their own; the address."""
    await filling.people(folder, crowd.receivers + crowd.others)
    ours = url_of(None, folder)
    async with await Store.open(ours) as store:
        await store.change(lambda tx: _two_cohorts(tx, crowd))
    if server is None:
        yield ours
        return
    async with server.database() as url:
        await move(ours, url)
        await server.says("VACUUM ANALYZE", make_url(url).database)  # which the server does by itself, a minute later
        yield url


async def _two_cohorts(tx: Tx, crowd: Crowd) -> None:
    await tx.run(
        text(
            "INSERT INTO cohort(id, course_id, name, start_on, slot, created_at) "
            "SELECT 2, course_id, 'Others', start_on, slot, created_at FROM cohort WHERE id = 1"
        )
    )
    apart = text("UPDATE enrolment SET cohort_id = 2 WHERE id > :many")
    await tx.run(apart.bindparams(many=crowd.receivers))


async def phones(remote: Remote, session: aiohttp.ClientSession, crowd: Crowd) -> list[Person]:
    """Everybody has a phone; those who tap have their question on it. Then Telegram's limits hold."""
    await remote.post("/sandbox/limits", global_per_second=None, chat_burst=None, chat_per_second=None)
    gate = asyncio.Semaphore(PLACED_AT_ONCE)

    async def meet(who: int) -> None:
        async with gate:
            await remote.post("/sandbox/people", id=who, first_name="Official", started=True)

    async def ask(who: int) -> int:
        async with gate:
            told: Any = await remote.post(f"/bot{TOKEN}/sendMessage", chat_id=who, text="A question came here.")
            return int(told["result"]["message_id"])

    await asyncio.gather(*(meet(who) for who in (COORDINATOR, *crowd.receiving, *crowd.tapping)))
    messages = await asyncio.gather(*(ask(who) for who in crowd.tapping))
    await remote.post("/sandbox/limits", global_per_second=30, chat_burst=3, chat_per_second=1.0)
    choice = catalogue.built_in().lessons[1].questions[0].key
    return [
        Person(who, who - filling.FIRST_CHAT, choice, message)
        for who, message in zip(crowd.tapping, messages, strict=True)
    ]


@dataclass(slots=True)
class Replica:
    """A service as a process."""

    process: asyncio.subprocess.Process
    log: Path
    port: int

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return cpu_of(self.process.pid)

    async def sent(self, session: aiohttp.ClientSession) -> int:
        """How much of the broadcast it has sent."""
        async with session.get(f"http://127.0.0.1:{self.port}/metrics") as answer:
            found = re.search(
                r'^attache_deliveries_total\{kind="broadcast",state="sent"\} (\S+)', await answer.text(), re.MULTILINE
            )
        return int(float(found[1])) if found else 0


def cpu_of(process: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@asynccontextmanager
async def replicas(
    folder: Path, url: str, address: str, *, number: int, way: Way, rate: float
) -> AsyncIterator[Sequence[Replica]]:
    """So many, online."""
    async with AsyncExitStack() as stack:
        clock = await stack.enter_async_context(calm_clock(NOW))
        doors = await stack.enter_async_context(in_turns(number))
        ours = []
        for n, door in enumerate(doors):
            more = {"ATTACHE_DATABASE_URL": url, "ATTACHE_CLOCK": clock, "ATTACHE_SEND_RATE": str(rate)}
            more |= {"ATTACHE_COORDINATORS": str(COORDINATOR), "ATTACHE_HTTP_PORT": str(door["http_port"])}
            if way == "webhook":
                more |= {"ATTACHE_WEBHOOK_URL": door["webhook_url"]}
                more |= {"ATTACHE_WEBHOOK_SECRET": door["webhook_secret"].get_secret_value()}
            log, env = folder / f"replica-{n}.log", environment(folder, address, **more)
            process = await stack.enter_async_context(started("bot", "run", env=env, log=log))
            ours.append(Replica(process, log, int(door["http_port"])))
        async with asyncio.timeout(60):
            while not all('"service.online"' in each.log.read_text() for each in ours):
                assert all(each.process.returncode is None for each in ours), ours[0].log.read_text()[-2000:]
                await asyncio.sleep(0.05)
        yield ours
