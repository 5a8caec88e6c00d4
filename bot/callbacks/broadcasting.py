"""Buttons by which a broadcast is aimed, timed, approved, held and answered."""

from bot.callbacks.packing import as_button


@as_button("bc-back")
class ShowDraft:
    """Back to the preview."""

    broadcast: int


@as_button("bc-aim")
class Aim:
    """To whom of the cohort?"""

    broadcast: int


@as_button("bc-side")
class AimBy:
    """By country, mission, language or state: one page of what there is."""

    broadcast: int
    side: str
    page: int


@as_button("bt")  # short: two words and two numbers within 64 bytes
class Turn:
    """Only these, then not these, then as before."""

    broadcast: int
    side: str
    item: str
    page: int


@as_button("bc-gulf")
class OnlyGulf:
    """Only the missions in the Gulf, or everywhere again."""

    broadcast: int


@as_button("bc-all")
class Everybody:
    """No narrowing."""

    broadcast: int


@as_button("bc-when")
class AskWhen:
    """At once or at an hour of each reader's day?"""

    broadcast: int


@as_button("bc-hour")
class AtHour:
    """At that minute of each reader's day; 1440: at once."""

    broadcast: int
    minute: int


@as_button("bc-undo")
class TakeBack:
    """Undo, before anything has left."""

    broadcast: int


@as_button("bc-hold")
class Hold:
    """Nothing more leaves until it goes on."""

    broadcast: int


@as_button("bc-on")
class GoOn:
    """What was held leaves."""

    broadcast: int


@as_button("bc-stop")
class StopRest:
    """What has not left never will."""

    broadcast: int


@as_button("bc-yes")
class Approve:
    """A second coordinator agrees."""

    broadcast: int


@as_button("bc-no")
class Refuse:
    """A second coordinator does not."""

    broadcast: int


@as_button("in-write")
class WriteBack:
    """A learner answers a broadcast."""

    broadcast: int


@as_button("in-more")
class WriteMore:
    """A learner goes on with a thread."""

    thread: int


@as_button("in-send")
class SendWords:
    """The words that wait go to the coordinators."""


@as_button("in-drop")
class DropWords:
    """They do not."""


@as_button("in-list")
class ShowInbox:
    """What waits for an answer."""

    page: int


@as_button("in-open")
class ShowThread:
    """One thread."""

    thread: int


@as_button("in-answer")
class AnswerThread:
    """Words to the learner."""

    thread: int


@as_button("in-close")
class CloseThread:
    """Nothing more to say."""

    thread: int
