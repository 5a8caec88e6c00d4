"""Broken files, each with the line and the sentence that its author reads."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.parsing import Parsed
from lessons.problem import Place, Severity
from tests.lessons.sample import CALL, CALL_FILE, FILES, LIST, MODULE, parsed, parsed_with, said

MODULE_FILE = "01-first-hours/module.yaml"
LIST_FILE = "01-first-hours/02-a-list.yaml"


def test_whole_files_become_a_course_without_a_problem() -> None:
    result = parsed(FILES)

    assert result.problems == ()
    assert result.course is not None
    assert [lesson.id for lesson in result.course.lessons] == ["a-call", "a-list"]
    assert result.course.lessons[0].review_by == date(2027, 5, 20)
    assert result.course.lessons[0].sources[0].facts == ("F5.01",)


def test_a_course_without_a_cadence_has_the_defaults() -> None:
    course = parsed(FILES).course

    assert course is not None
    assert (course.cadence.slot, course.cadence.weeks_to_deadline) == (time(8, 30), 20)


def test_a_course_sets_its_own_cadence() -> None:
    course = parsed_with("course.yaml", "modules:", "cadence:\n  slot: 07:15\n  questions_a_day: 1\nmodules:").course

    assert course is not None
    assert (course.cadence.slot, course.cadence.questions_a_day) == (time(7, 15), 1)
    assert course.cadence.weeks_to_deadline == 20


def test_ids_lead_back_to_their_lines() -> None:
    places = parsed(FILES).places

    assert places["lesson", "a-list"] == Place(LIST_FILE, 1)
    assert places["question", "call-day"] == Place(CALL_FILE, 17)


def test_texts_lose_the_blanks_around_them() -> None:
    course = parsed_with(CALL_FILE, "text: Where she is now", "text: >\n          Where she is now\n").course

    assert course is not None
    assert course.lessons[0].questions[0].choices[0].text == "Where she is now"


# What is broken: (old, new, line, sentence). One mistake gives exactly one problem.
IN_A_LESSON = {
    "a choice without because": (
        "        because: Papers can wait; an hour may not.\n",
        "",
        27,
        "choice papers of question call-day has no `because`; say in one or two sentences why it is right or "
        "what it would cost",
    ),
    "an empty because": (
        "because: Papers can wait; an hour may not.",
        "because:",
        29,
        "`because` of choice papers of question call-day is empty; write it or delete the key",
    ),
    "a key that is no choice": (
        "key: place",
        "key: plaice",
        21,
        "the key `plaice` of question call-day is none of its choices: place, papers, employer",
    ),
    "an unknown key": (
        "title: A call",
        "tittle: Take it\ntitle: A call",
        2,
        "`tittle` is a key that nothing reads; did you mean `title`?",
    ),
    "an unknown key like no other": (
        "  - lead: The idea",
        "  - zzz: 1\n    lead: The idea",
        8,
        "`zzz` in card 2 is a key that nothing reads; the keys here are lead, text",
    ),
    "a missing title": (
        "title: A call at night\n",
        "",
        1,
        "the file has no `title`; name the lesson in a few words",
    ),
    "a wrong role": (
        "role: day",
        "role: dayy",
        18,
        "`role` of question call-day is `dayy` but must be 'day', 'repeat' or 'kept'; did you mean `day`?",
    ),
    "a wrong kind": (
        "kind: case",
        "kind: riddle",
        19,
        "`kind` of question call-day is `riddle` but must be 'case' or 'fact'",
    ),
    "no question of the day": (
        "role: day",
        "role: kept",
        16,
        "no question has the role `day`; a lesson is followed by one",
    ),
    "a bad slug": (
        "id: a-call",
        "id: A Call",
        1,
        "`id` is `A Call`, which is no name here; use a-z, 0-9 and single hyphens, as in `who-pays`",
    ),
    "a question id that is too long": (
        "id: call-day",
        f"id: {'q' * 41}",
        17,
        f"`id` of question {'q' * 41} has 41 characters; cut it to 40",
    ),
    "a choice id that no button carries": (
        "id: employer",
        f"id: {'e' * 25}",
        30,
        f"`id` of choice {'e' * 25} of question call-day has 25 characters; cut it to 24",
    ),
    "two choices of one id": (
        "id: papers",
        "id: place",
        27,
        "question call-day has two choices with the id `place`, the first in line 24; rename one",
    ),
    "an unknown source": (
        "sources: [handbook]",
        "sources: [handbok]",
        22,
        "question call-day cites the source `handbok`, which is not here; the lesson's sources are handbook",
    ),
    "a question without sources": (
        "    sources: [handbook]\n",
        "",
        17,
        "question call-day has no `sources`; list the ids of the sources that prove the key",
    ),
    "a question with no source in its list": (
        "sources: [handbook]",
        "sources: []",
        22,
        "`sources` of question call-day has 0; at least 1 must be there",
    ),
    "an address without https": (
        "https://example.org",
        "example.org",
        14,
        "`address` of source handbook is `example.org/handbook`, which is no web address; it starts with "
        "https:// or http:// and has no spaces",
    ),
    "a script for an address": (
        "https://example.org/handbook",
        "javascript:alert(1)",
        14,
        "`address` of source handbook is `javascript:alert(1)`, which is no web address; it starts with "
        "https:// or http:// and has no spaces",
    ),
    "a source date without a year": (
        'date: "2024"',
        "date: last May",
        13,
        "`date` of source handbook is `last May`, which names no year; give the date as the publisher "
        "does, or the day it was read",
    ),
    "a date in words": (
        "2027-05-20",
        "20 May 2027",
        4,
        "`review_by` is `20 May 2027`, which is no date; write year-month-day, as in 2027-05-20",
    ),
    "a day that does not exist": (
        "2027-05-20",
        "2027-02-30",
        4,
        "`review_by` is `2027-02-30`, which is no date; write year-month-day, as in 2027-05-20",
    ),
    "a number for a date": (
        "2027-05-20",
        "0",
        4,
        "`review_by` is `0`, which is no date; write year-month-day, as in 2027-05-20",
    ),
    "a list for a text": (
        "title: A call at night",
        "title: [A call]",
        2,
        "`title` must be a text; it holds a list or a map (is the indentation right?)",
    ),
    "a text for a list": (
        "facts: [F5.01]",
        "facts: F5.01",
        15,
        "`facts` of source handbook must be a list, each item on its own line after `- `",
    ),
    "a text for a map": (
        "  - lead: The idea\n    text: Ask where she is first, because a place is what help needs.",
        "  - The idea",
        8,
        "number 2 in `cards` must be a map of `key: value` lines",
    ),
    "a fact id that is none": (
        "[F5.01]",
        "[F5.01, page 3]",
        15,
        "number 2 in `facts` of source handbook is `page 3`, which is no fact id; it looks like F1.01",
    ),
    "a stem that is too long": (
        "A brother calls at two. What do you ask first?",
        "b" * 301,
        20,
        "`stem` of question call-day has 301 characters; cut it to 300",
    ),
    "a choice that is too long": (
        "Her passport number",
        "p" * 161,
        28,
        "`text` of choice papers of question call-day has 161 characters; cut it to 160",
    ),
    "a because that is too long": (
        "Papers can wait; an hour may not.",
        "p" * 301,
        29,
        "`because` of choice papers of question call-day has 301 characters; cut it to 300",
    ),
    "a card that is too long": (
        "A relative calls at two. He is afraid.",
        "r" * 451,
        7,
        "`text` of card 1 has 451 characters; cut it to 450",
    ),
    "a card that is too long with its lead": (
        "A relative calls at two. He is afraid.",
        "r" * 440,
        6,
        "card 1 has 453 characters with its lead; cut it to 450",
    ),
}


@pytest.mark.parametrize(("old", "new", "line", "sentence"), IN_A_LESSON.values(), ids=IN_A_LESSON)
def test_one_mistake_in_a_lesson_gives_one_sentence(old: str, new: str, line: int, sentence: str) -> None:
    result = parsed_with(CALL_FILE, old, new)

    assert said(result) == [f"{CALL_FILE}:{line}: {sentence}"]
    assert result.course is None


def test_a_question_with_one_choice_is_refused() -> None:
    result = parsed({**FILES, CALL_FILE: CALL[: CALL.index("      - id: papers")]})

    assert said(result) == [f"{CALL_FILE}:23: `choices` of question call-day has 1; at least 2 must be there"]


def test_a_question_with_six_choices_is_refused() -> None:
    more = "".join(f"      - id: more-{n}\n        text: More\n        because: It helps.\n" for n in range(3))

    assert said(parsed({**FILES, CALL_FILE: CALL + more})) == [
        f"{CALL_FILE}:23: `choices` of question call-day has 6; at most 5 may be there"
    ]


def _with_cards(*lengths: int) -> Parsed:
    cards = "".join(f"  - lead: Lead\n    text: {'x' * (length - 4)}\n" for length in lengths)
    text = CALL[: CALL.index("cards:")] + "cards:\n" + cards + CALL[CALL.index("sources:") :]
    return parsed({**FILES, CALL_FILE: text})


def test_a_lesson_of_1300_characters_is_an_error() -> None:
    result = _with_cards(450, 450, 400)

    assert said(result) == [f"{CALL_FILE}:5: the cards have 1300 characters in all, over 1200; cut them to 900"]
    assert result.course is None


@pytest.mark.parametrize("lengths", [(450, 450, 300), (450, 450, 5)])
def test_a_lesson_over_900_characters_is_taught_with_a_warning(lengths: tuple[int, ...]) -> None:
    result = _with_cards(*lengths)

    assert [problem.severity for problem in result.problems] == [Severity.WARNING]
    assert result.course is not None


def test_a_lesson_of_900_characters_is_as_it_should_be() -> None:
    assert said(_with_cards(450, 450)) == []


@pytest.mark.parametrize("count", [1, 5])
def test_a_lesson_has_two_to_four_cards(count: int) -> None:
    (sentence,) = said(_with_cards(*[50] * count))

    assert sentence.startswith(f"{CALL_FILE}:5: `cards` has {count}; at ")


def test_two_questions_of_one_role_are_refused() -> None:
    second = CALL[CALL.index("  - id: call-day") :].replace("call-day", "call-again")
    result = parsed({**FILES, CALL_FILE: CALL + second})

    assert said(result) == [
        f"{CALL_FILE}:34: a second question has the role `day`, the first in line 18; give each role once"
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [("id: list-day", "id: call-day", 17, "question"), ("id: a-list", "id: a-call", 1, "lesson")],
)
def test_an_id_used_twice_names_the_first_place(old: str, new: str, line: int, what: str) -> None:
    result = parsed_with(LIST_FILE, old, new)

    name = new.removeprefix("id: ")
    assert said(result) == [
        f"{LIST_FILE}:{line}: the {what} id `{name}` is used already in {CALL_FILE} line {line}; rename one"
    ]


def test_a_module_id_used_twice_names_the_first_place() -> None:
    more = {
        "course.yaml": FILES["course.yaml"] + "  - 02-more\n",
        "02-more/module.yaml": MODULE.replace("  - 01-a-call\n  - 02-a-list\n", "  - 01-a-word\n"),
        "02-more/01-a-word.yaml": LIST.replace("a-list", "a-word").replace("list-day", "word-day"),
    }

    assert said(parsed({**FILES, **more})) == [
        f"02-more/module.yaml:1: the module id `first-hours` is used already in {MODULE_FILE} line 1; rename one"
    ]


def test_a_module_that_is_missing_is_told_at_the_line_that_names_it() -> None:
    result = parsed_with("course.yaml", "  - 01-first-hours", "  - 01-first-hours\n  - 02-later")

    assert said(result) == [
        "course.yaml:6: `02-later` is named here but 02-later/module.yaml is missing; write it or delete the line"
    ]


def test_a_lesson_that_is_missing_is_told_at_the_line_that_names_it() -> None:
    result = parsed_with(MODULE_FILE, "  - 02-a-list", "  - 02-a-list\n  - 03-zebra-crossing")

    assert said(result) == [
        f"{MODULE_FILE}:6: `03-zebra-crossing` is named here but "
        "01-first-hours/03-zebra-crossing.yaml is missing; write it or delete the line"
    ]


def test_a_lesson_that_no_module_names_is_told() -> None:
    result = parsed_with(MODULE_FILE, "  - 02-a-list\n", "")

    assert said(result) == [
        f"{LIST_FILE}:1: no module names this lesson; add `02-a-list` to {MODULE_FILE} or delete the file"
    ]


def test_a_lesson_with_a_short_ending_is_told() -> None:
    result = parsed({**FILES, "01-first-hours/03-more.yml": LIST})

    assert said(result) == ["01-first-hours/03-more.yml:1: the ending is .yml; rename the file to 03-more.yaml"]


def test_a_module_that_the_course_does_not_name_is_told() -> None:
    result = parsed({**FILES, "02-more/module.yaml": MODULE})

    assert said(result) == ["02-more/module.yaml:1: course.yaml does not name the module `02-more`; add it there"]


def test_a_name_given_twice_is_told() -> None:
    result = parsed_with(MODULE_FILE, "  - 02-a-list", "  - 02-a-list\n  - 01-a-call")

    assert said(result) == [f"{MODULE_FILE}:6: `01-a-call` stands twice, first in line 4; delete one"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "01-a-call.yaml", "a/b", "..", "A"])
def test_a_name_cannot_leave_the_folder(name: str) -> None:
    result = parsed_with(MODULE_FILE, "  - 02-a-list", f"  - 02-a-list\n  - {name}")

    (sentence,) = said(result)
    assert sentence.startswith(f"{MODULE_FILE}:6: number 3 in `lessons` is `{name}`, which is no name here")


def test_a_folder_without_course_yaml_is_told() -> None:
    result = parsed({name: text for name, text in FILES.items() if name != "course.yaml"})

    assert said(result) == [
        "course.yaml:1: the folder has no course.yaml; write one with id, title, language and modules"
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("slot: 8.30", "`slot` is `8.30`, which is no time of day; write hours and minutes, as in 08:30"),
        ("slot: 24:00", "`slot` is `24:00`, which is no time of day; write hours and minutes, as in 08:30"),
        ("questions_a_day: two", "`questions_a_day` is `two` but must be a whole number"),
        ("questions_a_day: 0", "`questions_a_day` is `0`; it must be at least 1"),
        ("weeks_to_deadline: 900", "`weeks_to_deadline` is `900`; it must be at most 104"),
    ],
)
def test_a_cadence_out_of_bounds_is_told(line: str, sentence: str) -> None:
    result = parsed_with("course.yaml", "modules:", f"cadence:\n  {line}\nmodules:")

    assert said(result) == [f"course.yaml:5: {sentence}"]


def test_every_problem_of_a_folder_is_told_at_once() -> None:
    broken_call = (
        CALL.replace("        because: Papers can wait; an hour may not.\n", "")
        .replace("key: place", "key: nowhere")
        .replace("review_by: 2027-05-20", "review_by: soon")
    )
    files = {
        **FILES,
        "course.yaml": FILES["course.yaml"].replace("language: en\n", ""),
        MODULE_FILE: MODULE + "  - 03-gone\n",
        CALL_FILE: broken_call,
        LIST_FILE: LIST.replace("id: list-day", "id: call-day") + "title: again\n",
        "01-first-hours/04-stray.yaml": "x",
    }

    places = [(problem.file.rpartition("/")[2], problem.line) for problem in parsed(files).problems]
    assert places == [
        ("01-a-call.yaml", 4),
        ("01-a-call.yaml", 21),
        ("01-a-call.yaml", 27),
        ("02-a-list.yaml", 17),
        ("02-a-list.yaml", 33),
        ("04-stray.yaml", 1),
        ("module.yaml", 6),
        ("course.yaml", 1),
    ]


@pytest.mark.parametrize("text", ["just words", "- a\n- b\n", "[]", "{}", '""'])
def test_a_file_that_is_no_map_is_told_in_place(text: str) -> None:
    result = parsed({**FILES, CALL_FILE: text})

    assert result.course is None
    assert {(problem.file, problem.line) for problem in result.problems} == {(CALL_FILE, 1)}


@given(file=st.sampled_from(sorted(FILES)), text=st.text())
def test_any_text_for_a_file_gives_problems_and_never_raises(file: str, text: str) -> None:
    result = parsed({**FILES, file: text})

    assert result.course is None
    assert result.problems


@given(st.data())
def test_any_damage_to_a_lesson_is_read_or_told_and_never_raises(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(CALL)))
    end = data.draw(st.integers(start, min(len(CALL), start + 80)))
    damaged = CALL[:start] + data.draw(st.text(alphabet=":-[]{}&*\"' \n#ab", max_size=8)) + CALL[end:]

    result = parsed({**FILES, CALL_FILE: damaged})

    assert (result.course is None) == any(one.severity is Severity.ERROR for one in result.problems)
