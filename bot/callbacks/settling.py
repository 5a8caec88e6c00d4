"""Buttons of what a learner may set: hours, days, pace, leave, posting."""

from bot.callbacks.packing import as_button


@as_button("pause")
class Pause:
    """Stop lessons until resumed."""


@as_button("resume")
class Resume:
    """Go on with lessons."""


@as_button("set")
class Settings:
    """One page of the settings: home, hour, quiet, days, pace, language."""

    page: str


@as_button("hour")
class SetHour:
    """Lessons at this many minutes after midnight."""

    minutes: int


@as_button("quiet")
class SetQuiet:
    """Quiet hours from and until, minutes after midnight."""

    start: int
    end: int


@as_button("day")
class SetDay:
    """Lessons on this ISO weekday, yes (1) or no (0)."""

    day: int
    on: int


@as_button("days")
class UsualDays:
    """Lessons on the working days of the place."""


@as_button("pace")
class SetPace:
    """A lesson every so many working days; 0: as the cohort."""

    every: int


@as_button("lang")
class SetLanguage:
    """The language in which the bot speaks."""

    language: str


@as_button("leave")
class ShowLeave:
    """Leave entered, and how to enter more."""


@as_button("crisis")
class CrisisWeek:
    """Seven days from today on which nothing comes."""


@as_button("unleave")
class TakeBackLeave:
    """Leave is not taken after all, or ends now."""

    leave: int


@as_button("back")
class BackFromLeave:
    """All leave in force ends."""


@as_button("move")
class ChangePosting:
    """A new posting: ask where."""


@as_button("there")
class PickPosting:
    """One of the places offered for a new posting, by its number in the conversation."""

    n: int


@as_button("moved")
class ConfirmPosting:
    """The posting found holds from today."""


@as_button("unmove")
class CallOffPosting:
    """The posting announced for this local date (ISO 8601) does not come."""

    from_on: str
