"""Questions of a bank as the YAML of a lesson.

What a bank does not know is left empty: no placeholder can be taught by mistake, and `attache check` names each.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from lessons.course import LONGEST_CHOICE_ID, Kind, Role
from lessons.formats.bank import BankQuestion
from lessons.problem import Problem, Severity
from lessons.shapes import QUESTION_ID_LIMIT

MOST_CHOICES_OF_A_LESSON = 5
WIDTH = 104  # columns after which the last word of a line ends


@dataclass(frozen=True, slots=True)
class LessonYaml:
    """The text of a YAML file with the key `questions`, and warnings on what its author must complete."""

    text: str
    notes: tuple[Problem, ...]


def as_lessons(questions: Sequence[BankQuestion], *, file: str) -> LessonYaml:
    """The questions in order; the roles day, repeat, kept by turns, from the start in each category.

    `file` is the bank, for the notes.
    """
    taken: dict[str, int] = {}
    parts = ["questions:\n"]
    notes: list[Problem] = []
    for category, group in itertools.groupby(questions, key=lambda question: question.category):
        if category:
            parts.append(f"  # {category}\n")
        for question, role in zip(group, itertools.cycle(Role), strict=False):
            name = free_slug(question.title or question.stem, taken)
            parts.append(as_yaml(question, name=name, role=role))
            notes += (Problem(file, question.line, note, Severity.WARNING) for note in _notes(question))
    if not questions:
        return LessonYaml("questions: []\n", ())
    everywhere = "a bank knows no `kind` and no `sources`; give both to every question and look at its `role`"
    return LessonYaml("".join(parts), (Problem(file, 1, everywhere, Severity.WARNING), *notes))


def as_yaml(question: BankQuestion, *, name: str, role: Role = Role.DAY, kind: Kind | None = None) -> str:
    """One item of a lesson's `questions`, with `name` as its id.

    General feedback, for which a lesson has no key, stands in comments before it.
    """
    taken: dict[str, int] = {}
    named = [(free_slug(one.text, taken, limit=LONGEST_CHOICE_ID, spare="choice"), one) for one in question.choices]
    tree = {
        "id": name,
        "role": role.value,
        "kind": kind.value if kind else "",
        "stem": _Words(question.stem),
        "key": next(key for key, choice in named if choice.right),
        "sources": [],
        "choices": [
            {"id": key, "text": _Words(choice.text), "because": _Words(choice.feedback)} for key, choice in named
        ],
    }
    written = yaml.dump(
        [tree], Dumper=_LessonDumper, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=False
    )
    general = f"General feedback: {question.general_feedback}" if question.general_feedback else ""
    comments = "".join(f"# {line}\n" for line in general.split("\n") if line)
    return "".join(f"  {line}\n" if line else "\n" for line in (comments + written).split("\n")[:-1])


def free_slug(words: str, taken: dict[str, int], *, limit: int = QUESTION_ID_LIMIT, spare: str = "question") -> str:
    """An id of at most `limit` characters made of the words, or of `spare` where they have no Latin letter.

    It is none of `taken`, to which it is added: ids with the last number that was put behind each.
    """
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    parts = re.findall(r"[a-z0-9]+", letters.replace("'", "")) or [spare]
    name = base = _fitting(parts, limit)
    number = taken.get(base, 0)
    while name in taken:
        number += 1
        ending = f"-{number + 1}"
        name = _fitting(parts, limit - len(ending)) + ending
    taken[base] = number
    taken.setdefault(name, 0)
    return name


def _fitting(parts: list[str], limit: int) -> str:
    """As many whole words as fit, at least the start of the first."""
    name = parts[0][:limit]
    for part in parts[1:]:
        if len(name) + 1 + len(part) > limit:
            break
        name = f"{name}-{part}"
    return name


def _notes(question: BankQuestion) -> list[str]:
    found = []
    silent = sum(not choice.feedback for choice in question.choices)
    if silent:
        mend = "say in their `because` why each is right or what it would cost"
        found.append(f"`{question.name}` has no feedback for {silent} of its {len(question.choices)} choices; {mend}")
    if question.general_feedback:
        found.append(f"`{question.name}` has general feedback, kept as a comment; move what matters to a `because`")
    if len(question.choices) > MOST_CHOICES_OF_A_LESSON:
        found.append(f"`{question.name}` has {len(question.choices)} choices; a lesson takes two to five, so cut some")
    return found


class _Words(str):
    """Words for people, folded over lines where they are long."""


class _LessonDumper(yaml.SafeDumper):
    """Writes YAML as the built-in course is written: lists indented, long texts folded."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _words(dumper: yaml.SafeDumper, words: _Words) -> Any:
    style = "|" if "\n" in words else ">" if len(words) > WIDTH - 20 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(words), style=style)


_LessonDumper.add_representer(_Words, _words)
