"""Buttons of rosters and links: those of coordinators, and those of whoever opens a personal link."""

from bot.callbacks.packing import as_button


@as_button("ro-send")
class SendRoster:
    """Which file to send, for this cohort."""

    cohort: int


@as_button("ro-blank")
class BlankRoster:
    """A sheet with the columns and nothing else."""

    cohort: int


@as_button("ro-for")
class PickRosterCohort:
    """The cohort that a roster is for."""

    draft: int
    cohort: int


@as_button("ro-do")
class ImportRoster:
    """Take the good rows of a roster in."""

    draft: int


@as_button("ro-drop")
class DropRoster:
    """Throw the roster away."""

    draft: int


@as_button("ro-all")
class AllFindings:
    """Everything that was found in a roster, as a sheet."""

    draft: int


@as_button("ro-links")
class OfferLinks:
    """Make fresh personal links? `form` is sheet or page."""

    cohort: int
    form: str


@as_button("ro-make")
class MakeLinks:
    """Make them, unless others were made since `seen`."""

    cohort: int
    form: str
    seen: int


@as_button("ro-open")
class OpenLink:
    """How many places shall the cohort's link have?"""

    cohort: int


@as_button("ro-so")
class OpenPlaces:
    """So many, unless others were made since `seen`."""

    cohort: int
    places: int
    seen: int


@as_button("relink")
class Relink:
    """This person has a new phone or a new Telegram account: make the link?"""

    enrolment: int


@as_button("relink-do")
class MakeRelink:
    """Make it."""

    enrolment: int


@as_button("en-is-me")
class ItIsMe:
    """I am the one whom the link names."""


@as_button("en-not-me")
class NotMe:
    """I am somebody else."""
