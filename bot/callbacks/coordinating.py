"""Buttons that only coordinators are shown."""

from bot.callbacks.packing import as_button


@as_button("results")
class CohortResults:
    """What a cohort's baselines and checks came to."""

    cohort: int


@as_button("bc")
class PickCohort:
    """The cohort a broadcast is for."""

    broadcast: int
    cohort: int


@as_button("bc-send")
class SendBroadcast:
    """Send the previewed broadcast."""

    broadcast: int


@as_button("bc-drop")
class DropBroadcast:
    """Throw the previewed broadcast away."""

    broadcast: int


@as_button("bc-how")
class BroadcastReport:
    """How far a broadcast has come."""

    broadcast: int


@as_button("cal")
class ShowCalendar:
    """One cohort's calendar."""

    cohort: int


@as_button("cal-pick")
class PickChange:
    """Which cohort, learner or place a drafted change of the calendar means."""

    draft: int
    option: int


@as_button("cal-do")
class DoChange:
    """Make the previewed change of the calendar."""

    draft: int


@as_button("cal-leave")
class LeaveChange:
    """Leave the calendar as it is."""

    draft: int


@as_button("lost-again")
class SendAgain:
    """One more try for a group of messages that may not have arrived, as far as this screen has counted them."""

    group: str
    seen: int


@as_button("lost-leave")
class LeaveIt:
    """Leave such a group as it is."""

    group: str
    seen: int


@as_button("cohort")
class ShowCohort:
    """One cohort's census."""

    cohort: int
