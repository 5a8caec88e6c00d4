"""Live progress: the one message of a broadcast's author is edited as it goes out, every few seconds at most."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.message import Message
from bot.office import Office
from bot.sender import Sender
from storage import broadcasts
from storage.broadcasts import Broadcast
from storage.store import Store, Tx

EVERY = 3  # seconds

Render = Callable[[Tx, Broadcast, Office, datetime], Awaitable[Message | None]]


class Panels:
    """Remembers what each panel shows, so that only what has changed is edited."""

    def __init__(self, store: Store, office: Office, clock: Clock, sender: Sender, render: Render) -> None:
        self._store = store
        self._office = office
        self._clock = clock
        self._sender = sender
        self._render = render
        self._shown: dict[int, Message] = {}

    async def refresh(self) -> None:
        """Show how far each broadcast is that is under way, and once more each that has just ended."""
        for sent, message in await self._store.read(self._worded):
            if self._shown.get(sent.id) != message and sent.message_id is not None:
                await self._sender.edit(sent.author_id, sent.message_id, message)
            if sent.state == "confirmed":
                self._shown[sent.id] = message
            else:
                self._shown.pop(sent.id, None)

    async def _worded(self, tx: Tx) -> list[tuple[Broadcast, Message]]:
        going = {each.id: each for each in await broadcasts.under_way(tx) if each.message_id is not None}
        ended = [await broadcasts.get(tx, number) for number in self._shown if number not in going]
        now, worded = self._clock.people_now(), []
        for each in (*going.values(), *(one for one in ended if one is not None)):
            message = await self._render(tx, each, self._office, now)
            if message is not None:
                worded.append((each, message))
        return worded
