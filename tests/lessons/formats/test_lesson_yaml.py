"""Questions of a bank as the YAML of a lesson: nothing lost, nothing made up, and the check names what is missing."""

import pytest
from hypothesis import given

from lessons.course import Kind, Role
from lessons.formats.bank import BankChoice, BankQuestion
from lessons.formats.lesson_yaml import as_lessons, as_yaml, free_slug
from lessons.problem import Severity
from lessons.strict_yaml import Mapping, load
from tests.lessons.formats.bank_samples import banks
from tests.lessons.sample import CALL, CALL_FILE, FILES, parsed, said

pytestmark = pytest.mark.slow  # long properties

FEES = BankQuestion(
    "Who pays the recruitment fee under the principles of the ILO, when the worker has signed a promise "
    "to pay it back?",
    (
        BankChoice("The employer, in every case", True, "The principles of 2019 say so."),
        BankChoice(
            "The worker, as it was signed", False, "Such a promise is what the principles forbid.\nIt binds no one."
        ),
        BankChoice("no", False, "12:30"),
    ),
    title="Fees: who pays?",
    general_feedback="See the principles.\nRead part IV.",
)
WRITTEN = """\
  # General feedback: See the principles.
  # Read part IV.
  - id: fees-who-pays
    role: repeat
    kind: ''
    stem: >-
      Who pays the recruitment fee under the principles of the ILO, when the worker has signed a promise to
      pay it back?
    key: the-employer-in-every
    sources: []
    choices:
      - id: the-employer-in-every
        text: The employer, in every case
        because: The principles of 2019 say so.
      - id: the-worker-as-it-was
        text: The worker, as it was signed
        because: |-
          Such a promise is what the principles forbid.
          It binds no one.
      - id: 'no'
        text: 'no'
        because: '12:30'
"""


def test_a_question_is_written_as_a_lesson_has_it() -> None:
    assert as_yaml(FEES, name="fees-who-pays", role=Role.REPEAT) == WRITTEN


@given(banks)
def test_every_word_is_read_again_from_the_yaml(bank: tuple[BankQuestion, ...]) -> None:
    written = as_lessons(bank, file="bank.gift")

    tree, problems = load(written.text.encode(), "new.yaml")

    assert problems == ()
    assert isinstance(tree, Mapping)
    found = tree.maps("questions")
    assert [one.get("stem").text for one in found] == [question.stem for question in bank]  # type: ignore[union-attr]  # a missing stem must fail
    assert [
        [(choice.get("text").text, choice.get("because").text) for choice in one.maps("choices")]  # type: ignore[union-attr]  # the same
        for one in found
    ] == [[(choice.text, choice.feedback) for choice in question.choices] for question in bank]


@given(banks)
def test_ids_are_good_and_the_key_is_the_right_choice(bank: tuple[BankQuestion, ...]) -> None:
    tree, _ = load(as_lessons(bank, file="bank.gift").text.encode(), "new.yaml")

    assert isinstance(tree, Mapping)
    for question, one in zip(bank, tree.maps("questions"), strict=True):
        ids = [choice.text("id") for choice in one.maps("choices")]
        right = next(index for index, choice in enumerate(question.choices) if choice.right)
        assert one.text("key").text == ids[right].text  # type: ignore[union-attr]  # a missing one must fail
        assert len({name.text for name in ids if name}) == len(question.choices)


def test_roles_go_by_turns_in_each_category() -> None:
    bank = [BankQuestion("Q", FEES.choices, category=category) for category in ("a", "a", "a", "a", "b")]

    lines = as_lessons(bank, file="bank.gift").text.splitlines()

    assert [line.strip() for line in lines if "role:" in line or "# " in line] == [
        "# a",
        "role: day",
        "role: repeat",
        "role: kept",
        "role: day",
        "# b",
        "role: day",
    ]


def test_the_check_names_what_a_bank_does_not_know() -> None:
    bank = BankQuestion("Who?", (BankChoice("a", True), BankChoice("b", False, "No.")), title="who-day")
    head = CALL[: CALL.index("questions:")]

    result = parsed({**FILES, CALL_FILE: head + as_lessons([bank], file="bank.gift").text})

    sentences = [sentence for sentence in said(result) if sentence.startswith(CALL_FILE)]
    assert len(sentences) == 3
    for key in ("kind", "sources", "because"):
        assert any(key in sentence and "who-day" in sentence for sentence in sentences), (key, sentences)


def test_a_whole_question_is_taught_once_its_author_has_completed_it() -> None:
    head = CALL[: CALL.index("questions:")]
    item = as_yaml(FEES, name="fees-who-pays", kind=Kind.CASE).replace("sources: []", "sources: [handbook]")

    result = parsed({**FILES, CALL_FILE: f"{head}questions:\n{item}"})

    assert result.problems == ()
    assert result.course is not None
    assert result.course.question("fees-who-pays") is not None


def test_notes_tell_where_the_author_must_look() -> None:
    many = tuple(BankChoice(letter, letter == "a") for letter in "abcdef")
    bank = BankQuestion("Who?", many, general_feedback="Why.", line=7)

    notes = as_lessons([bank], file="bank.gift").notes

    assert {note.severity for note in notes} == {Severity.WARNING}
    assert [(note.line, note.sentence.split(";")[0]) for note in notes] == [
        (1, "a bank knows no `kind` and no `sources`"),
        (7, "`Who?` has no feedback for 6 of its 6 choices"),
        (7, "`Who?` has general feedback, kept as a comment"),
        (7, "`Who?` has 6 choices"),
    ]


def test_an_id_is_short_plain_and_new() -> None:
    taken: dict[str, int] = {}

    made = [
        free_slug(words, taken, limit=12, spare="choice") for words in ("L'Été: à Genève", *["কে"] * 3, *["x" * 30] * 3)
    ]

    assert made == ["lete-a", "choice", "choice-2", "choice-3", "x" * 12, "x" * 10 + "-2", "x" * 10 + "-3"]


def test_an_id_that_looks_counted_is_not_given_twice() -> None:
    taken: dict[str, int] = {}

    assert [free_slug(words, taken) for words in ("visa 2", "visa", "visa")] == ["visa-2", "visa", "visa-3"]
