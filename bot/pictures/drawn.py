"""What may stand above a message's words: a calendar strip, or a drawing by its name and plain values."""

from dataclasses import dataclass, field
from typing import Any

from bot.pictures.strip import Strip

# name → the function, called in the drawing process with the values, that returns PNG. Each in a module of its own
# that the service never imports.
DRAWINGS: dict[str, str] = {
    "cohort-lines": "bot.pictures.charts:lines",
    "cohort-bars": "bot.pictures.charts:bars",
    "case-flow": "bot.pictures.flow:flow",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing of DRAWINGS and what it shows, words included, localised."""

    name: str
    values: dict[str, Any] = field(hash=False)

    @property
    def title(self) -> str:
        """One line that says what is seen."""
        return str(self.values.get("title", ""))

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store."""
        return {"drawing": self.name, "values": self.values}


Picture = Strip | Drawn


def picture_from(value: dict[str, Any]) -> Picture:
    """The picture as it was stored."""
    return Drawn(value["drawing"], value["values"]) if "drawing" in value else Strip.from_json(value)
