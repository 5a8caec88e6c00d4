"""What may come of words between a learner and the desk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.threads import Line, Thread

LONGEST = 1500  # characters of one message
SHOWN = 8  # lines of a thread on one screen


class Refusal(StrEnum):
    """Why nothing was sent."""

    GONE = "gone"
    LONG = "long"
    NO_WORDS = "no-words"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was sent."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class AskWords:
    """A learner is asked for her words, after the warning."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Words came as an answer to a broadcast: shall they go to the coordinators?"""

    words: str


@dataclass(frozen=True, slots=True)
class Passed:
    """They are with the coordinators."""


@dataclass(frozen=True, slots=True)
class Kept:
    """They are not."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits for a colleague."""

    threads: tuple[Thread, ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class Open:
    """One thread with its newest lines."""

    thread: Thread
    cohort: str
    lines: tuple[Line, ...]
    earlier: int
    names: dict[int, str]
    now: datetime


@dataclass(frozen=True, slots=True)
class AskAnswer:
    """A colleague is asked for the answer."""

    thread: Thread


@dataclass(frozen=True, slots=True)
class Answered:
    """It is on its way."""

    thread: Thread
    waiting: int


Outcome = Refused | AskWords | Confirm | Passed | Kept | Inbox | Open | AskAnswer | Answered
