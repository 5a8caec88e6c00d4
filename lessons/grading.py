"""What a tap on a choice is worth, and in which order the choices are shown."""

import hashlib

from lessons.course import Choice, CourseError, Question


def shown_order(question: Question, *, enrolment: int, number: int) -> tuple[Choice, ...]:
    """The choices as this enrolment sees them at its asking of that number.

    The order is derived, never stored: the same three values always give the same order, each
    choice stands in each position about equally often, and re-ordering the choices in the YAML moves nothing.
    """

    def place(choice: Choice) -> bytes:
        return hashlib.sha256(f"{enrolment}:{question.id}:{number}:{choice.id}".encode()).digest()

    return tuple(sorted(question.choices, key=place))


def grade(question: Question, choice_id: str) -> bool:
    """Whether that choice is the key.

    Raises CourseError for an id that is no choice; button data is hostile, so ask `question.choice` first.
    """
    if question.choice(choice_id) is None:
        raise CourseError(f"question {question.id} has no such choice; show the question again")
    return choice_id == question.key
