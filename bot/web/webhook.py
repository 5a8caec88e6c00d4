"""The door for updates that Telegram delivers: an update is answered 200 only when it stands committed in the inbox.

Whoever has no secret gets no answer but 401, before a byte of the body is read. Whatever is not 2xx Telegram sends
again for a day, so a database that is away loses nothing. Serving is the workers' work, not the request's.
"""

import asyncio
import hmac
import json
from collections.abc import Callable
from typing import Any

import structlog
from pydantic import SecretStr
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.intake import keep
from storage.store import Store

log = structlog.get_logger()

SECRET_HEADER = b"x-telegram-bot-api-secret-token"
MOST_BYTES = 1024 * 1024  # an update is a few kilobytes
PATIENCE = 30.0  # seconds that a body may take to arrive


class Webhook:
    """POST on one path. `listening` is set while the web side has its port."""

    def __init__(
        self,
        path: str,
        secret: SecretStr,
        store: Store,
        clock: Clock,
        *,
        wake: Callable[[], None],
        owner: str | None = None,
    ) -> None:
        self._path = path
        self._secret = secret
        self._store = store
        self._clock = clock
        self._wake = wake
        self._owner = owner
        self.listening = asyncio.Event()

    @property
    def route(self) -> Route:
        """Its place on the site; another method than POST gets 405."""
        return Route(self._path, self._receive, methods=["POST"])

    async def _receive(self, request: Request) -> Response:
        if not self._from_telegram(request):
            return _refused(401)
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _body(request)
        except (ClientDisconnect, TimeoutError):
            return _refused(408)
        if body is None:
            return _refused(413)
        update = _update(body)
        return _refused(400) if update is None else await self._kept(update)

    def _from_telegram(self, request: Request) -> bool:
        """Exactly one secret header, and the right one; compared as bytes, since a forged one need not be ASCII."""
        shown = [value for name, value in request.scope["headers"] if name == SECRET_HEADER]
        secret = self._secret.get_secret_value().encode()
        return len(shown) == 1 and hmac.compare_digest(shown[0], secret)

    async def _kept(self, update: dict[str, Any]) -> Response:
        try:
            await keep(self._store, [update], now=self._clock.machine_now(), owner=self._owner)
        except Exception as error:  # whatever it was: Telegram sends the update again
            log.error("webhook.not-kept", kind=type(error).__name__)  # no more: it may hold words of the update
            return Response(status_code=500)
        self._wake()
        return Response()


def _refused(status: int) -> Response:
    """No words for whoever knocks; the connection ends, since its body may not have been read."""
    log.warning("webhook.refused", status=status)
    return Response(status_code=status, headers={"connection": "close"})


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is too long; what it says of its own length is not trusted."""
    if int(request.headers.get("content-length", 0)) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    """An update by its number, a positive one of 63 bits at most, or None."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return raw if type(number) is int and 0 <= number < 2**63 else None
