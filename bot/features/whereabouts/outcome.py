"""What a colleague is answered about who is where, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.seat import Seat
from bot.upcoming import Upcoming
from lessons.progress import Progress
from scheduler.places import Place
from scheduler.spans import Span
from storage.cohorts import Cohort
from storage.enrolments import Enrolment
from storage.people import Learner
from storage.whereabouts import Census, Member, Nudge


class Why(StrEnum):
    """Why a screen or a change is not to be had."""

    NO_COHORT = "no-cohort"  # there is none, or none of the caller's
    NOBODY = "nobody"  # no such place, or not the caller's
    FORGOTTEN = "forgotten"
    CLOSED = "closed"  # what the button spoke of is over


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing was changed."""

    why: Why


@dataclass(frozen=True, slots=True)
class Choose:
    """Several cohorts: which one? `more`: how many are not shown. None at all: an invitation to open one."""

    cohorts: tuple[Cohort, ...]
    more: int
    may_act: bool


@dataclass(frozen=True, slots=True)
class Mission:
    """People of a mission (None: nowhere known), and how many of them are in which group."""

    name: str | None
    groups: Mapping[str, int] = field(hash=False)

    @property
    def people(self) -> int:
        """All of them."""
        return sum(self.groups.values())


@dataclass(frozen=True, slots=True)
class Roll:
    """A cohort with its counts, and one page of its missions, those with the most to care about first."""

    cohort: Cohort
    course: str | None  # None: it is not taught here any more
    census: Census
    missions: tuple[Mission, ...]
    page: int
    pages: int
    several: bool  # the caller has further cohorts
    may_act: bool


@dataclass(frozen=True, slots=True)
class Names:
    """One page of the names in a group."""

    cohort: Cohort
    group: str
    total: int
    members: tuple[Member, ...]
    page: int
    pages: int
    may_act: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a place. `seat` and what hangs on it are None where the course is not taught here any more."""

    enrolment: Enrolment
    cohort: Cohort
    learner: Learner
    group: str
    mission: str | None
    seat: Seat | None
    progress: Progress | None
    upcoming: Upcoming | None
    nudge: Nudge | None  # the latest of yesterday, today or to come
    may_act: bool


class NotNudged(StrEnum):
    """Why a nudge would be no kindness."""

    OVER = "over"
    UNREACHABLE = "unreachable"
    AWAY = "away"
    NOTHING_WAITS = "nothing-waits"
    REMINDED = "reminded"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Unnudged:
    """Nothing was sent."""

    person: Person
    why: NotNudged


@dataclass(frozen=True, slots=True)
class Nudged:
    """It comes at that instant."""

    person: Person
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NudgeAll:
    """Everybody who is silent: asked (`done` False) or owed a nudge; `people` of them."""

    cohort: Cohort
    people: int
    done: bool


@dataclass(frozen=True, slots=True)
class AskTime:
    """How many more days, or (`days`) why?"""

    person: Person
    days: int


@dataclass(frozen=True, slots=True)
class AskLeave:
    """Which days is somebody away?"""

    person: Person


@dataclass(frozen=True, slots=True)
class NoLeave:
    """Dates that cannot be leave, and why; they are asked for again."""

    person: Person
    why: str
    deadline_on: date | None = None


@dataclass(frozen=True, slots=True)
class LeaveEntered:
    """Leave stands; the deadline before and now (None: the course is over); when the learner is told."""

    person: Person
    leave: int
    span: Span
    deadline_was: date | None
    deadline_on: date | None
    told_at: datetime


@dataclass(frozen=True, slots=True)
class LeaveBack:
    """Leave that was entered does not count any more."""

    person: Person
    deadline_on: date | None


@dataclass(frozen=True, slots=True)
class AskPlace:
    """Where to? `options`: which of these; `unknown`: no such place, these come near."""

    person: Person
    options: tuple[Place, ...] = ()
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class AskDay:
    """The place is known; from which day? `why`: what is wrong with the day that was typed."""

    person: Person
    place: Place
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting from that date on."""

    person: Person
    place: Place
    from_on: date
    at_once: bool
    told_at: datetime


@dataclass(frozen=True, slots=True)
class AskCohort:
    """Into which of these cohorts?"""

    person: Person
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a transfer changes, before (`done` False) or after it; `taken`: there is or was a place already."""

    person: Person
    to: Cohort
    first_on: date
    deadline_was: date
    deadline_on: date
    done: bool
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A place is to be ended (`done` False), or has been."""

    person: Person
    done: bool


Outcome = (
    Gone
    | Choose
    | Roll
    | Names
    | Person
    | Unnudged
    | Nudged
    | NudgeAll
    | AskTime
    | AskLeave
    | NoLeave
    | LeaveEntered
    | LeaveBack
    | AskPlace
    | AskDay
    | Posted
    | AskCohort
    | Transfer
    | Withdrawal
)
