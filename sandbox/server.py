"""The sandbox as one HTTP server: Telegram for the bot, phones for people, a clock for both."""

from datetime import datetime
from importlib import resources
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.clock_routes import ClockRoutes
from sandbox.control import Control, sentences
from sandbox.errors import SandboxError
from sandbox.limits import Limits
from sandbox.schema import official
from sandbox.telegram import Telegram
from sandbox.webhook import Webhook
from sandbox.world import DEFAULT_TOKEN, DEFAULT_USERNAME, World

MOST_BODY_BYTES = 70 * 1024 * 1024  # a file of 50 MB, as a person may send one, in Base64
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class CannotListenError(SandboxError):
    """The address is taken."""


class Sandbox:
    """`async with Sandbox() as sandbox:` serves on `sandbox.address` until the block ends.

    `port` 0 takes a free one; `start_at` is people's time at the start (aware), else the machine's time;
    `limits` are Telegram's unless given.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        token: str = DEFAULT_TOKEN,
        username: str = DEFAULT_USERNAME,
        start_at: datetime | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.token = token
        self._host, self._port = host, port
        self._username, self._start_at, self._limits = username, start_at, limits
        self._runner: web.AppRunner | None = None
        self.schema = official()
        self.world: World
        self.telegram: Telegram

    @property
    def address(self) -> str:
        """`http://host:port`, once started."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen. Raises CannotListenError."""
        self.world = World(
            token=self.token,
            username=self._username,
            limits=self._limits or Limits(),
            start_at=self._start_at,
        )
        self.telegram = telegram = Telegram(self.world, self.schema)
        self.world.webhook = Webhook(self.world.updates, telegram.carried)
        application = web.Application(middlewares=[sentences], client_max_size=MOST_BODY_BYTES)
        application.router.add_route("*", r"/bot{token:[^/]+}/{method}", telegram.handle)
        application.router.add_get(r"/file/bot{token:[^/]+}/{path:.+}", telegram.handle_file)
        application.add_routes(Control(self.world).routes())
        application.add_routes(ClockRoutes(self.world.clock).routes())
        application.add_routes([web.get("/", _page), web.get("/page/{file}", _page)])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            raise CannotListenError(f"Port {self._port} of {self._host} is taken; choose another.") from error
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection."""
        self.world.close()
        await self.world.webhook.close()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


async def _page(request: web.Request) -> web.Response:
    name = request.match_info.get("file", "index.html")
    file = resources.files("sandbox").joinpath("page", name)
    if "/" in name or name.startswith(".") or not file.is_file():
        return web.Response(status=404, text="The sandbox has no such page.", headers=PAGE_HEADERS)
    kind = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    ending = kind.get(name.rpartition(".")[2], "application/octet-stream")
    charset = "utf-8" if ending.startswith("text/") else None
    return web.Response(body=file.read_bytes(), content_type=ending, charset=charset, headers=PAGE_HEADERS)
