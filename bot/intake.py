"""Receiving: an update is stored before Telegram is told that it arrived, and each person's updates go in order.

poll, or bot/web ─► inbox (committed) ─► offset moves, or 200        workers: lowest undone update of each person
worker ─► process_update ─► one change: effect + applied + reply owed ─► show ─► done

Of several processes on one database one polls; each serves what it has received, and what the dead have left.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import Application

from bot.clock import Clock
from bot.settings import TokenRefused
from bot.tapped import sparing, update_in
from bot.transport import Transport
from storage import inbox, replicas
from storage.errors import Unreachable
from storage.inbox import Waiting
from storage.leadership import Alone, Leadership
from storage.store import Store, Tx

log = structlog.get_logger()

WANTED = ["message", "callback_query", "my_chat_member", "inline_query"]
LONG_POLL = 6  # seconds: a connection that hangs is noticed soon after
AT_ONCE = 32  # people served at the same time
LOOK = 1.0  # seconds between looks into the inbox when nothing wakes us
LOOK_AGAIN = 0.05  # seconds, while what we hold waits for an update that another process has in hand
LONGEST_PAUSE = 5.0  # seconds between tries while Telegram is out of reach: ten after its return work goes on
POLLED = "another service polls with this token; stop one of the two"
HOOKED = "another service has set a webhook with this token; stop it, then start this one again"


def sender_of(raw: dict[str, Any]) -> int | None:
    """Telegram id of the person an update comes from."""
    for kind in WANTED:
        if isinstance(body := raw.get(kind), dict):
            who = body.get("from")
            number = who.get("id") if isinstance(who, dict) else None
            return number if isinstance(number, int) else None
    return None


async def keep(store: Store, updates: Sequence[dict[str, Any]], *, now: datetime, owner: str | None = None) -> None:
    """Commit raw updates to the inbox as `owner`'s; one kept before stays as it is. Raises StorageError."""
    rows = [(raw["update_id"], sender_of(raw), sparing(raw)) for raw in updates]
    await store.change(lambda tx: inbox.keep(tx, rows, now=now, owner=owner))


