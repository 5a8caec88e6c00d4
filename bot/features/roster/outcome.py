"""What a roster and its links can come to, as values that the view words."""

from dataclasses import dataclass
from datetime import datetime

from bot.rosters.comparing import Findings
from bot.rosters.headers import Missing, Twice
from storage.cohorts import Cohort
from storage.relinks import Known
from storage.rosters import OpenLink, Standing


@dataclass(frozen=True, slots=True)
class NoCohort:
    """There is none that the caller may see."""


@dataclass(frozen=True, slots=True)
class WhichCohort:
    """Several: which one? `draft` is the roster that waits for the answer."""

    cohorts: tuple[Cohort, ...]
    draft: int | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Who is expected, who came, and the places that are open to anybody."""

    cohort: Cohort
    standing: Standing
    link: OpenLink


@dataclass(frozen=True, slots=True)
class AskRoster:
    """Which file to send."""

    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Trouble:
    """The file cannot be used: which trouble, in which row."""

    what: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do; nothing is done yet."""

    draft: int
    cohort: Cohort
    file: str
    findings: Findings


@dataclass(frozen=True, slots=True)
class Imported:
    """It is done."""

    cohort: Cohort
    new: int
    changed: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nothing was imported."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The roster was imported or thrown away before."""


@dataclass(frozen=True, slots=True)
class OfferedLinks:
    """Fresh links for so many? Those handed out before stop serving."""

    cohort: Cohort
    form: str
    waiting: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class MadeLinks:
    """They are made; the paper follows."""

    cohort: Cohort
    form: str
    people: int
    drawn: str
    until: datetime


@dataclass(frozen=True, slots=True)
class MadeAlready:
    """Others were made since that screen."""

    cohort: Cohort


@dataclass(frozen=True, slots=True)
class NobodyWaits:
    """Nobody on the roster is without an enrolment."""

    cohort: Cohort


@dataclass(frozen=True, slots=True)
class TooManyForPaper:
    """More people than fit on paper; the sheet takes them."""

    cohort: Cohort
    most: int


@dataclass(frozen=True, slots=True)
class AskPlaces:
    """How many may come in by the cohort's link? `misread` are words that are no number of places."""

    cohort: Cohort
    newest: int
    misread: bool = False


@dataclass(frozen=True, slots=True)
class LinkFollows:
    """The link comes in a message of its own."""

    cohort: Cohort
    places: int


@dataclass(frozen=True, slots=True)
class WhoRelinks:
    """Whose account changes? `asked` was said, and these fit."""

    asked: str
    people: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class OfferedRelink:
    """A link for a new account?"""

    person: Known


@dataclass(frozen=True, slots=True)
class RelinkFollows:
    """The link comes in a message of its own."""

    person: Known


@dataclass(frozen=True, slots=True)
class Refused:
    """Not the caller's to see, or gone."""


Read = Trouble | Missing | Twice | WhichCohort | DryRun | NoCohort
Links = OfferedLinks | MadeLinks | MadeAlready | NobodyWaits | TooManyForPaper | AskPlaces | LinkFollows
Relinking = WhoRelinks | OfferedRelink | RelinkFollows
Outcome = Read | Links | Relinking | Overview | AskRoster | Imported | Dropped | Settled | Refused
