"""What the dialogue of enrolling can come to, as values that the view words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.seat import Seat, Waiting
from lessons.course import Course
from scheduler.calendar import Calendar
from scheduler.places import Place
from storage.cohorts import Cohort


class Refusal(StrEnum):
    """Why an invitation or an answer does not serve."""

    NO_INVITATION = "no-invitation"
    UNKNOWN = "unknown-invitation"
    USED = "used-invitation"
    EXPIRED = "expired-invitation"
    FOREIGN = "foreign-invitation"
    KNOWN_ACCOUNT = "known-account"
    NOTHING_OPEN = "nothing-open"
    NAME_EMPTY = "name-empty"
    NAME_LONG = "name-long"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Welcome:
    """The academy greets: which course, how much it takes."""

    course: Course


@dataclass(frozen=True, slots=True)
class AskConsent:
    """What is kept, and who sees it."""


@dataclass(frozen=True, slots=True)
class Declined:
    """No consent: nothing is kept."""


@dataclass(frozen=True, slots=True)
class AskName:
    """How the name should appear."""

    shown: str


@dataclass(frozen=True, slots=True)
class AskWho:
    """Is it she whom the link names? `mission` None: a link that moves her course to this account."""

    name: str
    mission: str | None


@dataclass(frozen=True, slots=True)
class NotMe:
    """It is not: what followed. `relink`: nothing was moved."""

    relink: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """The course goes on in this account."""

    name: str


@dataclass(frozen=True, slots=True)
class AskPlace:
    """Where the person is posted; with places to choose from when the words fitted several or none."""

    options: tuple[Place, ...] = ()
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class AskConfirm:
    """Everything once more, before it counts."""

    name: str
    place: Place
    calendar: Calendar
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A seat, and when the first lesson comes."""

    seat: Seat
    first_at: datetime | None


@dataclass(frozen=True, slots=True)
class WelcomeBack:
    """Somebody known: where they stand."""

    seat: Seat | None
    waiting: Waiting | None  # the lesson that is open
    next_at: datetime | None
    coordinator: bool


Asked = AskConsent | AskName | AskWho | AskPlace | AskConfirm
Outcome = Refused | Welcome | Asked | Declined | NotMe | Moved | Enrolled | WelcomeBack
