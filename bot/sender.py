"""Sends, edits and acknowledges. What became of a send is a value; edits may be repeated and are."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from html import unescape
from re import sub
from typing import Any

import structlog
from telegram.constants import ChatAction, MessageLimit, ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot import parcels, wire
from bot.gate import Gate, Pass
from bot.message import Article, Message, Paper
from bot.pictures.studio import Studio
from bot.transport import Transport, encoded
from scheduler.delivery import NotSent, Outcome, Refused, Sent, Unsure

log = structlog.get_logger()

INLINE_CACHE = 300  # seconds for which Telegram answers the same words itself, to everybody
EDIT_TRIES = 5
PICTURE = "picture.png"
Make = Callable[[Paper], Awaitable[tuple[str, bytes] | None]]


class Sender:
    """Words go out as plain JSON, pictures and cards through the library's bot; every call passes the same gate."""

    def __init__(self, bot: ExtBot[Any], studio: Studio | None = None, make: Make | None = None) -> None:
        self._bot = bot
        self._studio = studio or Studio()
        self._make = make
        self._transport: Transport = bot.request  # type: ignore[assignment]  # the only one we build bots with
        self._gate: Gate = bot.rate_limiter  # type: ignore[assignment]  # the same

    async def send(self, chat_id: int, message: Message, shown: Pass) -> Outcome:
        """A fresh message, its picture above the words where it can be drawn and Telegram takes it.

        Words longer than a caption follow the picture as a message of their own, and the outcome is theirs.
        """
        if message.paper is not None or message.media is not None:
            return await self._with_file(chat_id, message, shown)
        png = await self._studio.draw(message.picture) if message.picture else None
        if png is None:
            return await self._settled(chat_id, message, shown, None)
        alone = len(_plain(message.html)) > MessageLimit.CAPTION_LENGTH
        above = Message("", silent=message.silent) if alone else message
        outcome = await self._settled(chat_id, above, shown, png)
        if isinstance(outcome, Sent) and alone:
            return await self._settled(chat_id, replace(message, silent=True), Pass(shown.lane), None)
        if isinstance(outcome, Refused) and outcome.reach is None:
            log.warning("send.no-picture", reason=outcome.reason)
            return await self._settled(chat_id, message, Pass(shown.lane), None)
        return outcome

    async def _with_file(self, chat_id: int, message: Message, shown: Pass) -> Outcome:
        """A paper, photo, document or poll, with the words as its caption; words alone where a paper cannot be made."""
        made = await self._make(message.paper) if message.paper and self._make else None
        if message.paper is not None and made is None:
            return await self._settled(chat_id, replace(message, html=message.paper.otherwise), shown, None)
        call = parcels.call(self._bot, chat_id, message, shown, made)
        try:
            return Sent((await call).message_id)
        except TelegramError as error:
            return wire.outcome_of(error)

    async def _settled(self, chat_id: int, message: Message, shown: Pass, png: bytes | None) -> Outcome:
        """What became of one call. Words that Telegram cannot parse go out once more as plain text."""
        try:
            return await self._send(chat_id, message, shown, png, ParseMode.HTML)
        except BadRequest as refusal:
            if not wire.says(refusal, wire.UNPARSED):
                return wire.outcome_of(refusal)
            log.error("send.unparsed", chat=bool(chat_id))
        except TelegramError as error:
            return wire.outcome_of(error)
        plain = replace(message, html=_plain(message.html))
        try:
            return await self._send(chat_id, plain, Pass(shown.lane), png, None)
        except TelegramError as error:
            return wire.outcome_of(error)

    async def _send(
        self, chat_id: int, message: Message, shown: Pass, png: bytes | None, mode: ParseMode | None
    ) -> Outcome:
        if png is None:
            words = wire.words(message, mode, paid=shown.paid)
            sent = await self._post("sendMessage", wire.addressed(words, chat_id=chat_id), chat_id, shown)
            number = sent.get("message_id") if isinstance(sent, dict) else None
            return Sent(number) if isinstance(number, int) else Unsure("the Bot API's answer is unreadable")
        photo = await self._bot.send_photo(
            chat_id,
            png,
            message.html or None,
            filename=PICTURE,
            parse_mode=mode,
            reply_markup=wire.keyboard(message),
            disable_notification=message.silent or None,
            allow_paid_broadcast=shown.paid or None,
            rate_limit_args=shown,
        )
        return Sent(photo.message_id)

    async def _post(self, method: str, body: bytes, chat_id: int | None = None, shown: Pass | None = None) -> Any:
        url = f"{self._bot.base_url}/{method}"
        return await self._gate.through(lambda: self._transport.carry(url, body), method, chat_id, shown)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> bool:
        """Show the message in place of another; False when that one can no longer be edited."""
        aloud = replace(message, silent=False) if message.silent else message
        body = wire.addressed(wire.words(aloud), chat_id=chat_id, message_id=message_id)
        return await self._again(lambda: self._post("editMessageText", body, chat_id))

    async def seem_to_type(self, chat_id: int, seconds: float) -> None:
        """Leave the reader a moment before what comes next. That it could not be shown is no mistake of anybody's."""
        body = encoded({"chat_id": chat_id, "action": ChatAction.TYPING})
        with suppress(TelegramError):
            await self._post("sendChatAction", body, chat_id)
        await asyncio.sleep(seconds)

    async def strip(self, chat_id: int, message_id: int) -> bool:
        """Take the buttons off a message."""
        body = encoded({"chat_id": chat_id, "message_id": message_id})
        return await self._again(lambda: self._post("editMessageReplyMarkup", body, chat_id))

    async def acknowledge(self, callback_query_id: str, toast: str | None) -> None:
        """Stop the button's spinner; one that is too old to answer is no mistake of anybody's."""
        body = encoded({"callback_query_id": callback_query_id} | ({"text": toast} if toast else {}))
        await self._again(lambda: self._post("answerCallbackQuery", body))

    async def answer_inline(self, inline_query_id: str, articles: Sequence[Article]) -> None:
        """Offer these cards; a query that is too old to answer is no mistake of anybody's."""
        results = [wire.offered(article) for article in articles]
        await self._again(
            lambda: self._bot.answer_inline_query(
                inline_query_id, results, cache_time=INLINE_CACHE, is_personal=False, rate_limit_args=Pass()
            )
        )

    async def _again(self, call: Any) -> bool:
        for attempt in range(EDIT_TRIES):
            try:
                await call()
            except TelegramError as error:
                if isinstance(error, BadRequest) and wire.says(error, wire.UNMODIFIED):
                    return True
                outcome = wire.outcome_of(error)
                if isinstance(outcome, Refused) or isinstance(error, InvalidToken) or attempt == EDIT_TRIES - 1:
                    return False
                wait = outcome.retry_after if isinstance(outcome, NotSent) else None
                await asyncio.sleep(wait or 0.2 * 2**attempt)
            else:
                return True
        return False


def _plain(html: str) -> str:
    """The words without their markup, as Telegram counts them."""
    return unescape(sub(r"<[^>]*>", "", html))
