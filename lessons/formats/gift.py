"""GIFT, Moodle's text format of questions, read and written.

Rules: Moodle's question/format/gift/format.php and question/format.php (blocks between blank lines, `//` comments,
`$CATEGORY:`). Unlike Moodle, a `$CATEGORY:` line is a line of its own even without a blank line after it.
"""

import re
from collections.abc import Iterable, Iterator

from lessons.formats.bank import LONGEST_TITLE, BankChoice, BankQuestion, Gathering, Read, one_line, stray
from lessons.formats.gift_block import Block, Refused, question_of
from lessons.problem import Severity

_CATEGORY = "$CATEGORY:"
_RESERVED = re.compile(r"[\\#=~{}:]")


def read(text: str, *, file: str = "") -> Read:
    """The multiple-choice and true-false questions of a bank, and a problem with its line for each other one.

    A problem that is a warning stands beside a question that was kept with a loss.
    """
    found = Gathering(text, file=file, form="GIFT")
    torn = False  # a blank line cut the block before; its other half is no second mistake
    for category, block in _blocks(found):
        if torn and not block.opens_first:
            torn = not block.closes
            continue
        torn = block.is_torn
        try:
            question, notes = question_of(block, category=category)
        except Refused as refusal:
            found.blame(refusal.line, refusal.sentence)
            continue
        found.keep(question)
        for note in notes:
            found.blame(question.line, f"`{question.name}` {note}", Severity.WARNING)
        if found.is_full:
            break
    return found.outcome()


def write(questions: Iterable[BankQuestion]) -> str:
    """The questions as GIFT, each named by its title, with a `$CATEGORY:` line where the category changes.

    Every text is marked as plain, so that Moodle shows `<` and `*` as they stand.
    """
    parts: list[str] = []
    category = ""
    for question in questions:
        if question.category != category:
            category = question.category
            parts.append(f"{_CATEGORY} {category}".rstrip() + "\n")
        parts.append(_written(question))
    return "\n".join(parts)


def _blocks(found: Gathering) -> Iterator[tuple[str, Block]]:
    """(category, block): what stands between blank lines and category lines, without comments."""
    category = ""
    held: list[tuple[int, str]] = []
    for number, line in enumerate([*found.lines, ""], start=1):
        if line.startswith("//"):
            continue
        is_category = line.startswith(_CATEGORY)
        if line and not is_category:
            held.append((number, line))
            continue
        if held:
            yield category, Block(tuple(held))
            held = []
        if is_category:
            category, fault = _category(line.removeprefix(_CATEGORY))
            if fault:
                found.blame(number, fault)


def _category(words: str) -> tuple[str, str | None]:
    """The category a line names; an empty one, with a sentence, when no question could carry it."""
    name = one_line(words)
    if found := stray(name):
        return "", found[1]
    if len(name) > LONGEST_TITLE:
        return "", f"the category has {len(name)} characters; cut it to {LONGEST_TITLE}"
    return name, None


def _written(question: BankQuestion) -> str:
    title = f"::{_escaped(question.title)}::" if question.title else ""
    general = f"\t####{_text(question.general_feedback)}\n" if question.general_feedback else ""
    choices = "".join(_choice(choice) for choice in question.choices)
    return f"{title}[plain]{_escaped(question.stem)}{{\n{choices}{general}}}\n"


def _choice(choice: BankChoice) -> str:
    feedback = f"#{_text(choice.feedback)}" if choice.feedback else ""
    return f"\t{'=' if choice.right else '~'}{_text(choice.text)}{feedback}\n"


def _text(text: str) -> str:
    """A text inside the braces; what could be taken for a prefix or a weight gets a prefix before it."""
    return ("[plain]" if text[:1] in ("[", "%") else "") + _escaped(text)


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text).replace("\n", r"\n")
