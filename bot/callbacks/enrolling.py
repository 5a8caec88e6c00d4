"""Buttons of the way in, and of the way out."""

from bot.callbacks.packing import as_button


@as_button("en-begin")
class Begin:
    """Welcome read: on to consent."""


@as_button("en-agree")
class Agree:
    """Consent given: on to the name."""


@as_button("en-no")
class Decline:
    """No consent: nothing is kept."""


@as_button("en-me")
class UseShownName:
    """The name that Telegram shows is right."""


@as_button("en-place")
class PickPlace:
    """One of the places offered, by its number in the conversation."""

    n: int


@as_button("en-name")
class ChangeName:
    """Back to the name."""


@as_button("en-where")
class ChangePlace:
    """Back to the posting."""


@as_button("en-yes")
class ConfirmEnrolment:
    """Everything on the confirmation screen is right."""


@as_button("forget")
class Forget:
    """Erase me, asked and confirmed."""


@as_button("keep")
class KeepMe:
    """Do not erase me."""
