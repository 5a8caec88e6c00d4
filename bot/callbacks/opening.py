"""Buttons of the dialogue that opens a cohort or changes its terms. Each carries the number of its draft."""

from bot.callbacks.packing import as_button


@as_button("co-term")
class ChangeTerm:
    """Another value for one of the terms."""

    draft: int
    field: str


@as_button("co-term-set")
class SetTerm:
    """One of the values offered; `value` as it might be typed, or the number of what was offered."""

    draft: int
    field: str
    value: str


@as_button("co-term-all")
class ShowTerms:
    """Everything on one screen."""

    draft: int


@as_button("co-term-do")
class SettleTerms:
    """Open the cohort, or change it."""

    draft: int


@as_button("co-term-leave")
class LeaveTerms:
    """Open or change nothing."""

    draft: int
