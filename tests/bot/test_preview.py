"""A lesson on one page, and the authors' manual, whose worked lesson and whose errors are real."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

import lessons
from bot import preview as page_module
from bot.desk import DeskError
from bot.preview import piece_named, preview
from bot.screens import Screens, screens_of
from lessons import catalogue
from lessons.catalogue import BrokenCourse, built_in
from lessons.course import Course, Role
from lessons.shapes import BECAUSE_LIMIT, CARD_LIMIT, LESSON_TARGET
from tests.lessons.sample import FILES, parsed

MANUAL = (Path(lessons.__file__).parent / "content" / "README.md").read_text("utf-8")
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def course() -> Course:
    return built_in()


@pytest.fixture(scope="module")
def shown(course: Course) -> Screens:
    return screens_of(course, course.lessons[0].id)


@pytest.fixture(scope="module")
def page(course: Course) -> str:
    return preview(course, course.lessons[0].id)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# What there is to see


def test_each_role_has_its_screens(shown: Screens) -> None:
    assert list(shown.asked) == list(Role)


def test_each_choice_is_answered_sure_and_not_sure(shown: Screens) -> None:
    for asked in shown.asked.values():
        letters = "ABC"[: len(asked.question.choices)]
        assert [(a.letter, a.sure) for a in asked.answers] == [
            (each, sure) for sure in (True, False) for each in letters
        ]


def test_one_letter_is_right(shown: Screens) -> None:
    for asked in shown.asked.values():
        assert len({answer.letter for answer in asked.answers if answer.correct}) == 1


def test_what_comes_next_depends_on_verdict_and_confidence(shown: Screens) -> None:
    day = shown.asked[Role.DAY].answers
    said = {(a.correct, a.sure): re.findall(r"\n\n([^\n]*)\n[^\n]*$", a.shown.message.html)[0] for a in day}
    assert said == {
        (True, True): "Right, and you knew it. A sister case follows on Thursday 10 December, to make it last.",
        (True, False): "Right, though you were not sure. We ask again on Thursday 10 December, so that it settles.",
        (
            False,
            True,
        ): "You were sure, and that is how the correction will stick. It comes back on Thursday 26 November.",
        (False, False): "You doubted it, and rightly. It comes back on Wednesday 2 December.",
    }


def test_the_repeat_after_a_right_answer_masters_the_lesson(shown: Screens) -> None:
    right = [a.sure for a in shown.asked[Role.REPEAT].answers if "you have mastered this one" in a.shown.message.html]
    assert right == [True]


def test_a_kept_question_brings_nothing_back(shown: Screens) -> None:
    assert not [a for a in shown.asked[Role.KEPT].answers if "back on" in a.shown.message.html]


def test_three_reminders_and_the_kind_pause_come_on_their_days(shown: Screens) -> None:
    assert [each.at.isoformat() for each in shown.reminders] == [
        "2026-11-22T09:30:00+00:00",
        "2026-11-23T06:00:00+00:00",
        "2026-11-25T06:00:00+00:00",
        "2026-11-26T06:00:00+00:00",
    ]


def test_no_lesson_follows_the_last_one(course: Course) -> None:
    last = screens_of(course, course.lessons[-1].id)
    assert "Next lesson" not in last.asked[Role.DAY].answers[0].shown.message.html


def test_a_lesson_without_every_role_shows_what_it_has() -> None:
    small = parsed(FILES).course
    assert small is not None
    assert list(screens_of(small, "a-call").asked) == [Role.DAY]
    assert "Kept for the checks" not in preview(small, "a-call")


# The page


class Tags(HTMLParser):
    """Every tag opened and closed in turn, and every attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.classes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.classes += [one for name, value in attrs if name == "class" for one in (value or "").split()]
        if tag not in ("meta", "base", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_tag_is_closed_in_its_turn(page: str) -> None:
    assert Tags(page).open == []


def test_the_page_has_a_phone_for_every_screen(page: str) -> None:
    assert Tags(page).classes.count("phone") == 4 + 6 + 2 + 6 + 2 + 6


def test_the_words_are_those_of_the_phone(page: str, shown: Screens) -> None:
    there = words(page)
    for asked in shown.asked.values():
        for each in (shown.lesson, asked.put, asked.chosen, *(answer.shown for answer in asked.answers)):
            assert words(each.message.html) in there


def test_every_button_is_shown(page: str) -> None:
    for label in ("To the question", "Not sure", "Read it now", "Pause the lessons", "Resume", "Report a mistake"):
        assert f"<span class=key>{label}" in page


def test_the_page_loads_nothing_from_anywhere(page: str, course: Course) -> None:
    tags = Tags(page)
    assert not re.search(r"<(script|link|img|iframe|object)\b|@import|url\(|\bsrc=", page)
    sources = {source.address for source in course.lessons[0].sources}
    assert {v for tag, name, v in tags.attributes if name == "href" and not v.startswith("#")} == sources


def test_the_page_is_the_same_for_the_same_lesson(page: str, course: Course) -> None:
    assert preview(course, course.lessons[0].id) == page


def test_what_an_author_writes_cannot_become_markup() -> None:
    files = {name: text.replace("A call at night", '<b>&"$title') for name, text in FILES.items()}
    sneaky = parsed(files).course
    assert sneaky is not None
    shown = preview(sneaky, "a-call")
    assert "<h1>&lt;b&gt;&amp;&quot;$title</h1>" in shown
    assert Tags(shown).open == []


@pytest.mark.slow
def test_every_lesson_of_the_course_can_be_shown(course: Course) -> None:
    for lesson in course.lessons:
        assert Tags(preview(course, lesson.id)).open == []


def test_an_unknown_lesson_has_no_page(course: Course) -> None:
    with pytest.raises(DeskError, match="'none' is no lesson of migration-diplomacy"):
        preview(course, "none")


def test_the_template_lies_in_the_package() -> None:
    assert (Path(page_module.__file__).parent / "preview.html").is_file()


# Finding a lesson


def test_a_lesson_is_found_by_its_id(course: Course) -> None:
    found, lesson = piece_named(course.lessons[3].id)
    assert (found.id, lesson) == (course.id, course.lessons[3].id)


def test_a_misspelt_id_is_answered_with_the_nearest() -> None:
    with pytest.raises(DeskError, match=r"did you mean a-death-abroad\?"):
        piece_named("a-deth-abroad")


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match=r"There is no file .*none\.yaml"):
        piece_named(str(tmp_path / "none.yaml"))


