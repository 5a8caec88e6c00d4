"""When a question comes again: a short ladder of fixed gaps.

Fixed gaps do as well as expanding ones over a course of weeks (Latimier et al. 2021). Their length was chosen by
simulated memories (tests/bench/learning.py): shorter ones look mastered sooner and are forgotten sooner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.spans import Span, thaw


@dataclass(frozen=True, slots=True)
class Rung:
    """Where an objective stands: right-and-sure answers in a row, the local date it comes again, whether it is done.

    `since_on`: the answer from which the gap to `due_on` counts; dates frozen in between push it on (`comes_on`).
    """

    right_in_a_row: int = 0
    due_on: date | None = None
    retired: bool = False
    since_on: date | None = None

    def comes_on(self, frozen: Sequence[Span]) -> date | None:
        """The local date it comes again when leave and crisis weeks do not count."""
        if self.due_on is None or self.since_on is None:
            return self.due_on
        return thaw(self.due_on, since=self.since_on, frozen=frozen)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Gaps in days after each kind of answer, and how many sure rights in a row retire an objective."""

    right_days: int = 18
    unsure_days: int = 10
    sure_wrong_days: int = 4
    rights_to_retire: int = 2


def climb(rung: Rung, *, correct: bool, sure: bool, on: date, ladder: Ladder = Ladder()) -> Rung:
    """Where the objective stands after an answer on that local date.

    Right but not sure keeps the row as it is: it does not count towards retiring, nor does it undo.
    """
    if rung.retired:
        return rung
    if not correct:
        days = ladder.sure_wrong_days if sure else ladder.unsure_days
        return Rung(0, on + timedelta(days=days), since_on=on)
    in_a_row = rung.right_in_a_row + sure
    if in_a_row >= ladder.rights_to_retire:
        return Rung(in_a_row, None, retired=True)
    return Rung(in_a_row, on + timedelta(days=ladder.right_days), since_on=on)
