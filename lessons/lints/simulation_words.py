"""How a simulation is worded and kept: endings that blame, hard texts, unexplained abbreviations, reviews."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lessons.course import Course
from lessons.lints import reading, terms
from lessons.lints.figures import english
from lessons.simulation import Simulation

REVIEW_NOTICE = timedelta(days=60)

_BLAME = re.compile(r"\byou (have )?(failed|lost)\b|\bgame over\b|\bwrong (move|choice|answer)\b", re.IGNORECASE)


def findings(one: Simulation, course: Course, today: date) -> Iterator[tuple[str, str, str]]:
    """(kind, id, sentence) for each way in which the words fail a reader."""
    left = one.review_by - today
    if left <= timedelta(0):
        yield "simulation", one.id, f"the review was due on {one.review_by}; read it again and set a new `review_by`"
    elif left <= REVIEW_NOTICE:
        yield "simulation", one.id, f"the review is due on {one.review_by}, in {left.days} days; read it again by then"
    for ending in one.endings:
        if found := _BLAME.search(f"{ending.title}. {ending.text}"):
            yield "ending", ending.id, f"“{found[0]}” blames; say what was reached and what it cost"
    cited = {name for claim in one.claims() for name in claim.sources}
    for source in one.sources:
        if source.id not in cited:
            yield "simulation", one.id, f"the source `{source.id}` proves nothing here; cite it or delete it"
    if english(course):
        yield from _hard(one)
    if glossary := terms.names_of(course):
        names = [source.name for source in one.sources]
        said = terms.unexplained_in([*_words(one)], sources=names, glossary=glossary)
        yield from (("simulation", one.id, sentence) for sentence in said)


def _hard(one: Simulation) -> Iterator[tuple[str, str, str]]:
    ease = reading.ease(tuple(place.text for place in one.places))
    if ease is not None and ease < reading.HARDEST:
        mend = f"shorten sentences and words until it is {reading.HARDEST:.0f} or more"
        yield "simulation", one.id, f"scenes and endings have a reading ease of {ease:.0f} (Flesch); {mend}"


def _words(one: Simulation) -> Iterator[str]:
    """Everything a learner reads of it but its sources."""
    yield from (one.title, one.role, one.tomorrow)
    yield from (variable.label for variable in one.variables)
    for place in one.places:
        yield from (place.text, *(also.text for also in place.also))
    yield from (move.text for move in one.moves)
    yield from (ending.title for ending in one.endings)
    yield from (claim.text for claim in one.claims())
