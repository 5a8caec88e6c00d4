"""As much of HTTP/1.1 as Bot API clients use: kept-alive connections, pipelining, bodies of a told length."""

import asyncio
import re
from collections.abc import Callable
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
Handle = Callable[["Connection", bytes, bytes], None]  # connection, method, body


class Connection(asyncio.Protocol):
    """One client's connection; the method is the last part of the path."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._held = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: there is somebody."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: they are gone."""
        self._transport = None

    def answer(self, ready: bytes) -> None:
        """Write a whole answer; nobody hears it when they are gone."""
        if self._transport is not None:
            self._transport.write(ready)

    def data_received(self, data: bytes) -> None:
        """asyncio: handle each request that is whole, hold the rest."""
        if self._held:
            data = self._held + data
        at = 0
        while (end := data.find(b"\r\n\r\n", at)) >= 0:
            told = _LENGTH.search(data, at, end)
            after = end + 4 + (int(told[1]) if told else 0)
            if len(data) < after:
                break
            path = data[at : data.index(b"\r\n", at)].split(b" ", 2)[1]
            self._handle(self, path.partition(b"?")[0].rpartition(b"/")[2], data[end + 4 : after])
            at = after
        self._held = data[at:]
