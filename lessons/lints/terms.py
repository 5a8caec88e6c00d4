"""Terms of art that a lesson uses and nobody explains: abbreviations, which a reader cannot guess.

A term written out in words can be looked up or guessed; whether it must be explained is for the author's eye.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from lessons.course import Course, Lesson

# What an official of any country reads without a thought.
EVERYDAY = frozenset(
    {"AM", "CEO", "COVID", "CV", "EU", "GDP", "ID", "NGO", "OK", "PDF", "PIN", "PM", "SIM", "SMS", "TV"}
    | {"UAE", "UK", "UN", "US", "USA", "USD", "VIP"}
)

_SMALL = frozenset({"of", "the", "and", "for", "on", "in", "to", "with"})
_ABBREVIATION = re.compile(r"\b[A-Z][A-Z0-9]*[A-Z]s?\b")


def names_of(course: Course) -> tuple[str, ...]:
    """Every name of the course's glossary; none where a course has no glossary."""
    return tuple(name for term in course.glossary for name in (term.term, *term.also))


def abbreviations(text: str) -> frozenset[str]:
    """Words of two or more capitals, digits between them allowed; a plural s is dropped."""
    return frozenset(found.removesuffix("s") for found in _ABBREVIATION.findall(text))


def unexplained(lesson: Lesson, *, glossary: Iterable[str]) -> Iterator[str]:
    """A sentence for each abbreviation that neither the lesson nor a name of the glossary explains.

    One that stands in the name of a source is a name by which the source is cited: “IOM (2020) counts …”.
    """
    return unexplained_in(_words(lesson), sources=[source.name for source in lesson.sources], glossary=glossary)


def unexplained_in(words: Iterable[str], *, sources: Collection[str], glossary: Iterable[str]) -> Iterator[str]:
    """The same for words with the names of their sources."""
    used = "\n".join(words)
    known = EVERYDAY.union(*map(abbreviations, [*glossary, *sources]))
    written_out = _initials("\n".join([used, *sources]))
    for term in sorted(abbreviations(used) - known):
        if term not in written_out and not _is_explained(term, used):
            yield (
                f"`{term}` is used but explained neither here nor in the glossary; "
                f"write it out once, as in “the words ({term})”"
            )


def _words(lesson: Lesson) -> Iterator[str]:
    """Everything a learner reads of a lesson but its sources."""
    yield from (lesson.title, lesson.objective)
    for card in lesson.cards:
        yield from (card.lead, card.text)
    for question in lesson.questions:
        yield question.stem
        for choice in question.choices:
            yield from (choice.text, choice.because)


def _initials(text: str) -> str:
    """Those of words in capitals that stand together: “the Bureau of Labour pays” gives “ BL ”."""
    words = (word for word in re.findall(r"[A-Za-z]+(?:['’]s)?", text) if word not in _SMALL)
    return "".join(word[0] if word[0].isupper() else " " for word in words)


def _is_explained(term: str, text: str) -> bool:
    """Whether words stand beside it, as in “the words (TERM)”, “TERM (the words)”, “the words, TERM, …”."""
    beside = (
        rf"[a-z], {term}s?, |\w \({term}s?\)|\b{term}s? \([A-Za-z]|\b{term}s?, (the|an?) |\b{term} (means|stands for)\b"
    )
    return re.search(beside, text) is not None
