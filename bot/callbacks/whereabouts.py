"""Buttons of who is where: a cohort's missions and groups, a person's screen, and what is done on somebody's behalf."""

from bot.callbacks.packing import as_button

MORE_DAYS = (7, 14)
REASONS = ("duties", "away", "late", "technical")  # why somebody gets more time


@as_button("cohorts")
class ShowCohorts:
    """Which cohort?"""


@as_button("who-missions")
class ShowMissions:
    """A cohort's screen, turned to a page of its missions (from 0)."""

    cohort: int
    page: int


@as_button("who-group")
class ShowGroup:
    """A page (from 0) of the names in a group of the census."""

    cohort: int
    group: str
    page: int


@as_button("who-picture")
class ShowPicture:
    """A picture of how far a cohort has come: over-time, missions or modules."""

    cohort: int
    what: str


@as_button("who")
class ShowPerson:
    """One person's screen."""

    enrolment: int


@as_button("who-nudge")
class Nudge:
    """A kind word from the desk about what waits."""

    enrolment: int


@as_button("who-nudges")
class NudgeSilent:
    """The same to everybody who is silent: asked (0), or said yes to (1)."""

    cohort: int
    sure: int


@as_button("who-time")
class MoreTime:
    """More days for somebody: so many (0: not said yet)."""

    enrolment: int
    days: int


@as_button("who-time-why")
class MoreTimeBecause:
    """More days for that reason; leads to the calendar's preview."""

    enrolment: int
    days: int
    why: str


@as_button("who-leave")
class LeaveFor:
    """Leave on somebody's behalf: so many days from today (0: ask which)."""

    enrolment: int
    days: int


@as_button("who-leave-back")
class TakeBackLeaveOf:
    """Leave that was entered on somebody's behalf is taken back."""

    enrolment: int
    leave: int


@as_button("who-post")
class PostingFor:
    """A new posting for somebody: where?"""

    enrolment: int


@as_button("who-place")
class PickPlaceFor:
    """Which of the places offered, by its number."""

    enrolment: int
    n: int


@as_button("who-post-do")
class PostFromToday:
    """The posting begins today."""

    enrolment: int


@as_button("who-move")
class TransferFrom:
    """To another cohort of the same course: which?"""

    enrolment: int


@as_button("who-to")
class TransferTo:
    """Into that cohort: shown first (0), then done (1)."""

    enrolment: int
    cohort: int
    sure: int


@as_button("who-out")
class Withdraw:
    """A place is ended: asked first (0), then done (1)."""

    enrolment: int
    sure: int
