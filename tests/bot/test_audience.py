"""Who of a cohort a broadcast is for, and when it reaches them."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.broadcast.audience import SIDES, Audience, items, word_of
from bot.features.broadcast.reaching import dues, named_marks, reach_of
from lessons.enrolment import LearnerId
from storage.audiences import Reader

SATURDAY = datetime(2026, 11, 21, 16, 40, tzinfo=UTC)


def reader(number: int, country: str, zone: str, **more: str) -> Reader:
    told = {"reach": "reachable", "language": "en", "mission": f"Embassy {country}", "group": "active"} | more
    return Reader(
        LearnerId(number), told["reach"], told["language"], country, told["mission"], told["group"], zone, None, None
    )


RIYADH, DOHA = reader(1, "SA", "Asia/Riyadh"), reader(2, "QA", "Asia/Qatar", language="bn")
TOKYO, MILAN = reader(3, "JP", "Asia/Tokyo", group="paused"), reader(4, "IT", "Europe/Rome", reach="blocked")
ALL = [RIYADH, DOHA, TOKYO, MILAN]


@pytest.mark.parametrize(
    ("only", "but", "taken"),
    [
        ([], [], ALL),
        ([("country", "sa")], [], [RIYADH]),
        ([("country", "sa"), ("country", "jp")], [], [RIYADH, TOKYO]),
        ([("country", "sa"), ("language", "bn")], [], []),  # sides add up
        ([], [("country", "sa"), ("group", "paused")], [DOHA, MILAN]),
        ([("mission", word_of("mission", "Embassy QA"))], [], [DOHA]),
        ([("country", "xx")], [], []),
    ],
)
def test_an_audience_takes_in(only: list[tuple[str, str]], but: list[tuple[str, str]], taken: list[Reader]) -> None:
    assert Audience(frozenset(only), frozenset(but)).narrowed(ALL) == taken


def test_three_taps_lead_back() -> None:
    mark = ("country", "sa")
    once = Audience().turned(mark)
    twice = once.turned(mark)
    assert (once.only, twice.but) == (frozenset({mark}), frozenset({mark}))
    assert twice.turned(mark) == Audience()


def test_the_gulf_is_one_tap_and_leaves_the_other_sides_alone() -> None:
    paused = Audience().turned(("group", "paused"))
    gulf = paused.gulf_turned(["sa", "qa", "jp"])
    assert gulf.only == {("group", "paused"), ("country", "sa"), ("country", "qa")}
    assert gulf.gulf_turned(["sa", "qa", "jp"]) == paused


marks = st.tuples(st.sampled_from(SIDES), st.sampled_from(["sa", "qa", "bn", "paused"]))


@given(st.lists(marks, max_size=9))
def test_an_audience_comes_back_from_the_store_as_it_was(taps: list[tuple[str, str]]) -> None:
    audience = Audience()
    for mark in taps:
        audience = audience.turned(mark)
    stored = audience.as_json()
    assert Audience.from_json({kind: [list(mark) for mark in those] for kind, those in stored.items()}) == audience
    assert not audience.only & audience.but


def test_what_there_is_comes_with_its_counts() -> None:
    assert [(each.name, each.people) for each in items(ALL, "language")] == [("en", 3), ("bn", 1)]


def test_an_audience_is_named_as_far_as_anybody_is_there() -> None:
    audience = Audience().turned(("country", "sa")).turned(("country", "xx")).turned(("group", "paused"))
    assert named_marks(audience, ALL) == (("only", "country", "SA"), ("only", "group", "paused"))


def test_at_once_means_outside_quiet_hours() -> None:
    found = reach_of(ALL, None, SATURDAY)
    assert found is not None
    assert (found.receivers, found.unreachable, found.later) == (3, 1, 1)  # 01:40 in Tokyo
    assert found.first == SATURDAY
    assert (found.earliest, found.latest) == (time(7), time(19, 40))


def test_an_hour_is_the_next_of_each_readers_day() -> None:
    due = dues([RIYADH, TOKYO], time(19), SATURDAY)
    assert due[RIYADH.learner_id] == datetime(2026, 11, 22, 16, tzinfo=UTC)  # 19:00 is over in Riyadh
    assert due[TOKYO.learner_id] == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert dues([RIYADH], time(19, 40), SATURDAY)[RIYADH.learner_id] == SATURDAY  # this very minute


def test_nobody_is_no_reach() -> None:
    assert reach_of([MILAN], None, SATURDAY) is None
