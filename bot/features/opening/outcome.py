"""The dialogue about a cohort's terms, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from bot.terms.keeping import Foresight
from bot.terms.value import Terms, Trouble, column_of, differences
from storage.cohorts import Cohort
from storage.concerned import Concerned


@dataclass(frozen=True, slots=True)
class Draft:
    """Terms in hand. `cohort`: whose terms change, and `was` they were when the dialogue began; None for a new one.

    `field`: whose value is awaited, None on the screen of all. `courses`: what was offered, in order.
    """

    n: int
    terms: Terms
    cohort: int | None = None
    was: Terms | None = None
    field: str | None = None
    courses: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store."""
        was = self.was.as_json() if self.was else None
        kept = {"n": self.n, "terms": self.terms.as_json(), "cohort": self.cohort, "was": was}
        return kept | {"field": self.field, "courses": list(self.courses)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The draft as it was stored."""
        was = Terms.from_json(kept["was"]) if kept["was"] else None
        terms = Terms.from_json(kept["terms"])
        return cls(kept["n"], terms, kept["cohort"], was, kept["field"], tuple(kept["courses"]))

    def upon(self, cohort: Cohort) -> Self:
        """The same wishes upon the terms as they stand by now: a colleague may have changed others meanwhile."""
        stands = Terms.of(cohort)
        wished = differences(self.was, self.terms) if self.was else ()
        columns = {column_of(field): getattr(self.terms, column_of(field)) for field in wished}
        return replace(self, terms=replace(stands, **columns), was=stands)

    @property
    def missing(self) -> str | None:
        """What must be said before all can be shown."""
        if not self.terms.course_id:
            return "course"
        return None if self.terms.name else "name"

    @property
    def changes(self) -> tuple[str, ...]:
        """The fields that would change."""
        return differences(self.was, self.terms) if self.was else ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the terms is asked for; `trouble`: why what was said cannot hold."""

    draft: Draft
    field: str
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """All terms; of a change, what would follow. `trouble`: why they cannot hold."""

    draft: Draft
    seen: Foresight | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """There is a new cohort."""

    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Changed:
    """The terms are others: whom that concerns, and how many are told."""

    cohort: Cohort
    draft: Draft
    concerned: Concerned
    told: int


@dataclass(frozen=True, slots=True)
class Left:
    """Nothing was done; `cohort`: whose terms stay."""

    cohort: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Not this draft any more."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot begin."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class LastDay:
    """One lesson day must remain."""


@dataclass(frozen=True, slots=True)
class NoCourse:
    """Nothing is taught here."""


Outcome = Asked | Summary | Opened | Changed | Left | Closed | Refused | LastDay | NoCourse