async def insist(call: Callable[[], Awaitable[None]], event: str) -> None:
    """Call until Telegram answers, with growing pauses and a line in the log under `event`; TokenRefused ends it."""
    pause = 1.0
    while True:
        try:
            return await call()
        except InvalidToken:
            raise TokenRefused(TokenRefused.__doc__) from None
        except TelegramError as error:
            words = error.message if isinstance(error, BadRequest) else None  # others may quote what was sent
            log.warning(event, kind=type(error).__name__, words=words, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


class Poller:
    """Our own long poll, while this process leads. `last_at` is when a poll was last answered, for health."""

    silence = "Telegram has not answered a poll for a minute"
    unready: str | None = None

    def __init__(
        self,
        transport: Transport,
        address: str,
        store: Store,
        clock: Clock,
        *,
        wake: Callable[[], None],
        owner: str | None = None,
        leadership: Leadership | None = None,
    ) -> None:
        self._transport = transport
        self._address = address
        self._store = store
        self._clock = clock
        self._wake = wake
        self._owner = owner
        self._leadership = leadership or Alone()
        self.last_at = clock.monotonic()
        self.leads: bool | None = None  # False: it stands by, another process polls

    async def run(self) -> None:
        """Poll whenever it is ours to poll, until cancelled; TokenRefused ends it."""
        await self._leadership.lead(self._poll_on, self._told)

    def _told(self, leads: bool) -> None:
        if leads is not self.leads:
            self.last_at = self._clock.monotonic()  # its silence counts from now
            self.leads = leads
            log.info("poll.leads" if leads else "poll.stands-by", owner=self._owner)

    async def _poll_on(self) -> None:
        offset: int | None = None
        pause = 1.0
        while True:
            try:
                offset = await self._poll(offset)
                pause = 1.0
            except InvalidToken:
                raise TokenRefused(TokenRefused.__doc__) from None
            except Conflict as error:
                mend = HOOKED if "webhook" in error.message.lower() else POLLED
                log.error("poll.conflict", mend=mend)
                await asyncio.sleep(5)
            except (TelegramError, Unreachable) as error:
                log.warning("poll.failed", kind=type(error).__name__, again_in=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _poll(self, offset: int | None) -> int | None:
        parameters: dict[str, Any] = {"timeout": LONG_POLL, "allowed_updates": WANTED}
        if offset is not None:
            parameters["offset"] = offset
        updates = await self._transport.call(f"{self._address}/getUpdates", parameters, read=LONG_POLL + 3)
        self.last_at = self._clock.monotonic()
        if not updates:
            return offset
        await keep(self._store, updates, now=self._clock.machine_now(), owner=self._owner)
        self._wake()
        return int(max(raw["update_id"] for raw in updates)) + 1


class Workers:
    """Serve the inbox: different people at once, one person's updates one after the other."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], store: Store, clock: Clock, owner: str
    ) -> None:
        self._application = application
        self._store = store
        self._clock = clock
        self._owner = owner
        self._renewed_at = clock.monotonic()
        self._work = asyncio.Event()
        self._busy: dict[int | None, asyncio.Task[None]] = {}
        self._stopping = False
        self.apologise: Callable[[Waiting], Awaitable[None]] | None = None
        self.failed: set[int] = set()  # updates whose handler raised; filled by the application's error handler

    def wake(self) -> None:
        """There may be something to do."""
        self._work.set()

    async def run(self) -> None:
        """Serve until cancelled, and say to the others that we live."""
        self.wake()
        pause = LOOK
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):  # wait_for may swallow a cancellation that meets the wake-up
                    await self._work.wait()
            self._work.clear()
            try:
                await self._renew()
                pause = LOOK_AGAIN if await self._take() else LOOK
            except Unreachable as error:
                log.warning("inbox.unreachable", words=str(error))
                pause = LOOK

    async def stop(self) -> None:
        """Take no more; finish what is in hand."""
        self._stopping = True
        if self._busy:
            await asyncio.wait(list(self._busy.values()))

    async def _renew(self) -> None:
        now = self._clock.monotonic()
        if self._store.shared and now - self._renewed_at >= replicas.BEAT:
            await self._store.change(lambda tx: replicas.renew(tx, self._owner))
            self._renewed_at = now

    async def _take(self) -> bool:
        """Begin to serve what is ours; whether something of ours waits for what another process has in hand."""
        if self._stopping or len(self._busy) >= AT_ONCE:
            return False
        heads, held_up = await self._heads()
        if any(waiting.owner != self._owner for waiting in heads):
            await self._store.change(lambda tx: inbox.take_over(tx, self._owner))
            heads, held_up = await self._heads()  # only what is ours and next by now: another may have been faster
        for waiting in heads:
            if self._stopping:
                return False
            who = waiting.telegram_id if waiting.telegram_id is not None else -waiting.update_id
            if waiting.owner == self._owner and who not in self._busy:
                self._busy[who] = asyncio.create_task(self._serve(who, waiting))
        return held_up

    async def _heads(self) -> tuple[list[Waiting], bool]:
        busy, room = list(self._busy), AT_ONCE - len(self._busy)

        async def look(tx: Tx) -> tuple[list[Waiting], bool]:
            heads = await inbox.next_of_each(tx, busy=busy, limit=room, owner=self._owner)
            return heads, self._store.shared and not heads and await inbox.held_up(tx, self._owner, busy=busy)

        return await self._store.read(look)

    async def _serve(self, who: int | None, waiting: Waiting) -> None:
        try:
            if not await self._processed(waiting):
                await self._stumble(waiting)
        except Unreachable as error:  # the update is as it was, and will be taken again
            log.warning("inbox.unreachable", words=str(error))
        finally:
            self._busy.pop(who, None)
            self.wake()

    async def _processed(self, waiting: Waiting) -> bool:
        try:
            await self._application.process_update(update_in(waiting.payload, self._application.bot))
        except Exception:
            log.exception("update.failed", update_id=waiting.update_id)
            return False
        failed = waiting.update_id in self.failed
        self.failed.discard(waiting.update_id)
        return not failed

    async def _stumble(self, waiting: Waiting) -> None:
        now = self._clock.machine_now()
        aside = await self._store.change(lambda tx: inbox.stumbled(tx, waiting.update_id, now=now))
        if not aside:
            await asyncio.sleep(0.2 * 2**waiting.tries)  # the person's later updates wait: order matters more
        elif self.apologise is not None:
            await self.apologise(waiting)
