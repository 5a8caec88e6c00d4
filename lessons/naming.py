"""What every part of the teaching names and cites: the form of ids, ids that several parts share, sources."""

import re
from dataclasses import dataclass
from typing import NewType

ModuleId = NewType("ModuleId", str)
TermId = NewType("TermId", str)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CHOICE_ID = 24  # a button carries it within Telegram's 64 bytes


class CourseError(ValueError):
    """The teaching is not as a course must be; the message says where and how to mend it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement can be checked: name, date as the publisher gives it, address, fact ids."""

    id: str
    name: str
    date: str
    address: str
    facts: tuple[str, ...] = ()
