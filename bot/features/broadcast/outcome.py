"""What may come of a coordinator's tap on a broadcast."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.features.broadcast.audience import Audience, Item
from storage.broadcasts import Broadcast
from storage.cohorts import Cohort

LONGEST = 3500  # characters; leaves room for the heading within Telegram's 4,096
LONGEST_CAPTION = 700  # of 1,024
WHY = ("blocked", "deactivated", "not found", "taken back", "stopped", "forgotten")  # parts of the reasons stored


class Refusal(StrEnum):
    """Why nothing was drafted or sent."""

    EMPTY = "empty"
    LONG = "long"
    LONG_CAPTION = "long-caption"
    NO_COHORT = "no-cohort"
    NOBODY = "nobody"
    SENT_ALREADY = "sent-already"
    GONE = "gone"
    NO_SECOND = "no-second"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed. `broadcast`: where a draft waits all the same."""

    why: Refusal
    broadcast: int | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Several cohorts: which one is it for?"""

    broadcast: int
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom it reaches and when: the first and the last instant, the earliest and the latest reading of their clocks."""

    receivers: int
    unreachable: int
    later: int  # in their quiet hours when it leaves
    languages: tuple[str, ...]
    first: datetime
    last: datetime
    earliest: time
    latest: time


@dataclass(frozen=True, slots=True)
class Preview:
    """As the receivers will see it, and how many they are."""

    broadcast: Broadcast
    cohort: Cohort
    reach: Reach
    audience: tuple[tuple[str, str, str], ...]  # ("only" or "but", side, name as it is stored)
    takes: timedelta
    undo: timedelta
    needs_second: bool
    fresh: bool = False  # just drafted: what does not fit into the panel is shown above it


@dataclass(frozen=True, slots=True)
class Aiming:
    """To whom: how many of how many, and what there is to narrow by."""

    broadcast: Broadcast
    audience: Audience
    people: int
    of: int
    gulf: int  # people in the Gulf
    only_gulf: bool  # whether it stands at these


@dataclass(frozen=True, slots=True)
class AimingBy:
    """One side: what there is, and what is chosen."""

    broadcast: Broadcast
    audience: Audience
    side: str
    page: int
    pages: int
    items: tuple[Item, ...]
    people: int


@dataclass(frozen=True, slots=True)
class AskHour:
    """At once, or at which hour?"""

    broadcast: Broadcast
    misread: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Another coordinator must agree first."""

    broadcast: Broadcast
    cohort: Cohort
    receivers: int


@dataclass(frozen=True, slots=True)
class AskReason:
    """Why is it refused?"""

    broadcast: Broadcast


@dataclass(frozen=True, slots=True)
class Decided:
    """What a second coordinator said, to both."""

    broadcast: Broadcast
    cohort: Cohort
    agreed: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What became of it so far: (delivery state, reason) → how many."""

    broadcast: Broadcast
    cohort: Cohort
    counts: dict[tuple[str, str | None], int]
    can_undo: bool = False

    def of(self, *states: str) -> int:
        """How many are in one of these states."""
        return sum(n for (state, _), n in self.counts.items() if state in states)


Outcome = Refused | Which | Preview | Aiming | AimingBy | AskHour | Asked | AskReason | Decided | Report
