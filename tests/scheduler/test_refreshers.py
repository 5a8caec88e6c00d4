"""Alumni: what is asked again, and when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.course import LessonId
from scheduler.errors import SchedulerError
from scheduler.refreshers import FORTNIGHT, Candidate, Recalled, choose, due_on, next_on, recall

START = date(2027, 1, 4)
WRONG, UNSURE, SURE = (False, True), (True, False), (True, True)  # correct, sure

ANSWERS = st.builds(Recalled, st.dates(date(2027, 1, 1), date(2028, 12, 31)), st.booleans(), st.booleans())
HISTORIES = st.lists(ANSWERS, max_size=6, unique_by=lambda answer: answer.on).map(tuple)
ANSWERED = HISTORIES.filter(bool)
CANDIDATES = st.lists(
    st.builds(Candidate, st.sampled_from("abcdefgh").map(LessonId), HISTORIES, st.booleans()),
    max_size=8,
    unique_by=lambda candidate: candidate.lesson,
)


def answered(*answers: tuple[bool, bool]) -> tuple[tuple[Recalled, ...], list[int]]:
    """The history of one who answers each time on the day it is due, and the gaps in days."""
    history: tuple[Recalled, ...] = ()
    gaps, on = [], START
    for correct, sure in answers:
        history += (Recalled(on, correct, sure),)
        gaps.append((due_on(history) - on).days)
        on = due_on(history)
    return history, gaps


def known(lesson: str, *answers: tuple[bool, bool], changed: bool = False) -> Candidate:
    return Candidate(LessonId(lesson), answered(*answers)[0], changed)


@pytest.mark.parametrize(
    ("answers", "gaps"),
    [
        ([SURE, SURE, SURE, SURE], [4, 31, 120, 120]),  # 173 days without the cap
        ([UNSURE, UNSURE, UNSURE], [2, 9, 23]),
        ([WRONG, WRONG, WRONG], [1, 1, 1]),
        ([SURE, SURE, WRONG, SURE, SURE], [4, 31, 4, 14, 44]),
    ],
)
def test_gaps_grow_with_what_is_recalled_up_to_120_days(answers: list[tuple[bool, bool]], gaps: list[int]) -> None:
    assert answered(*answers)[1] == gaps


def test_who_was_not_sure_is_asked_sooner_than_who_was() -> None:
    _, sure = answered(SURE, SURE, SURE)
    _, unsure = answered(SURE, SURE, UNSURE)
    _, wrong = answered(SURE, SURE, WRONG)

    assert wrong[-1] < unsure[-1] < sure[-1]


def test_a_wrong_answer_is_again_however_sure() -> None:
    assert answered((False, False), SURE)[1] == answered((False, True), SURE)[1]


def test_an_objective_is_recalled_at_the_set_retention_when_it_is_due() -> None:
    history, _ = answered(SURE, SURE)

    assert recall(history, START + timedelta(days=4)) == pytest.approx(1.0)
    assert recall(history, due_on(history)) == pytest.approx(0.85, abs=0.005)
    assert recall((), START) == 0


def test_an_objective_never_answered_has_no_date() -> None:
    with pytest.raises(SchedulerError, match="ask it as a new one"):
        due_on(())


def test_what_is_new_or_changed_is_asked_before_all_that_is_known() -> None:
    forgotten = known("a", WRONG)
    later = START + timedelta(days=300)

    assert choose([forgotten, known("c"), known("b", SURE, changed=True)], on=later) == "b"
    assert choose([forgotten, known("c"), known("b", SURE)], on=later) == "c"
    assert choose([forgotten, known("b", SURE)], on=later) == "a"


def test_of_those_due_the_one_nearest_to_being_forgotten_is_asked() -> None:
    candidates = [known("sure", SURE), known("unsure", UNSURE), known("wrong", WRONG), known("well", SURE, SURE)]
    on = START + timedelta(days=14)

    assert choose(candidates, on=on) == "wrong"
    assert choose(candidates[:2], on=on) == "unsure"
    assert choose(candidates[:2], on=START + timedelta(days=3)) == "unsure"
    assert choose(candidates[:2], on=START + timedelta(days=1)) is None
    assert choose([], on=on) is None


def test_of_two_alike_the_smaller_id_is_asked() -> None:
    assert choose([known("b", SURE), known("a", SURE)], on=START + timedelta(days=14)) == "a"
    assert choose([known("b"), known("a")], on=START) == "a"


@pytest.mark.parametrize(
    ("candidates", "last", "expected"),
    [
        ([known("a", SURE)], START, START + FORTNIGHT),  # due after 4 days
        ([known("a", SURE, SURE)], START + timedelta(days=4), START + timedelta(days=35)),
        ([known("a", SURE, SURE), known("b", SURE, SURE, SURE)], START + timedelta(days=4), START + timedelta(days=35)),
        ([known("a", SURE, SURE, changed=True)], START + timedelta(days=4), START + timedelta(days=18)),
        ([known("a", SURE, SURE), known("b")], START + timedelta(days=4), START + timedelta(days=18)),
        ([], START, None),
    ],
)
def test_the_next_refresher_is_a_fortnight_off_or_when_something_is_due(
    candidates: list[Candidate], last: date, expected: date | None
) -> None:
    assert next_on(candidates, last_on=last) == expected


@given(ANSWERED)
def test_a_gap_is_one_to_120_days_after_the_last_answer(history: tuple[Recalled, ...]) -> None:
    last = max(answer.on for answer in history)

    assert last + timedelta(days=1) <= due_on(history) <= last + timedelta(days=120)


@given(history=ANSWERED, data=st.data())
def test_the_order_in_which_answers_are_given_does_not_matter(
    history: tuple[Recalled, ...], data: st.DataObject
) -> None:
    mixed = tuple(data.draw(st.permutations(history)))
    on = date(2029, 1, 1)

    assert due_on(mixed) == due_on(history)
    assert recall(mixed, on) == recall(history, on)


@given(history=ANSWERED, days=st.integers(0, 400))
def test_recall_only_falls_while_nothing_is_asked(history: tuple[Recalled, ...], days: int) -> None:
    on = max(answer.on for answer in history) + timedelta(days=days)

    assert 0 <= recall(history, on + timedelta(days=1)) < recall(history, on) <= 1


@given(candidates=CANDIDATES, last_on=st.dates(date(2028, 1, 1), date(2028, 12, 31)))
def test_the_next_date_is_the_first_with_something_to_ask(candidates: list[Candidate], last_on: date) -> None:
    on = next_on(candidates, last_on=last_on)

    if on is None:
        assert candidates == []
        return
    assert on >= last_on + FORTNIGHT
    assert choose(candidates, on=on) is not None
    assert on == last_on + FORTNIGHT or choose(candidates, on=on - timedelta(days=1)) is None


@given(candidates=CANDIDATES, on=st.dates(date(2028, 1, 1), date(2029, 12, 31)), data=st.data())
def test_the_choice_does_not_hang_on_the_order_of_the_candidates(
    candidates: list[Candidate], on: date, data: st.DataObject
) -> None:
    assert choose(data.draw(st.permutations(candidates)), on=on) == choose(candidates, on=on)
