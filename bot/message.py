"""A phone screen as plain values: words in Telegram's HTML subset and rows of buttons. Markup stays at the rim."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from bot.pictures.drawn import Picture, picture_from


@dataclass(frozen=True, slots=True)
class Button:
    """What a thumb meets: a label, and button data or an address."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is made when it is sent: which (bot/papers), from what; `otherwise` (HTML) is said if it fails."""

    name: str
    meaning: dict[str, Any] = field(hash=False)
    otherwise: str


@dataclass(frozen=True, slots=True)
class Media:
    """A photo, document or poll that goes out as it came in."""

    kind: str  # "photo", "document" or "poll"
    file_id: str | None = None  # by which Telegram knows it
    question: str = ""  # of a poll
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """Words (HTML, escaped already) with rows of buttons below; silent arrives without a sound.

    A picture stands above the words, which must say all that matters: it is left out where it cannot be drawn, and an
    edit shows the words alone. A paper or media carries the words as its caption. `pause`: for so many seconds the bot
    seems to type before an edit is shown.
    """

    html: str
    rows: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    picture: Picture | None = None
    paper: Paper | None = None
    media: Media | None = None
    pause: int = 0

    def under(self, opening: str) -> Self:
        """The same message below an opening paragraph."""
        return replace(self, html=f"{opening}\n\n{self.html}")

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store."""
        rows = [[[b.label, b.data, b.url] for b in row] for row in self.rows]
        also: dict[str, Any] = {"picture": self.picture.as_json()} if self.picture else {}
        also |= {"paper": asdict(self.paper)} if self.paper else {}
        also |= {"media": asdict(self.media)} if self.media else {}
        also |= {"pause": self.pause} if self.pause else {}
        return {"html": self.html, "rows": rows, "silent": self.silent} | also

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The message as it was stored."""
        rows = tuple(tuple(Button(*button) for button in row) for row in value["rows"])
        picture = picture_from(value["picture"]) if "picture" in value else None
        paper = Paper(**value["paper"]) if "paper" in value else None
        media = Media(**value["media"] | {"options": tuple(value["media"]["options"])}) if "media" in value else None
        return cls(value["html"], rows, value["silent"], picture, paper, media, value.get("pause", 0))


@dataclass(frozen=True, slots=True)
class Article:
    """A card that Telegram offers behind the bot's name: plain title and line, and the HTML that a tap sends."""

    id: str
    title: str
    line: str
    html: str


@dataclass(frozen=True, slots=True)
class Replies:
    """What a tap or a text is answered with. A tap is always acknowledged, with or without a toast.

    `edit` replaces the tapped message, `strip` takes the buttons off it, `new` are fresh messages.
    """

    new: tuple[Message, ...] = ()
    edit: Message | None = None
    strip: bool = False
    toast: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store: what is still owed after a crash. Fresh messages are deliveries of their own."""
        edit = self.edit and self.edit.as_json()
        return {"edit": edit, "strip": self.strip, "toast": self.toast}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The edits and the toast owed."""
        edit = value["edit"] and Message.from_json(value["edit"])
        return cls(edit=edit, strip=value["strip"], toast=value["toast"])


def fresh(message: Message, *more: Message) -> Replies:
    """A reply of new messages."""
    return Replies(new=(message, *more))
