"""The last local date on which an enrolment may complete.

Everybody has as long as their cohort: who joins late ends as many days later. Leave and crisis weeks add a day for a
day, and so does what the coordinator grants.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from scheduler.spans import Span, thaw
from scheduler.zones import A_DAY


def deadline(
    first_on: date,
    *,
    weeks: int,
    cohort_start_on: date,
    cohort_deadline_on: date | None,
    away: Sequence[Span] = (),
    extension_days: int = 0,
) -> date:
    """The deadline of somebody whose first lesson may come on `first_on`.

    Without a date for the cohort it lies `weeks` weeks after the first lesson (DESIGN 5: 20).
    """
    if cohort_deadline_on is None:
        base = first_on + timedelta(weeks=weeks)
    else:
        base = cohort_deadline_on + max(timedelta(), first_on - cohort_start_on)
    return thaw(base + timedelta(days=extension_days), since=first_on - A_DAY, frozen=away)
