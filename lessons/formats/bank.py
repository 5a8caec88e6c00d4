"""A question as question banks know it. A value that could not be written and read again cannot be built."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lessons.course import CourseError
from lessons.problem import Problem, Severity

LARGEST_BANK = 1024 * 1024  # bytes
LONGEST_TEXT = 4000  # characters of one text
LONGEST_TITLE = 255  # characters; Moodle keeps no more of a question's name
MOST_CHOICES = 26  # Aiken letters them A to Z
MOST_QUESTIONS = 2000  # of one file; a course has some hundred
MOST_PROBLEMS = 100  # of one file are told; who has more has another kind of file

# The signs that strict_yaml refuses too: a bank that is read must become a lesson that is read.
_STRAY = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class BankError(CourseError):
    """A bank, or a question in it, cannot be read or written; the message says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class BankChoice:
    """One answer, whether it is the right one, and what is said to who gives it (may be empty)."""

    text: str
    right: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A multiple-choice question with one right answer.

    Texts are plain, as `clean` leaves them; title and category are one line, category is a path of names with `/`
    between. Title, category and feedback may be empty. `line` is where it was read and makes no difference.
    Raises BankError.
    """

    stem: str
    choices: tuple[BankChoice, ...]
    title: str = ""
    category: str = ""
    general_feedback: str = ""
    line: int = field(default=1, compare=False)

    def __post_init__(self) -> None:
        if fault := next(_faults(self), None):
            raise BankError(f"`{self.name}` {fault}")

    @property
    def name(self) -> str:
        """What to call it in a sentence: its title, else how it starts."""
        return short(self.title or self.stem)


@dataclass(frozen=True, slots=True)
class Read:
    """The questions that could be kept, in the order of the file, and why others could not."""

    questions: tuple[BankQuestion, ...]
    problems: tuple[Problem, ...]


def clean(text: str) -> str:
    """The text with plain line ends, without byte order marks, and without blanks around it."""
    return clean_ends(text).strip()


def one_line(text: str) -> str:
    """The text with each run of blanks and line ends as one space."""
    return " ".join(clean(text).split())


def short(text: str, limit: int = 40) -> str:
    """How a text starts, for a sentence about it."""
    line = one_line(_STRAY.sub("", text))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def stray(text: str) -> tuple[int, str] | None:
    """Offset of the first invisible control character and a sentence about it, or None."""
    if found := _STRAY.search(text):
        code = f"U+{ord(found[0]):04X}"
        return found.start(), f"an invisible control character ({code}) stands here; delete it"
    return None


def opened(data: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file; empty beside the problem of one that is too large or no UTF-8."""
    if len(data) > LARGEST_BANK:
        return "", (Problem(file, 1, _TOO_LARGE),)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", (Problem(file, line, "this is not UTF-8 text; save the file with the encoding UTF-8"),)


def clean_ends(text: str) -> str:
    """The text with plain line ends and without byte order marks: its lines keep their numbers."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


class Gathering:
    """What is found in one reading of one file, bounded in every direction."""

    def __init__(self, text: str, *, file: str, form: str) -> None:
        self.file = file
        self.form = form
        self.lines: tuple[str, ...] = ()  # without blanks around them, as Moodle reads them
        self._questions: list[BankQuestion] = []
        self._problems: list[Problem] = []
        self._untold = 0
        if len(text.encode(errors="surrogatepass")) > LARGEST_BANK:
            self.blame(1, _TOO_LARGE)
        else:
            self.lines = tuple(line.strip() for line in clean_ends(text).split("\n"))

    @property
    def is_full(self) -> bool:
        """Whether reading on is of no use."""
        return len(self._questions) > MOST_QUESTIONS

    def keep(self, question: BankQuestion) -> None:
        """Note a question; problems come in the order of the file, too."""
        self._questions.append(question)

    def blame(self, line: int, sentence: str, severity: Severity = Severity.ERROR) -> None:
        """Note a problem, or only that there is one more."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(self.file, line, sentence, severity))
        else:
            self._untold += 1

    def outcome(self) -> Read:
        """What became of the file."""
        problems = sorted(self._problems)
        if self._untold:
            problems.append(Problem(self.file, problems[-1].line, self._and_more()))
        if self.is_full:
            line = self._questions.pop().line
            sentence = f"here starts the question after {MOST_QUESTIONS}; put the rest into a file of its own"
            problems.append(Problem(self.file, line, sentence))
        if not self._questions and not problems:
            problems.append(Problem(self.file, 1, f"there is no question in this file; is it {self.form}?"))
        return Read(tuple(self._questions), tuple(problems))

    def _and_more(self) -> str:
        others = "1 more problem" if self._untold == 1 else f"{self._untold} more problems"
        return f"below are {others}; mend those above first, or give a file of {self.form}"


_TOO_LARGE = f"the file is larger than {LARGEST_BANK // 1024} KiB; split it"


def _faults(question: BankQuestion) -> Iterator[str]:
    right = sum(choice.right for choice in question.choices)
    if not question.stem:
        yield "asks nothing; write the question before its choices"
    if not 2 <= len(question.choices) <= MOST_CHOICES:
        yield f"has {len(question.choices)} choices; give two to {MOST_CHOICES}"
    if right != 1:
        yield f"has {right or 'no'} right choices; mark one as right"
    if not all(choice.text for choice in question.choices):
        yield "has a choice without words; write or delete it"
    if len(question.title) > LONGEST_TITLE or len(question.category) > LONGEST_TITLE:
        yield f"has a title or category of more than {LONGEST_TITLE} characters; cut it"
    for text in (question.title, question.category):
        if text != one_line(text):
            yield "has a title or category that is not one clean line; join it"
    choices = (text for choice in question.choices for text in (choice.text, choice.feedback))
    for text in (question.title, question.category, question.stem, question.general_feedback, *choices):
        if len(text) > LONGEST_TEXT:
            yield f"has a text of {len(text)} characters; cut it to {LONGEST_TEXT}"
        if found := stray(text):
            yield f"cannot be kept: {found[1]}"
        if text != clean(text):
            yield "has a text with blanks around it; cut them"
