"""A question as a phone shows it: stem, lettered choices, and how sure once a choice stands. Several features ask."""

from collections.abc import Callable
from typing import Any

from bot.callbacks import button
from bot.message import Message
from bot.phrases import Html, Voice
from lessons.course import Question
from lessons.grading import shown_order
from storage.askings import Asking

LETTERS = "ABCDE"


def question(
    head: Html,
    words: Question,
    asking: Asking,
    voice: Voice,
    *,
    choose: Callable[[str], Any],
    sure: Callable[[int], Any],
) -> Message:
    """Choices in this asking's order; `choose` makes the button data of a choice id, `sure` that of 1 or 0."""
    say, chosen = voice.say, asking.choice_id
    order = shown_order(words, enrolment=asking.enrolment_id, number=asking.number)
    lettered = list(zip(LETTERS, order, strict=False))
    lines = [
        say("question.chosen" if choice.id == chosen else "question.choice", letter=letter, text=choice.text)
        for letter, choice in lettered
    ]
    parts = [head, say("question.stem", stem=words.stem), Html("\n\n".join(lines))]
    if chosen is None:
        return Message("\n\n".join(parts), (tuple(button(letter, choose(choice.id)) for letter, choice in lettered),))
    row = (button(voice.label("button.sure"), sure(1)), button(voice.label("button.unsure"), sure(0)))
    return Message("\n\n".join([*parts, say("question.how-sure")]), (row,))
