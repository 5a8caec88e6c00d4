"""From our messages to Telegram's markup, and from Telegram's refusals to send outcomes: one place for both."""

from functools import lru_cache
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.message import Article, Button, Message
from bot.transport import NotConnected, encoded
from scheduler.delivery import NotSent, Outcome, Reach, Refused, Unsure

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNMODIFIED = "message is not modified"
UNPARSED = "can't parse entities"
GONE = ("message to edit not found", "message can't be edited", "message to be replied not found")

_REACH = {
    "bot was blocked by the user": Reach.BLOCKED,
    "user is deactivated": Reach.DEACTIVATED,
    "can't initiate conversation": Reach.UNREACHABLE,
    "chat not found": Reach.UNREACHABLE,
}


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The rows of buttons, or None."""
    if not message.rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, callback_data=b.data, url=b.url) for b in row] for row in message.rows]
    )


def markup(message: Message) -> dict[str, Any] | None:
    """The same as plain values."""
    if not message.rows:
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in message.rows]}


def _button(button: Button) -> dict[str, str]:
    action = {"url": button.url} if button.url is not None else {"callback_data": button.data or ""}
    return {"text": button.label} | action


@lru_cache(maxsize=256)
def words(message: Message, mode: str | None = ParseMode.HTML, *, paid: bool = False) -> bytes:
    """Everything of sendMessage and editMessageText but where it goes, as JSON: one for all who get the same words."""
    body: dict[str, Any] = {"text": message.html, "link_preview_options": {"is_disabled": True}}
    if mode is not None:
        body["parse_mode"] = mode
    if (rows := markup(message)) is not None:
        body["reply_markup"] = rows
    if message.silent:
        body["disable_notification"] = True
    if paid:
        body["allow_paid_broadcast"] = True
    return encoded(body)


def addressed(body: bytes, **to: int) -> bytes:
    """The words with their address in front: `chat_id`, and `message_id` for an edit."""
    return b"{" + b"".join(b'"%s":%d,' % (name.encode(), value) for name, value in to.items()) + body[1:]


def offered(article: Article) -> InlineQueryResultArticle:
    """A card of an inline answer."""
    content = InputTextMessageContent(article.html, ParseMode.HTML, link_preview_options=NO_PREVIEW)
    return InlineQueryResultArticle(article.id, article.title, content, description=article.line)


def says(error: TelegramError, words: str) -> bool:
    """Whether the refusal says so; the library changes capitals, Telegram does not promise them."""
    return words.lower() in error.message.lower()


def outcome_of(error: TelegramError) -> Outcome:
    """What became of a send that raised: refused for good, surely not sent, or unsure."""
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return NotSent("too many requests", after if isinstance(after, int | float) else after.total_seconds())
    if isinstance(error, NotConnected):
        return NotSent("no connection", None)
    if isinstance(error, ChatMigrated):  # no person's chat does that: the number is not one
        return Refused(_told(error), Reach.UNREACHABLE)
    if isinstance(error, Forbidden | BadRequest):
        reach = next((found for words, found in _REACH.items() if says(error, words)), None)
        return Refused(_told(error), reach)
    if isinstance(error, InvalidToken):
        return NotSent("the token is not accepted", 60)
    if says(error, "too many requests"):  # a 429 without parameters
        return NotSent("too many requests", 5)
    return Unsure(_told(error))  # time-outs, cut connections, 5xx: it may have arrived


def _told(error: TelegramError) -> str:
    return error.message.split("\n", 1)[0][:120]
