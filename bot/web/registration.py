"""Telling Telegram where updates go: to our webhook, or to whoever polls."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr
from telegram.error import InvalidToken

from bot.clock import Clock
from bot.intake import WANTED, insist
from bot.transport import Transport

log = structlog.get_logger()

LOOK = 20.0  # seconds between looks whether Telegram still knows our webhook
READ = 20.0  # seconds that an answer may take; Telegram resolves the host before it gives one
AT_ONCE = 40  # deliveries at the same time: Telegram's own default; each costs us one commit, and commits go in groups


class Registration:
    """Sets the webhook once the web side listens, and looks again and again that it is still ours."""

    silence = "Telegram has not confirmed the webhook for a minute"
    leads: bool | None = None  # every process receives

    def __init__(
        self,
        transport: Transport,
        api: str,
        url: str,
        secret: SecretStr,
        clock: Clock,
        *,
        listening: asyncio.Event,
        every: float = LOOK,
    ) -> None:
        self._transport = transport
        self._api = api
        self._url = url
        self._secret = secret
        self._clock = clock
        self._listening = listening
        self._every = every
        self._stands = False
        self._told_at = 0  # Telegram's date of the last trouble that the log has
        self.last_at = clock.monotonic()

    @property
    def unready(self) -> str | None:
        """Why nothing is delivered here yet."""
        if not self._listening.is_set():
            return "the web side does not listen"
        return None if self._stands else "Telegram does not know the webhook yet"

    async def run(self) -> None:
        """See to it until cancelled; TokenRefused ends it."""
        while True:
            await self._listening.wait()
            await insist(self._see_to_it, "webhook.not-set")
            await asyncio.sleep(self._every)

    async def _see_to_it(self) -> None:
        if not self._stands:  # always at a start: a look does not show whether the secret is ours
            await self._set()
        info = await self._transport.call(f"{self._api}/getWebhookInfo", {}, read=READ)
        self._stands = same_place(info["url"], self._url)
        if not self._stands:
            log.error("webhook.taken", mend="another service uses this token; stop one of the two")
            return
        self.last_at = self._clock.monotonic()
        if info.get("last_error_date", 0) > self._told_at:
            self._told_at = info["last_error_date"]
            words, waiting = info.get("last_error_message"), info.get("pending_update_count")
            log.warning("webhook.not-delivered", words=words, waiting=waiting)

    async def _set(self) -> None:
        # not by the library's bot: that one logs parameters, and the secret is one
        parameters = {
            "url": self._url,
            "secret_token": self._secret.get_secret_value(),
            "allowed_updates": WANTED,
            "max_connections": AT_ONCE,
            "drop_pending_updates": False,
        }
        await self._transport.call(f"{self._api}/setWebhook", parameters, read=READ)
        log.info("webhook.set")


async def leave_webhook(transport: Transport, api: str) -> None:
    """Before polling: a webhook of an earlier start would be in its way. What waits stays."""

    async def leave() -> None:
        with suppress(InvalidToken):  # a server that knows no webhooks; of a wrong token the poll will tell
            if (await transport.call(f"{api}/getWebhookInfo", {}, read=READ))["url"]:
                await transport.call(f"{api}/deleteWebhook", {"drop_pending_updates": False}, read=READ)
                log.info("webhook.left")

    await insist(leave, "webhook.not-left")


def same_place(one: str, other: str) -> bool:
    """Whether two addresses lead to the same place, however they are written."""
    return _place(one) == _place(other)


def _place(url: str) -> tuple[str | None, int | None, str]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme), parts.path or "/"
