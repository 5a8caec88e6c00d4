"""HTTP to the Bot API: python-telegram-bot's request port on aiohttp, with the token kept out of every error.

Why our own: the stock transport costs milliseconds a message under load and logs addresses with the token in them.
Errors are told apart by cause, because Telegram has no idempotency key: what was surely not sent may be tried again,
what may have been sent is never repeated blindly.
"""

import json
import os
from collections.abc import Callable
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

os.environ.setdefault("PTB_TIMEDELTA", "1")  # else the library warns anew at each 429


class NotConnected(NetworkError):
    """No connection to Telegram was made: the request was surely not sent."""


class Unsettled(TimedOut):
    """The request left, and no answer came: it may or may not have been carried out."""


class Transport(BaseRequest):
    """One pool of connections. Time-outs in seconds."""

    def __init__(self, *, connections: int = 64, connect: float = 5, read: float = 10) -> None:
        self._connections = connections
        self._connect = connect
        self._read = read
        self._session: aiohttp.ClientSession | None = None
        self.boundary: Callable[[str], None] = nothing  # called around each exchange: tests let us die there

    @property
    def read_timeout(self) -> float | None:
        """Seconds an answer may take."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool; a second call changes nothing."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the pool."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body; NotConnected or Unsettled."""
        read = self._read if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        if request_data is not None and request_data.contains_files:
            return await self._exchange(url, method, read, data=_form(request_data))
        parameters = request_data.parameters if request_data is not None else {}
        return await self._exchange(url, method, read, json=parameters)

    async def call(self, url: str, parameters: dict[str, Any], *, read: float) -> Any:
        """One method as plain JSON, without the library's objects: for updates and for bulk.

        Returns `result`; raises what the library would raise.
        """
        payload = await self._request_wrapper(url, "POST", _Plain(parameters), read_timeout=read)  # type: ignore[arg-type]  # duck-typed: see _Plain
        try:
            return json.loads(payload)["result"]
        except (ValueError, KeyError, TypeError):  # a proxy's page, perhaps
            raise Unsettled("the Bot API's answer is unreadable") from None

    async def _exchange(self, url: str, method: str, read: float | None, **body: Any) -> tuple[int, bytes]:
        if self._session is None:
            raise NotConnected("the transport is closed")
        timeout = aiohttp.ClientTimeout(sock_connect=self._connect, sock_read=read, total=None)
        self.boundary("http:before")
        try:
            async with self._session.request(method, url, timeout=timeout, **body) as answer:
                status, content = answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as cause:
            raise NotConnected(f"no connection to the Bot API ({type(cause).__name__})") from None
        except (TimeoutError, aiohttp.ClientError, OSError) as cause:
            raise Unsettled(f"no answer from the Bot API ({type(cause).__name__})") from None
        self.boundary("http:after")
        return status, content


def nothing(_point: str) -> None:
    """Nobody watches the boundaries."""


class _Plain:
    """As much of RequestData as the transport reads, around a ready dictionary."""

    contains_files = False

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
