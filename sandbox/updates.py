"""Updates waiting for the bot: kept until confirmed, given again to whoever asks with an older offset.

Rules of Client.cpp of tdlib/telegram-bot-api: a long poll is clamped to 50 s, 1-100 updates at once, a
negative offset counts from the end and forgets the rest, a second poller ends the first, a list of allowed
kinds sticks.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.clock import monotonic
from sandbox.errors import RefusalError
from sandbox.message import Json

LONGEST_POLL = 50.0
MOST_AT_ONCE = 100
KEPT_SECONDS = 24 * 3600.0
ALL_BUT_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
SUPERSEDED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, slots=True)
class Update:
    """One update. Those of one `key` reach a webhook in order."""

    id: int
    key: str
    body: Json
    added: float


class Updates:
    """The queue of one bot. `told` is called after updates were confirmed."""

    def __init__(self, *, first_id: int) -> None:
        self._next_id = first_id
        self._queue: deque[Update] = deque()
        self._allowed: frozenset[str] | None = None  # None: all but the three that must be asked for
        self._poller: asyncio.Future[None] | None = None
        self.told: Callable[[], None] | None = None
        self.pushed: Callable[[Update], None] | None = None  # the webhook, when one is set
        self.sent = 0
        self.confirmed = 0
        self.confirmed_at = 0.0

    @property
    def pending(self) -> int:
        """How many are not confirmed."""
        return len(self._queue)

    @property
    def waiting(self) -> tuple[Update, ...]:
        """All that are not confirmed, oldest first."""
        return tuple(self._queue)

    def allowed(self) -> list[str] | None:
        """The list that was set, or None."""
        return None if self._allowed is None else sorted(self._allowed)

    def allow(self, kinds: Sequence[str]) -> None:
        """An empty list means the default."""
        self._allowed = frozenset(kinds) or None

    def fresh_id(self) -> int:
        """A number no update has had."""
        self._next_id += 1
        return self._next_id

    def add(self, kind: str, body: Json, *, key: str) -> int | None:
        """Queue an update; its id, or None when the bot did not ask for this kind."""
        if kind not in self._allowed if self._allowed is not None else kind in ALL_BUT_DEFAULT:
            return None
        update = Update(self.fresh_id(), key, {}, monotonic())
        update.body.update({"update_id": update.id, kind: body})
        self._queue.append(update)
        self.sent += 1
        if self.pushed:
            self.pushed(update)
        elif self._poller and not self._poller.done():
            self._poller.set_result(None)
        return update.id

    async def poll(self, *, offset: int, limit: int, timeout: float) -> list[Json]:
        """What getUpdates answers. Raises RefusalError 409 in a poll that a younger one ended."""
        self.interrupt(SUPERSEDED)
        self._poller = poller = asyncio.get_running_loop().create_future()
        self._forget(offset)
        if not self._queue and timeout > 0:
            try:
                async with asyncio.timeout(min(timeout, LONGEST_POLL)):
                    await poller
            except TimeoutError:
                pass
        if self._poller is poller:
            self._poller = None
        count = min(limit if limit > 0 else MOST_AT_ONCE, MOST_AT_ONCE)
        return [update.body for update in list(self._queue)[:count]] if self._queue else []

    def confirm(self, update: Update) -> None:
        """A webhook took this one."""
        self._queue.remove(update)
        self._count(1)

    def interrupt(self, words: str) -> None:
        """Refuse a poll that waits."""
        if self._poller and not self._poller.done():
            self._poller.set_exception(RefusalError(409, words))

    def close(self) -> None:
        """End a poll that waits."""
        if self._poller and not self._poller.done():
            self._poller.set_result(None)

    def clear(self) -> None:
        """Drop what waits."""
        self._count(len(self._queue))
        self._queue.clear()

    def _forget(self, offset: int) -> None:
        before = len(self._queue)
        expired = monotonic() - KEPT_SECONDS
        while self._queue and self._queue[0].added < expired:
            self._queue.popleft()
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popleft()
        else:
            while self._queue and self._queue[0].id < offset:
                self._queue.popleft()
        self._count(before - len(self._queue))

    def _count(self, confirmed: int) -> None:
        if confirmed:
            self.confirmed += confirmed
            self.confirmed_at = monotonic()
            if self.told:
                self.told()
