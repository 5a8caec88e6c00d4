"""Banks in and out of files, and the whole course there and back."""

from pathlib import Path

import pytest

from bot.content_desk import BankForm, export_bank, import_bank
from lessons import catalogue
from lessons.formats import aiken, gift
from lessons.formats.bank import LARGEST_BANK, BankError
from lessons.strict_yaml import Mapping, load
from tests.lessons.sample import FILES, parsed

GIFT = "::fees::Who pays?{=The employer#Yes. ~The worker#No.}\n"


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A bank of one question."""
    file = tmp_path / "bank.gift"
    file.write_text(GIFT, encoding="utf-8")
    return file


def test_a_bank_becomes_a_file_of_questions(bank: Path, tmp_path: Path) -> None:
    done = import_bank(bank, BankForm.GIFT, tmp_path / "new.yaml")

    tree, problems = load((tmp_path / "new.yaml").read_bytes(), "new.yaml")
    assert (problems, done.questions, done.is_whole) == ((), 1, True)
    assert isinstance(tree, Mapping)
    assert [question.text("id") for question in tree.maps("questions")] != []


def test_questions_that_can_be_read_are_written_beside_the_problems_of_others(bank: Path, tmp_path: Path) -> None:
    bank.write_text(f"{GIFT}\nOne word?{{}}\n", encoding="utf-8")

    done = import_bank(bank, BankForm.GIFT, tmp_path / "new.yaml")

    assert (done.questions, done.is_whole) == (1, False)
    assert f"{bank}:3: `One word?` is an essay" in "\n".join(map(str, done.problems))


def test_nothing_is_written_when_nothing_was_read(bank: Path, tmp_path: Path) -> None:
    bank.write_bytes(b"\xff\xfe")

    done = import_bank(bank, BankForm.GIFT, tmp_path / "new.yaml")

    assert (done.questions, done.is_whole, (tmp_path / "new.yaml").exists()) == (0, False, False)


def test_a_file_over_a_mebibyte_is_refused(bank: Path) -> None:
    bank.write_bytes(b"x" * (LARGEST_BANK + 1))

    assert "larger than 1024 KiB" in str(import_bank(bank, BankForm.AIKEN, None).problems[0])


def test_a_file_that_is_there_is_not_overwritten(bank: Path) -> None:
    with pytest.raises(BankError, match="is there already; give another name"):
        import_bank(bank, BankForm.GIFT, bank)

    assert bank.read_text(encoding="utf-8") == GIFT


@pytest.mark.parametrize("name", ["missing.gift", "."])
def test_what_is_no_file_is_said_to_be_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(BankError, match="is no file; give the file"):
        import_bank(tmp_path / name, BankForm.GIFT, None)


def test_a_folder_that_is_missing_is_said(bank: Path, tmp_path: Path) -> None:
    with pytest.raises(BankError, match="cannot be written"):
        import_bank(bank, BankForm.GIFT, tmp_path / "missing" / "new.yaml")


def test_every_question_of_the_built_in_course_goes_to_gift_and_back() -> None:
    course = catalogue.built_in()

    read = gift.read(export_bank(None, BankForm.GIFT, None).text)

    assert read.problems == ()
    there = [question for lesson in course.lessons for question in lesson.questions]
    assert [question.title for question in read.questions] == [question.id for question in there]
    for mine, theirs in zip(there, read.questions, strict=True):
        assert theirs.stem == mine.stem
        assert [(choice.text, choice.feedback) for choice in theirs.choices] == [
            (c.text, c.because) for c in mine.choices
        ]
        assert [choice.right for choice in theirs.choices] == [choice.id == mine.key for choice in mine.choices]


def test_the_category_is_the_module_and_the_lesson() -> None:
    course = parsed(FILES).course
    assert course is not None

    read = gift.read(export_bank(course, BankForm.GIFT, None).text)

    assert [question.category for question in read.questions] == ["first-hours/a-call", "first-hours/a-list"]


def test_aiken_says_what_it_loses(tmp_path: Path) -> None:
    files = FILES | {
        "01-first-hours/01-a-call.yaml": FILES["01-first-hours/01-a-call.yaml"].replace(
            "stem: A brother", "stem: U.N. staff"
        )
    }
    course = parsed(files).course
    assert course is not None

    done = export_bank(course, BankForm.AIKEN, tmp_path / "bank.txt")

    assert [question.stem for question in aiken.read((tmp_path / "bank.txt").read_text()).questions] == [
        "A brother calls at two. What do you ask first?"
    ]
    assert (done.questions, done.is_whole) == (1, False)
    assert [problem.sentence.split(" ")[0] for problem in done.problems] == ["Aiken", "`call-day`"]


def test_a_folder_without_a_course_is_said(tmp_path: Path) -> None:
    with pytest.raises(catalogue.BrokenCourse):
        export_bank(tmp_path, BankForm.GIFT, None)
