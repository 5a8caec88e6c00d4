"""What everything unprompted is, and what becomes of it after each try.

Telegram has no idempotency key: what surely was not sent is tried again, what may have been sent is not tried blindly.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final, assert_never

from lessons.course import QuestionId, TaughtId
from lessons.enrolment import AskingId, EnrolmentId, LearnerId, MeasureKind


class DeliveryKind(StrEnum):
    """What a delivery carries."""

    LESSON = "lesson"
    REVIEW = "review"
    REFRESHER = "refresher"
    CHECK = "check"
    REMINDER = "reminder"
    PAUSE = "pause"
    NUDGE = "nudge"  # a colleague's own word
    ENDED = "ended"
    RENEWAL = "renewal"
    FAREWELL = "farewell"
    BROADCAST = "broadcast"
    NOTICE = "notice"
    REPLY = "reply"


class DeliveryState(StrEnum):
    """pending → leased → sending → sent | failed | unknown | cancelled."""

    PENDING = "pending"
    LEASED = "leased"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Lane(IntEnum):
    """Who goes first through the gate; the lowest number is first."""

    INTERACTIVE = 0
    LESSON = 1
    REMINDER = 2
    BROADCAST = 3


class Reach(StrEnum):
    """Whether a person can be written to, and if not, why."""

    REACHABLE = "reachable"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    UNREACHABLE = "unreachable"


LOWEST_SHARE: Final = 10  # one in ten goes to the lowest lane that waits, however much waits above it

_LANES: Final = {
    DeliveryKind.REPLY: Lane.INTERACTIVE,
    DeliveryKind.LESSON: Lane.LESSON,
    DeliveryKind.REVIEW: Lane.LESSON,
    DeliveryKind.REFRESHER: Lane.LESSON,
    DeliveryKind.CHECK: Lane.LESSON,
    DeliveryKind.RENEWAL: Lane.LESSON,
    DeliveryKind.FAREWELL: Lane.REMINDER,
    DeliveryKind.ENDED: Lane.REMINDER,
    DeliveryKind.REMINDER: Lane.REMINDER,
    DeliveryKind.PAUSE: Lane.REMINDER,
    DeliveryKind.NUDGE: Lane.REMINDER,
    DeliveryKind.NOTICE: Lane.REMINDER,
    DeliveryKind.BROADCAST: Lane.BROADCAST,
}
_NUDGES: Final = frozenset({DeliveryKind.REMINDER, DeliveryKind.PAUSE, DeliveryKind.NUDGE})
_HARMLESS_TWICE: Final = frozenset(
    {
        DeliveryKind.LESSON,
        DeliveryKind.REVIEW,
        DeliveryKind.REFRESHER,
        DeliveryKind.CHECK,
        DeliveryKind.RENEWAL,
        DeliveryKind.REPLY,
    }
)
_NUDGE_KEEPS: Final = timedelta(hours=12)
_LONGEST_WAIT: Final = 300.0  # seconds
_LONGEST_WAIT_OF_A_REPLY: Final = 5.0
_TRIES: Final = 500  # of what was surely not sent; at the longest waits, a day of outage
_TRIES_OF_A_NUDGE: Final = 5
_AFTER_DOUBT: Final = timedelta(seconds=60)


def lane_of(kind: DeliveryKind) -> Lane:
    """The lane of a kind."""
    return _LANES[kind]


def lesson_key(enrolment: EnrolmentId, lesson: TaughtId, round_: int) -> str:
    """A lesson or case goes out once a round; a new round is one offered again."""
    return f"lesson:{enrolment}:{lesson}:{round_}"


def review_key(enrolment: EnrolmentId, question: QuestionId, asking_number: int) -> str:
    """A question goes out once an asking."""
    return f"review:{enrolment}:{question}:{asking_number}"


def refresher_key(enrolment: EnrolmentId, question: QuestionId, number: int) -> str:
    """An alumna's question goes out once an asking."""
    return f"refresher:{enrolment}:{question}:{number}"


def reminder_key(enrolment: EnrolmentId, asking: AskingId, n: int) -> str:
    """The nth nudge ever about an asking, the kind pause included."""
    return f"reminder:{enrolment}:{asking}:{n}"


