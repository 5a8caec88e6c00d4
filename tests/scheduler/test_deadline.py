"""The deadline, as a table."""

from datetime import date

import pytest

from scheduler.deadline import deadline
from scheduler.spans import Span

START = date(2026, 11, 29)
COHORT = date(2027, 4, 1)


def days(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("first_on", "cohort_on", "away", "extension", "ends_on"),
    [
        (START, None, (), 0, "2027-04-18"),  # twenty weeks after the first lesson
        (START, COHORT, (), 0, "2027-04-01"),  # the cohort's own date
        (date(2026, 12, 9), COHORT, (), 0, "2027-04-11"),  # ten days late, ten days longer
        (date(2026, 11, 22), COHORT, (), 0, "2027-04-01"),  # before the start: not shorter
        (START, COHORT, (days("2027-03-12", "2027-03-26"),), 0, "2027-04-16"),  # leave, a day for a day
        (START, COHORT, (days("2027-03-12", "2027-03-26"), days("2027-03-20", "2027-03-28")), 0, "2027-04-18"),
        (START, COHORT, (days("2027-03-30", "2027-04-05"),), 0, "2027-04-08"),  # over the end: the whole of it
        (START, COHORT, (days("2027-04-02", "2027-04-10"),), 0, "2027-04-01"),  # after the end: too late to move it
        (START, COHORT, (days("2026-11-01", "2026-11-20"),), 0, "2027-04-01"),  # before the start: nothing to freeze
        (START, COHORT, (), 14, "2027-04-15"),  # what the coordinator grants
        (START, COHORT, (days("2027-04-02", "2027-04-10"),), 14, "2027-04-24"),  # leave in the days granted
    ],
)
def test_the_deadline_is(
    first_on: date, cohort_on: date | None, away: tuple[Span, ...], extension: int, ends_on: str
) -> None:
    found = deadline(
        first_on, weeks=20, cohort_start_on=START, cohort_deadline_on=cohort_on, away=away, extension_days=extension
    )
    assert found == date.fromisoformat(ends_on)
