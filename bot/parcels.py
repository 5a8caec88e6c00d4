"""Messages that are more than words: files of our making, and photos, documents and polls that go on as they came."""

from collections.abc import Coroutine
from typing import Any

from telegram import InputPollOption
from telegram import Message as Arrived
from telegram.constants import ParseMode
from telegram.ext import ExtBot

from bot import wire
from bot.gate import Pass
from bot.message import Media, Message


def call(
    bot: ExtBot[Any], chat_id: int, message: Message, shown: Pass, made: tuple[str, bytes] | None
) -> Coroutine[Any, Any, Arrived]:
    """The one call that sends it; `made` is the file of its paper: (name, bytes)."""
    common: dict[str, Any] = {
        "reply_markup": wire.keyboard(message),
        "disable_notification": message.silent or None,
        "allow_paid_broadcast": shown.paid or None,
        "rate_limit_args": shown,
    }
    if message.media is not None and message.media.kind == "poll":
        options = [InputPollOption(option) for option in message.media.options]
        return bot.send_poll(chat_id, message.media.question, options, is_anonymous=True, **common)
    caption: dict[str, Any] = {"caption": message.html or None, "parse_mode": ParseMode.HTML}
    if made is not None:
        name, content = made
        return bot.send_document(chat_id, content, filename=name, **caption, **common)
    media = message.media or Media("document")
    send = bot.send_photo if media.kind == "photo" else bot.send_document
    return send(chat_id, media.file_id or "", **caption, **common)
