"""The author's exchange with other systems: question banks in and out of files."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lessons import catalogue
from lessons.course import Course
from lessons.formats import aiken, gift
from lessons.formats.bank import LARGEST_BANK, BankError, opened
from lessons.formats.course_bank import of_course
from lessons.formats.lesson_yaml import as_lessons
from lessons.problem import Problem, Severity


class BankForm(StrEnum):
    """The formats of question banks."""

    GIFT = "gift"
    AIKEN = "aiken"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was carried over: the text that was written, how many questions it holds, and what was lost or left."""

    text: str
    questions: int
    problems: tuple[Problem, ...]

    @property
    def is_whole(self) -> bool:
        """Whether no question was left behind: the exit status."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)


def import_bank(file: Path, form: BankForm, out: Path | None) -> Exchange:
    """The questions of a bank as the YAML of a lesson, in the new file `out` unless that is None.

    Nothing is written when no question could be read. Raises BankError for a file that cannot be read or written.
    """
    text, refused = opened(_bytes(file), str(file))
    if refused:
        return Exchange("", 0, refused)
    read = gift.read(text, file=str(file)) if form is BankForm.GIFT else aiken.read(text, file=str(file))
    if not read.questions:
        return Exchange("", 0, read.problems)
    written = as_lessons(read.questions, file=str(file))
    _write(out, written.text)
    return Exchange(written.text, len(read.questions), tuple(sorted({*read.problems, *written.notes})))


def export_bank(course: Course | Path | None, form: BankForm, out: Path | None) -> Exchange:
    """Every question of a course, of a folder's course, or of the built-in one, in the new file `out` unless None.

    Raises BankError for a file that cannot be written, BrokenCourse for a folder that is no course.
    """
    taught = course if isinstance(course, Course) else catalogue.load(course) if course else catalogue.built_in()
    questions = of_course(taught)
    problems: list[Problem] = []
    if form is BankForm.AIKEN:
        lost = "Aiken carries no titles, categories and feedback; export GIFT to keep them"
        problems = [Problem(str(taught.id), 1, lost, Severity.WARNING)]
        problems += [Problem(str(taught.id), 1, why) for why in map(aiken.refusal, questions) if why]
        questions = tuple(question for question in questions if aiken.refusal(question) is None)
    text = gift.write(questions) if form is BankForm.GIFT else aiken.write(questions)
    _write(out, text)
    return Exchange(text, len(questions), tuple(problems))


def _bytes(file: Path) -> bytes:
    try:
        if not file.is_file():  # a pipe or a device would hang or never end
            raise BankError(f"{file} is no file; give the file that holds the questions")
        with file.open("rb") as stream:
            return stream.read(LARGEST_BANK + 1)
    except OSError as error:
        raise BankError(f"{file} cannot be read ({error.strerror}); mend its permissions") from None


def _write(out: Path | None, text: str) -> None:
    if out is None:
        return
    try:
        with out.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise BankError(f"{out} is there already; give another name or move it away") from None
    except OSError as error:
        raise BankError(f"{out} cannot be written ({error.strerror}); give a file in a folder you may write") from None
