"""The words of a message as a caller sent them, read with their markup and measured as Telegram measures."""

from sandbox.entities import given, tidied
from sandbox.errors import bad_request
from sandbox.markup import parse_html
from sandbox.message import Formatted, Json

MOST_TEXT = 4096  # code points after parsing
MOST_CAPTION = 1024
MOST_RAW_BYTES = 32_768


def read_words(text: str, *, parse_mode: str | None, entities: list[Json] | None) -> Formatted:
    """Text with its entities. Raises RefusalError 400."""
    if len(text) > MOST_TEXT and len(text.encode("utf-8", "surrogatepass")) > MOST_RAW_BYTES:
        raise bad_request("text is too long")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise bad_request("text must be encoded in UTF-8")
    mode = (parse_mode or "").lower()
    if mode == "html":
        return tidied(parse_html(text))
    if mode in ("markdown", "markdownv2"):
        # Telegram reads them; this project writes HTML only.
        raise bad_request("the sandbox reads no parse_mode but HTML")
    if mode:
        raise bad_request("unsupported parse_mode")
    return given(text, entities) if entities else tidied(Formatted(text))


def message_words(params: Json) -> Formatted:
    """The text of a message: 1-4096."""
    if not params.get("text"):
        raise bad_request("message text is empty")
    words = read_words(params["text"], parse_mode=params.get("parse_mode"), entities=params.get("entities"))
    if not words.text:
        raise bad_request("text must be non-empty")
    if len(words.text) > MOST_TEXT:
        raise bad_request("message is too long")
    return words


def caption_words(params: Json) -> Formatted:
    """The caption of a media message: 0-1024."""
    words = read_words(
        params.get("caption") or "",
        parse_mode=params.get("parse_mode"),
        entities=params.get("caption_entities"),
    )
    if len(words.text) > MOST_CAPTION:
        raise bad_request("message caption is too long")
    return words
