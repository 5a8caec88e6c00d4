"""Several services on one PostgreSQL: nothing is lost, nothing is done twice, and one person's updates go in order."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import make_url, select
from structlog.testing import capture_logs

from bot import agenda
from bot.app import Service
from lessons import catalogue
from lessons.course import CourseId
from lessons.enrolment import CohortId
from scheduler.places import Found
from storage import broadcasts, cohorts, enrolments, people
from storage.leadership import LOCK
from storage.replicas import BEAT
from storage.schema import replica
from storage.store import Tx
from tests.bot.rim import free_port, until
from tests.support.postgres import Server
from tests.support.processes import Remote, environment, sandbox_process, started
from tests.support.replicas import Replicas, in_turns, replicas
from tests.support.world import COORDINATOR, Phone, World, a_world

pytestmark = pytest.mark.slow  # needs PostgreSQL

TERMS = [term.term for term in catalogue.built_in().glossary][:40]
DUE = 100 if "REPLICAS_LONG" in os.environ else 30  # people
SUNDAY_MORNING = datetime(2026, 11, 22, 5, 30, 1, tzinfo=UTC)  # 08:30 in Riyadh
END_LEADER = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
    f"AND (classid::bigint << 32) + objid::bigint = {LOCK}"
)


@asynccontextmanager
async def shared_world(folder: Path, postgres: Server) -> AsyncIterator[World]:
    async with postgres.database() as url, a_world(folder, database_url=url, send_rate=1000) as world:
        yield world


async def crowd(world: World, number: int) -> list[Phone]:
    return [await world.phone(f"Official {n}", 1000 + n) for n in range(number)]


async def writes(world: World, who: Phone, *words: str) -> list[int]:
    """One text after the other, without waiting for answers; the numbers of the updates."""
    return [(await world.post(f"/sandbox/people/{who.id}/says", text=each))["update_id"] for each in words]


async def everybody_asks(world: World, officials: list[Phone], number: int) -> list[int]:
    """Each asks for so many terms, all at the same time."""
    asked = [writes(world, each, *(f"/term {term}" for term in TERMS[:number])) for each in officials]
    return sorted(update for updates in await asyncio.gather(*asked) for update in updates)


async def answers(who: Phone) -> list[str]:
    """The terms that were explained, in the order of the answers."""
    return [next(term for term in TERMS if bubble.text.startswith(term)) for bubble in await who.bubbles()]


async def test_updates_that_reach_two_replicas_in_turns_are_answered_in_order_and_once(
    tmp_path: Path, postgres: Server
) -> None:
    async with (
        shared_world(tmp_path, postgres) as world,
        in_turns(2, twice_every=7) as settings,
        replicas(world, 2, settings) as made,
    ):
        officials = await crowd(world, 20)
        updates = await everybody_asks(world, officials, 10)
        await world.settled()
        assert made.shares == updates, "each is served by one of them"
        assert min(len(served) for served in made.served) > 60, "both have work"
        for each in officials:
            assert await answers(each) == TERMS[:10]
        assert (await world.journal())["refusals"] == []


async def test_when_the_leader_loses_its_connection_another_polls_and_nothing_is_lost(
    tmp_path: Path, postgres: Server
) -> None:
    async with shared_world(tmp_path, postgres) as world, replicas(world, 2) as made:
        first = await made.leader()
        officials = await crowd(world, 10)
        asking = asyncio.create_task(_keep_asking(world, officials))
        await asyncio.sleep(0.5)
        began = time.monotonic()
        await postgres.says(END_LEADER, make_url(str(world.settings.database_url)).database)
        await made.leader(other_than=first)
        assert time.monotonic() - began < 3
        assert first.receiving.leads is False
        assert first.health.unready() == first.health.troubles() == []
        updates = await asking
        await world.settled()
        assert made.shares == updates
        for each in officials:
            assert await answers(each) == TERMS[:20]


async def _keep_asking(world: World, officials: list[Phone]) -> list[int]:
    updates = []
    for term in TERMS[:20]:
        updates += [(await writes(world, each, f"/term {term}"))[0] for each in officials]
        await asyncio.sleep(0.05)
    return updates


async def test_whoever_stands_by_says_so_and_is_ready(tmp_path: Path, postgres: Server) -> None:
    ports = [{"http_port": free_port()} for _ in range(2)]
    async with shared_world(tmp_path, postgres) as world, replicas(world, 2, ports) as made:
        leader = await made.leader()
        told = {each is leader: await _pages(each) for each in made.services}
        assert told[True]["alive"] == {"alive": True, "troubles": []}
        assert told[False]["alive"] == {"alive": True, "troubles": [], "stands_by": True}
        assert {pages["ready"]["ready"] for pages in told.values()} == {True}
        assert [told[leads]["leads"] for leads in (True, False)] == ["1.0", "0.0"]
        before = await _leases(leader)
        await asyncio.sleep(BEAT + 1)
        assert all(lease > before[owner] for owner, lease in (await _leases(leader)).items()), "both say that they live"
    assert len(before) == 2


async def _leases(service: Service) -> dict[str, datetime]:
    rows = await service.store.read(lambda tx: tx.all(select(replica)))
    return {row.owner: row.lease_until for row in rows}


async def _pages(service: Service) -> dict[str, Any]:
    url = f"http://127.0.0.1:{service.settings.http_port}"
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{url}/healthz") as alive, client.get(f"{url}/readyz") as ready:
            found = {"alive": await alive.json(), "ready": await ready.json()}
        async with client.get(f"{url}/metrics") as metrics:
            (leads,) = re.findall(r"^attache_leads (\S+)", await metrics.text(), re.MULTILINE)
    return found | {"leads": leads}


async def test_who_is_due_on_three_replicas_gets_one_lesson_by_one_look(tmp_path: Path, postgres: Server) -> None:
    async with shared_world(tmp_path, postgres) as world:
        officials = await crowd(world, DUE)
        async with replicas(world, 3) as made:
            await _seated(world, made, officials)
            await asyncio.gather(*(each.heartbeat.stop() for each in made.services))
            await world.post("/sandbox/clock", jump_to=SUNDAY_MORNING.isoformat())
            async with asyncio.timeout(5):
                while min(each.clock.people_now() for each in made.services) < SUNDAY_MORNING:
                    await asyncio.sleep(0.01)
            with capture_logs() as told:
                looks = await asyncio.gather(*(_plans_on(each) for each in made.services))
                await asyncio.gather(*(each.outbox.drain() for each in made.services))
            assert sum(looks) == DUE, looks
            assert max(looks) < DUE, f"more than one looks: {looks}"
            assert [line for line in told if line["event"] == "plan.failed"] == []
        for each in officials:
            texts = [bubble.text for bubble in await each.bubbles()]
            assert len([text for text in texts if "lesson 1 of " in text]) == 1, texts
            assert len(texts) == len(set(texts))


async def _plans_on(service: Service) -> int:
    """Beat after beat until nobody is due; how many looks it made."""
    looks = 0
    while await service.store.read(lambda tx: enrolments.due_now(tx, service.clock.people_now(), limit=1)):
        looks += await service.planning.tick()
    return looks


async def _seated(world: World, made: Replicas, officials: list[Phone]) -> None:
    """Each has written to the bot, is posted in Riyadh, and awaits the first lesson on Sunday."""
    service, now = made.services[0], await world.now()
    riyadh = service._office.places.find("Riyadh")
    assert isinstance(riyadh, Found)

    async def found(tx: Tx) -> CohortId:
        slot = datetime(2026, 1, 1, 8, 30, tzinfo=UTC).time()
        made = await cohorts.create(
            tx, course_id=CourseId("migration-diplomacy"), name="C", start_on=SUNDAY_MORNING.date(), slot=slot, now=now
        )
        assert made is not None
        return made

    cohort = await service.store.change(found)

    async def seat(tx: Tx, who: Phone) -> None:
        learner = await people.welcome(tx, telegram_id=who.id, name=who.name, language="en", consent="1", now=now)
        await people.post(tx, learner, riyadh.place, from_on=now.date())
        enrolment, _ = await enrolments.enrol(tx, learner, cohort, first_on=SUNDAY_MORNING.date(), now=now)
        await agenda.replan(tx, service._office.courses, enrolment, now=now)

    async def seat_all(tx: Tx) -> None:
        for each in officials:
            await seat(tx, each)

    await service.store.change(seat_all)
    await asyncio.gather(*(writes(world, each, "/help") for each in officials))
    await world.settled()


async def test_three_replicas_report_a_broadcast_once(tmp_path: Path, postgres: Server) -> None:
    async with shared_world(tmp_path, postgres) as world, replicas(world, 3) as made:
        officials = await crowd(world, 10)
        await _seated(world, made, officials)
        nasreen = await world.phone("Nasreen", COORDINATOR)
        await nasreen.types("/broadcast Webinar at ten")
        for beats in (each.heartbeat for each in made.services):
            await beats.stop()
        confirm = next(label for label in (await nasreen.last()).labels if label.startswith("Send"))
        await world.post(f"/sandbox/people/{nasreen.id}/taps", label=confirm)
        await until(lambda: _confirmed(made.services[0]))
        for _ in range(3):
            await asyncio.gather(*(each._drain() for each in made.services))
        told = [bubble.text for bubble in await nasreen.bubbles()]
        assert len([text for text in told if "Arrived: 10" in text]) == 1, told
        for each in officials:
            assert len([b for b in await each.bubbles() if "Webinar at ten" in b.text]) == 1


async def _confirmed(service: Service) -> bool:
    return bool(await service.store.read(broadcasts.under_way))


async def test_when_the_process_that_polls_is_killed_the_other_takes_over_all_it_had(
    tmp_path: Path, postgres: Server
) -> None:
    logs = [tmp_path / f"{name}.log" for name in ("one", "two")]
    async with (
        postgres.database() as url,
        sandbox_process(tmp_path, "2026-11-21T16:40:00+00:00") as address,
        aiohttp.ClientSession() as session,
    ):
        phone, env = Remote(session, address), environment(tmp_path, address, ATTACHE_DATABASE_URL=url)
        for who in (1, 2, 3):
            await phone.post("/sandbox/people", id=who, first_name="Asha")
        async with started("bot", "run", env=env, log=logs[0]) as leader:
            await until(lambda: _says(logs[0], "poll.leads"))
            async with started("bot", "run", env=env, log=logs[1]):
                await until(lambda: _says(logs[1], "poll.stands-by"))
                await phone.post("/sandbox/faults", method="sendMessage", kind="slow", seconds=9, count=3)
                for term in TERMS[:4]:
                    for who in (1, 2, 3):
                        await phone.post(f"/sandbox/people/{who}/says", text=f"/term {term}")
                await until(lambda: _confirmed_all(session, address))
                await asyncio.sleep(0.3)
                leader.send_signal(signal.SIGKILL)
                await leader.wait()
                await session.delete(f"{address}/sandbox/faults")
                began = time.monotonic()
                for who in (1, 2, 3):
                    await phone.post(f"/sandbox/people/{who}/says", text=f"/term {TERMS[4]}")
                await until(lambda: _says(logs[1], "poll.leads"))
                assert time.monotonic() - began < 3
                for who in (1, 2, 3):  # what was in the air at the death has a lease of its own
                    await phone.until(who, TERMS[4], seconds=10)
                    texts = [next(term for term in TERMS if text.startswith(term)) for text in await phone.texts(who)]
                    assert texts in [TERMS[:5], *([*TERMS[:n], *TERMS[n + 1 : 5]] for n in range(4))]


async def _says(log: Path, event: str) -> bool:
    return log.exists() and event in log.read_text()


async def _confirmed_all(session: aiohttp.ClientSession, address: str) -> bool:
    async with session.get(f"{address}/sandbox/pending") as answer:
        return bool((await answer.json())["updates"] == 0)
