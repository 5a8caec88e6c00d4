"""HTTP to the Bot API: python-telegram-bot's request port on a pool of ours, the token kept out of every error.

Why our own: the stock transport costs milliseconds a message under load and logs addresses with the token in them.
Errors are told apart by cause, because Telegram has no idempotency key: what was surely not sent may be tried again,
what may have been sent is never repeated blindly.
"""

import io
import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.pool import NoAnswer, NoConnection, Pool

if TYPE_CHECKING:
    from aiohttp import FormData

JSON = "application/json"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps would make one each time
os.environ.setdefault("PTB_TIMEDELTA", "1")  # else the library warns anew at each 429


class NotConnected(NetworkError):
    """No connection to Telegram was made: the request was surely not sent."""


class Unsettled(TimedOut):
    """The request left, and no answer came: it may or may not have been carried out."""


class Transport(BaseRequest):
    """One pool of connections. Time-outs in seconds."""

    def __init__(self, *, connections: int = 192, connect: float = 5, read: float = 10) -> None:
        self._connections = connections
        self._connect = connect
        self._read = read
        self._pool: Pool | None = None
        self.boundary: Callable[[str], None] = nothing  # called around each exchange: tests let us die there

    @property
    def read_timeout(self) -> float | None:
        """Seconds an answer may take."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool; a second call changes nothing."""
        if self._pool is None:
            self._pool = Pool(connections=self._connections, connect=self._connect)

    async def shutdown(self) -> None:
        """Close the pool."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

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
        if isinstance(request_data, _Encoded):
            return await self._exchange(method, url, request_data.body, JSON, read)
        if request_data is not None and request_data.contains_files:
            form = _form(request_data)()
            return await self._exchange(method, url, await form.as_bytes(), form.headers["Content-Type"], read)
        parameters = request_data.parameters if request_data is not None else {}
        return await self._exchange(method, url, encoded(parameters), JSON, read)

    async def call(self, url: str, parameters: dict[str, Any], *, read: float | None = None) -> Any:
        """One method as plain JSON, without the library's objects.

        Returns `result`; raises what the library would raise.
        """
        return await self.carry(url, encoded(parameters), read=read)

    async def carry(self, url: str, body: bytes, *, read: float | None = None) -> Any:
        """The same with parameters that are JSON already: what thousands are sent is encoded once."""
        payload = await self._request_wrapper(url, "POST", _Encoded(body), read_timeout=read or self._read)  # type: ignore[arg-type]  # duck-typed
        try:
            return json.loads(payload.decode())["result"]
        except (ValueError, KeyError, TypeError):  # a proxy's page, perhaps
            raise Unsettled("the Bot API's answer is unreadable") from None

    async def _exchange(
        self, method: str, url: str, body: bytes, content_type: str, read: float | None
    ) -> tuple[int, bytes]:
        if self._pool is None:
            raise NotConnected("the transport is closed")
        self.boundary("http:before")
        try:
            answer = await self._pool.exchange(method, url, body, content_type, seconds=read or self._read)
        except NoConnection as cause:
            raise NotConnected(f"no connection to the Bot API ({cause})") from None
        except NoAnswer as cause:
            raise Unsettled(f"no answer from the Bot API ({cause})") from None
        self.boundary("http:after")
        return answer


def nothing(_point: str) -> None:
    """Nobody watches the boundaries."""


def encoded(parameters: dict[str, Any]) -> bytes:
    """Compact JSON."""
    return _ENCODER.encode(parameters).encode("utf-8", "surrogatepass")


class _Encoded:
    """As much of RequestData as the transport reads, around JSON: the library reads answers and raises errors."""

    contains_files = False

    def __init__(self, body: bytes) -> None:
        self.body = body


def _form(request_data: RequestData) -> "FormData":
    from aiohttp import FormData  # noqa: PLC0415 - 9 MiB that only pictures need

    form = FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        stream = (
            io.BytesIO(content) if isinstance(content, bytes) else content
        )  # as a stream: a megabyte of bytes at once would hold the loop
        form.add_field(name, stream, filename=filename, content_type=mime)
    return form
