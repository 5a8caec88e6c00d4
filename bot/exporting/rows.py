"""What can be taken out of a cohort: kinds, their columns, and their rows a page at a time."""

import hmac
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from storage import answers, meta, plays, reports
from storage.cohorts import Cohort
from storage.reports import Page
from storage.store import Store, Tx

PSEUDONYM_KEY = "pseudonym_key"


class Kind(StrEnum):
    """What is taken out."""

    ANSWERS = "answers"
    PROGRESS = "progress"
    DELIVERIES = "deliveries"
    CASES = "cases"


COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ANSWERS: answers.COLUMNS,
    Kind.PROGRESS: reports.PROGRESS,
    Kind.DELIVERIES: reports.DELIVERIES,
    Kind.CASES: plays.COLUMNS,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of which cohort; with `key`, people are named by pseudonyms made with it."""

    kind: Kind
    cohort: Cohort
    on: date
    key: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        named = COLUMNS[self.kind]
        return named if self.key is None else ("pseudonym", *named[1:])

    def told(self, learner_id: int | None, values: dict[str, Any]) -> dict[str, Any]:
        """A row as it goes out, in the order of the columns."""
        if self.key is not None:
            values = {"pseudonym": pseudonym(self.key, learner_id)} | values
        return {name: values[name] for name in self.columns}


def pseudonym(key: str, learner_id: int | None) -> str:
    """Sixteen hexadecimal digits: the same for the same learner and database, and nobody without the key can make them.

    It stands for whoever was forgotten too.
    """
    return hmac.digest(key.encode(), f"learner:{learner_id}".encode(), "sha256").hex()[:16]


async def pseudonym_key(tx: Tx) -> str | None:
    """The database's key; None before it was made."""
    return await meta.get(tx, PSEUDONYM_KEY)


async def make_key(tx: Tx) -> str:
    """The same, made at first use."""
    found = await pseudonym_key(tx)
    if found is None:
        found = secrets.token_hex(16)
        await meta.put(tx, PSEUDONYM_KEY, found)
    return found


async def page(tx: Tx, wanted: Wanted, after: int) -> Page:
    """Rows after that one."""
    cohort = wanted.cohort
    match wanted.kind:
        case Kind.ANSWERS:
            return await answers.of_cohort(tx, cohort.id, after=after)
        case Kind.PROGRESS:
            return await reports.progress(tx, cohort.id, wanted.on, after=after)
        case Kind.DELIVERIES:
            return await reports.deliveries(tx, cohort.id, cohort.name, after=after)
        case Kind.CASES:
            return await plays.moves_of_cohort(tx, cohort.id, after=after)


async def rows(store: Store, wanted: Wanted) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """(number, row) of everything, oldest first."""
    after = 0
    while found := await store.read(lambda tx, last=after: page(tx, wanted, last)):  # type: ignore[misc]  # the default binds the page
        after = found[-1][0]
        for number, learner_id, values in found:
            yield number, wanted.told(learner_id, values)


async def all_rows(tx: Tx, wanted: Wanted, *, most: int) -> list[tuple[int, dict[str, Any]]] | None:
    """The same in one reading; None for more than so many."""
    found: list[tuple[int, dict[str, Any]]] = []
    after = 0
    while read := await page(tx, wanted, after):
        after = read[-1][0]
        found += [(number, wanted.told(learner_id, values)) for number, learner_id, values in read]
        if len(found) > most:
            return None
    return found
