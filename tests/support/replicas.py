"""Several services on one database in one process, and what stands before them: a proxy that takes turns."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from telegram import Update
from telegram.ext import TypeHandler

from bot.app import Service, running
from bot.clock import FollowedClock
from tests.bot.rim import free_port, until
from tests.support.world import World

HOOK_SECRET = "hook_SECRET-0123456789abcdefghij"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Looking(FollowedClock):
    """Goes by the same clock and leaves the reporting to another service: the clock waits for one."""

    async def follow(
        self, standing: Callable[[], Awaitable[tuple[bool, datetime | None]]], woken: Callable[[], None]
    ) -> None:
        while True:
            seen = self._revision
            await self.first_look()
            if self._revision != seen:
                woken()
            await asyncio.sleep(0.05)


@dataclass(slots=True)
class Replicas:
    """The services, in the order of their start, and how often each update was served, by service."""

    services: list[Service]
    served: list[Counter[int]] = field(default_factory=list)

    @property
    def shares(self) -> list[int]:
        """The numbers of the updates, sorted; one that two services have served stands there twice."""
        return sorted(number for served in self.served for number in served)

    async def leader(self, *, other_than: Service | None = None, seconds: float = 10) -> Service:
        """The one that polls, as soon as there is one."""

        async def found() -> bool:
            return any(each.receiving.leads and each is not other_than for each in self.services)

        await until(found, seconds=seconds)
        (leader,) = [each for each in self.services if each.receiving.leads]
        return leader


@asynccontextmanager
async def replicas(world: World, number: int, settings: list[dict[str, Any]] | None = None) -> AsyncIterator[Replicas]:
    """So many services; the first reports to the clock, and is the world's. `settings`: what differs in each."""
    made = Replicas([])
    async with AsyncExitStack() as stack:
        for own in settings or [{} for _ in range(number)]:
            clock = Looking(str(world.settings.clock)) if made.services else None
            service = await stack.enter_async_context(running(world.settings.model_copy(update=own), clock=clock))
            service.gate.chat_pace = 0.0
            made.services.append(service)
            made.served.append(_counted(service))
            await until(lambda each=service: _online(each))  # type: ignore[misc]  # bound now
        world.service = made.services[0]
        try:
            yield made
        finally:
            world.service = None


async def _online(service: Service) -> bool:
    return not service.health.unready()


def _counted(service: Service) -> Counter[int]:
    served: Counter[int] = Counter()

    async def count(update: Update, _: Any) -> None:
        served[update.update_id] += 1

    service.application.add_handler(TypeHandler(Update, count), group=-1)
    return served


@asynccontextmanager
async def in_turns(number: int, *, twice_every: int = 0) -> AsyncIterator[list[dict[str, Any]]]:
    """The settings of so many services behind a proxy that hands each delivery to the next of them.

    With `twice_every`, each so-manieth delivery goes to another one as well, as Telegram does when it missed an
    answer.
    """
    ports, front = [free_port() for _ in range(number)], free_port()
    turns, count = itertools.cycle(ports), itertools.count(1)
    async with aiohttp.ClientSession() as client:

        async def hand_on(body: bytes, secret: str) -> int:
            url = f"http://127.0.0.1:{next(turns)}/updates"
            async with client.post(url, data=body, headers={SECRET_HEADER: secret}) as answer:
                return answer.status

        async def receive(request: web.Request) -> web.Response:
            body, secret = await request.read(), request.headers.get(SECRET_HEADER, "")
            again = twice_every and next(count) % twice_every == 0
            statuses = await asyncio.gather(*(hand_on(body, secret) for _ in range(2 if again else 1)))
            return web.Response(status=max(statuses))

        app = web.Application()
        app.router.add_post("/updates", receive)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", front).start()
            url = f"http://127.0.0.1:{front}/updates"
            hook = {"webhook_url": url, "webhook_secret": SecretStr(HOOK_SECRET)}
            yield [{"http_port": port} | hook for port in ports]
        finally:
            await runner.cleanup()
