"""A small year in every run of the tests; `make year` is the whole of it."""

from datetime import UTC, datetime

import pytest

from tests.year.mutations import MUTATIONS, Mutation, seen
from tests.year.running import live, work


def test_twenty_four_people_live_a_year_by_the_rules() -> None:
    verdict = live(1, 24, 11)
    assert verdict.findings == []
    assert verdict.ends["unexplained"] == 0
    assert verdict.events["lesson"] > 600
    assert verdict.events["review"] > 1000
    assert verdict.events["refresher"] > 0


@pytest.mark.slow
def test_six_people_work_through_ten_weeks_with_an_outage() -> None:
    verdict = work(1, 6, 7, datetime(2026, 11, 10, tzinfo=UTC))
    assert verdict.findings == []
    assert verdict.refusals == 0
    assert verdict.on_phones == verdict.sent > 200


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.name for mutation in MUTATIONS])
def test_the_oracle_sees_a_planted_fault(mutation: Mutation) -> None:
    assert seen(mutation, learners=30) is not None
