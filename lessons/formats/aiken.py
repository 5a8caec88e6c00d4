"""Aiken, the plainest format of Moodle, read and written: a question in a line, lettered choices, `ANSWER: B`.

Rules: Moodle's question/format/aiken/format.php. It carries no title, category or feedback.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lessons.formats.bank import BankChoice, BankError, BankQuestion, Gathering, Read, one_line, short, stray

_CHOICE = re.compile(r"([A-Z])[).][ \t]?(.*)")
_ANSWER = re.compile(r"ANSWER:(.*)")
_LETTER = re.compile(r"([A-Za-z])[).]?")
_NEARLY = re.compile(r"(answer\s*:|[a-z]\)\s|[a-z]\.\s)", re.IGNORECASE)  # looked at only where the others fail


def read(text: str, *, file: str = "") -> Read:
    """The questions of a bank, and a problem with its line for each one that cannot be kept."""
    found = Gathering(text, file=file, form="Aiken")
    reading = _Reading(found)
    for number, (line, following) in enumerate(itertools.pairwise([*found.lines, ""]), start=1):
        reading.take(number, line, following)
        if found.is_full:
            break
    else:
        reading.end()
    return found.outcome()


def write(questions: Iterable[BankQuestion]) -> str:
    """The questions as Aiken. Raises BankError for one that it cannot carry: ask `refusal` first."""
    return "\n".join(_written(question) for question in questions)


def carried(question: BankQuestion) -> BankQuestion:
    """What Aiken keeps of a question: stem and choices, each in one line."""
    choices = tuple(BankChoice(one_line(choice.text), choice.right) for choice in question.choices)
    return BankQuestion(one_line(question.stem), choices, line=question.line)


def refusal(question: BankQuestion) -> str | None:
    """Why Aiken cannot carry a question, or None."""
    stem = one_line(question.stem)
    if _CHOICE.match(stem) or _ANSWER.match(stem):
        return f"`{question.name}` starts as a choice or an answer does in Aiken; word it otherwise, or use GIFT"
    if len(stem.encode()) < 2:
        return f"`{question.name}` is one sign, which Aiken skips; write it out, or use GIFT"
    return None


def _written(question: BankQuestion) -> str:
    if why := refusal(question):
        raise BankError(why)
    plain = carried(question)
    letters = [chr(ord("A") + index) for index in range(len(plain.choices))]
    choices = "".join(f"{letter}) {choice.text}\n" for letter, choice in zip(letters, plain.choices, strict=True))
    right = next(letter for letter, choice in zip(letters, plain.choices, strict=True) if choice.right)
    return f"{plain.stem}\n{choices}ANSWER: {right}\n"


@dataclass(slots=True)
class _Open:
    """A question that is still being read; `is_lost` once a problem of it has been told."""

    line: int
    stem: str
    letters: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_lost: bool = False


class _Reading:
    """One reading of one file, line by line."""

    def __init__(self, found: Gathering) -> None:
        self.found = found
        self._open: _Open | None = None
        self._after_blank = True

    def take(self, number: int, line: str, following: str) -> None:
        """Read a line; the following one tells a new question from a text that goes on."""
        if not line:
            self._after_blank = True
            return
        if found := stray(line):
            self._lose(number, found[1])
        elif choice := _CHOICE.fullmatch(line):
            self._choice(number, choice[1], choice[2].strip())
        elif answer := _ANSWER.fullmatch(line):
            self._answer(number, answer[1].strip())
        else:
            self._words(number, line, following)
        self._after_blank = False

    def end(self) -> None:
        """Close what is open: a question is whole only with its answer."""
        if (open_ := self._open) and not open_.is_lost:
            no_choices = "no choices; write them, as `A) `, and an ANSWER: line"
            no_answer = "no ANSWER: line; write the letter of the right choice, as `ANSWER: A`"
            self.found.blame(open_.line, f"`{short(open_.stem)}` has {no_answer if open_.letters else no_choices}")
        self._open = None

    def _lose(self, line: int, sentence: str) -> None:
        """Tell one problem of the open question; what else is wrong with it follows from that."""
        if self._open is None or not self._open.is_lost:
            self.found.blame(line, sentence)
        self._open = self._open or _Open(line, "")
        self._open.is_lost = True

    def _choice(self, number: int, letter: str, text: str) -> None:
        open_ = self._open
        if open_ is None:
            self._lose(number, f"the choice {letter} stands before any question; write the question above it")
        elif not text:
            self._lose(number, f"the choice {letter} of `{short(open_.stem)}` has no words; write or delete it")
        elif not open_.is_lost and ord(letter) != ord("A") + len(open_.letters):
            due = chr(ord("A") + len(open_.letters))
            self._lose(number, f"the choice {letter} stands where {due} is due; letter the choices A, B, C in order")
        else:
            open_.letters.append(letter)
            open_.texts.append(text)

    def _answer(self, number: int, said: str) -> None:
        open_, self._open = self._open, None
        if open_ is None:
            self.found.blame(
                number, "an ANSWER: stands before any question; write the question and its choices above it"
            )
            return
        if open_.is_lost:
            return
        found = _LETTER.fullmatch(said)
        if len(open_.letters) < 2:
            sentence = f"has {len(open_.letters) or 'no'} choices; write at least two, as `A) ` and `B) `"
            self.found.blame(number, f"`{short(open_.stem)}` {sentence}")
        elif not found:
            self.found.blame(
                number, f"ANSWER: needs the letter of the one right choice, as `ANSWER: B`, not `{short(said)}`"
            )
        elif found[1].upper() not in open_.letters:
            self.found.blame(
                number, f"the answer {found[1]} is none of the choices {', '.join(open_.letters)}; name one"
            )
        else:
            self._keep(open_, found[1].upper())

    def _keep(self, open_: _Open, right: str) -> None:
        choices = tuple(
            BankChoice(one_line(text), letter == right) for letter, text in zip(open_.letters, open_.texts, strict=True)
        )
        try:
            self.found.keep(BankQuestion(one_line(open_.stem), choices, line=open_.line))
        except BankError as error:
            self.found.blame(open_.line, str(error))

    def _words(self, number: int, line: str, following: str) -> None:
        """A line that is neither choice nor answer: a new question, or a text that wrongly goes on."""
        open_ = self._open
        if open_ and _NEARLY.match(line):
            capitals = "write ANSWER: and the letters of the choices as capitals, as in `A) ` and `ANSWER: A`"
            self._lose(number, f"`{short(line)}` is read as words; {capitals}")
        elif open_ and not self._after_blank and not (open_.letters and _begins(following)):
            sentence = (
                f"a text of `{short(open_.stem)}` goes on in this line; Aiken wants each in one line, so join them"
            )
            self._lose(number, sentence)
        else:
            self.end()
            self._open = _Open(number, line)


def _begins(line: str) -> bool:
    """Whether the line is a first choice, so that the one before it is a question."""
    found = _CHOICE.fullmatch(line)
    return found is not None and found[1] == "A"
