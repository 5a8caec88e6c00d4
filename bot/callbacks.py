"""Button data as typed values, packed within Telegram's 64 bytes. What comes back is hostile input.

Features do not import one another: they meet through these buttons.
"""

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
def _button(word: str) -> Callable[[type[T]], type[T]]:
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


@_button("en-begin")
class Begin:
    """Welcome read: on to consent."""


@_button("en-agree")
class Agree:
    """Consent given: on to the name."""


@_button("en-no")
class Decline:
    """No consent: nothing is kept."""


@_button("en-me")
class UseShownName:
    """The name that Telegram shows is right."""


@_button("en-place")
class PickPlace:
    """One of the places offered, by its number in the conversation."""

    n: int


@_button("en-name")
class ChangeName:
    """Back to the name."""


@_button("en-where")
class ChangePlace:
    """Back to the posting."""


@_button("en-yes")
class ConfirmEnrolment:
    """Everything on the confirmation screen is right."""


@_button("today")
class Today:
    """Today's lesson now."""


@_button("read")
class ReadLesson:
    """Show the lesson of an open asking (again)."""

    asking: int


@_button("q")
class OpenQuestion:
    """From the lesson to its question."""

    asking: int


@_button("a")
class Choose:
    """A choice tapped."""

    asking: int
    choice: str


@_button("s")
class Sure:
    """Sure (1) or not sure (0) of the choice."""

    asking: int
    sure: int


@_button("oops")
class ReportMistake:
    """Something is wrong with this question."""

    asking: int


@_button("pause")
class Pause:
    """Stop lessons until resumed."""


@_button("resume")
class Resume:
    """Go on with lessons."""


@_button("term")
class Explain:
    """What a term of the glossary means."""

    term: str


@_button("set")
class Settings:
    """One page of the settings: home, hour, quiet."""

    page: str


@_button("hour")
class SetHour:
    """Lessons at this many minutes after midnight."""

    minutes: int


@_button("quiet")
class SetQuiet:
    """Quiet hours from and until, minutes after midnight."""

    start: int
    end: int


@_button("move")
class ChangePosting:
    """A new posting: ask where."""


@_button("there")
class PickPosting:
    """One of the places offered for a new posting, by its number in the conversation."""

    n: int


@_button("moved")
class ConfirmPosting:
    """The posting found is right."""


@_button("fresh")
class Refreshers:
    """Alumni: one question a fortnight, on (1) or off (0)."""

    on: int


@_button("forget")
class Forget:
    """Erase me, asked and confirmed."""


@_button("keep")
class KeepMe:
    """Do not erase me."""


@_button("bc")
class PickCohort:
    """The cohort a broadcast is for."""

    broadcast: int
    cohort: int


@_button("bc-send")
class SendBroadcast:
    """Send the previewed broadcast."""

    broadcast: int


@_button("bc-drop")
class DropBroadcast:
    """Throw the previewed broadcast away."""

    broadcast: int


@_button("bc-how")
class BroadcastReport:
    """How far a broadcast has come."""

    broadcast: int


@_button("cohort")
class ShowCohort:
    """One cohort's census."""

    cohort: int
