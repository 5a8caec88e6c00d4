"""One message in a chat as plain values, and as Telegram's Message object."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Formatted:
    """Text without markup, and its entities with offsets in UTF-16 units as Telegram counts them."""

    text: str = ""
    entities: tuple[Json, ...] = ()


NO_WORDS = Formatted()


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or document in a message. `sizes` is Telegram's description of it."""

    kind: str  # "photo" or "document"
    file_id: str
    name: str
    described: Any


@dataclass(frozen=True, slots=True)
class Message:
    """A message; an edit is another value under the same id. `words`: the text, or the caption of media."""

    message_id: int
    chat_id: int
    from_bot: bool
    at: datetime
    words: Formatted = NO_WORDS
    media: Media | None = None
    poll_id: str | None = None
    markup: Json | None = None  # an inline keyboard; other markups are not kept
    edited_at: datetime | None = None
    reply_to: int | None = None
    silent: bool = False
    protected: bool = False
    seq: int = 0

    @property
    def is_text(self) -> bool:
        """Nothing but text."""
        return self.media is None and self.poll_id is None

    def content(self) -> Json:
        """What an edit compares: words, media, keyboard."""
        content: Json = {}
        prefix = "" if self.is_text else "caption"
        if self.words.text:
            content[prefix or "text"] = self.words.text
        if self.words.entities:
            content[f"{prefix}_entities" if prefix else "entities"] = list(self.words.entities)
        if self.media:
            content[self.media.kind] = self.media.described
        if self.markup is not None:
            content["reply_markup"] = self.markup
        return content


def as_telegram(message: Message, *, sender: Json, chat: Json, poll: Json | None = None) -> Json:
    """Telegram's Message object, without the message it replies to."""
    body: Json = {
        "message_id": message.message_id,
        "from": sender,
        "chat": chat,
        "date": int(message.at.timestamp()),
    }
    if message.edited_at:
        body["edit_date"] = int(message.edited_at.timestamp())
    if message.protected:
        body["has_protected_content"] = True
    body |= message.content()
    if poll is not None:
        body["poll"] = poll
    return body
