"""What a year leaves behind: life stories, the faults of the machine, and the events that a phone saw.

Plain values and nothing of the service: the oracle that reads them must share no code with what it judges.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)

Kind = Literal[
    "lesson",
    "review",
    "remind",
    "pause",
    "resume",
    "refresher",
    "check",
    "renewal",
    "farewell",
    "ended",
    "completed",
    "answered",
    "blocked",
    "unblocked",
    "withdrawn",
    "consented",
    "declined",
]


@dataclass(frozen=True, slots=True)
class Posting:
    """Holds on local dates from `from_on` in its own zone; `weekend` in ISO weekdays (Monday 1, Sunday 7)."""

    from_on: date
    country: str
    subdivision: str | None
    zone: str
    weekend: frozenset[int]
    home: tuple[str, ...] = ("BD",)
    declared_at: datetime = ALWAYS


@dataclass(frozen=True, slots=True)
class Absence:
    """Leave or a crisis week, both ends included; nobody can act on it before `declared_at`."""

    first: date
    last: date
    kind: Literal["leave", "crisis"]
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class Ramadan:
    """The working hours of the month, as a coordinator sets them; both dates included."""

    first: date
    last: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Extension:
    """More days for one person, and the instant at which they were granted."""

    granted_at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Story:
    """A person's year: what is so (postings, absences, deadline) and how the person behaves (shares, silences).

    Silent and blocked spans are half-open. `answer_after` is used in turn, one a question. `resumes_after` is
    how long after a pause the person taps resume; None: never.
    """

    id: int
    joined_at: datetime
    first_on: date
    slot: time
    quiet_from: time
    quiet_until: time
    postings: tuple[Posting, ...]
    absences: tuple[Absence, ...] = ()
    ramadan: Ramadan | None = None
    days_off_also: frozenset[date] = frozenset()
    days_off_struck: frozenset[date] = frozenset()
    cohort_start_on: date | None = None
    cohort_deadline_on: date | None = None
    weeks_to_deadline: int = 20
    extensions: tuple[Extension, ...] = ()
    pace: int = 1
    right_share: float = 0.8
    sure_share: float = 0.7
    answer_after: tuple[timedelta, ...] = (timedelta(minutes=20),)
    silences: tuple[tuple[datetime, datetime], ...] = ()
    blocked: tuple[tuple[datetime, datetime], ...] = ()
    resumes_after: timedelta | None = timedelta(days=3)
    consents: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Down:
    """An outage of the whole service, half-open."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class ClockStep:
    """From `at` on, the machine's clock is wrong by `by` more than before; a step back takes it away again."""

    at: datetime
    by: timedelta


@dataclass(frozen=True, slots=True)
class Event:
    """Something that reached a phone, or that its owner did.

    `what`: the lesson's id for lesson, review, remind, pause, refresher and their answers; 'baseline', 'check-30' or
    'check-90' for check and its answer; a lesson's id for a send withdrawn, '' for a person who withdraws; 'self' for a
    pause that the person asked for. `n`: 1, 2 or 3 for remind. `correct` and `sure` belong to answered.
    """

    at: datetime
    kind: Kind
    what: str = ""
    n: int = 0
    correct: bool | None = None
    sure: bool | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A story, its events in order, the course's lessons in order, and the instant at which the record stops.

    `lessons` holds the cases too, where they come. `measures` is false for a course that has no kept questions: then
    no check is owed.
    """

    story: Story
    events: tuple[Event, ...]
    lessons: tuple[str, ...]
    until_at: datetime
    measures: bool = True
    cases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule, told in a sentence; `at` is the event, or the instant at which something was owed."""

    rule: str
    story_id: int
    at: datetime
    sentence: str
