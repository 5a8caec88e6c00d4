"""The web side over HTTP: alive, ready, and what is counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram.ext import ExtBot

from bot.app import office
from bot.clock import SystemClock
from bot.gate import Gate
from bot.health import SILENT, Health
from bot.intake import Poller
from bot.ledger import Entry
from bot.outbox import Outbox
from bot.routes import CARRIERS
from bot.sender import Sender
from bot.settings import Settings, SettingsError
from bot.transport import Transport
from bot.web.server import WebSide
from scheduler.delivery import DeliveryKind, DeliveryState, Settled
from scheduler.pacing import Rates
from storage import deliveries, inbox
from storage.deliveries import Delivery
from storage.store import Store
from tests.bot.rim import TOKEN, free_port

pytestmark = pytest.mark.slow  # a web server each

NOW = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)


class ShiftedClock(SystemClock):
    """The machine's monotonic time, moved on by hand."""

    def __init__(self) -> None:
        self.shift = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.shift


class Site:
    """A web side that serves, and what stands behind it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.clock = ShiftedClock()
        self.port = free_port()
        settings = Settings(http_port=self.port, data=folder)
        self.gate = Gate(self.clock, Rates(25))
        self.poller = Poller(Transport(), "http://127.0.0.1:1", store, self.clock, wake=lambda: None)
        self.health = Health(self.clock, self.poller)
        bot: ExtBot[Any] = ExtBot(TOKEN)
        self.outbox = Outbox(store, Sender(bot), office(settings), self.clock, CARRIERS)
        self.web = WebSide(settings, store, self.health, self.outbox, self.gate)

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.text()

    async def json(self, path: str) -> tuple[int, Any]:
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.json()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Site"]:
        task = asyncio.create_task(self.web.run())
        async with asyncio.timeout(10):
            while not await self.listening():
                assert not task.done(), task.exception()
                await asyncio.sleep(0.01)
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def listening(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True


@pytest.fixture
async def site(store: Store, tmp_path: Path) -> AsyncIterator[Site]:
    async with Site(store, tmp_path).serving() as served:
        yield served


async def test_a_service_that_polls_is_alive(site: Site) -> None:
    assert await site.json("/healthz") == (200, {"alive": True, "troubles": []})


async def test_a_minute_without_an_answered_poll_is_told(site: Site) -> None:
    site.clock.shift = SILENT + 1
    status, told = await site.json("/healthz")
    assert (status, told["alive"]) == (503, False)
    assert told["troubles"] == ["Telegram has not answered a poll for a minute"]


async def test_one_that_stands_by_is_alive_however_long_it_does(site: Site) -> None:
    site.poller.leads = False
    site.clock.shift = SILENT + 1
    assert await site.json("/healthz") == (200, {"alive": True, "troubles": [], "stands_by": True})
    assert (await metrics(site))["attache_leads"] == 0


@pytest.mark.parametrize("name", ["plan", "drain"])
async def test_a_beat_that_falls_silent_is_told(site: Site, name: str) -> None:
    site.health.beat("plan")
    site.health.beat("drain")
    site.clock.shift = SILENT + 1
    site.poller.last_at = site.clock.monotonic()
    site.health.beat("drain" if name == "plan" else "plan")
    assert (await site.json("/healthz"))[1]["troubles"] == [f"the {name} beat is silent"]


async def test_the_hourly_beat_may_be_silent_for_a_minute(site: Site) -> None:
    site.health.beat("tidy")
    site.clock.shift = SILENT + 1
    site.poller.last_at = site.clock.monotonic()
    assert (await site.json("/healthz"))[0] == 200


async def test_ready_means_that_telegram_has_been_reached(site: Site) -> None:
    assert (await site.json("/readyz")) == (
        503,
        {"ready": False, "troubles": ["Telegram has not been reached yet"]},
    )
    site.health.online = True
    assert await site.json("/readyz") == (200, {"ready": True, "troubles": []})


async def test_a_stopping_service_is_alive_and_not_ready(site: Site) -> None:
    site.health.online = True
    site.health.stopping = True
    assert (await site.json("/readyz"))[1] == {"ready": False, "troubles": ["stopping"]}
    assert (await site.json("/healthz"))[0] == 200


async def test_a_database_that_does_not_answer_is_told(site: Site) -> None:
    site.health.online = True
    await site.store.close()
    assert await site.json("/readyz") == (503, {"ready": False, "troubles": ["the database does not answer"]})


async def metrics(site: Site) -> dict[str, float]:
    _, text = await site.get("/metrics")
    rows = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in rows}


async def test_the_numbers_are_told_as_they_stand_when_asked(site: Site) -> None:
    assert (await metrics(site))["attache_inbox_undone"] == 0
    await site.store.change(lambda tx: inbox.keep(tx, [(1, 101, {}), (2, 101, {})], now=NOW))
    site.gate.pause(0)
    site.health.stumbled("plan", ValueError("x"))
    found = await metrics(site)
    assert found["attache_inbox_undone"] == 2
    assert found["attache_gate_pauses_total"] == 1
    assert found["attache_beat_failures_total"] == 1


async def test_the_age_of_the_oldest_undone_update_is_told(site: Site) -> None:
    assert (await metrics(site))["attache_inbox_oldest_seconds"] == 0
    came_at = site.clock.machine_now() - timedelta(seconds=90)
    for n, at in enumerate((came_at - timedelta(hours=1), came_at, site.clock.machine_now())):
        await site.store.change(lambda tx, n=n, at=at: inbox.keep(tx, [(n, 101, {})], now=at))  # type: ignore[misc]  # bound now
    await site.store.change(lambda tx: inbox.done(tx, 0, now=NOW))
    assert 90 <= (await metrics(site))["attache_inbox_oldest_seconds"] < 120


async def test_what_became_of_deliveries_is_counted(site: Site) -> None:
    number = await site.store.change(
        lambda tx: deliveries.add_in_hand(
            tx, "reply:1:0", telegram_id=101, meaning={}, owner="here", due_at=NOW, now=NOW
        )
    )
    row = Delivery(number, "reply:1:0", DeliveryKind.REPLY, None, 101, None, {}, NOW, 1)
    await site.outbox.ledger.write(Entry(row, Settled(DeliveryState.SENT), "here", 7))
    assert (await metrics(site))[f'attache_deliveries_total{{kind="{DeliveryKind.REPLY}",state="sent"}}'] == 1


async def test_another_path_is_not_there(site: Site) -> None:
    assert (await site.get("/"))[0] == 404


async def test_a_taken_port_is_told_by_the_settings_name(site: Site, store: Store, tmp_path: Path) -> None:
    other = Site(store, tmp_path)
    other.web = WebSide(Settings(http_port=site.port, data=tmp_path), store, other.health, other.outbox, other.gate)
    with pytest.raises(SettingsError, match="ATTACHE_HTTP_PORT"):
        await other.web.run()


async def test_a_web_side_that_ended_lets_go_of_its_port(store: Store, tmp_path: Path) -> None:
    site = Site(store, tmp_path)
    async with site.serving():
        assert await site.listening()
    assert not await site.listening()