def nudge_key(enrolment: EnrolmentId, on: date) -> str:
    """A colleague nudges somebody once a local date."""
    return f"nudge:{enrolment}:{on}"


def check_key(enrolment: EnrolmentId, kind: MeasureKind, n: int) -> str:
    """The nth offer of a baseline or check."""
    return f"check:{enrolment}:{kind}:{n}"


def word_key(kind: DeliveryKind, enrolment: EnrolmentId, on: date, n: int) -> str:
    """The nth try, over days, to say what became of an enrolment on that local date: ended, renewal, farewell."""
    return f"{kind}:{enrolment}:{on}:{n}"


def broadcast_key(broadcast: int, learner: LearnerId) -> str:
    """A broadcast goes once to each learner."""
    return f"broadcast:{broadcast}:{learner}"


def reply_key(update_id: int, n: int) -> str:
    """The nth message that answers an update."""
    return f"reply:{update_id}:{n}"


def notice_key(what: str, about: int | str, to: int) -> str:
    """A notice about one thing goes once to each person (learner or Telegram id, as the caller keeps them)."""
    return f"notice:{what}:{about}:{to}"


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram confirmed it."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused for good (400, 403); `reach` when it says something about the person."""

    reason: str
    reach: Reach | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely not sent (no connection, 429); `retry_after` in seconds when Telegram named it."""

    reason: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """May have been sent (read time-out, cut connection, 5xx)."""

    reason: str


Outcome = Sent | Refused | NotSent | Unsure


@dataclass(frozen=True, slots=True)
class Settled:
    """The state a delivery goes to; `retry_in` only with pending, `reach` only when the person's reach is learnt."""

    state: DeliveryState
    retry_in: timedelta | None = None
    reach: Reach | None = None
    reason: str | None = None


def after(kind: DeliveryKind, outcome: Outcome, *, tries: int) -> Settled:
    """What becomes of a delivery after a try; `tries` counts this one, so it is at least 1."""
    match outcome:
        case Sent():
            return Settled(DeliveryState.SENT)
        case Refused():
            return Settled(DeliveryState.FAILED, reach=outcome.reach, reason=outcome.reason)
        case NotSent():
            return _again_later(kind, outcome, tries)
        case Unsure():
            if kind in _HARMLESS_TWICE and tries <= 1:  # their buttons are idempotent; a lost one is a fault
                return Settled(DeliveryState.PENDING, _AFTER_DOUBT, reason=outcome.reason)
            return Settled(DeliveryState.UNKNOWN, reason=outcome.reason)
        case _:
            assert_never(outcome)


def _again_later(kind: DeliveryKind, outcome: NotSent, tries: int) -> Settled:
    if tries >= (_TRIES_OF_A_NUDGE if kind in _NUDGES else _TRIES):
        return Settled(DeliveryState.FAILED, reason=outcome.reason)
    wait = outcome.retry_after
    if wait is None:  # somebody waits for a reply
        wait = min(2.0 ** min(tries, 10), _LONGEST_WAIT_OF_A_REPLY if kind is DeliveryKind.REPLY else _LONGEST_WAIT)
    return Settled(DeliveryState.PENDING, timedelta(seconds=max(wait, 0)), reason=outcome.reason)


def after_lapse(kind: DeliveryKind, state: DeliveryState, *, tries: int) -> Settled:
    """What becomes of a delivery whose lease ended while it was in that state; other states stay as they are."""
    if state is DeliveryState.LEASED:
        return Settled(DeliveryState.PENDING, timedelta())
    if state is DeliveryState.SENDING:
        settled = after(kind, Unsure("the lease ended while it was being sent"), tries=tries)
        return replace(settled, retry_in=settled.retry_in and timedelta())  # it has been in doubt for long enough
    return Settled(state)


def stale(kind: DeliveryKind, due_at: datetime, now: datetime) -> bool:
    """Whether a delivery has lost its sense. Nudges do after 12 hours; the planner decides about all else."""
    return kind in _NUDGES and now - due_at > _NUDGE_KEEPS
