"""Server-sent events: which chats changed, and the clock. Changes faster than a page can look are joined."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from sandbox.message import Json

PAUSE_SECONDS = 0.05


class Stream:
    """All pages that watch. `clock` gives the clock's value when one is to be sent."""

    def __init__(self) -> None:
        self.clock: Callable[[], Json] | None = None
        self._watchers: set[Watcher] = set()

    def chat_changed(self, person: int, seq: int) -> None:
        """Something in this person's chat is new."""
        for watcher in self._watchers:
            watcher.chats[person] = seq
            watcher.bell.set()

    def clock_changed(self) -> None:
        """The clock was touched or reached a stop."""
        for watcher in self._watchers:
            watcher.clock = True
            watcher.bell.set()

    def close(self) -> None:
        """End every watch."""
        for watcher in self._watchers:
            watcher.closed = True
            watcher.bell.set()

    async def events(self) -> AsyncIterator[str]:
        """Events as they go over the wire, for ever; a comment every 15 s keeps the line open."""
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            while not watcher.closed:
                yield self._news(watcher)
                await asyncio.sleep(PAUSE_SECONDS)
                try:
                    async with asyncio.timeout(15):
                        await watcher.bell.wait()
                except TimeoutError:
                    continue
        finally:
            self._watchers.discard(watcher)

    def _news(self, watcher: "Watcher") -> str:
        watcher.bell.clear()
        chats, watcher.chats = watcher.chats, {}
        events = [_event("chat", {"id": person, "seq": seq}) for person, seq in chats.items()]
        if watcher.clock and self.clock:
            watcher.clock = False
            events.append(_event("clock", self.clock()))
        return "".join(events) or ": still here\n\n"


class Watcher:
    """One page; a new one first learns the clock."""

    def __init__(self) -> None:
        self.chats: dict[int, int] = {}
        self.clock = True
        self.closed = False
        self.bell = asyncio.Event()


def _event(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
