"""glossary.yaml: its shape, and what ties its terms to one another, to its sources and to the lessons."""

from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from lessons.course import LessonId, Source, Term, TermId
from lessons.folding import keys_of
from lessons.glossary import names_of
from lessons.problem import Problem, Severity
from lessons.shapes import FactId, QuestionSlug, Shape, Slug, SourceShape
from lessons.strict_yaml import Mapping

GLOSSARY_FILE = "glossary.yaml"
MEANS_LIMIT = 300


def _a_word(text: str) -> str:
    if not keys_of(text):
        raise ValueError("has no letter; nobody can look it up")
    return text


def _words(limit: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)


Name = Annotated[str, _words(60), AfterValidator(_a_word)]


class TermShape(Shape):
    """A term of the glossary."""

    id: QuestionSlug = Field(description="give the term a short name that never changes")
    term: Name = Field(description="write the term, with its abbreviation in brackets if it has one")
    means: Annotated[str, _words(MEANS_LIMIT)] = Field(description="say in plain words what it means")
    also: tuple[Name, ...] = Field(default=(), description="list other words and spellings that people type")
    see: tuple[Slug, ...] = Field(default=(), max_length=4, description="list the ids of up to four related terms")
    lessons: tuple[Slug, ...] = Field(
        default=(), description="list the ids of lessons that teach it; left out, they are found by their words"
    )
    sources: tuple[Slug, ...] = Field(min_length=1, description="list the ids of the sources that say so")
    facts: tuple[FactId, ...] = ()


class GlossaryShape(Shape):
    """glossary.yaml."""

    sources: tuple[SourceShape, ...] = Field(
        min_length=1, description="list where each meaning can be checked, with name, date and address"
    )
    terms: tuple[TermShape, ...] = Field(min_length=1, description="list the terms")


def terms_of(shape: GlossaryShape) -> tuple[Term, ...]:
    """The terms with their sources; a source that is not there is told of by `glossary_problems`."""
    known = {one.id: Source(one.id, one.name, one.date, one.address, one.facts) for one in shape.sources}
    return tuple(_term(one, tuple(known[name] for name in one.sources if name in known)) for one in shape.terms)


def _term(shape: TermShape, sources: tuple[Source, ...]) -> Term:
    return Term(
        id=TermId(shape.id),
        term=shape.term,
        means=shape.means,
        sources=sources,
        facts=shape.facts,
        also=shape.also,
        see=tuple(TermId(name) for name in shape.see),
        lessons=tuple(LessonId(name) for name in shape.lessons),
    )


def glossary_problems(glossary: Mapping, *, lessons: Collection[str]) -> list[Problem]:
    """Every broken rule that no single key shows; `lessons` are the ids of the course's lessons."""
    terms = glossary.maps("terms")
    ids = [name.text for term in terms if (name := term.text("id"))]
    sources = [name.text for source in glossary.maps("sources") if (name := source.text("id"))]
    return [
        *_sources_twice(glossary),
        *_missing(terms, "sources", sources, "is no source of the glossary; add it to the list on top"),
        *_missing(terms, "see", ids, "is no term of the glossary; write it or delete it here"),
        *_missing(terms, "lessons", lessons, "is no lesson of the course; give a lesson's id", Severity.WARNING),
        *_itself(terms),
        *_spelled_twice(terms),
    ]


def _missing(
    terms: tuple[Mapping, ...], key: str, known: Collection[str], mend: str, severity: Severity = Severity.ERROR
) -> Iterator[Problem]:
    for term in terms:
        for cited in term.texts(key):
            if cited.text not in known:
                yield Problem(GLOSSARY_FILE, cited.line, f"`{cited.text}` in `{key}` {mend}", severity)


def _itself(terms: tuple[Mapping, ...]) -> Iterator[Problem]:
    for term in terms:
        name = term.text("id")
        for cited in term.texts("see"):
            if name and cited.text == name.text:
                yield Problem(GLOSSARY_FILE, cited.line, f"`{cited.text}` refers to itself; delete it here")


def _sources_twice(glossary: Mapping) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for source in glossary.maps("sources"):
        name = source.text("id")
        if name and name.text in first:
            sentence = f"two sources have the id `{name.text}`, the first in line {first[name.text]}; rename one"
            yield Problem(GLOSSARY_FILE, name.line, sentence)
        elif name:
            first[name.text] = name.line


def _spelled_twice(terms: tuple[Mapping, ...]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for term in terms:
        name, written = term.text("id"), term.text("term")
        if name is None or written is None:
            continue
        also = tuple(one.text for one in term.texts("also"))
        for spelling in names_of(Term(TermId(name.text), written.text, "", (), also=also)):
            other = first.setdefault(spelling, name.text)
            if other != name.text:
                sentence = f"a spelling of `{name.text}` belongs to `{other}` already; keep it in one of the two"
                yield Problem(GLOSSARY_FILE, written.line, sentence)
