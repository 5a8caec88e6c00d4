"""One block of a GIFT file to one question, or to one sentence on why it cannot be kept and what mends it."""

import re
from dataclasses import dataclass

from lessons.formats import markup
from lessons.formats.bank import (
    LONGEST_TEXT,
    MOST_CHOICES,
    BankChoice,
    BankError,
    BankQuestion,
    clean,
    one_line,
    short,
    stray,
)

LONGEST_MARKUP = 4 * LONGEST_TEXT  # characters of one text with its markup

_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_WEIGHT = re.compile(r"%-?\d{1,3}(\.\d*)?%")
_TRUE_OR_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}


class Refused(Exception):
    """A block that is no question of ours, with its line and a sentence for the author."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


class Block:
    """The lines of a block with their numbers.

    `shape` is the text with each escape masked: what looks like a sign of GIFT in it is one, at the same offset.
    """

    def __init__(self, lines: tuple[tuple[int, str], ...]) -> None:
        self.numbers = [number for number, _ in lines]
        self.text = "\n".join(line for _, line in lines)
        self.shape = _ESCAPE.sub("\0\0", self.text)
        self.opens, self.closes = ("{" in self.shape, "}" in self.shape)

    @property
    def is_torn(self) -> bool:
        """Whether the block ends inside braces."""
        return self.opens and not self.closes

    @property
    def opens_first(self) -> bool:
        """Whether a brace opens in it before one closes."""
        return self.opens and not 0 <= self.shape.find("}") < self.shape.find("{")

    def line(self, offset: int) -> int:
        """The number of the line at an offset of the text."""
        return self.numbers[self.text.count("\n", 0, offset)]


@dataclass(frozen=True, slots=True)
class Parts:
    """Where title, stem, answers and general feedback lie: pairs of offsets, the end excluded."""

    title: str
    stem: tuple[int, int]
    answers: tuple[int, int]
    general: tuple[int, int]


def question_of(block: Block, *, category: str) -> tuple[BankQuestion, tuple[str, ...]]:
    """The question of a block, and what it lost as sentences without their subject. Raises Refused."""
    if found := stray(block.text):
        raise Refused(block.line(found[0]), found[1])
    return _Reading(block).question(category)


class _Reading:
    """One reading of one block."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.form = markup.UNNAMED
        self.notes: dict[str, None] = {}  # in the order found
        self.parts = _parts_of(block)
        self.name = self.parts.title or short(_unescaped(block.text[slice(*self.parts.stem)]))

    def refuse(self, offset: int, sentence: str) -> Refused:
        named = f"`{short(self.name)}` " if self.name else "a question without words "
        return Refused(self.block.line(offset), named + sentence)

    def question(self, category: str) -> tuple[BankQuestion, tuple[str, ...]]:
        start, end = self.parts.stem
        self.form = markup.named(self.block.text[start:end].strip(), markup.UNNAMED)[0]  # the others inherit it
        stem = self.words(start, end)
        try:
            built = BankQuestion(
                stem=stem,
                choices=self.choices(),
                title=self.parts.title,
                category=category,
                general_feedback=self.words(*self.parts.general),
                line=self.block.numbers[0],
            )
        except BankError as error:
            raise Refused(self.block.numbers[0], str(error)) from None
        return built, tuple(self.notes)

    def choices(self) -> tuple[BankChoice, ...]:
        start, end = self.parts.answers
        shape = self.block.shape[start:end].strip()
        if not shape:
            raise self.refuse(start, "is an essay, and a lesson has only choices to tap; write choices in the braces")
        if shape.startswith("#"):
            raise self.refuse(start, "asks for a number, and a lesson has only choices to tap; write = and ~ choices")
        if "~" in shape:
            return self.several(start, end)
        if "=" in shape and "->" in shape:
            raise self.refuse(start, "asks to match pairs, which a lesson cannot; write one question for each pair")
        verdict = shape.split("#", 1)[0].strip()
        if verdict in _TRUE_OR_FALSE:
            return self.true_or_false(start, end, is_true=_TRUE_OR_FALSE[verdict])
        if verdict.upper() in _TRUE_OR_FALSE:
            raise self.refuse(start, f"has the answer {verdict}; write it in capitals, as {verdict.upper()}")
        if "=" in shape:
            raise self.refuse(start, "asks for a typed answer, which a lesson cannot; add wrong choices, each after ~")
        raise self.refuse(start, "has no choice in its braces; write = before the right one and ~ before the others")

    def several(self, start: int, end: int) -> tuple[BankChoice, ...]:
        signs = [found.start() for found in re.finditer("[=~]", self.block.shape[start:end])]
        first = start + signs[0]
        if self.block.text[start:first].strip():
            raise self.refuse(start, "has words before its first choice; write = or ~ before them")
        if len(signs) > MOST_CHOICES:
            raise self.refuse(start, f"has {len(signs)} choices; give two to {MOST_CHOICES}")
        ends = [start + sign for sign in signs[1:]] + [end]
        choices = tuple(self.choice(start + sign, stop) for sign, stop in zip(signs, ends, strict=True))
        right = [start + sign for sign, choice in zip(signs, choices, strict=True) if choice.right]
        if not right:
            raise self.refuse(first, "has no right choice; write = before it")
        if len(right) > 1:
            mend = "keep one = (an = inside a text is written \\=)"
            raise self.refuse(right[1], f"has {len(right)} right choices, and a lesson's question has one; {mend}")
        return choices

    def choice(self, start: int, end: int) -> BankChoice:
        """The choice whose sign stands at `start`."""
        if found := _WEIGHT.match(self.block.text[start + 1 : end].lstrip()):
            why = f"gives a part of the marks ({found[0]}), and a lesson's choice is right or wrong"
            raise self.refuse(start, f"{why}; delete the weights and write = before the right choice")
        text, feedback = self.with_feedback(start + 1, end)
        if not text:
            raise self.refuse(start, f"has no words after {self.block.text[start]}; write them or delete the sign")
        return BankChoice(text, self.block.text[start] == "=", feedback)

    def with_feedback(self, start: int, end: int) -> tuple[str, str]:
        mark = self.block.shape.find("#", start, end)
        if mark < 0:
            return self.words(start, end), ""
        return self.words(start, mark), self.words(mark + 1, end)

    def true_or_false(self, start: int, end: int, *, is_true: bool) -> tuple[BankChoice, ...]:
        """Two choices; the first feedback is for who is wrong, the second for who is right."""
        wrong = right = ""
        mark = self.block.shape.find("#", start, end)
        if mark >= 0:
            second = self.block.shape.find("#", mark + 1, end)
            wrong = self.words(mark + 1, second if second >= 0 else end)
            right = self.words(second + 1, end) if second >= 0 else ""
        return (
            BankChoice("True", is_true, right if is_true else wrong),
            BankChoice("False", not is_true, wrong if is_true else right),
        )

    def words(self, start: int, end: int) -> str:
        """The plain words between two offsets."""
        form, rest = markup.named(self.block.text[start:end].strip(), self.form)
        if len(rest) > LONGEST_MARKUP:
            raise self.refuse(start, f"has a text of {len(rest)} characters; cut it to {LONGEST_TEXT}")
        found = markup.plain(_unescaped(rest), form)
        if found.unshown:
            raise self.refuse(start, f"holds {found.unshown}, which a lesson cannot show; say it in words")
        if found.note:
            self.notes[found.note] = None
        return clean(found.text)


