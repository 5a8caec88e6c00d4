"""How easy a lesson is to read: Flesch's reading ease, for English only.

    206.835 − 1.015 × words a sentence − 84.6 × syllables a word

Source: Rudolf Flesch, "A new readability yardstick", Journal of Applied Psychology 32(3), 1948. 60-70 is plain
English, under 30 is what academics write for one another.
"""

import re
from collections.abc import Iterator

from lessons.course import Lesson

HARDEST = 30.0

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_END = re.compile(r"[.!?]+[\"”’)\]]*(?=\s|$)")
# A syllable is a group of vowels, but for endings that are written and not spoken, and vowels spoken apart.
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<=[^aeiouy])(?<![^aeiouyl]l)(e|(?<![td])ed|(?<![szxcg])(?<![cs]h)es)$"  # made, used, names; not table, ended
    r"|(?<=[^aeiouy])e(?=(ment|ful|less|ly)s?$)|(?<=som)e(?=[a-z]{3})"  # statement, safely, something
)
_APART = re.compile(
    r"(?<![tscgx])(?<!ll)i(?=[aou])|(?<=[tc])i(?=at)"  # serious, diaspora, negotiate; not special, question, million
    r"|(?<![qg])u(?=a)|e(?=o(?!p))|o(?=e[mt])|(?<=[a-z]{2})e(?=a$)|(?<=cr)e(?=at)"  # actual, video, poem, idea, create
    r"|[aeiouy](?=ing$)|(?<=[ao])y(?=[aeiou])|(?<=sc)i(?=e)|(?<=cl)i(?=e)|(?<=u)i(?=et)"  # being, employer, client
)


def ease(texts: tuple[str, ...]) -> float | None:
    """Flesch's reading ease of texts, each of at least one sentence; None where there is no word."""
    words = [word for text in texts for word in _WORD.findall(text)]
    if not words:
        return None
    sentences = sum(max(1, len(_END.findall(text))) for text in texts if _WORD.search(text))
    spoken = sum(map(syllables, words))
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * spoken / len(words)


def syllables(word: str) -> int:
    """About how many syllables an English word has, at least one; right for some nine words in ten."""
    word = _SILENT.sub("", re.sub(r"['’]\w*$", "", word.lower()))
    return max(1, len(_VOWELS.findall(_APART.sub(r"\g<0>-", word))))


def of_lesson(lesson: Lesson) -> float | None:
    """The reading ease of a lesson's cards."""
    return ease(tuple(card.text for card in lesson.cards))


def hard(lesson: Lesson) -> Iterator[str]:
    """A sentence for a lesson that a tired second-language reader will not take in."""
    found = of_lesson(lesson)
    if found is not None and found < HARDEST:
        yield (
            f"the cards have a reading ease of {found:.0f} (Flesch); "
            f"shorten sentences and words until it is {HARDEST:.0f} or more"
        )
