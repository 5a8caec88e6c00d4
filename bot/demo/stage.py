"""The stage of the demo: the sandbox and the service as two processes in one folder, and the demo to look at."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import typer
from pydantic import SecretStr

from bot.clock import SystemClock
from bot.demo import cast, children
from bot.demo.children import Child, StageError
from bot.demo.phones import Phones
from bot.settings import Settings
from storage.engine import FILE
from storage.lock import holder_of

__all__ = ["Stage", "StageError", "saturday_evening", "show", "stage"]

TOKEN = "7000000007:made-up-token-of-the-demo-only"  # noqa: S105 - it opens nothing but the sandbox next door
RIYADH = ZoneInfo("Asia/Riyadh")
EVENING = time(19, 40)
READY = 60.0  # seconds the service may take to begin
GRACE = 3.0  # seconds in which a child that took its connections along is found dead
CLOCK = "clock.txt"  # in a folder that is kept: people's time at the end, because time never goes back
SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def saturday_evening(now: datetime) -> datetime:
    """The most recent Saturday, 19:40 in Riyadh: the first lesson comes on Sunday at 08:30."""
    here = now.astimezone(RIYADH)
    saturday = here.date() - timedelta(days=(here.isoweekday() - 6) % 7)
    evening = datetime.combine(saturday, EVENING, RIYADH)
    if evening > here:
        evening = datetime.combine(saturday - timedelta(days=7), EVENING, RIYADH)
    return evening.astimezone(now.tzinfo)


class Stage:
    """The two processes, and the hand on the sandbox. `fallen` is done when one of them died unasked."""

    def __init__(
        self, folder: Path, coordinators: Sequence[int], session: aiohttp.ClientSession, *, typing: bool = True
    ) -> None:
        self.folder = folder
        self.address = ""
        self.phones: Phones
        self.fallen: asyncio.Future[StageError] = asyncio.get_running_loop().create_future()
        self._coordinators = tuple(coordinators)
        self._session = session
        self._typing = typing
        self._sandbox: Child | None = None
        self._service: Child | None = None
        self._watches: list[asyncio.Task[None]] = []

    @property
    def settings(self) -> Settings:
        """The service's own settings, for what is prepared in its database."""
        return Settings(
            bot_token=SecretStr(TOKEN),
            bot_token_file=None,
            bot_api=self.address,
            clock=f"{self.address}/sandbox/clock",
            database_url=None,
            data=self.folder,
            coordinators=self._coordinators,
        )

    @property
    def pid_of_service(self) -> int:
        """Its process id; StageError before `serve`."""
        if self._service is None:
            raise StageError("The service has not been started.")
        return self._service.process.pid

    async def build(self, *, start_at: datetime, port: int) -> None:
        """Start the sandbox; its time begins there, or where a kept folder left off."""
        with suppress(OSError, ValueError):
            start_at = max(start_at, datetime.fromisoformat((self.folder / CLOCK).read_text("utf-8").strip()))
        begun = ("--port", str(port), "--token", TOKEN, "--start", start_at.isoformat())
        env = children.surroundings()
        self._sandbox = await children.start("sandbox", "-m", "sandbox", *begun, folder=self.folder, env=env, pipe=True)
        said = await self._sandbox.first_line()
        self._watch(self._sandbox)
        if not said:
            raise await self.why()
        self.address = said.rpartition(" ")[2]
        self.phones = Phones(self._session, self.address)

    async def serve(self) -> None:
        """Start the service and wait until it is ready."""
        port = children.free_port()
        settings = {
            "ATTACHE_BOT_TOKEN": TOKEN,
            "ATTACHE_BOT_API": self.address,
            "ATTACHE_CLOCK": f"{self.address}/sandbox/clock",
            "ATTACHE_DATA": str(self.folder),
            "ATTACHE_COORDINATORS": ",".join(map(str, self._coordinators)),
            "ATTACHE_HTTP_PORT": str(port),
        }
        settings |= {} if self._typing else {"ATTACHE_TYPING_SECONDS": "0"}
        env = children.surroundings() | settings
        self._service = await children.start("service", "-m", "bot", "run", folder=self.folder, env=env)
        self._watch(self._service)
        try:
            async with asyncio.timeout(READY):
                while not await self._is_ready(port):  # noqa: ASYNC110 - another process: there is no event
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise StageError(
                f"The service was not ready within {READY:.0f} s; look into {self._service.log}."
            ) from None

    async def kill_service(self) -> None:
        """kill -9, as a power cut would."""
        if self._service is not None:
            await self._service.kill()

    async def close(self) -> None:
        """End the service, then its Telegram; a kept folder remembers the time."""
        if self._service is not None:
            await self._service.end()
        if self._sandbox is not None:
            with suppress(aiohttp.ClientError, OSError, AttributeError):
                (self.folder / CLOCK).write_text((await self.phones.time()).now.isoformat(), "utf-8")
            await self._sandbox.end()
        await asyncio.gather(*self._watches)

    async def why(self) -> StageError:
        """Why the sandbox does not answer."""
        await asyncio.wait([self.fallen], timeout=GRACE)
        return self.fallen.result() if self.fallen.done() else StageError("The sandbox does not answer any more.")

    def fall(self, reason: str) -> None:
        """The demo ends here."""
        if not self.fallen.done():
            self.fallen.set_result(StageError(reason))

    async def _is_ready(self, port: int) -> bool:
        try:
            async with self._session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def _watch(self, child: Child) -> None:
        async def watch() -> None:
            await child.process.wait()
            if not child.leaving:
                self.fall(child.obituary())

        self._watches.append(asyncio.create_task(watch(), name=f"watch {child.name}"))


