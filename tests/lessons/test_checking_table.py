"""One sound course, broken in one place a row: each rule says its sentence at its file and line, and no other does."""

from datetime import date
from pathlib import Path

import pytest

from lessons import catalogue

TODAY = date(2026, 11, 23)

COURSE = """\
id: night-calls
title: Night calls
language: en
modules: [first-hours]
"""
MODULE = """\
id: first-hours
title: The first hours
lessons: [a-call, a-list]
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
    text: Ask where she is first. A place is what help needs.
sources:
  - id: handbook
    name: Consular handbook
    date: "2024"
    address: https://example.org/handbook
questions:
  - id: call-day
    role: day
    kind: case
    stem: A brother calls at two. What do you ask first?
    key: place
    sources: [handbook]
    choices:
      - {id: place, text: Where she is now, because: Help needs a place.}
      - {id: papers, text: Her passport number, because: Papers can wait.}
      - {id: boss, text: The name of her boss, because: It finds nobody tonight.}
  - id: call-repeat
    role: repeat
    kind: case
    stem: A worker writes that he is locked in. Which answer do you send at once?
    key: send-where
    sources: [handbook]
    choices:
      - {id: send-where, text: Send me where you are, because: Help needs a place.}
      - {id: send-card, text: Send me your card first, because: Papers can wait.}
      - {id: come-here, text: Come to us when you can, because: He cannot come.}
  - id: call-kept
    role: kept
    kind: fact
    stem: Why does the place of a caller stand at the top of the form?
    key: help-moves
    sources: [handbook]
    choices:
      - {id: help-moves, text: Help has to go there, because: It cannot move without it.}
      - {id: law-says, text: The law of the host asks it, because: It does not.}
      - {id: for-report, text: The report is sorted by it, because: Reports can wait.}
"""
LIST = """\
id: a-list
title: A list by the telephone
objective: Keep a list that a colleague can use
review_by: 2027-05-20
cards:
  - lead: The situation
    text: Your colleague is on leave. The telephone rings.
  - lead: The idea
    text: A list helps only if it is short and new.
sources:
  - {id: handbook, name: Consular handbook, date: "2024", address: https://example.org/handbook}
questions:
  - id: list-day
    role: day
    kind: case
    stem: You leave for two weeks. What do you write at the top of the list for the desk?
    key: numbers
    sources: [handbook]
    choices:
      - {id: numbers, text: Three numbers that answer, because: Someone picks up.}
      - {id: history, text: How the list has come to be, because: Nobody reads it at two.}
      - {id: everyone, text: Everyone you have ever met, because: Nobody finds a name in it.}
  - id: list-repeat
    role: repeat
    kind: case
    stem: A hospital has changed its number. When do you mend your list?
    key: today
    sources: [handbook]
    choices:
      - {id: today, text: Before you go home, because: Tonight somebody needs it.}
      - {id: month, text: At the end of the month, because: Until then it fails.}
      - {id: handover, text: When you hand over, because: Until then it fails.}
  - id: list-kept
    role: kept
    kind: fact
    stem: How long may a list for the night be, so that it still helps?
    key: one-page
    sources: [handbook]
    choices:
      - {id: one-page, text: One page, because: It is read in a minute.}
      - {id: as-needed, text: As long as it takes, because: Nobody reads on.}
      - {id: a-file, text: A file with a register, because: Nobody opens it.}
"""
FILES = {
    "course.yaml": COURSE,
    "first-hours/module.yaml": MODULE,
    "first-hours/a-call.yaml": CALL,
    "first-hours/a-list.yaml": LIST,
}
CALL_FILE, LIST_FILE = "first-hours/a-call.yaml", "first-hours/a-list.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sound course on a disk."""
    (tmp_path / "first-hours").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def told(folder: Path, file: str, old: str, new: str) -> list[str]:
    """What a check says when one place of one file is written otherwise."""
    assert FILES[file].count(old) >= 1
    (folder / file).write_text(FILES[file].replace(old, new, 1), encoding="utf-8")
    problems = catalogue.check(folder, today=TODAY)
    return [f"{one.severity} {str(one).removeprefix(f'{folder}/')}" for one in problems]


def test_a_sound_course_has_no_problem(folder: Path) -> None:
    assert catalogue.check(folder, today=TODAY) == ()


