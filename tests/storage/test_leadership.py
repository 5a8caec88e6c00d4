"""One of several leads, and another follows within seconds, however the first one went."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url

from storage.leadership import LOCK, Alone, ByLock, Leadership, leadership_of
from tests.storage.conftest import sqlite_in
from tests.support.postgres import Server, cluster

pytestmark = pytest.mark.slow  # an advisory lock needs PostgreSQL

HOLDERS = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = {LOCK}"


class Candidate:
    """Works while it leads, and keeps what it was told."""

    def __init__(self, leadership: Leadership) -> None:
        self.leadership = leadership
        self.told: list[bool] = []
        self.at_work = 0

    async def _work(self) -> None:
        self.at_work += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.at_work -= 1

    @asynccontextmanager
    async def standing(self) -> AsyncIterator["Candidate"]:
        task = asyncio.create_task(self.leadership.lead(self._work, self.told.append))
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def leads(self, wanted: bool = True, *, within: float = 3) -> None:
        async with asyncio.timeout(within):
            while bool(self.at_work) is not wanted:
                await asyncio.sleep(0.01)


def candidate(url: str) -> Candidate:
    return Candidate(leadership_of(url))


async def test_on_sqlite_the_only_one_leads(tmp_path: object) -> None:
    leadership = leadership_of(sqlite_in(tmp_path))  # type: ignore[arg-type]  # a Path
    assert isinstance(leadership, Alone)
    async with Candidate(leadership).standing() as only:
        await only.leads()
        assert only.told == [True]


async def test_one_leads_and_the_other_stands_by(postgres: Server) -> None:
    async with postgres.database(migrated=False) as url, candidate(url).standing() as one:
        await one.leads()
        async with candidate(url).standing() as two:
            await asyncio.sleep(1.5)
            assert (one.at_work, two.at_work) == (1, 0)
            assert (one.told[-1], two.told[-1]) == (True, False)


async def test_two_databases_of_one_server_have_a_leader_each(postgres: Server) -> None:
    async with (
        postgres.database(migrated=False) as here,
        postgres.database(migrated=False) as there,
        candidate(here).standing() as one,
        candidate(there).standing() as two,
    ):
        await one.leads()
        await two.leads()


async def test_when_the_leader_ends_the_other_follows(postgres: Server) -> None:
    async with postgres.database(migrated=False) as url:
        async with candidate(url).standing() as one:
            await one.leads()
            standing = candidate(url).standing()
            two = await standing.__aenter__()
        assert one.at_work == 0
        await two.leads()
        await standing.__aexit__(None, None, None)


async def test_a_leader_whose_connection_is_ended_stops_at_once_and_tries_again(postgres: Server) -> None:
    async with postgres.database(migrated=False) as url, candidate(url).standing() as one:
        await one.leads()
        async with candidate(url).standing() as two:
            await asyncio.sleep(0.2)
            await postgres.says(f"SELECT pg_terminate_backend(pid) FROM ({HOLDERS}) AS holder", make_url(url).database)
            await one.leads(False, within=0.5)
            await two.leads()
            await asyncio.sleep(1.5)
            assert (one.at_work, two.at_work) == (0, 1), "whoever lost the lead left it to the other"
        await one.leads()


async def test_whoever_stands_still_loses_the_lead(postgres: Server) -> None:
    async with postgres.database(migrated=False) as url:
        frozen = ByLock(url)
        loop = asyncio.new_event_loop()
        work = Candidate(frozen)

        async def begins() -> asyncio.Task[None]:
            task = asyncio.ensure_future(frozen.lead(work._work, work.told.append))
            await work.leads()
            return task

        task = await asyncio.to_thread(loop.run_until_complete, begins())  # and from now on its loop stands still
        async with candidate(url).standing() as other:
            await other.leads(within=9)

        async def wakes() -> None:
            await work.leads(False)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        await asyncio.to_thread(loop.run_until_complete, wakes())
        loop.close()


async def test_a_server_that_goes_ends_the_lead_and_one_that_comes_back_gives_it_again() -> None:
    with cluster() as ours:
        async with candidate(ours.server.url()).standing() as one:
            await one.leads()
            await asyncio.to_thread(ours.stop)
            await one.leads(False, within=1)
            await asyncio.sleep(1.5)
            await asyncio.to_thread(ours.start)
            await one.leads()
        assert one.told[0] is True
        assert one.told[-2:] == [True, False]


async def test_work_that_ends_ends_the_lead_and_what_it_raises_is_told(postgres: Server) -> None:
    async with postgres.database(migrated=False) as url:

        async def nothing() -> None: ...

        async def refused() -> None:
            raise ValueError("no")

        told: list[bool] = []
        await leadership_of(url).lead(nothing, told.append)
        with pytest.raises(ValueError, match="no"):
            await leadership_of(url).lead(refused, told.append)
        assert told == [True, False] * 2
