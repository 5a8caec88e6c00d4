"""Aiken as people and Moodle write it, both ways."""

import pytest
from hypothesis import assume, example, given

from lessons.formats import aiken
from lessons.formats.bank import BankChoice, BankError, BankQuestion
from tests.lessons.formats.bank_samples import banks

TWO = (BankChoice("The worker", False), BankChoice("The employer", True))


def test_a_question_of_each_style_is_read() -> None:
    read = aiken.read("Who pays?\nA) The worker\nB) The employer\nANSWER: B\n\nWho signs?\nA. One\nB.Two\nANSWER:A")

    assert read.problems == ()
    assert read.questions == (
        BankQuestion("Who pays?", TWO),
        BankQuestion("Who signs?", (BankChoice("One", True), BankChoice("Two", False))),
    )
    assert [question.line for question in read.questions] == [1, 6]


def test_questions_need_no_blank_line_between() -> None:
    assert len(aiken.read("Q\nA) a\nB) b\nANSWER: A\nR\nA) a\nB) b\nANSWER: b.").questions) == 2


GOOD = "\n\nWhat is kept?\nA) this\nB) that\nANSWER: A\n"
REFUSED = {
    "a stem over two lines": ("Who\npays?\nA) a\nB) b\nANSWER: A", 2, "join them"),
    "a choice over two lines": ("Who?\nA) a\nand more\nB) b\nANSWER: A", 3, "join them"),
    "no answer line": ("Who?\nA) a\nB) b", 1, "`Who?` has no ANSWER: line"),
    "no answer line and no blank line": ("Who?\nA) a\nB) b\nWho else?\nA) a\nB) b\nANSWER: B", 1, "no ANSWER: line"),
    "no choices": ("Who?", 1, "`Who?` has no choices"),
    "an answer without choices": ("Who?\nANSWER: A", 2, "has no choices"),
    "one choice": ("Who?\nA) a\nANSWER: A", 3, "has 1 choices; write at least two"),
    "an answer that is no choice": ("Who?\nA) a\nB) b\nANSWER: C", 4, "none of the choices A, B"),
    "several answers": ("Who?\nA) a\nB) b\nANSWER: A, B", 4, "the one right choice"),
    "an answer in words": ("Who?\nA) a\nB) b\nANSWER: the worker", 4, "not `the worker`"),
    "an empty answer": ("Who?\nA) a\nB) b\nANSWER:", 4, "needs the letter"),
    "letters out of order": ("Who?\nA) a\nC) b\nANSWER: C", 3, "stands where B is due"),
    "a letter twice": ("Who?\nA) a\nA) b\nANSWER: A", 3, "stands where B is due"),
    "a choice first": ("A) a\nB) b\nANSWER: A", 1, "before any question"),
    "an answer first": ("ANSWER: A", 1, "before any question"),
    "an empty choice": ("Who?\nA)\nB) b\nANSWER: B", 2, "has no words"),
    "small letters": ("Who?\na) a\nb) b\nANSWER: A", 2, "as capitals"),
    "a small answer": ("Who?\nA) a\nB) b\nAnswer: A", 4, "as capitals"),
    "a control character": ("Who?\nA) a\x00\nB) b\nANSWER: A", 2, "(U+0000)"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_one_problem_and_the_next_question_is_read(name: str) -> None:
    bank, line, why = REFUSED[name]

    read = aiken.read(bank + GOOD, file="bank.txt")

    assert [str(problem).split(" ")[0] for problem in read.problems] == [f"bank.txt:{line}:"]
    assert why in read.problems[0].sentence
    assert read.questions[-1].stem == "What is kept?"
    assert all(question.stem in {"Who else?", "What is kept?"} for question in read.questions)


def test_a_file_without_questions_says_so() -> None:
    assert [str(one) for one in aiken.read("", file="a.txt").problems] == [
        "a.txt:1: there is no question in this file; is it Aiken?"
    ]


@pytest.mark.slow
@given(banks)
@example((BankQuestion("a) x", TWO), BankQuestion("Answer: x", TWO), BankQuestion("1\n2", TWO)))
def test_what_aiken_carries_is_read_again_and_written_the_same(bank: tuple[BankQuestion, ...]) -> None:
    bank = tuple(question for question in bank if aiken.refusal(question) is None)
    assume(bank)

    written = aiken.write(bank)
    read = aiken.read(written)

    assert read.problems == ()
    assert read.questions == tuple(map(aiken.carried, bank))
    assert aiken.write(read.questions) == written


@pytest.mark.parametrize("stem", ["U.S. law", "A) one", "ANSWER: who?", "?"])
def test_a_stem_that_aiken_would_take_for_something_else_is_refused(stem: str) -> None:
    with pytest.raises(BankError, match="use GIFT"):
        aiken.write([BankQuestion(stem, TWO)])
