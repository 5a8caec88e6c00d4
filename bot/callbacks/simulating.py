"""Buttons by which cases are played, and looked at."""

from bot.callbacks.packing import as_button


@as_button("cases")
class ShowCases:
    """The cases that one has met."""


@as_button("case")
class OpenCase:
    """The opening of a case, by its number in the course; where a play goes on, the scene."""

    enrolment: int
    number: int


@as_button("case-go")
class BeginCase:
    """Into the first scene."""

    enrolment: int
    number: int


@as_button("m")
class MakeMove:
    """A move in a play that has seen so many moves."""

    play: int
    n: int
    move: str


@as_button("case-again")
class PlayAgain:
    """From the turning point of a play that has ended."""

    play: int


@as_button("cf")
class ShowFlows:
    """How a cohort plays its cases."""

    cohort: int


@as_button("cf-one")
class ShowFlow:
    """One case: who went where."""

    cohort: int
    number: int
