"""The composition root: builds everything once, starts in order, stops in reverse."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram.ext import Application

from bot import remarking, routes, upkeep
from bot.bindery import Bindery
from bot.clock import Clock, FollowedClock, SystemClock
from bot.desk_routes import PAPERS
from bot.features.broadcast.handler import panel
from bot.features.broadcast.usecase import finish, finished
from bot.gate import Gate
from bot.health import Health
from bot.intake import Poller, Workers, insist
from bot.menus import Menus
from bot.office import Office, known_places
from bot.outbox import Outbox
from bot.panels import EVERY, Panels
from bot.phrases import Phrases
from bot.pictures.studio import Studio
from bot.planning import Planning
from bot.sender import Sender
from bot.service_desk import ServiceDesk
from bot.settings import NoToken, Settings
from bot.sheets import Sheets
from bot.shelf import Shelf
from bot.switchboard import connect
from bot.transport import Transport
from bot.web.registration import Registration, leave_webhook
from bot.web.server import WebSide
from bot.web.webhook import Webhook
from scheduler.heartbeat import Beat, Heartbeat
from storage import meta, people, replicas
from storage.engine import file_of, url_of
from storage.errors import StorageError
from storage.leadership import leadership_of
from storage.lock import service_lock
from storage.store import Store, Tx

log = structlog.get_logger()

DRAIN = 25  # seconds that what is in flight may take after SIGTERM


def office(settings: Settings, phrases: Phrases | None = None) -> Office:
    """What the features find on their desk."""
    return Office(
        courses=Shelf(settings.content),
        phrases=phrases or Phrases.built_in(),
        places=known_places(),
        settings=settings,
        owner=f"{os.getpid()}-{os.urandom(4).hex()}",
        help_lines=routes.help_lines,
    )


class Service:
    """The running bot. `async with running(settings)` is the way in."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, office: Office) -> None:
        if settings.bot_token is None:
            raise NoToken(NoToken.__doc__)
        self.settings = settings
        self.store = store
        self.clock = clock
        token = settings.bot_token.get_secret_value()
        self._transport, self._receiver = Transport(), Transport(connections=4)
        self._api = f"{settings.bot_api}/bot{token}"
        self.gate = Gate(clock, settings.rates, chat_pace=settings.chat_pace)
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder()
            .token(token)
            .base_url(f"{settings.bot_api}/bot")
            .base_file_url(f"{settings.bot_api}/file/bot")
            .request(self._transport)
            .get_updates_request(self._receiver)
            .rate_limiter(self.gate)
            .updater(None)
            .build()
        )
        self._studio = Studio()
        bindery = Bindery(store, office, self._studio, PAPERS)
        sender = Sender(self.application.bot, self._studio, bindery.make)
        self._panels = Panels(store, office, clock, sender, panel)
        self.outbox = Outbox(store, sender, office, clock, routes.CARRIERS, self.gate)
        self.planning = Planning(store, office, clock)
        self.workers = Workers(self.application, store, clock, office.owner)
        self._webhook: Webhook | None = None
        self.receiving = self._polled_or_delivered(office.owner)
        desk = ServiceDesk(office, store, sender, self.outbox, clock)
        self._menus = Menus(self.application.bot, office, self._spawn)
        desk.sheets = Sheets(self.application.bot, self._studio)
        desk.colleague_seen = self._menus.colleague_seen
        self.workers.apologise = desk.apologise
        connect(self.application, desk, self.workers)
        self.health = Health(clock, self.receiving)
        self.heartbeat = Heartbeat(
            {
                "plan": Beat(1, self._plan),
                "drain": Beat(1, self._drain),
                "panels": Beat(EVERY, self._panels.refresh),
                "tidy": Beat(3600, self._tidy),
                "content": Beat(30, self.look_at_content),
            },
            on_beat=self.health.beat,
            on_error=self.health.stumbled,
        )
        self._office = office
        self._tasks: list[asyncio.Task[Any]] = []
        self._beating = False
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def _polled_or_delivered(self, owner: str) -> Poller | Registration:
        url, secret = self.settings.webhook_url, self.settings.webhook_secret
        keeps: dict[str, Any] = {"wake": self.workers.wake, "owner": owner}
        if url is None or secret is None:
            one = leadership_of(url_of(self.settings.database_url, self.settings.data))
            return Poller(self._receiver, self._api, self.store, self.clock, leadership=one, **keeps)
        self._webhook = webhook = Webhook(urlsplit(url).path or "/", secret, self.store, self.clock, **keeps)
        return Registration(self._receiver, self._api, url, secret, self.clock, listening=webhook.listening)

    async def start(self) -> None:
        """Everything that needs no network first; then the bot, as soon as Telegram answers."""
        if isinstance(self.clock, FollowedClock):
            await self.clock.first_look()
        ids, now = self.settings.coordinators, self.clock.people_now()

        async def begin(tx: Tx) -> None:
            await replicas.join(tx, self._office.owner)
            await people.own_cohorts(tx, ids, now=now)

        await self.store.change(begin)
        if self.settings.http_port:
            web = WebSide(self.settings, self.store, self.health, self.outbox, self.gate, self._webhook)
            self._spawn(web.run(), "web")
        self._spawn(self._go_online(), "online")

    async def _go_online(self) -> None:
        await insist(self.application.initialize, "telegram.out-of-reach")
        name = self.application.bot.username
        await self.store.change(lambda tx: meta.put(tx, meta.BOT_USERNAME, name))
        if self._webhook is None:
            await leave_webhook(self._receiver, self._api)
        self._spawn(self.receiving.run(), "receiving")
        self._spawn(self.workers.run(), "workers")
        self.heartbeat.start()
        self._beating = True
        if isinstance(self.clock, FollowedClock):
            self._spawn(self.clock.follow(self.standing, self._clock_moved), "clock")
        self.health.online = True
        log.info("service.online", bot=name)
        await self._menus.show()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.remove(task)
        if not task.cancelled() and (error := task.exception()) and not self.failure.done():
            self.failure.set_exception(error)

    async def _plan(self) -> None:
        now = self.clock.people_now()
        remarked = await remarking.go_on(self.store, self._office, now)
        if await self.planning.tick() or remarked:  # what was planned goes out now, not with the next beat
            self.heartbeat.nudge("drain")

    async def _drain(self) -> None:
        await self.outbox.drain()
        now = self.clock.people_now()
        if await self.store.read(finished):
            await self.store.change(lambda tx: finish(tx, now))
            await self.outbox.drain()

    async def look_at_content(self) -> None:
        """Read further courses again where a file has changed."""
        if isinstance(self._office.courses, Shelf) and self._office.courses.refresh():
            log.info("content.read", courses=len(self._office.courses))

    async def _tidy(self) -> None:
        await upkeep.tidy(self.store, self.clock)

    async def standing(self) -> tuple[bool, datetime | None]:
        """(nothing to do now, the next instant at which something is due)."""
        return await upkeep.standing(self.store, self.clock.people_now())

    def _clock_moved(self) -> None:
        self.heartbeat.nudge("plan")
        self.heartbeat.nudge("drain")

    async def stop(self) -> None:
        """Stop receiving, finish what is in flight, let go."""
        self.health.stopping = True
        for task in list(self._tasks):
            if task.get_name() in ("receiving", "online", "clock", "menu"):
                task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                await self.workers.stop()
                await self.outbox.stop()
                if self._beating:
                    await self.heartbeat.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(StorageError):  # then the others find out by themselves
            await self.store.change(lambda tx: replicas.leave(tx, self._office.owner))
        with suppress(RuntimeError):
            await self.application.shutdown()
        await self.gate.shutdown()
        await self._studio.close()
        log.info("service.stopped")


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock | None = None, phrases: Phrases | None = None
) -> AsyncIterator[Service]:
    """A started service, stopped cleanly at the end."""
    if clock is None:
        clock = FollowedClock(settings.clock) if settings.clock else SystemClock()
    store = await Store.open(url_of(settings.database_url, settings.data))
    try:
        service = Service(settings, store, clock, office(settings, phrases))
        try:
            await service.start()
            yield service
        finally:
            await service.stop()
    finally:
        await store.close()


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    if settings.bot_token is None:
        raise NoToken(NoToken.__doc__)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with service_lock(file_of(url_of(settings.database_url, settings.data)), who="run"):
        async with running(settings) as service:
            gc.collect()
            gc.freeze()  # what stands now stays: walking through it held the loop for 0.2 s now and then
            stopped = asyncio.ensure_future(stop.wait())
            either: set[asyncio.Future[Any]] = {stopped, service.failure}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if service.failure.done():
                service.failure.result()
