"""What ties the keys of one lesson's file together: keys and choices, sources, roles, lengths in all."""

from collections.abc import Iterator

from lessons.course import Role
from lessons.problem import Problem, Severity
from lessons.shapes import CARD_LIMIT, LESSON_LIMIT, LESSON_TARGET
from lessons.strict_yaml import Mapping


def lesson_problems(lesson: Mapping, file: str) -> list[Problem]:
    """Every broken rule of a lesson that no single key shows; what has a wrong shape is passed over."""
    return [
        *_lengths(lesson, file),
        *_used_twice(lesson.maps("sources"), "source", file),
        *_roles(lesson, file),
        *(problem for question in lesson.maps("questions") for problem in _question(lesson, question, file)),
    ]


def _lengths(lesson: Mapping, file: str) -> Iterator[Problem]:
    cards = lesson.maps("cards")
    lengths = [_length(card) for card in cards]
    for number, (card, length) in enumerate(zip(cards, lengths, strict=True), start=1):
        text = card.text("text")
        # A longer text alone is said by the check of shapes.
        if length > CARD_LIMIT and text and len(text.text.strip()) <= CARD_LIMIT:
            yield Problem(
                file,
                card.line,
                f"card {number} has {length} characters with its lead; cut it to {CARD_LIMIT}",
            )
    line = _line_of(lesson, "cards")
    whole = sum(lengths)
    if whole > LESSON_LIMIT:
        sentence = f"the cards have {whole} characters in all, over {LESSON_LIMIT}; cut them to {LESSON_TARGET}"
        yield Problem(file, line, sentence)
    elif whole > LESSON_TARGET:
        sentence = f"the cards have {whole} characters in all; {LESSON_TARGET} fit a phone, so cut them"
        yield Problem(file, line, sentence, Severity.WARNING)


def _roles(lesson: Mapping, file: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for question in lesson.maps("questions"):
        role = question.text("role")
        if role is None:
            continue
        if role.text in first:
            sentence = f"a second question has the role `{role.text}`, the first in line {first[role.text]}"
            yield Problem(file, role.line, f"{sentence}; give each role once")
        first.setdefault(role.text, role.line)
    sound = all((role := question.text("role")) and role.text in set(Role) for question in lesson.maps("questions"))
    if first and sound and Role.DAY not in first:
        sentence = "no question has the role `day`; a lesson is followed by one"
        yield Problem(file, _line_of(lesson, "questions"), sentence)


def _question(lesson: Mapping, question: Mapping, file: str) -> Iterator[Problem]:
    name = question.text("id")
    which = f"question {name.text}" if name else "this question"
    choices = question.maps("choices")
    yield from _used_twice(choices, "choice", file, owner=which)
    ids = [found.text for choice in choices if (found := choice.text("id"))]
    key = question.text("key")
    if key and ids and key.text not in ids:
        yield Problem(file, key.line, f"the key `{key.text}` of {which} is none of its choices: {', '.join(ids)}")
    known = [found.text for source in lesson.maps("sources") if (found := source.text("id"))]
    for cited in question.texts("sources"):
        if cited.text not in known:
            mend = f"the lesson's sources are {', '.join(known)}" if known else "the lesson has no sources"
            yield Problem(file, cited.line, f"{which} cites the source `{cited.text}`, which is not here; {mend}")


def _used_twice(maps: tuple[Mapping, ...], what: str, file: str, owner: str = "the lesson") -> Iterator[Problem]:
    first: dict[str, int] = {}
    for one in maps:
        name = one.text("id")
        if name and name.text in first:
            sentence = f"{owner} has two {what}s with the id `{name.text}`, the first in line {first[name.text]}"
            yield Problem(file, name.line, f"{sentence}; rename one")
        elif name:
            first[name.text] = name.line


def _length(card: Mapping) -> int:
    """Characters of lead and text together."""
    texts = (card.text(key) for key in ("lead", "text"))
    return sum(len(text.text.strip()) for text in texts if text)


def _line_of(lesson: Mapping, key: str) -> int:
    """The line of a key, or of the file's first map."""
    return next((name.line for name, _ in lesson.entries if name.text == key), lesson.line)
