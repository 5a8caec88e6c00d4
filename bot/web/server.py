"""`/healthz`, `/readyz` and `/metrics`, and the webhook where there is one, served in the service's own loop."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from socket import socket

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.gate import Gate
from bot.health import Health
from bot.outbox import Outbox
from bot.settings import Settings, SettingsError
from bot.web.webhook import Webhook
from storage import inbox, meta
from storage.errors import StorageError
from storage.store import Store, Tx


class Numbers(Collector):
    """What the service counts, read when it is asked for."""

    def __init__(self, health: Health, outbox: Outbox, gate: Gate) -> None:
        self._health = health
        self._outbox = outbox
        self._gate = gate
        self.undone = 0
        self.oldest_at: datetime | None = None

    def collect(self) -> Iterable[Metric]:
        """Families of the Prometheus text format."""
        sends = CounterMetricFamily("attache_deliveries", "What became of deliveries.", labels=["kind", "state"])
        for (kind, state), n in self._outbox.outcomes.items():
            sends.add_metric([kind, state], n)
        yield sends
        yield CounterMetricFamily(
            "attache_gate_pauses", "Times that Telegram asked us to wait.", value=self._gate.pauses
        )
        yield CounterMetricFamily(
            "attache_beat_failures", "Jobs of the heartbeat that raised.", value=self._health.stumbles
        )
        yield GaugeMetricFamily("attache_inbox_undone", "Updates received and not done.", value=self.undone)
        yield GaugeMetricFamily(
            "attache_inbox_oldest_seconds", "How long the oldest of them has waited.", value=self._waited()
        )
        yield GaugeMetricFamily(
            "attache_leads", "1 where this process polls, 0 where it stands by or is delivered to.", value=self._leads()
        )

    def _waited(self) -> float:
        """By the clock of this process; another's, which received it, may be ahead."""
        now = self._health.clock.machine_now()
        return max(0.0, (now - (self.oldest_at or now)).total_seconds())

    def _leads(self) -> int:
        return int(bool(self._health.receiving.leads))


class _Quiet(uvicorn.Server):
    """Leaves the signals to the service, and says when it has its port."""

    on_listening: Callable[[], None]

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.on_listening()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebSide:
    """One small site on the configured address."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        health: Health,
        outbox: Outbox,
        gate: Gate,
        webhook: Webhook | None = None,
    ) -> None:
        self._store = store
        self._health = health
        self._numbers = Numbers(health, outbox, gate)
        self._registry = CollectorRegistry()
        self._registry.register(self._numbers)
        self._listening = webhook.listening if webhook else asyncio.Event()
        pages = [
            Route("/healthz", self._alive),
            Route("/readyz", self._ready),
            Route("/metrics", self._metrics),
        ]
        site = Starlette(routes=[*pages, webhook.route] if webhook else pages)
        self._address = f"{settings.http_host}:{settings.http_port}"
        config = uvicorn.Config(
            site,
            settings.http_host,
            settings.http_port,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = _Quiet(config)
        self._server.on_listening = self._listening.set

    async def run(self) -> None:
        """Serve until cancelled. SettingsError where the address cannot be had."""
        try:
            await self._server.serve()
        except SystemExit:  # its way of saying that the port is taken
            raise SettingsError(
                f"ATTACHE_HTTP_PORT: {self._address} cannot be listened on; choose another port, or 0 for none"
            ) from None
        finally:
            self._listening.clear()
            if self._server.started:
                await self._server.shutdown()

    async def _alive(self, _: Request) -> Response:
        troubles = self._health.troubles()
        told = {"alive": not troubles, "troubles": troubles}
        if self._health.receiving.leads is False:
            told |= {"stands_by": True}
        return JSONResponse(told, 503 if troubles else 200)

    async def _ready(self, _: Request) -> Response:
        troubles = self._health.unready()
        try:
            await self._store.read(lambda tx: meta.get(tx, meta.BOT_USERNAME))
        except StorageError:
            troubles.append("the database does not answer")
        return JSONResponse({"ready": not troubles, "troubles": troubles}, 503 if troubles else 200)

    async def _metrics(self, _: Request) -> Response:
        async def look(tx: Tx) -> tuple[int, datetime | None]:
            return await inbox.undone(tx), await inbox.oldest(tx)

        self._numbers.undone, self._numbers.oldest_at = await self._store.read(look)
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)
