"""Buttons by which a question is looked at and put right."""

from bot.callbacks.packing import as_button


@as_button("q-list")
class ShowQuestions:
    """The questions of a cohort that somebody should look at."""

    cohort: int


@as_button("qi")
class ShowItem:
    """One question with what was answered."""

    cohort: int
    question: str


@as_button("q-sheet")
class ItemSheet:
    """Every question as a sheet."""

    cohort: int


@as_button("qc")
class Correct:
    """Put a question right."""

    cohort: int
    question: str


@as_button("q-draft")
class ShowCorrection:
    """What is drafted."""

    correction: int


@as_button("q-key")
class SetKey:
    """Another choice is the right one, counted from 0."""

    correction: int
    choice: int


@as_button("q-part")
class AskPart:
    """Other words: 0 the question, then text and reason of each choice in turn."""

    correction: int
    part: int


@as_button("q-why")
class AskReason:
    """Why it is put right."""

    correction: int


@as_button("q-do")
class ConfirmCorrection:
    """Do it."""

    correction: int


@as_button("q-drop")
class DropCorrection:
    """Leave the question as it is."""

    correction: int


@as_button("q-how")
class CorrectionProgress:
    """How far marking anew has come."""

    correction: int
