"""Buttons of colleagues, roles and the trail."""

from bot.callbacks.packing import as_button


@as_button("team")
class ShowTeam:
    """Everybody at the desk."""


@as_button("team-one")
class ShowColleague:
    """One of them."""

    who: int


@as_button("team-add")
class AddColleague:
    """Which role for somebody new?"""


@as_button("team-for")
class OfferRole:
    """For which cohorts?"""

    role: str


@as_button("team-link")
class MakeLink:
    """A link for this role; cohort 0 means every cohort."""

    role: str
    cohort: int


@as_button("team-role")
class SetRole:
    """Another role."""

    who: int
    role: str


@as_button("team-scope")
class ToggleCohort:
    """Add a cohort to those of a colleague, or take it from them; 0 gives every cohort."""

    who: int
    cohort: int


@as_button("team-out")
class AskRevoke:
    """Take the role away? First the question."""

    who: int


@as_button("team-gone")
class RevokeRole:
    """Take it away."""

    who: int


@as_button("trail")
class ShowTrail:
    """Older entries than this one; 0: the newest."""

    before: int
