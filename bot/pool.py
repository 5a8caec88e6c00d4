"""Kept-alive HTTP/1.1 connections for small requests: httptools reads, asyncio writes, and one request is one call.

Why our own: under load aiohttp costs three times as much a message, and a broadcast is little else. Whoever asks hears
the difference that matters to us: no connection was made, or the request left and no answer came.
"""

import asyncio
import ssl
from collections import defaultdict, deque
from functools import cache, lru_cache
from math import inf
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import httptools

Answer = tuple[int, bytes]  # status and body
LOOK = 0.1  # seconds between looks for answers that are late
KEEP = 30.0  # seconds for which an idle connection is trusted to be alive


class NoConnection(Exception):
    """Nothing was sent."""


class NoAnswer(Exception):
    """The request left, and the answer did not come, or not whole."""


class Place(NamedTuple):
    """Where a server listens."""

    host: str
    port: int
    tls: bool


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._parts: list[bytes] = []
        self.idle_since = 0.0
        self.late_at = inf

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._fail("the connection was cut")

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("the answer is no HTTP")

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < 200:  # an interim word; the answer follows
            self._parts = []
            return
        answer, self._answer = self._answer, None
        if answer is None or answer.done():  # nobody asked, or nobody waits: what else comes is not to be trusted
            self.close()
            return
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        if not self._parser.should_keep_alive():
            self.close()
        answer.set_result((self._parser.get_status_code(), body))

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes, seconds: float) -> Answer:
        """Status and body. NoAnswer; the connection is closed then, as it is when the caller gives up."""
        if self._transport is None:
            raise NoConnection("it was closed meanwhile")
        self._parts = []
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._answer = answer
        self.late_at = self._loop.time() + seconds
        try:
            self._transport.write(request)
            return await answer
        finally:
            self.late_at = inf
            if self._answer is not None:
                self.close()

    def late(self) -> None:
        """The answer took too long."""
        self._fail("it took too long")

    def _fail(self, why: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NoAnswer(why))
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


class Pool:
    """At most so many connections; idle ones are taken again, the last used first. `connect`: seconds to make one."""

    def __init__(self, *, connections: int, connect: float, keep: float = KEEP) -> None:
        self._keep = keep
        self._room = asyncio.Semaphore(connections)
        self._connect = connect
        self._idle: dict[Place, deque[_Connection]] = defaultdict(deque)
        self._asked: set[_Connection] = set()
        self._watch: asyncio.TimerHandle | None = None  # one for all: a timer for each request costs more than it
        self._closed = False

    async def exchange(self, method: str, url: str, body: bytes, content_type: str, *, seconds: float) -> Answer:
        """Status and body of the answer. Raises NoConnection or NoAnswer."""
        place, head = _place(url), _head(method, url, content_type)
        async with self._room:
            connection = await self._taken(place)
            self._asked.add(connection)
            if self._watch is None:
                self._look()
            try:
                answer = await connection.ask(b"%b%d\r\n\r\n%b" % (head, len(body), body), seconds)
            finally:
                self._asked.discard(connection)
            if connection.open:
                self._give_back(place, connection)
        return answer

    def close(self) -> None:
        """Hang up everywhere."""
        self._closed = True
        if self._watch is not None:
            self._watch.cancel()
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()

    def _look(self) -> None:
        """Hang up where an answer is late; look again while somebody waits for one."""
        loop = asyncio.get_running_loop()
        for connection in [each for each in self._asked if each.late_at <= loop.time()]:
            connection.late()
        self._watch = loop.call_later(LOOK, self._look) if self._asked else None

    async def _taken(self, place: Place) -> _Connection:
        if self._closed:
            raise NoConnection("the pool is closed")
        now, idle = asyncio.get_running_loop().time(), self._idle[place]
        while idle:
            connection = idle.pop()
            if connection.open and connection.idle_since > now - self._keep:
                return connection
            connection.close()
        return await self._made(place)

    async def _made(self, place: Place) -> _Connection:
        try:
            async with asyncio.timeout(self._connect):
                _, connection = await asyncio.get_running_loop().create_connection(
                    _Connection, place.host, place.port, ssl=_trusted() if place.tls else None
                )
        except (OSError, TimeoutError) as cause:
            raise NoConnection(type(cause).__name__) from None
        return connection

    def _give_back(self, place: Place, connection: _Connection) -> None:
        if self._closed:
            connection.close()
            return
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle[place].append(connection)


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


@lru_cache(maxsize=64)
def _place(url: str) -> Place:
    parts = urlsplit(url)
    return Place(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), parts.scheme == "https")


@lru_cache(maxsize=64)
def _head(method: str, url: str, content_type: str) -> bytes:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    head = f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\nUser-Agent: attache\r\n"
    return f"{head}Accept: application/json\r\nContent-Type: {content_type}\r\nContent-Length: ".encode()
