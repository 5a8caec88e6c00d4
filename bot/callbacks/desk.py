"""Buttons of a cohort's screen by which the coordinators' features meet; each leads to a feature of its own."""

from bot.callbacks.packing import as_button


@as_button("new-cohort")
class NewCohort:
    """Open another cohort."""


@as_button("co-invite")
class InvitePeople:
    """Roster, personal links and the cohort's link."""

    cohort: int


@as_button("co-edit")
class EditCohort:
    """What stands for a cohort, to be changed."""

    cohort: int
