"""One update as the features see it, and who it comes from. No Telegram types: those stop at the intake."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.phrases import Voice
from lessons.enrolment import LearnerId
from storage.enrolments import Enrolment
from storage.people import Learner


class Role(StrEnum):
    """Who may do something. Roles are numeric ids in the database, checked at every command and tap."""

    ANYONE = "anyone"
    LEARNER = "learner"
    COORDINATOR = "coordinator"
    MEMBER = "member"  # a learner or a coordinator: nobody from outside


@dataclass(frozen=True, slots=True)
class Found:
    """The learner who calls and her enrolments, as read in this change; good for whoever has changed neither."""

    learner: Learner
    enrolments: tuple[Enrolment, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind an update, as the store knows them at this moment."""

    telegram_id: int
    learner: LearnerId | None
    roles: frozenset[Role]
    voice: Voice
    display: str = ""  # the name that Telegram shows; offered, never kept unasked
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One command, text or tap. `words` is the text, or a command's argument; `pressed` the typed button data."""

    update_id: int
    caller: Caller
    now: datetime  # people's clock
    words: str = ""
    pressed: Any = None
    tapped: int | None = None  # id of the message whose button was pressed
