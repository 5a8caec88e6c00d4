"""Conditions and effects as an author writes them, one short sentence each.

trust at least 3        trust at most 3
after call-now          after call-now or go-there        not after call-now
trust +1                protection -2
"""

import re

from lessons.naming import SLUG
from lessons.simulation import After, Bound, Effect, MoveId, VariableId

_NAME = SLUG.pattern
_NUMBER = r"-?\d{1,3}"
_BOUND = re.compile(rf"(?P<variable>{_NAME}) at (?P<side>least|most) (?P<number>{_NUMBER})")
_AFTER = re.compile(rf"(?P<no>not )?after (?P<moves>{_NAME}( or {_NAME})*)")
_EFFECT = re.compile(rf"(?P<variable>{_NAME}) (?P<change>[+-]\d{{1,2}})")

# The same for editors: JSON Schema knows no names of Python's kind.
CONDITION_PATTERN = re.sub(r"\?P<\w+>", "", rf"^({_BOUND.pattern}|{_AFTER.pattern})$")
EFFECT_PATTERN = re.sub(r"\?P<\w+>", "", rf"^{_EFFECT.pattern}$")


def condition_of(text: str) -> Bound | After:
    """One part of a condition. ValueError, with the mend, for words that are none."""
    words = " ".join(text.split())
    if found := _BOUND.fullmatch(words):
        return Bound(VariableId(found["variable"]), int(found["number"]), found["side"] == "least")
    if found := _AFTER.fullmatch(words):
        return After(tuple(MoveId(move) for move in found["moves"].split(" or ")), made=found["no"] is None)
    raise ValueError("is no condition; write `trust at least 3`, `trust at most 3`, `after a-move`, `not after a-move`")


def effect_of(text: str) -> Effect:
    """What a move adds to a variable. ValueError, with the mend, for words that are none, and for nothing added."""
    found = _EFFECT.fullmatch(" ".join(text.split()))
    if found is None or int(found["change"]) == 0:
        raise ValueError("is no effect; write the variable and what it gains or loses, as in `trust +1` or `trust -2`")
    return Effect(VariableId(found["variable"]), int(found["change"]))
