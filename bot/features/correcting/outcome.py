"""What may come of putting a question right."""

from dataclasses import dataclass
from enum import StrEnum

from lessons.course import Question
from storage.corrections import Correction

MOST_NAMED = 10
LONGEST_REASON = 300  # characters


class Refusal(StrEnum):
    """Why nothing was drafted or corrected."""

    GONE = "gone"
    NO_COURSE = "no-course"
    NO_QUESTION = "no-question"
    OTHERS = "others"  # it is asked in cohorts that are not the caller's
    SETTLED = "settled"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Drafted:
    """The question as it would be."""

    correction: Correction
    lesson: str
    now: Question
    then: Question

    @property
    def changed(self) -> bool:
        """Whether it says anything new."""
        return self.now.version != self.then.version


@dataclass(frozen=True, slots=True)
class AskPart:
    """Which words instead? `longest` in characters, where the last were too long."""

    correction: int
    part: int
    words: str
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class AskReason:
    """Why?"""

    correction: int


@dataclass(frozen=True, slots=True)
class Trial:
    """Whom it concerns. People: `wronged` were told wrong and are right, `righted` the other way round."""

    drafted: Drafted
    wronged: int
    righted: int
    stay: int  # of these, completed before
    names: tuple[str, ...]  # some of the wronged


@dataclass(frozen=True, slots=True)
class Done:
    """Confirmed; marking goes on."""

    correction: Correction
    lesson: str
    cohort: int | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """The question stays as it is."""


Outcome = Refused | Drafted | AskPart | AskReason | Trial | Done | Dropped
