"""One private chat: what the person's phone holds, and how it looks there."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sandbox.clock import monotonic
from sandbox.message import Json, Media, Message
from sandbox.people import Person
from sandbox.shown_html import as_html

TYPING_SECONDS = 5.0


@dataclass
class Chat:
    """Mutable; `seq` grows with everything the phone would show."""

    person: Person
    started: bool = False  # the person has pressed START once: the bot may write
    blocked: bool = False
    deactivated: bool = False
    cleared_to: int = 0  # messages up to this id are gone from the phone, not from the bot
    messages: dict[int, Message] = field(default_factory=dict)
    seq: int = 0
    toast: Json | None = None
    inline: Json | None = None
    typing_until: float = 0.0
    unanswered: set[str] = field(default_factory=set)
    menu_button: Json | None = None

    def put(self, message: Message) -> Message:
        """Store a new or edited message; what was stored, with its seq."""
        self.seq += 1
        stored = replace(message, seq=self.seq)
        self.messages[message.message_id] = stored
        if message.from_bot:
            self.typing_until = 0.0
        return stored

    def visible(self) -> list[Message]:
        """What the phone shows, oldest first."""
        return [message for message_id, message in self.messages.items() if message_id > self.cleared_to]

    def typing(self) -> bool:
        """A chat action lasts 5 s or until a message."""
        return monotonic() < self.typing_until


def shown(chat: Chat, *, commands: list[Json], polls: dict[str, Json]) -> Json:
    """The chat as the contract gives it to a page. `polls` by id, as the person sees them."""
    return {
        "person": chat.person.shown(),
        "messages": [_message(message, polls) for message in chat.visible()],
        "toast": chat.toast,
        "inline": chat.inline,
        "typing": chat.typing(),
        "commands": commands,
        "started": chat.started,
        "blocked": chat.blocked,
        "deactivated": chat.deactivated,
        "unanswered_taps": len(chat.unanswered),
        "seq": chat.seq,
    }


def _message(message: Message, polls: dict[str, Json]) -> Json:
    words = message.words
    view: Json = {
        "message_id": message.message_id,
        "date": _iso(message.at),
        "edited_at": message.edited_at and _iso(message.edited_at),
        "from": "bot" if message.from_bot else "person",
        "html": as_html(words.text, words.entities),
        "text": words.text,
        "keyboard": [[_button(button) for button in row] for row in _rows(message)],
        "silent": message.silent,
        "seq": message.seq,
    }
    if message.reply_to is not None:
        view["reply_to"] = message.reply_to
    if message.media:
        view |= _media(message.media)
    if message.poll_id:
        view["poll"] = polls[message.poll_id]
    return view


def _media(media: Media) -> Json:
    url = f"/sandbox/files/{media.file_id}"
    if media.kind != "photo":
        return {media.kind: {"name": media.name, "url": url}}
    largest = media.described[-1]
    return {"photo": url, "photo_size": [largest["width"], largest["height"]]}


def _rows(message: Message) -> list[list[Json]]:
    rows: list[list[Json]] = (message.markup or {}).get("inline_keyboard", [])
    return rows


def _button(button: Json) -> Json:
    view: Json = {"label": button["text"]}
    if "callback_data" in button:
        view["data"] = button["callback_data"]
    if "copy_text" in button:
        view["copy_text"] = button["copy_text"]["text"]
    for name in ("url", "style", "switch_inline_query", "switch_inline_query_current_chat"):
        if name in button:
            view[name] = button[name]
    if "web_app" in button or "login_url" in button:
        view["url"] = (button.get("web_app") or button["login_url"])["url"]
    return view


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
