"""What makes two spellings one word: capitals, accents, punctuation and a plural s do not count."""

import re
import unicodedata
from dataclasses import dataclass

# Letters and digits of any script; Indic vowel signs belong to their word though Python calls them no letters.
_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff\u200c\u200d])+")
_BLANK = re.compile(r"[ \t\u00a0\u00ad\u2010\u2011-]*")  # what may stand inside a name: "wage-protection system"
_OF_SOMEBODY = re.compile(r"(?<=\w)['’]s?\b")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was written, and the key under which all its spellings meet.

    `apart` when a comma, a line's end or the like stands before it, or nothing does.
    """

    written: str
    key: str
    apart: bool


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in order; `worker's`, `Workers` and `worker` share a key."""
    bare = _OF_SOMEBODY.sub("", text)
    words: list[Word] = []
    end = 0
    for found in _WORD.finditer(bare):
        apart = not words or not _BLANK.fullmatch(bare, end, found.start())
        words.append(Word(found[0], _key(found[0]), apart))
        end = found.end()
    return tuple(words)


def keys_of(text: str) -> tuple[str, ...]:
    """The keys of a text's words in order."""
    return tuple(word.key for word in words_of(text))


def _key(word: str) -> str:
    spread = unicodedata.normalize("NFKD", word.casefold())
    return _singular("".join(sign for sign in spread if not "\u0300" <= sign <= "\u036f"))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