@asynccontextmanager
async def stage(
    *, keep: Path | None, start_at: datetime, port: int = 0, coordinators: Sequence[int] = (), typing: bool = True
) -> AsyncIterator[Stage]:
    """A sandbox in a fresh folder, or in `keep`; the service starts with `serve`. Both end with the block.

    Raises StageError with a sentence and the tail of a log when one of the two ends by itself, and on SIGTERM.
    `typing`: whether the bot takes its time before a scene; simulated officials need none.
    """
    body = asyncio.current_task()
    assert body is not None  # noqa: S101 - we are in a coroutine
    with _folder(keep) as folder:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as session:
            made = Stage(folder, coordinators, session, typing=typing)

            def interrupt(_: object) -> None:
                body.cancel()

            made.fallen.add_done_callback(interrupt)
            try:
                with _on_signals(lambda: made.fall("The demo was told to end before it was over.")):
                    await made.build(start_at=start_at, port=port)
                    yield made
            except asyncio.CancelledError:
                if not made.fallen.done():
                    raise
                body.uncancel()
                raise made.fallen.result() from None
            except aiohttp.ClientError:
                made.fallen.remove_done_callback(interrupt)
                raise await made.why() from None
            finally:
                made.fallen.remove_done_callback(interrupt)
                await made.close()


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        fresh = Path(tempfile.mkdtemp(prefix="attache-demo-"))
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return
    folder = keep.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StageError(f"--keep {keep} cannot be a folder: {error.strerror}; choose another.") from None
    if holder := holder_of(folder / FILE):
        raise StageError(f"--keep {keep} is in use by process {holder.pid}; end that one first or choose another.")
    yield folder


@contextmanager
def _on_signals(end: Callable[[], None], *more: signal.Signals) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (*SIGNALS, *more):
        loop.add_signal_handler(number, end)
    try:
        yield
    finally:
        for number in (*SIGNALS, *more):
            loop.remove_signal_handler(number)


async def show(*, port: int, keep: Path | None) -> None:
    """Three phones and a clock on one page, until Ctrl-C."""
    start_at = saturday_evening(SystemClock().machine_now())
    async with stage(keep=keep, start_at=start_at, port=port, coordinators=[cast.COORDINATOR.id]) as made:
        opening = await cast.prepare(made.settings, (await made.phones.time()).now)
        await cast.take_places(made.phones, opening)
        await made.serve()
        await cast.greet(made.phones, opening)
        typer.echo(f"Attaché is running: {made.address}")
        typer.echo("Open it in a browser: three phones and a clock, and no Telegram behind them.")
        typer.echo("Ctrl-C ends it." if keep is None else f"Ctrl-C ends it; {keep} keeps everything for the next time.")
        ended = asyncio.Event()
        with _on_signals(ended.set, signal.SIGINT):
            await ended.wait()
