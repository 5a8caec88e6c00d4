"""Finds a term from what a person types, and the terms and lessons that belong together."""

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lessons.course import Course, Lesson, LessonId, Term, TermId
from lessons.folding import Word, keys_of, words_of

LONGEST_QUERY = 100  # characters that count; no term is as long
MOST_NEAR = 4
ALIKE = 0.72  # difflib's ratio of whole names: "kafla" is 0.91 from "kafala"
WORD_ALIKE = 0.8  # the same for one word of several
WORTH_SHOWING = 0.4  # of the words typed, so many must be like words of the name
OF_THE_BEST = 0.7  # what is less than this share as likely as the best is not shown
HEADED = 3  # a mention in title or objective tells more than one on a card
_PASSING = frozenset(keys_of("a an and are define definition does explain in is mean meaning of please term the what"))


@dataclass(frozen=True, slots=True)
class Near:
    """One to four terms that may be meant, the likeliest first."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No term is like the words."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A way to write a term. One in capitals alone (ADD, DEMO) stands in a text only in capitals."""

    keys: tuple[str, ...]
    in_capitals: bool
    term: Term

    @property
    def joined(self) -> str:
        return "".join(self.keys)


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms with every way to write them. Make it with `glossary_of`."""

    terms: tuple[Term, ...]
    exact: Mapping[str, Term]  # joined keys of a name → its term
    starts: Mapping[str, tuple[_Name, ...]]  # first key → names, the longest first
    by_word: Mapping[str, tuple[Term, ...]]  # any key of a name → its terms

    def term(self, term_id: str) -> Term | None:
        """The term of that id, or None: button data is hostile input."""
        return next((term for term in self.terms if term.id == term_id), None)

    def find(self, words: str) -> Term | Near | Nothing:
        """The term that the words name or hold ("what is kafala?"); else the nearest few, else nothing."""
        certain, near = self._ranked(words[:LONGEST_QUERY])
        if len(certain) == 1:
            return certain[0]
        found = (certain or near)[:MOST_NEAR]
        return Near(found) if found else Nothing()

    def matches(self, words: str, most: int) -> tuple[Term, ...]:
        """The best few for somebody who is still typing; examples while nothing is typed."""
        if not keys_of(words):
            return self.examples(most)
        certain, near = self._ranked(words[:LONGEST_QUERY])
        return tuple(dict.fromkeys(certain + near))[:most]

    def examples(self, most: int) -> tuple[Term, ...]:
        """The terms that others refer to most."""
        referred = Counter(name for term in self.terms for name in term.see)
        return tuple(sorted(self.terms, key=lambda term: -referred[term.id])[:most])

    def spotted(self, words: Sequence[Word], *, in_a_text: bool) -> tuple[Term, ...]:
        """Terms named in running words, the most often named first. The longest name at a place counts."""
        counts = self.counted(words, in_a_text=in_a_text)
        return tuple(term for name, _ in counts.most_common() if (term := self.term(name)))

    def counted(self, words: Sequence[Word], *, in_a_text: bool) -> Counter[TermId]:
        """How often running words name each term."""
        counts: Counter[TermId] = Counter()
        at = 0
        while at < len(words):
            name = self._name_at(words, at, in_a_text)
            if name is not None:
                counts[name.term.id] += 1
            at += len(name.keys) if name else 1
        return counts

    def _name_at(self, words: Sequence[Word], at: int, in_a_text: bool) -> _Name | None:
        for name in self.starts.get(words[at].key, ()):
            span = words[at : at + len(name.keys)]
            if tuple(word.key for word in span) != name.keys or any(word.apart for word in span[1:]):
                continue
            if not (in_a_text and name.in_capitals) or all(word.written.rstrip("s").isupper() for word in span):
                return name
        return None

    def _ranked(self, words: str) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
        """(terms that the words name, terms that are like them)."""
        typed = keys_of(words)
        if whole := self.exact.get("".join(typed)):
            return (whole,), self._near(typed)
        held = self.spotted(words_of(words), in_a_text=False)
        return held, self._near(tuple(key for key in typed if key not in _PASSING))

    def _near(self, typed: tuple[str, ...]) -> tuple[Term, ...]:
        scores: dict[TermId, tuple[float, int]] = {}
        for place, term in enumerate(self.terms):
            score = max((_likeness(typed, name) for name in _names(term)), default=0.0)
            if score:
                scores[term.id] = (-score, place)
        for name, score in self._by_words(typed):
            if score >= WORTH_SHOWING and name not in scores:
                scores[name] = (-score, len(self.terms))
        ranked = sorted(scores, key=lambda name: scores[name])
        least = -scores[ranked[0]][0] * OF_THE_BEST if ranked else 0
        return tuple(found for name in ranked if -scores[name][0] >= least and (found := self.term(name)))

    def _by_words(self, typed: tuple[str, ...]) -> Iterator[tuple[TermId, float]]:
        """Terms that share some words, misspelt or not, and the share."""
        found: Counter[TermId] = Counter()
        for key in typed:
            alike = difflib.get_close_matches(key, self.by_word, n=2, cutoff=WORD_ALIKE) if len(key) > 3 else []
            for term in {term.id for word in alike for term in self.by_word[word]}:
                found[term] += 1
        yield from ((name, count / len(typed)) for name, count in found.items())


def _likeness(typed: tuple[str, ...], name: _Name) -> float:
    """1 to 2 when the words begin or are part of the name, under 1 when they are spelled like it, else 0."""
    joined, whole = "".join(typed), name.joined
    if not joined:
        return 0.0
    if whole.startswith(joined) or all(any(_begins(key, word) for word in name.keys) for key in typed):
        return 1 + len(joined) / max(len(whole), len(joined))
    likeness = difflib.SequenceMatcher(None, joined, whole)
    if likeness.real_quick_ratio() < ALIKE or likeness.quick_ratio() < ALIKE:
        return 0.0
    ratio = likeness.ratio()
    return ratio * 0.99 if ratio >= ALIKE else 0.0


def _begins(key: str, word: str) -> bool:
    return key == word or (len(key) >= 3 and word.startswith(key))


@lru_cache(maxsize=512)
def _names(term: Term) -> tuple[_Name, ...]:
    """The term, what stands in its brackets, and its other spellings."""
    bracketed = term.term.removeprefix(term.short).strip(" ()")
    made: dict[tuple[str, ...], _Name] = {}
    for written in (term.short, bracketed, *term.also):
        keys = keys_of(written)
        if keys:
            made.setdefault(keys, _Name(keys, written.isupper(), term))
    return tuple(made.values())


def names_of(term: Term) -> tuple[str, ...]:
    """Every spelling of a term with blanks and punctuation taken out: no two terms may share one."""
    return tuple(name.joined for name in _names(term))


@lru_cache(maxsize=16)
def glossary_of(terms: tuple[Term, ...]) -> Glossary:
    """The glossary of these terms; where two share an id or a spelling, the first has it."""
    by_id: dict[TermId, Term] = {}
    for term in terms:
        by_id.setdefault(term.id, term)
    exact: dict[str, Term] = {}
    starts: dict[str, list[_Name]] = {}
    by_word: dict[str, list[Term]] = {}
    for name in (name for term in by_id.values() for name in _names(term)):
        exact.setdefault(name.joined, name.term)
        starts.setdefault(name.keys[0], []).append(name)
        for key in name.keys:
            by_word.setdefault(key, []).append(name.term)
    longest_first = {key: tuple(sorted(found, key=lambda n: -len(n.keys))) for key, found in starts.items()}
    words = {key: tuple(found) for key, found in by_word.items()}
    return Glossary(tuple(by_id.values()), exact, longest_first, words)


def terms_in(lesson: Lesson, glossary: Glossary) -> tuple[Term, ...]:
    """The terms that a lesson's cards use, the most often used first."""
    return glossary.spotted(_on_cards(lesson), in_a_text=True)


def _on_cards(lesson: Lesson) -> tuple[Word, ...]:
    return words_of("\n".join(f"{card.lead}\n{card.text}" for card in lesson.cards))


def taught_in(term: Term, course: Course) -> tuple[Lesson, ...]:
    """The lessons that teach a term, the best first: those it names itself, else those whose cards use it most."""
    named = tuple(lesson for name in term.lessons if (lesson := course.lesson(name)))
    return named or tuple(lesson for name in _uses(course).get(term.id, ()) if (lesson := course.lesson(name)))


@lru_cache(maxsize=8)
def _uses(course: Course) -> Mapping[TermId, tuple[LessonId, ...]]:
    glossary = glossary_of(course.glossary)
    uses: dict[TermId, list[tuple[int, LessonId]]] = {}
    for lesson in course.lessons:
        headed = glossary.counted(words_of(f"{lesson.title}\n{lesson.objective}"), in_a_text=True)
        for name, count in glossary.counted(_on_cards(lesson), in_a_text=True).items():
            uses.setdefault(name, []).append((-count - HEADED * headed[name], lesson.id))
    return {name: tuple(lesson for _, lesson in sorted(found, key=lambda use: use[0])) for name, found in uses.items()}
