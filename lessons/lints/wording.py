"""How a question is worded: choices that are shuffled cannot point at one another, and tired readers miss a “not”."""

import re
from collections.abc import Iterator

from lessons.course import Question

_ALL_OF_THEM = re.compile(r"\b(all|none|both|neither|any) of (the|these|those) (above|below|others?)\b", re.IGNORECASE)
# Only the sentence that asks: "She has not left yet. What do you do?" is no negative.
_NEGATIVE = re.compile(
    r"\b(which|what|who)\b[^.?!]*?"
    r"\b(never|(is|are|does|do|was|were|should|must|may|can|would|will)( \w+\b){0,2} ?(not|n't|n’t))\b[^.?!]*\?"
    r"|\bexcept\b[^.?!]*\?",
    re.IGNORECASE,
)


def misleading(question: Question) -> Iterator[str]:
    """A sentence for each way in which the words mislead."""
    for text in (question.stem, *(choice.text for choice in question.choices)):
        if found := _ALL_OF_THEM.search(text):
            yield f"“{found[0]}” means nothing when choices are shuffled; write the choice out"
    if _NEGATIVE.search(question.stem):
        yield "the question asks for what is not so, and tired readers miss the “not”; ask for what is so"
