"""The ladder, by the days on which a learner is asked."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.spacing import Ladder, Rung, climb

DAY_0 = date(2026, 11, 29)
DEFAULT = Ladder()
ANSWERS = {"R": (True, True), "r": (True, False), "W": (False, True), "w": (False, False)}


def asked_on(answers: str, ladder: Ladder = DEFAULT) -> str:
    """The days of the askings when each is answered on the day it is due: R, r right, W, w wrong; capitals are sure."""
    rung, day, days = Rung(), DAY_0, ["0"]
    for answer in answers:
        correct, sure = ANSWERS[answer]
        rung = climb(rung, correct=correct, sure=sure, on=day, ladder=ladder)
        if rung.due_on is None:
            return " ".join([*days, "retired"])
        day = rung.due_on
        days.append(str((day - DAY_0).days))
    return " ".join(days)


@pytest.mark.parametrize(
    ("answers", "days"),
    [
        ("RR", "0 18 retired"),
        ("WRR", "0 4 22 retired"),
        ("wRR", "0 10 28 retired"),
        ("rRR", "0 18 36 retired"),
        ("RrR", "0 18 36 retired"),
        ("RWRR", "0 18 22 40 retired"),
        ("RwRR", "0 18 28 46 retired"),
        ("rrrr", "0 18 36 54 72"),
        ("WWWW", "0 4 8 12 16"),
        ("wWrRR", "0 10 14 32 50 retired"),
    ],
)
def test_a_learner_is_asked_on_these_days(answers: str, days: str) -> None:
    assert asked_on(answers) == days


def test_a_cohort_may_set_its_own_ladder() -> None:
    ladder = Ladder(right_days=20, unsure_days=5, sure_wrong_days=1, rights_to_retire=1)
    assert asked_on("WwrR", ladder) == "0 1 6 26 retired"


@pytest.mark.parametrize("answer", ANSWERS.values())
def test_a_retired_objective_stays_retired(answer: tuple[bool, bool]) -> None:
    retired = Rung(2, None, retired=True)
    assert climb(retired, correct=answer[0], sure=answer[1], on=DAY_0) is retired


@given(st.lists(st.sampled_from("RrWw"), max_size=20).map("".join))
@settings(deadline=None)
def test_only_two_sure_rights_with_no_wrong_between_retire(answers: str) -> None:
    decisive = answers.replace("r", "")
    assert asked_on(answers).endswith("retired") is ("RR" in decisive)
