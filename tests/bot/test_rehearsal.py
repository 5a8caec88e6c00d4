"""An author plays a course in the terminal: lines go in, a transcript comes out, and the real bot answers."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk import DeskError
from bot.rehearsal import course_named, rehearse
from bot.settings import Settings
from bot.terminal import text_of
from lessons.catalogue import BUILT_IN, BrokenCourse
from lessons.course import Course, Question
from lessons.grading import shown_order
from tests.lessons.sample import CALL, CALL_FILE, FILES, parsed

pytestmark = pytest.mark.slow  # a whole service in a terminal

SATURDAY = datetime(2026, 11, 21, 16, 40, tzinfo=UTC)  # 22:40 in Dhaka, where the week begins the next morning
FIRST_MORNING = "Sunday 22 November, 08:30"


@pytest.fixture(scope="module")
def course() -> Course:
    course = parsed(FILES).course
    assert course is not None
    return course


async def played(course: Course, *lines: str, lesson: str | None = None, end: str = "\n") -> str:
    """The transcript in one line of words, without frames."""
    out = io.StringIO()
    typed = io.StringIO("".join(f"{line}{end}" for line in lines))
    await rehearse(course, lesson=lesson, lines=typed, out=out, now=SATURDAY, settings=Settings())
    return " ".join(re.sub(r"[─│╭╮╰╯]", " ", out.getvalue()).split())


def number_of(question: Question, wanted: str) -> str:
    """What an author types for a choice at its first asking."""
    return str(1 + [str(choice.id) for choice in shown_order(question, enrolment=1, number=1)].index(wanted))


def day_question(course: Course) -> Question:
    return course.lessons[0].questions[0]


async def test_the_first_lesson_stands_there_on_the_first_working_morning(course: Course) -> None:
    transcript = await played(course)
    assert f"{FIRST_MORNING} A call at night The first hours · lesson 1 of 2" in transcript
    assert "[1] To the question" in transcript


async def test_a_lesson_that_is_named_comes_straight_away(course: Course) -> None:
    transcript = await played(course, lesson="a-list")
    assert "lesson 2 of 2" in transcript
    assert "lesson 1 of 2" not in transcript


async def test_after_the_lesson_that_was_named_none_of_the_earlier_ones_comes(course: Course) -> None:
    transcript = await played(course, "1", "1", "1", "+4w", lesson="a-list")
    assert "lesson 1 of 2" not in transcript
    assert "Once more" in transcript


async def test_three_taps_bring_the_feedback(course: Course) -> None:
    right = number_of(day_question(course), "place")
    transcript = await played(course, "1", right, "1")
    assert "How sure are you of this?" in transcript
    assert "✅ Where she is now Help needs a place, as the handbook says." in transcript
    assert "Right, and you knew it." in transcript


async def test_a_wrong_answer_costs_what_its_because_says(course: Course) -> None:
    transcript = await played(course, "1", number_of(day_question(course), "papers"), "1")
    assert "You chose: Her passport number Papers can wait; an hour may not. ✅ Better: Where she is now" in transcript


async def test_the_next_event_of_an_unread_lesson_is_its_reminder(course: Course) -> None:
    assert "Sunday 22 November, 12:30 A call at night waits for a quiet moment" in await played(course, "n")


async def test_the_clock_stops_at_everything_that_is_due_on_the_way(course: Course) -> None:
    transcript = await played(course, "+2d", "q")
    assert transcript.index("12:30 A call at night waits") < transcript.index("Monday 23 November, 09:00")
    assert transcript.endswith("Dhaka, Tuesday 24 November, 08:30 > q Nothing was kept.")


@pytest.mark.parametrize(
    ("typed", "stands_at"),
    [
        ("+15m", "Sunday 22 November, 08:45"),
        ("+3h", "Sunday 22 November, 11:30"),
        ("+ 3 h", "Sunday 22 November, 11:30"),
        ("+1d", "Monday 23 November, 08:30"),
        ("+1w", "Sunday 29 November, 08:30"),
    ],
)
async def test_the_clock_goes_as_far_as_it_is_told(course: Course, typed: str, stands_at: str) -> None:
    assert f"> {typed} " in (transcript := await played(course, typed))
    assert transcript.endswith(f"Dhaka, {stands_at} > q Nothing was kept.")


async def test_an_hour_in_which_nothing_happens_is_said_so(course: Course) -> None:
    assert "> +1h Nothing happened until then." in await played(course, "+1h")


async def test_a_question_comes_back_when_the_ladder_says(course: Course) -> None:
    wrong = number_of(course.lessons[1].questions[0], "papers")
    transcript = await played(course, "1", wrong, "2", "+10d", lesson="a-list")
    assert "Wednesday 2 December, 08:30 Once more: A call at night" in transcript


async def test_an_answer_without_a_sure_tap_has_its_feedback_above_the_next_lesson(course: Course) -> None:
    transcript = await played(course, "1", "1", "n")
    assert f"{FIRST_MORNING} > n Monday 23 November, 08:30 Your last answer" in transcript
    assert "lesson 2 of 2" in transcript


async def test_after_the_kind_pause_nothing_more_comes_but_the_word_about_the_deadline(course: Course) -> None:
    assert "so the lessons rest from today" in (transcript := await played(course, "+2w", "n", "n"))
    assert "> n Monday 12 April, 09:00 The deadline" in transcript
    assert "> n Nothing more comes by itself." in transcript


@pytest.mark.parametrize("word", ["progress", "/progress"])
async def test_a_command_works_as_on_the_phone(course: Course, word: str) -> None:
    assert "Lessons done: 0 of 2" in await played(course, word)


async def test_a_learner_may_not_do_what_coordinators_do(course: Course) -> None:
    assert "This is for coordinators." in await played(course, "broadcast")


async def test_the_bot_hears_words_where_it_waits_for_them(course: Course) -> None:
    settings = await played(course, "settings")
    posting = re.findall(r"\[(\d)\] New posting", settings)[0]
    assert "Jeddah, Saudi Arabia" in await played(course, "settings", posting, "Jeddah")


async def test_buttons_further_up_can_still_be_tapped(course: Course) -> None:
    transcript = await played(course, "progress", "2")
    assert "Above, “A call at night”: [2] To the question" in transcript
    assert "What do you ask first?" in transcript


async def test_buttons_that_were_used_are_gone(course: Course) -> None:
    transcript = await played(course, "1", "progress")
    assert "To the question" not in transcript.split("> progress")[1]


@pytest.mark.parametrize("line", ["9", "0", "999"])
async def test_a_number_that_no_button_has_is_told_so(course: Course, line: str) -> None:
    assert f"There is no [{int(line)}] to tap now." in await played(course, line)


@pytest.mark.parametrize("line", ["teach me", "+4", "+9999w", "²", "-1", "/", "/nosuch", "[1]", "<b>"])
async def test_a_line_that_means_nothing_is_answered_with_the_keys(course: Course, line: str) -> None:
    transcript = await played(course, line)
    assert f"“{line}” means nothing here. A number taps" in transcript


async def test_an_empty_line_does_nothing(course: Course) -> None:
    assert (await played(course, "", "q")).endswith("08:30 > Dhaka, Sunday 22 November, 08:30 > q Nothing was kept.")


async def test_the_end_of_the_lines_ends_the_rehearsal(course: Course) -> None:
    assert (await played(course, "progress", end="")).endswith("Nothing was kept.")


async def test_a_lesson_that_is_not_there_is_named_with_the_nearest(course: Course) -> None:
    with pytest.raises(DeskError, match=r"--lesson 'a-cal' is none of the lessons of night-calls; did you mean a-call"):
        await played(course, lesson="a-cal")


def test_a_course_is_found_by_its_id() -> None:
    assert course_named(BUILT_IN).id == BUILT_IN


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / "night-calls" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "night-calls" / name).write_text(text, "utf-8")
    return tmp_path / "night-calls"


def test_a_course_is_found_by_its_folder(folder: Path) -> None:
    assert course_named(str(folder)).id == "night-calls"


def test_a_further_course_is_found_by_its_id(folder: Path) -> None:
    assert course_named("night-calls", folder.parent).id == "night-calls"


def test_a_broken_course_is_refused_with_all_that_is_wrong(folder: Path) -> None:
    (folder / CALL_FILE).write_text(CALL.replace("key: place", "key: x"), "utf-8")
    with pytest.raises(BrokenCourse, match=r"01-a-call\.yaml:21: the key `x`"):
        course_named(str(folder))


def test_a_folder_without_a_course_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match=r"holds no course\.yaml; give the folder of a course"):
        course_named(str(tmp_path))


def test_an_unknown_course_is_answered_with_those_there_are() -> None:
    with pytest.raises(DeskError, match=f"there is {BUILT_IN}"):
        course_named("astronomy")


def test_markup_becomes_styles_and_escapes_become_letters() -> None:
    text = text_of('<b>A &amp; B</b> <a href="https://example.org">C</a>')
    assert text.plain == "A & B C"
    assert [
        (text.plain[span.start : span.end], str(span.style)) for span in text.spans if str(span.style) != "none"
    ] == [
        ("A & B", "bold"),
        ("C", "underline link https://example.org"),
    ]
