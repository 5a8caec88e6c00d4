"""One update as the features see it, and who it comes from. No Telegram types: those stop at the intake."""

from collections.abc import Mapping
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
    OBSERVER = "observer"  # sees completion, as everybody at the desk does
    TUTOR = "tutor"  # reads and answers the inbox, as coordinators do
    COORDINATOR = "coordinator"
    OWNER = "owner"  # of every cohort; appoints colleagues
    MEMBER = "member"  # a learner or a colleague: nobody from outside


# What a colleague may do beside their own.
HELD: Mapping[str, frozenset[Role]] = {
    "owner": frozenset({Role.OWNER, Role.COORDINATOR, Role.TUTOR, Role.OBSERVER}),
    "coordinator": frozenset({Role.COORDINATOR, Role.TUTOR, Role.OBSERVER}),
    "tutor": frozenset({Role.TUTOR}),
    "observer": frozenset({Role.OBSERVER}),
}


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
    cohorts: frozenset[int] | None = None  # those that a role at the desk holds for; None: every cohort

    def may_see(self, cohort_id: int) -> bool:
        """Whether a role at the desk, if any, holds for this cohort."""
        return self.cohorts is None or cohort_id in self.cohorts


@dataclass(frozen=True, slots=True)
class Attached:
    """What came with a message: a file or a poll. `rows` are a sheet's cells, where a colleague sent one that can be
    read; `trouble` is why not (bot/sheets.py)."""

    kind: str  # "photo", "document" or "poll"
    file_id: str | None = None  # by which Telegram knows it
    name: str = ""
    size: int = 0  # bytes
    rows: tuple[tuple[str, ...], ...] | None = None
    trouble: str | None = None
    poll: tuple[str, tuple[str, ...]] | None = None  # question, options


@dataclass(frozen=True, slots=True)
class Call:
    """One command, text or tap. `words` is the text, or a command's argument; `pressed` the typed button data."""

    update_id: int
    caller: Caller
    now: datetime  # people's clock
    words: str = ""
    pressed: Any = None
    tapped: int | None = None  # id of the message whose button was pressed
    html: str = ""  # the words with their formatting, in Telegram's HTML subset; a file's caption
    attached: Attached | None = None
    answers: int | None = None  # id of the bot's message that these words reply to
