"""When a question comes again: a short ladder of fixed gaps.

Fixed gaps do as well as expanding ones over a course of weeks (Latimier et al. 2021); 12 days is a fifth of a term.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """Where an objective stands: right-and-sure answers in a row, the local date it comes again, whether it is done."""

    right_in_a_row: int = 0
    due_on: date | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """Gaps in days after each kind of answer, and how many sure rights in a row retire an objective."""

    right_days: int = 12
    unsure_days: int = 7
    sure_wrong_days: int = 3
    rights_to_retire: int = 2


def climb(rung: Rung, *, correct: bool, sure: bool, on: date, ladder: Ladder = Ladder()) -> Rung:
    """Where the objective stands after an answer on that local date.

    Right but not sure keeps the row as it is: it does not count towards retiring, nor does it undo.
    """
    if rung.retired:
        return rung
    if not correct:
        days = ladder.sure_wrong_days if sure else ladder.unsure_days
        return Rung(0, on + timedelta(days=days))
    in_a_row = rung.right_in_a_row + sure
    if in_a_row >= ladder.rights_to_retire:
        return Rung(in_a_row, None, retired=True)
    return Rung(in_a_row, on + timedelta(days=ladder.right_days))
