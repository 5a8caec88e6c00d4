"""What people type, made comparable: words of any script without accents, and the time on a wall clock."""

import re
import unicodedata

LONGEST = 200  # characters looked at; a place is named in far fewer

# Letters that Unicode does not take apart into a plain letter and a mark, and strokes that people leave out.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "&": " and "} | dict.fromkeys("'’‘`´ʻʼʾʿ")
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?[:.h]\s?(\d{2})(?!\d)")
_BARE = re.compile(r"(?<!\d)(\d{1,2}?)(\d{2})?(?!\d)")  # "9", "930", "2115"
_HALF_OF_DAY = re.compile(r"(?<![^\W\d])([ap])\.?\s?m\b")  # "9pm", "9 p.m."


def words_of(text: str) -> tuple[str, ...]:
    """The words of the first 200 characters, comparable: case, accents, punctuation and apostrophes are gone."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST].casefold()).casefold().translate(_LETTERS)
    kept = (c if _is_of_a_word(c) else " " for c in plain if not _is_left_out(c))
    words = "".join(kept).split()
    return tuple("saint" if word == "st" else word for word in words)


def _is_left_out(character: str) -> bool:
    return unicodedata.combining(character) != 0 or unicodedata.category(character) == "Cf"


def _is_of_a_word(character: str) -> bool:
    # Vowel signs of Bangla are marks, not letters.
    return character.isalnum() or unicodedata.category(character).startswith("M")


def folded(words: str) -> frozenset[str]:
    """A list of single words, of any length, comparable with what is typed."""
    return frozenset(folded_word for word in words.split() for folded_word in words_of(word))


_MORNING = folded("morning সকাল সকালে ভোর ভোরে")
_LATER = folded("noon afternoon evening দুপুর দুপুরে বিকাল বিকালে বিকেল বিকেলে সন্ধ্যা সন্ধ্যায়")


def minutes_meant(text: str) -> frozenset[int]:
    """The minutes since midnight that a typed time may mean: one, two ("9:30" says nothing of the half), or none.

    Reads 9:30, 21.15, 9h30, 0930, 9 pm, and digits of any script.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    read = _CLOCK.search(plain) or _BARE.search(plain)
    if read is None:
        return frozenset()
    hour, minute = int(read[1]), int(read[2] or 0)
    if hour > 23 or minute > 59:
        return frozenset()
    on_24_hours = hour == 0 or hour > 12 or (len(read[1]) == 2 and int(read[1][0]) == 0)
    half = _half_named(plain)
    if half is not None and hour <= 12:
        return frozenset({(hour % 12 + half) * 60 + minute})
    halves = {hour} if on_24_hours else {hour % 12, hour % 12 + 12}
    return frozenset(each * 60 + minute for each in halves)


def _half_named(plain: str) -> int | None:
    """The hours to add: 0 before noon, 12 after, None when it is not said."""
    named = _HALF_OF_DAY.search(plain)
    words = set(words_of(plain))
    if (named and named[1] == "a") or words & _MORNING:
        return 0
    return 12 if named or words & _LATER else None
