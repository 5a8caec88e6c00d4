"""From our messages to Telegram's markup, and from Telegram's refusals to send outcomes: one place for both."""

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.message import Article, Message
from bot.transport import NotConnected
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
    if isinstance(error, Forbidden | BadRequest | ChatMigrated):
        reach = next((found for words, found in _REACH.items() if says(error, words)), None)
        return Refused(_told(error), reach)
    if isinstance(error, InvalidToken):
        return NotSent("the token is not accepted", 60)
    if says(error, "too many requests"):  # a 429 without parameters
        return NotSent("too many requests", 5)
    return Unsure(_told(error))  # time-outs, cut connections, 5xx: it may have arrived


def _told(error: TelegramError) -> str:
    return error.message.split("\n", 1)[0][:120]
