"""What is kept of a message whose button was tapped: its number, and whether it is a picture.

Its words and buttons nobody reads again, and building the library's message from them cost more than the answer.
"""

from typing import Any, NamedTuple

from telegram import CallbackQuery, Message

_KEPT = "tapped"


class Tapped(NamedTuple):
    """The message: its number, and whether its words are a caption."""

    message_id: int
    has_picture: bool


def sparing(raw: dict[str, Any]) -> dict[str, Any]:
    """An update as it is kept."""
    query = raw.get("callback_query")
    if not isinstance(query, dict) or not isinstance(message := query.get("message"), dict):
        return raw
    spared = {name: value for name, value in query.items() if name != "message"}
    return raw | {"callback_query": spared | {_KEPT: [message.get("message_id"), "photo" in message]}}


def of(query: CallbackQuery | None) -> Tapped | None:
    """The tapped message, of an update that was kept or of one that comes whole; None for an inline one."""
    if query is None:
        return None
    if isinstance(kept := query.api_kwargs.get(_KEPT), list):
        number, has_picture = kept
        return Tapped(number, bool(has_picture)) if isinstance(number, int) else None
    message = query.message
    return Tapped(message.message_id, isinstance(message, Message) and bool(message.photo)) if message else None
