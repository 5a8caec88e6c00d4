"""The product's parts as the cases use them, each in one small function: a change there has one place here."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot import app
from bot.clock import SystemClock
from bot.departures import IN_FLIGHT
from bot.settings import Settings
from storage import dispatch
from storage.engine import url_of
from storage.store import Store
from tests.bench.enrolled import NOW

TOKEN = "4200000001:AAtestTESTtestTESTtestTESTtestTEST000"
CLAIMED_AT_ONCE = IN_FLIGHT  # rows that the running service takes in one claim at most
LIFTED = 1_000_000.0  # messages a second: the gate holds nobody up


class Noon(SystemClock):
    """People's time goes on from the instant for which the store was filled."""

    def __init__(self) -> None:
        self._began = self.monotonic()

    def people_now(self) -> datetime:
        """Aware UTC."""
        return NOW + timedelta(seconds=self.monotonic() - self._began)


def settings(folder: Path, api: str, rate: float) -> Settings:
    """The service's own, against the stub; a rate above what the setting allows is meant."""
    made = Settings(data=folder, bot_api=api, bot_token=SecretStr(TOKEN), http_port=0)
    return made.model_copy(update={"send_rate": rate})


@contextlib.asynccontextmanager
async def sending_half(folder: Path, api: str) -> AsyncIterator[app.Service]:
    """The whole service put together but not started: nothing is received, nothing is planned."""
    chosen = settings(folder, api, LIFTED)
    async with await Store.open(url_of(None, folder)) as store:
        service = app.Service(chosen, store, Noon(), app.office(chosen))
        await service.application.initialize()
        try:
            yield service
        finally:
            await service.application.shutdown()
            await service.gate.shutdown()


async def drain(service: app.Service) -> None:
    """Send all that is due; returns when it is recorded."""
    await service.outbox.drain()


@contextlib.asynccontextmanager
async def serving(folder: Path, api: str, rate: float) -> AsyncIterator[app.Service]:
    """The running service, once it is online."""
    async with app.running(settings(folder, api, rate), clock=Noon()) as service:
        while not service.health.online:
            await asyncio.sleep(0.01)
        gc.collect()
        gc.freeze()  # as `attache run` does
        yield service


async def claim(store: Store, limit: int, now: datetime = NOW) -> Sequence[Any]:
    """Lease what is due, as the outbox does it."""
    return await store.change(lambda tx: dispatch.claim(tx, people_now=now, now=now, owner="bench", limit=limit))
