"""Item analysis against figures reckoned in other ways."""

from statistics import correlation

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lessons.course import ChoiceId, QuestionId
from lessons.items import Item, Reason, Tally, analyse, worst

KEY, LURE, THIRD = ChoiceId("key"), ChoiceId("lure"), ChoiceId("third")


def tally(answers: list[tuple[int, float]], *, sure_wrong: int = 0, name: str = "q") -> Tally:
    """Of (right, share right elsewhere) for each answer; the wrong ones chose the lure."""
    right = sum(x for x, _ in answers)
    return Tally(
        QuestionId(name),
        len(answers),
        right,
        sure_wrong,
        len(answers),
        float(right),
        sum(y for _, y in answers),
        sum(y * y for _, y in answers),
        sum(x * y for x, y in answers),
        {KEY: right, LURE: len(answers) - right},
    )


def item(answers: list[tuple[int, float]], *, sure_wrong: int = 0) -> Item:
    found = analyse(tally(answers, sure_wrong=sure_wrong), KEY)
    assert found is not None
    return found


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20).map(lambda n: n / 20)), min_size=10, max_size=60))
def test_the_correlation_is_pearsons(answers: list[tuple[int, float]]) -> None:
    xs, ys = [x for x, _ in answers], [y for _, y in answers]
    assume(len(set(xs)) > 1 and len(set(ys)) > 1)
    found = item(answers).correlation
    assert found is not None
    assert found == pytest.approx(correlation(xs, ys), abs=1e-6)


def test_nothing_is_said_below_ten_answers() -> None:
    assert analyse(tally([(1, 0.5)] * 9), KEY) is None
    assert analyse(tally([(1, 0.5)] * 10), KEY) is not None


def test_where_all_are_right_there_is_no_correlation() -> None:
    found = item([(1, n / 12) for n in range(12)])
    assert found.correlation is None
    assert found.reasons == (Reason.EASY,)


def test_a_lure_that_beats_the_key_comes_first() -> None:
    found = item([(1, 0.1)] * 4 + [(0, 0.9)] * 8, sure_wrong=5)
    assert found.reasons == (Reason.KEY_BEATEN, Reason.BACKWARDS, Reason.SURE_AND_WRONG, Reason.HARD)
    assert round(found.facility, 2) == 0.33


def test_a_good_question_gives_no_reason() -> None:
    assert item([(1, 0.9)] * 14 + [(0, 0.4)] * 6).reasons == ()


def test_the_gravest_are_the_worst_and_then_those_where_fewest_are_right() -> None:
    easy = analyse(tally([(1, 0.5)] * 20, name="easy"), KEY)
    beaten = analyse(tally([(1, 0.5)] * 9 + [(0, 0.5)] * 11, name="beaten"), KEY)
    more = analyse(tally([(1, 0.5)] * 5 + [(0, 0.5)] * 15, name="more"), KEY)
    good = analyse(tally([(1, 0.9)] * 14 + [(0, 0.4)] * 6, name="good"), KEY)
    every = [each for each in (easy, beaten, more, good) if each]
    assert [each.question for each in worst(every)] == ["more", "beaten", "easy"]
    assert [each.question for each in worst(every, 1)] == ["more"]
