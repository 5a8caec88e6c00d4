"""Whether a question is good: classical item analysis of first answers.

Facility and corrected item-total correlation as in Kline, Psychological Testing (2000): the share who are right, and
how far being right here goes with being right elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from lessons.course import ChoiceId, QuestionId

FEWEST_ANSWERS = 10  # below it nothing is said
TOO_HARD, TOO_EASY, FLAT = 0.35, 0.97, 0.2
SURE_AND_WRONG = 1 / 3


class Reason(StrEnum):
    """Why to look at a question, the gravest first."""

    KEY_BEATEN = "key-beaten"  # another choice is taken more often than the key
    BACKWARDS = "backwards"  # those who know most get it wrong
    SURE_AND_WRONG = "sure-and-wrong"
    HARD = "hard"
    FLAT = "flat"  # being right here says nothing
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over first answers to a question. Each answer has x, 1 where it is right, and y, the share right elsewhere
    of whoever gave it; those who answered nothing else count in `n` and not in `m`."""

    question: QuestionId
    n: int
    right: int
    sure_wrong: int
    m: int
    x: float
    y: float
    yy: float
    xy: float
    choices: Mapping[ChoiceId, int]


@dataclass(frozen=True, slots=True)
class Item:
    """What the answers say about a question. `correlation` is None where all are right, or all are alike."""

    question: QuestionId
    n: int
    facility: float
    correlation: float | None
    sure_wrong: float
    choices: Mapping[ChoiceId, int]
    reasons: tuple[Reason, ...]


def analyse(tally: Tally, key: ChoiceId) -> Item | None:
    """The item; None below ten answers."""
    if tally.n < FEWEST_ANSWERS:
        return None
    facility, sure_wrong, correlation = tally.right / tally.n, tally.sure_wrong / tally.n, _correlation(tally)
    found = tuple(_reasons(tally, key, facility, correlation, sure_wrong))
    return Item(tally.question, tally.n, facility, correlation, sure_wrong, tally.choices, found)


def _correlation(tally: Tally) -> float | None:
    """Pearson's r of x and y; x is 0 or 1, so its squares sum to itself."""
    n, x, y = tally.m, tally.x, tally.y
    spread = (n * x - x * x) * (n * tally.yy - y * y)
    if n < FEWEST_ANSWERS or spread <= 1e-9:
        return None
    return max(-1.0, min(1.0, (n * tally.xy - x * y) / sqrt(spread)))


def _reasons(
    tally: Tally, key: ChoiceId, facility: float, correlation: float | None, sure_wrong: float
) -> Iterable[Reason]:
    if any(n > tally.choices.get(key, 0) for choice, n in tally.choices.items() if choice != key):
        yield Reason.KEY_BEATEN
    error = 1 / sqrt(tally.m) if tally.m else 1.0  # of a correlation near nothing
    if correlation is not None and correlation + error < 0:
        yield Reason.BACKWARDS
    if sure_wrong >= SURE_AND_WRONG:
        yield Reason.SURE_AND_WRONG
    if facility < TOO_HARD:
        yield Reason.HARD
    if correlation is not None and correlation < FLAT - error and correlation + error >= 0:
        yield Reason.FLAT
    if facility > TOO_EASY:
        yield Reason.EASY


def worst(items: Iterable[Item], most: int = 5) -> list[Item]:
    """Those with a reason to look, the gravest first, and among equals where fewest are right."""
    order = list(Reason)
    return sorted(
        (item for item in items if item.reasons),
        key=lambda item: (order.index(item.reasons[0]), item.facility, item.question),
    )[:most]