LONG = "Intergovernmental organisations institutionalise multidimensional responsibilities"
NEARLY = "You leave for three weeks. What do you write at the top of the list for the desk?"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: call-day\n    ", "", "error {file}:16: question 1 has no `id`"),
        ("    key: place\n", "", "error {file}:16: question call-day has no `key`"),
        ("    sources: [handbook]\n", "", "error {file}:16: question call-day has no `sources`"),
        ("    address: https://example.org/handbook\n", "", "error {file}:11: source handbook has no `address`"),
        ("review_by: 2027-05-20\n", "", "error {file}:1: the file has no `review_by`"),
        (", because: Papers can wait.}", "}", "error {file}:24: choice papers of question call-day has no `because`"),
        ("because: Papers can wait.}", "because: ''}", "error {file}:24: `because` of choice papers"),
        ("key: place", "key: police", "error {file}:20: the key `police` of question call-day is none of its choices"),
        ("[handbook]", "[notebook]", "error {file}:21: question call-day cites the source `notebook`"),
        ("2027-05-20", "2026-11-22", "warning {file}:1: the review was due on 2026-11-22"),
        ("2027-05-20", "2027-01-22", "warning {file}:1: the review is due on 2027-01-22, in 60 days"),
        ("role: kept", "role: repeat", "error {file}:37: a second question has the role `repeat`"),
        ("The name of her boss", "All of the above", "warning {file}:16: “All of the above” means nothing"),
        (
            "Which answer do you send",
            "Which answer should you not send",
            "warning {file}:26: the question asks for what is not so",
        ),
        (
            "A brother calls at two. What do you ask first?",
            NEARLY,
            "warning first-hours/a-list.yaml:13: the stem is 94% that of call-day in lesson a-call",
        ),
        (
            "A place is what help needs.",
            f"{LONG}. {LONG}. {LONG}.",
            "warning {file}:1: the cards have a reading ease of -",
        ),
    ],
)
def test_a_broken_lesson_hears_its_rule_and_no_other(folder: Path, old: str, new: str, said: str) -> None:
    (problem,) = told(folder, CALL_FILE, old, new)

    assert problem.startswith(said.format(file=CALL_FILE))


def test_a_missing_role_is_told(folder: Path) -> None:
    kept = CALL[CALL.index("  - id: call-kept") :]

    assert told(folder, CALL_FILE, kept, "") == [
        f"warning {CALL_FILE}:1: no question has the role `kept`; write one",
    ]


def test_too_few_cases_are_told_at_the_course(folder: Path) -> None:
    (folder / LIST_FILE).write_text(LIST.replace("kind: case", "kind: fact"))

    (problem,) = told(folder, CALL_FILE, "kind: case", "kind: fact")

    assert problem == "warning course.yaml:1: 17% of the questions are cases; make it at least 50%"


def test_keys_that_show_by_their_length_are_told_at_the_course(folder: Path) -> None:
    (folder / LIST_FILE).write_text(
        LIST.replace("Three numbers that answer", "Three numbers that always answer").replace(
            "Before you go home", "Before you go home tonight"
        )
    )

    (problem,) = told(folder, CALL_FILE, "Where she is now", "Where she is now and with whom")

    assert problem.startswith("warning course.yaml:1: the key is the longest choice in 50% of the questions")


def test_the_reading_ease_of_another_language_is_not_measured(folder: Path) -> None:
    (folder / "course.yaml").write_text(COURSE.replace("language: en", "language: bn"))

    assert told(folder, CALL_FILE, "A place is what help needs.", f"{LONG}. {LONG}. {LONG}.") == []


def test_lints_are_told_beside_the_errors_of_another_file(folder: Path) -> None:
    (folder / LIST_FILE).write_text(LIST.replace("2027-05-20", "2026-01-01"))

    problems = told(folder, CALL_FILE, "key: place", "key: police")

    assert [problem.split(":")[0] for problem in problems] == [f"error {CALL_FILE}", f"warning {LIST_FILE}"]


GLOSSARY = """\
sources:
  - {id: handbook, name: Consular handbook, date: "2024", address: https://example.org/handbook}
terms:
  - {id: bureau, term: Labour bureau (BMET), means: The office that sends workers., sources: [handbook]}
"""


def test_a_term_is_told_that_neither_the_lesson_nor_the_glossary_explains(folder: Path) -> None:
    (folder / "glossary.yaml").write_text(GLOSSARY)

    (problem,) = told(folder, CALL_FILE, "He is afraid.", "He has asked BMET and WEWB.")

    assert problem.startswith(f"warning {CALL_FILE}:1: `WEWB` is used but explained neither here nor in the glossary")


def test_a_course_without_a_glossary_is_not_measured_by_one(folder: Path) -> None:
    assert told(folder, CALL_FILE, "He is afraid.", "He has asked BMET and WEWB.") == []


def test_figures_are_counted_only_of_a_course_without_errors(folder: Path) -> None:
    figures = catalogue.checked(folder, today=TODAY).figures
    told(folder, CALL_FILE, "key: place", "key: police")

    assert figures is not None
    assert (figures.lessons, figures.questions, round(figures.cases_share, 2)) == (2, 6, 0.67)
    assert catalogue.checked(folder, today=TODAY).figures is None
