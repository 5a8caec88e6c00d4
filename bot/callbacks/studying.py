"""Buttons of lessons, questions, measures and refreshers."""

from bot.callbacks.packing import as_button


@as_button("today")
class Today:
    """Today's lesson now."""


@as_button("read")
class ReadLesson:
    """Show the lesson of an open asking (again)."""

    asking: int


@as_button("read-1st")
class ReadFirst:
    """From a refresher about a lesson that is new to her to that lesson."""

    asking: int


@as_button("q")
class OpenQuestion:
    """From the lesson to its question."""

    asking: int


@as_button("a")
class Choose:
    """A choice tapped."""

    asking: int
    choice: str


@as_button("s")
class Sure:
    """Sure (1) or not sure (0) of the choice."""

    asking: int
    sure: int


@as_button("measure")
class BeginMeasure:
    """A baseline or check: begin it, or go on where it was left."""

    enrolment: int
    kind: str


@as_button("measure-no")
class DeclineMeasure:
    """A baseline or check is not wanted."""

    enrolment: int
    kind: str


@as_button("k")
class ChooseKept:
    """A choice tapped in a baseline or check."""

    asking: int
    choice: str


@as_button("ks")
class SureKept:
    """Sure (1) or not sure (0) of that choice."""

    asking: int
    sure: int


@as_button("oops")
class ReportMistake:
    """Something is wrong with this question."""

    asking: int


@as_button("term")
class Explain:
    """What a term of the glossary means."""

    term: str


@as_button("fresh")
class Refreshers:
    """Alumni: one question a fortnight, on (1) or off (0)."""

    on: int


@as_button("renew")
class Renew:
    """Alumni, after a year: refreshers for another one (1), or that was enough (0)."""

    on: int
