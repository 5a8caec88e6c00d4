"""How typed values travel in a button within Telegram's 64 bytes. What comes back is hostile input."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast, dataclass_transform

from bot.message import Button

LONGEST_DATA = 64  # bytes, UTF-8; Bot API, InlineKeyboardButton.callback_data
WORDS: dict[str, type[Any]] = {}
_WORD_OF: dict[type[Any], str] = {}
_FIELDS: dict[type[Any], tuple[tuple[str, bool], ...]] = {}  # name, and whether it is a number
T = TypeVar("T")

_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ButtonTooLong(ValueError):
    """A button's data would not fit into 64 bytes."""


@dataclass_transform(frozen_default=True)
def as_button(word: str) -> Callable[[type[T]], type[T]]:
    """A class whose fields (int or slug) travel in a button under that word."""

    def register(kind: type[T]) -> type[T]:
        made = dataclass(frozen=True, slots=True)(kind)
        WORDS[word] = made
        _WORD_OF[made] = word
        _FIELDS[made] = tuple((field.name, field.type is int) for field in fields(cast("Any", made)))
        return made

    return register


def pack(value: Any) -> str:
    """`word:field:field`; ButtonTooLong over 64 bytes."""
    kind = type(value)
    data = ":".join([_WORD_OF[kind], *[str(getattr(value, name)) for name, _ in _FIELDS[kind]]])
    if len(data.encode()) > LONGEST_DATA:
        raise ButtonTooLong(f"the button data {data!r} is longer than {LONGEST_DATA} bytes")
    return data


def unpack(data: str) -> Any | None:
    """The typed value, or None for anything that this bot did not make."""
    word, *parts = data.split(":")
    kind = WORDS.get(word)
    if kind is None or len(parts) != len(_FIELDS[kind]):
        return None
    values: list[int | str] = []
    for (_, is_number), part in zip(_FIELDS[kind], parts, strict=True):
        pattern = _NUMBER if is_number else _SLUG
        if not pattern.fullmatch(part):
            return None
        values.append(int(part) if is_number else part)
    return kind(*values)


def button(label: str, value: Any) -> Button:
    """A button of this label that brings back this value."""
    return Button(label, data=pack(value))
