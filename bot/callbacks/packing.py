"""How typed values travel in a button within Telegram's 64 bytes. What comes back is hostile input."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar, dataclass_transform

from bot.message import Button

LONGEST_DATA = 64  # bytes, UTF-8; Bot API, InlineKeyboardButton.callback_data
WORDS: dict[str, type[Any]] = {}
_WORD_OF: dict[type[Any], str] = {}
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
        return made

    return register


def pack(value: Any) -> str:
    """`word:field:field`; ButtonTooLong over 64 bytes."""
    data = ":".join([_WORD_OF[type(value)], *(str(getattr(value, field.name)) for field in fields(value))])
    if len(data.encode()) > LONGEST_DATA:
        raise ButtonTooLong(f"the button data {data!r} is longer than {LONGEST_DATA} bytes")
    return data


def unpack(data: str) -> Any | None:
    """The typed value, or None for anything that this bot did not make."""
    word, *parts = data.split(":")
    kind = WORDS.get(word)
    if kind is None or len(parts) != len(fields(kind)):
        return None
    values: list[int | str] = []
    for field, part in zip(fields(kind), parts, strict=True):
        pattern = _NUMBER if field.type is int else _SLUG
        if not pattern.fullmatch(part):
            return None
        values.append(int(part) if field.type is int else part)
    return kind(*values)


def button(label: str, value: Any) -> Button:
    """A button of this label that brings back this value."""
    return Button(label, data=pack(value))
