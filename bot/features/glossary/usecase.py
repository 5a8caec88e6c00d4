"""Looks a term up; nothing is stored, and what was typed is not said again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot import seat
from bot.call import Call, Role
from bot.office import Office
from lessons.course import Course, Lesson, Term
from lessons.glossary import LONGEST_QUERY, Glossary, Near, Nothing, glossary_of, taught_in
from storage.store import Tx

EXAMPLES = 3
MOST_INLINE = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """A term, the terms it refers to, and the lesson that teaches it, if any."""

    term: Term
    related: tuple[Term, ...]
    lesson: Lesson | None


class Why(StrEnum):
    """Why no term is shown; a value that the view words."""

    NOTHING_ASKED = "nothing-asked"
    TOO_LONG = "too-long"
    UNKNOWN = "unknown"
    NO_GLOSSARY = "no-glossary"


@dataclass(frozen=True, slots=True)
class NotShown:
    """What to type instead, with terms to tap."""

    why: Why
    examples: tuple[Term, ...]
    may_search: bool  # whether /find is open to the caller


async def look_up(tx: Tx, call: Call, office: Office) -> Meaning | Near | NotShown:
    """The term that the command's words mean."""
    courses = await _courses(tx, call, office)
    glossary = _glossary(courses)
    words = call.words.strip()
    why = _why_not(words, glossary)
    found = Nothing() if why else glossary.find(words)
    if isinstance(found, Near):
        return found
    if isinstance(found, Nothing):
        return NotShown(why or Why.UNKNOWN, glossary.examples(EXAMPLES), Role.MEMBER in call.caller.roles)
    return _meaning(found, glossary, courses)


async def explain(tx: Tx, call: Call, office: Office) -> Meaning | None:
    """The term of a button; None when no course has it any more."""
    courses = await _courses(tx, call, office)
    glossary = _glossary(courses)
    term = glossary.term(call.pressed.term)
    return _meaning(term, glossary, courses) if term else None


def inline(words: str, office: Office) -> tuple[Term, ...]:
    """The best few for words typed behind the bot's name: the same for everybody, whoever asks."""
    return _glossary(office.courses.values()).matches(words, MOST_INLINE)


def _why_not(words: str, glossary: Glossary) -> Why | None:
    if not glossary.terms:
        return Why.NO_GLOSSARY
    if not words:
        return Why.NOTHING_ASKED
    return Why.TOO_LONG if len(words) > LONGEST_QUERY else None


async def _courses(tx: Tx, call: Call, office: Office) -> tuple[Course, ...]:
    """Every course taught here, the caller's own first: where two explain a term, hers counts."""
    mine = await seat.of_caller(tx, call, office)
    own = (mine.course,) if mine else ()
    return (*own, *(course for course in office.courses.values() if course not in own))


def _glossary(courses: Iterable[Course]) -> Glossary:
    return glossary_of(tuple(term for course in courses for term in course.glossary))


def _meaning(term: Term, glossary: Glossary, courses: Iterable[Course]) -> Meaning:
    related = tuple(found for name in term.see if (found := glossary.term(name)))
    lessons = [lesson for course in courses if term in course.glossary for lesson in taught_in(term, course)]
    return Meaning(term, related, lessons[0] if lessons else None)
