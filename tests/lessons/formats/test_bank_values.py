"""A question that a bank could not hold cannot be built."""

from dataclasses import replace

import pytest

from lessons.formats.bank import BankChoice, BankError, BankQuestion

WHOLE = BankQuestion("Who?", (BankChoice("a", True), BankChoice("b", False)), title="who-day")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stem": ""}, "asks nothing"),
        ({"stem": " Who?"}, "blanks around it"),
        ({"stem": "Who\r\n?"}, "blanks around it"),
        ({"stem": "Who\x1b?"}, r"\(U\+001B\)"),
        ({"stem": "x" * 4001}, "cut it to 4000"),
        ({"choices": WHOLE.choices[:1]}, "has 1 choices"),
        ({"choices": WHOLE.choices * 2}, "has 2 right choices"),
        ({"choices": (BankChoice("a", False), BankChoice("b", False))}, "has no right choices"),
        ({"choices": (*WHOLE.choices, BankChoice("", False))}, "a choice without words"),
        ({"title": "two\nlines"}, "not one clean line"),
        ({"category": "two  blanks"}, "not one clean line"),
        ({"title": "x" * 256}, "more than 255"),
    ],
)
def test_a_question_that_is_not_whole_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(BankError, match=said):
        replace(WHOLE, **change)  # type: ignore[arg-type]  # each row names a field


def test_the_line_makes_no_difference() -> None:
    assert replace(WHOLE, line=9) == WHOLE
