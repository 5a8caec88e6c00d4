"""A small whole course as the files of an author; each test breaks a line of it."""

from collections.abc import Mapping

from lessons.parsing import Parsed, parse

COURSE = """\
id: night-calls
title: Night calls
language: en
modules:
  - 01-first-hours
"""

MODULE = """\
id: first-hours
title: The first hours
lessons:
  - 01-a-call
  - 02-a-list
"""

CALL = """\
id: a-call
title: A call at night
objective: Take a call so that help can start
review_by: 2027-05-20
cards:
  - lead: The situation
    text: A relative calls at two. He is afraid.
  - lead: The idea
    text: Ask where she is first, because a place is what help needs.
sources:
  - id: handbook
    name: Consular handbook, chapter 2
    date: "2024"
    address: https://example.org/handbook
    facts: [F5.01]
questions:
  - id: call-day
    role: day
    kind: case
    stem: A brother calls at two. What do you ask first?
    key: place
    sources: [handbook]
    choices:
      - id: place
        text: Where she is now
        because: Help needs a place, as the handbook says.
      - id: papers
        text: Her passport number
        because: Papers can wait; an hour may not.
      - id: employer
        text: The employer's name
        because: It helps later, but it does not find her tonight.
"""

LIST = CALL.replace("id: a-call", "id: a-list").replace("call-day", "list-day")

FILES = {
    "course.yaml": COURSE,
    "01-first-hours/module.yaml": MODULE,
    "01-first-hours/01-a-call.yaml": CALL,
    "01-first-hours/02-a-list.yaml": LIST,
}
CALL_FILE = "01-first-hours/01-a-call.yaml"


def parsed(files: Mapping[str, str | bytes]) -> Parsed:
    """What becomes of these files."""
    return parse({name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()})


def parsed_with(file: str, old: str, new: str) -> Parsed:
    """What becomes of the sample when one place of one file is written otherwise."""
    assert old in FILES[file]
    return parsed({**FILES, file: FILES[file].replace(old, new, 1)})


def said(result: Parsed) -> list[str]:
    """The problems as an author reads them."""
    return [str(problem) for problem in result.problems]
