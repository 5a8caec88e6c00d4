"""A made-up language generated from the base: proves that every word for people comes from a catalogue.

Vowels carry accents and each phrase stands in brackets, so that words which bypass the catalogue are seen at once.
"""

import re

from babel.messages.catalog import Catalog

from bot.phrases import BASE, catalogue

_ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
_KEEP = re.compile(r"(\{[^}]*\}|<[^>]*>|&\w+;|/[a-z]+)")  # fields, tags, entities and commands stay as they are


def disguise(words: str) -> str:
    """The phrase in the made-up language."""
    parts = _KEEP.split(words)
    return "⟦" + "".join(p if i % 2 else p.translate(_ACCENTS) for i, p in enumerate(parts)) + "⟧"


def pseudo() -> Catalog:
    """A catalogue with every phrase of the base disguised. It borrows the plural rules and dates of Welsh."""
    made = Catalog(locale="cy")
    for message in catalogue(BASE):
        if not message.id:
            continue
        if isinstance(message.string, str):
            made.add(message.id, disguise(message.string))
        elif message.string:
            forms = [*message.string, *([message.string[-1]] * made.num_plurals)]
            made.add(message.id, tuple(disguise(form) for form in forms[: made.num_plurals]))
    return made
