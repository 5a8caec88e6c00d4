"""Searches a course: which lessons, which of their cards and which terms speak of what a person typed.

A word weighs by how rare it is (inverse document frequency), by where it stands (title, objective, card, question)
and by how often, with falling returns: the classic scheme of Spärck Jones (1972) and Salton.
"""

import difflib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lessons.course import Card, Course, Lesson, LessonId, Term
from lessons.folding import keys_of, words_of
from lessons.glossary import glossary_of, taught_in

BEST = 3
LONGEST_QUERY = 200  # characters that count
MOST_WORDS = 8
OF_THE_BEST = 0.25  # a hit with less than this share of the best one's score is noise
NOT_QUITE = 0.7  # what another form of the word counts for, or one that is only spelled like it
AS_A_SCENE = 0.6  # what the first card counts for beside the others: it tells a situation, not the idea
AS_A_TERM = 0.6  # what a term's score counts for beside a lesson's: it is short, and its words weigh more
IN_TITLE, IN_OBJECTIVE, IN_CARD, IN_QUESTION = 4, 3, 2, 1
_PASSING = frozenset(
    keys_of(
        "a about am an and any are as at be by can did do does for from get give go had has have he her him his how i"
        " if in into is it its may me must my no not of on or our she should so than that the their them then there"
        " they this to us was we were what when where which who why will with would you your"
    )
)


@dataclass(frozen=True, slots=True)
class LessonHit:
    """A lesson, and the card of it that says most of what was asked for."""

    lesson: Lesson
    card: Card
    score: float


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term of the glossary: the one that was named, else the best. One at most is among the hits."""

    term: Term
    score: float


Hit = LessonHit | TermHit
_Slot = Mapping[str, float]  # a word of the query: every key that may stand for it, and what that counts for


@dataclass(frozen=True, slots=True)
class _Index:
    """How heavily each key weighs in each lesson and term, and how rare it is."""

    lessons: tuple[tuple[Lesson, Mapping[str, float]], ...]
    terms: tuple[tuple[Term, Mapping[str, float]], ...]
    rarity: Mapping[str, float]

    @property
    def rarest(self) -> float:
        """The rarity of a key that stands in one place only."""
        return math.log1p(len(self.lessons) + len(self.terms))


def search(course: Course, words: str) -> tuple[Hit, ...]:
    """The best three for the words, best first; () when nothing speaks of them."""
    index = _index(course)
    typed = words[:LONGEST_QUERY]
    slots = _slots(typed, index)
    named = glossary_of(course.glossary).spotted(words_of(typed), in_a_text=False)
    taught = _taught(named, course, slots, index)
    lessons = [
        (_score(slots, weights, index) + taught.get(lesson.id, 0.0), lesson) for lesson, weights in index.lessons
    ]
    terms = [
        TermHit(term, AS_A_TERM * _score(slots, weights, index))
        for term, weights in index.terms
        if term in named or not named
    ]
    best = sorted(lessons, key=lambda scored: -scored[0])[:BEST]
    hits: list[Hit] = [LessonHit(lesson, _card(lesson, slots, index), score) for score, lesson in best]
    hits = sorted([*hits, *sorted(terms, key=_by_score)[:1]], key=_by_score)[:BEST]
    return tuple(hit for hit in hits if hit.score > 0 and hit.score >= OF_THE_BEST * hits[0].score)


def _by_score(hit: Hit) -> float:
    return -hit.score


def _taught(
    named: tuple[Term, ...], course: Course, slots: tuple[_Slot, ...], index: _Index
) -> Mapping[LessonId, float]:
    """Lessons that teach a term that was named count as if the words stood in their titles, whatever words they use."""
    in_title = sum(_rarity(slot, index) for slot in slots)
    found: dict[LessonId, float] = {}
    for term in named:
        for rank, lesson in enumerate(taught_in(term, course)[:BEST], start=1):
            found[lesson.id] = max(found.get(lesson.id, 0.0), in_title * math.log1p(IN_TITLE) / rank)
    return found


def says_something(words: str) -> bool:
    """Whether anything is left to look for: "the" and "…" leave nothing."""
    return not _PASSING.issuperset(keys_of(words[:LONGEST_QUERY]))


@lru_cache(maxsize=8)
def _index(course: Course) -> _Index:
    lessons = tuple((lesson, _weights(_fields(lesson))) for lesson in course.lessons)
    terms = tuple(
        (term, _weights([(IN_TITLE, term.term), (IN_CARD, " ".join((term.means, *term.also)))]))
        for term in course.glossary
    )
    seen = Counter(key for _, weights in (*lessons, *terms) for key in weights)
    total = len(lessons) + len(terms)
    return _Index(lessons, terms, {key: math.log1p(total / count) for key, count in seen.items()})


def _fields(lesson: Lesson) -> list[tuple[int, str]]:
    return [
        (IN_TITLE, lesson.title),
        (IN_OBJECTIVE, lesson.objective),
        *((IN_CARD, f"{card.lead}\n{card.text}") for card in lesson.cards),
        *((IN_QUESTION, question.stem) for question in lesson.questions),
    ]


def _weights(fields: Iterable[tuple[int, str]]) -> Mapping[str, float]:
    weights: Counter[str] = Counter()
    for weight, text in fields:
        for key in keys_of(text):
            weights[key] += weight
    return weights


def _slots(words: str, index: _Index) -> tuple[_Slot, ...]:
    typed = [key for key in dict.fromkeys(keys_of(words)) if key not in _PASSING][:MOST_WORDS]
    return tuple(_slot(key, index) for key in typed)


def _slot(key: str, index: _Index) -> _Slot:
    if len(key) < 4:
        return {key: 1.0}
    alike = [known for known in index.rarity if known[0] == key[0]]  # who misspells knows how the word begins
    near = [known for known in alike if _is_a_form(key, known)]
    if key not in index.rarity:
        near += difflib.get_close_matches(key, alike, n=2, cutoff=0.8)
    return {**dict.fromkeys(near, NOT_QUITE), key: 1.0}


def _is_a_form(key: str, known: str) -> bool:
    """`arrest` and `arrested`, `employ` and `employer`."""
    short, long = sorted((key, known), key=len)
    return len(short) > 4 and len(long) - len(short) <= 3 and long.startswith(short)


def _score(slots: tuple[_Slot, ...], weights: Mapping[str, float], index: _Index) -> float:
    """Sum over the words of the query, times the share of them that is there; a rare word is a large share."""
    values = [
        _rarity(slot, index) * math.log1p(sum(count * weights.get(key, 0) for key, count in slot.items()))
        for slot in slots
    ]
    whole = sum(_rarity(slot, index) for slot in slots)
    there = sum(_rarity(slot, index) for slot, value in zip(slots, values, strict=True) if value)
    return sum(values) * there / whole if whole else 0.0


def _rarity(slot: _Slot, index: _Index) -> float:
    """Of the rarest of the keys; a word that stands nowhere counts like one that stands once."""
    return max((index.rarity[key] for key in slot if key in index.rarity), default=index.rarest)


def _card(lesson: Lesson, slots: tuple[_Slot, ...], index: _Index) -> Card:
    """The card that says most of it; the second, which holds the idea, where only title or questions do."""
    scores = [_score(slots, _weights([(IN_CARD, f"{card.lead}\n{card.text}")]), index) for card in lesson.cards]
    scores[:1] = [score * AS_A_SCENE for score in scores[:1]]
    best = max(scores, default=0.0)
    return lesson.cards[scores.index(best) if best else min(1, len(scores) - 1)]