# The manual


@pytest.fixture
def my_course(tmp_path: Path) -> Path:
    """The folder that the manual tells its reader to make."""
    for name, text in re.findall(r"\*\*`(my-course/[^`]+)`\*\*\n\n```yaml\n(.*?)```", MANUAL, re.DOTALL):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path / "my-course"


LESSON = "01-first-steps/01-a-letter-from-a-cell.yaml"
DAY = "letter-from-a-cell-day"


def test_the_worked_lesson_has_no_problem(my_course: Path) -> None:
    assert [str(problem) for problem in catalogue.check(my_course, today=TODAY)] == []


def test_the_worked_lesson_can_be_looked_at_by_its_file(my_course: Path) -> None:
    shown = preview(*piece_named(str(my_course / LESSON)))
    assert "<h1>A letter from a cell</h1>" in shown


def test_a_file_that_is_no_lesson_has_no_page(my_course: Path) -> None:
    (my_course / "01-first-steps" / "02-more.yaml").write_text("id: more", "utf-8")
    with pytest.raises(BrokenCourse):
        piece_named(str(my_course / "01-first-steps" / "02-more.yaml"))
    (my_course / "01-first-steps" / "02-more.yaml").unlink()
    with pytest.raises(DeskError, match=r"is no lesson of my-course and no simulation; give the file of one"):
        piece_named(str(my_course / "01-first-steps" / "module.yaml"))


MODULE = "01-first-steps/module.yaml"
QUOTED = re.findall(r"^\| (`+) ?(.*?) ?\1 \|", MANUAL.partition("## What the errors mean")[2], re.MULTILINE)
LAST_BECAUSE = (
    "        because: >-\n          So says article 36(1)(b). It is short enough to quote by heart at a prison gate.\n"
)
# What the manual's table quotes, and the slips of a pen that bring it: file, words, what stands there instead.
SLIPS = {
    f"the key `full-efect` of question {DAY} is none of its choices": [(LESSON, "key: full-effect", "key: full-efect")],
    "choice pass-on of question letter-from-a-cell-kept has no `because`": [(LESSON, LAST_BECAUSE, "")],
    f"the question id `{DAY}` is used already": [(LESSON, "id: letter-from-a-cell-repeat", f"id: {DAY}")],
    "no module names this lesson": [(MODULE, "01-a-letter-from-a-cell", "01-a-letter")],
    "cites the source `vienna`, which is not here": [(LESSON, "sources: [vienna-convention]", "sources: [vienna]")],
    f"`stems` in question {DAY} is a key that nothing reads": [(LESSON, "    stem: >-", "    stems: >-")],
    "characters; cut it to 160": [(LESSON, "Then we wait.", "Then we wait. " * 9)],
    "is not YAML": [(LESSON, "text: >-\n      A released prisoner", "text:\n      A: prisoner")],
    "a second question has the role `repeat`": [(LESSON, "    role: kept", "    role: repeat")],
    "the review was due on 2026-05-20": [(LESSON, "2027-05-20", "2026-05-20")],
    "the key is the longest choice": [
        (LESSON, "May I fetch it today?", "May I come and fetch it today, this morning?"),
        (
            LESSON,
            "without delay.\n        because: >-\n          So says",
            "without delay, whatever the hour, and whole.\n        because: >-\n          So says",
        ),
    ],
}


def test_every_error_that_the_manual_explains_is_tried_here() -> None:
    assert [quoted for _, quoted in QUOTED] == list(SLIPS)


@pytest.mark.parametrize("quoted", SLIPS)
def test_an_error_reads_as_the_manual_says(my_course: Path, quoted: str) -> None:
    for file, old, new in SLIPS[quoted]:
        text = (my_course / file).read_text("utf-8")
        assert old in text
        (my_course / file).write_text(text.replace(old, new, 1), "utf-8")
    problems = [str(problem) for problem in catalogue.check(my_course, today=TODAY)]
    assert [problem for problem in problems if quoted in problem], problems


def test_the_numbers_of_the_manual_are_those_of_the_checker() -> None:
    cards, card, because = (
        re.search(p, MANUAL)
        for p in (r"At most (\d+) characters in the cards", r"no card over (\d+)", r"At most (\d+) characters\.\n")
    )
    assert cards
    assert card
    assert because
    assert (int(cards[1]), int(card[1]), int(because[1])) == (LESSON_TARGET, CARD_LIMIT, BECAUSE_LIMIT)