def _parts_of(block: Block) -> Parts:
    """Raises Refused where the braces or the title are not as they must be."""
    start, title = 0, ""
    if block.shape.startswith("::"):
        end = block.shape.find("::", 2)
        if end < 0:
            raise Refused(block.line(0), "the title is not closed; write :: after it")
        start, title = end + 2, one_line(_unescaped(block.text[2:end]))
    opens, closes = block.shape.find("{", start), block.shape.find("}", start)
    _check_braces(block, start, opens, closes)
    mark = block.shape.rfind("####", opens, closes)
    stop, general = (mark, (mark + 4, closes)) if mark >= 0 else (closes, (closes, closes))
    return Parts(title, (start, opens), (opens + 1, stop), general)


def _check_braces(block: Block, start: int, opens: int, closes: int) -> None:
    if opens < 0 and closes < 0:
        sentence = "a text without choices stands here; write them in braces { } right after it, or delete it"
        raise Refused(block.line(start), sentence)
    if closes < 0:
        sentence = "the { is not closed before a blank line or the end; write } after the last choice, \\{ for the sign"
        raise Refused(block.line(opens), sentence)
    if opens < 0 or closes < opens:
        raise Refused(block.line(closes), "a } stands here without a { before it; delete it, or write \\} for the sign")
    inner = block.shape.find("{", opens + 1, closes)
    if inner >= 0:
        raise Refused(block.line(inner), "a second { stands inside the braces; write } before it, or \\{ for the sign")
    after = block.shape[closes + 1 :].strip()
    if "{" in after or after.startswith("::"):
        offset = closes + 1 + block.shape[closes + 1 :].find(after)
        raise Refused(block.line(offset), "a second question starts here; leave a blank line before it")
    if "}" in after:
        sentence = "a second } stands after the braces; delete it, or write \\} for the sign"
        raise Refused(block.line(block.shape.find("}", closes + 1)), sentence)
    if after:
        why = "words stand after the braces, so a gap is to be filled, which a lesson cannot"
        raise Refused(block.line(closes), f"{why}; write the whole question before the {{")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)
