"""What is kept of a message whose button was tapped: its number, and whether it is a picture.

Its words and buttons nobody reads again, and building the library's message from them cost more than the answer.
"""

from typing import Any, NamedTuple

from telegram import Bot, CallbackQuery, Message, Update

_KEPT = "tapped"
_CAPTIONED = ("photo", "document")


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
    captioned = any(kind in message for kind in _CAPTIONED)
    return raw | {"callback_query": spared | {_KEPT: [message.get("message_id"), captioned]}}


def update_in(kept: dict[str, Any], bot: Bot | None) -> Update:
    """The library's update. Of a tap it would ask for each of the twenty other kinds first: that cost as much again."""
    query = kept.get("callback_query")
    if not isinstance(query, dict):
        return Update.de_json(kept, bot)
    return Update(kept["update_id"], callback_query=CallbackQuery.de_json(query, bot))


def of(query: CallbackQuery | None) -> Tapped | None:
    """The tapped message, of an update that was kept or of one that comes whole; None for an inline one."""
    if query is None:
        return None
    if isinstance(kept := query.api_kwargs.get(_KEPT), list):
        number, has_picture = kept
        return Tapped(number, bool(has_picture)) if isinstance(number, int) else None
    message = query.message
    if message is None:
        return None
    return Tapped(message.message_id, isinstance(message, Message) and bool(message.photo or message.document))
