"""Folders on a disk: whole ones load, broken ones name every file, links and wrong folders are refused."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from lessons import catalogue
from lessons.course import CourseError
from lessons.problem import Severity
from lessons.strict_yaml import LARGEST_FILE
from tests.lessons.sample import CALL, CALL_FILE, FILES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample course in a folder of its own."""
    course = tmp_path / "night-calls"
    for name, text in FILES.items():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text, encoding="utf-8")
    return course


def test_a_whole_folder_loads(folder: Path) -> None:
    assert catalogue.load(folder).id == "night-calls"


def test_a_broken_folder_raises_every_error_with_its_file(folder: Path) -> None:
    (folder / CALL_FILE).write_text(CALL.replace("key: place", "key: x").replace("kind: case", "kind: y"))

    with pytest.raises(CourseError) as caught:
        catalogue.load(folder)

    assert isinstance(caught.value, catalogue.BrokenCourse)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        f"{folder / CALL_FILE}:19",
        f"{folder / CALL_FILE}:21",
    ]
    assert len(caught.value.problems) == 2


def test_reading_a_broken_folder_raises_nothing(folder: Path) -> None:
    (folder / CALL_FILE).write_bytes(b"\xff\xfe\x00")

    course, problems = catalogue.read(folder)

    assert course is None
    assert "not UTF-8" in problems[0].sentence


def test_a_file_is_named_as_the_folder_was_typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    (folder / CALL_FILE).write_text("")

    _, problems = catalogue.read(Path("night-calls"))

    assert str(problems[0]).startswith("night-calls/01-first-hours/01-a-call.yaml:1: the file is empty")


def test_notes_and_hidden_files_beside_the_lessons_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("for authors")
    (folder / "01-first-hours" / ".01-a-call.yaml.swp").write_bytes(b"\x00")
    (folder / "01-first-hours" / "._02-a-list.yaml").write_bytes(b"\x00")

    assert catalogue.read(folder)[1] == ()


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_without_a_course_is_told(tmp_path: Path, name: str) -> None:
    course, problems = catalogue.read(tmp_path / name)

    assert course is None
    assert len(problems) == 1
    assert "give the folder that holds course.yaml" in problems[0].sentence


def test_a_link_in_place_of_a_lesson_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(CALL)
    (folder / CALL_FILE).unlink()
    (folder / CALL_FILE).symlink_to(tmp_path / "outside.yaml")

    course, problems = catalogue.read(folder)

    assert course is None
    assert [str(problem) for problem in problems] == [
        f"{folder / CALL_FILE}:1: a link stands in place of a file; copy the file here"
    ]


def test_a_link_in_place_of_a_module_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "01-first-hours").rename(tmp_path / "outside")
    (folder / "01-first-hours").symlink_to(tmp_path / "outside")

    course, problems = catalogue.read(folder)

    assert course is None
    assert any("a link stands in place of a file" in problem.sentence for problem in problems)


def test_a_pipe_in_place_of_a_lesson_does_not_hang(folder: Path) -> None:
    (folder / CALL_FILE).unlink()
    os.mkfifo(folder / CALL_FILE)

    course, problems = catalogue.read(folder)

    assert course is None
    assert any(problem.file.endswith(CALL_FILE) for problem in problems)


def test_a_file_that_is_too_large_is_read_no_further(folder: Path) -> None:
    (folder / CALL_FILE).write_bytes(b"x" * (LARGEST_FILE * 4))

    _, problems = catalogue.read(folder)

    assert [problem.sentence for problem in problems] == ["the file is larger than 256 KiB; split it"]


def test_courses_are_found_in_a_folder_of_courses(folder: Path) -> None:
    (folder.parent / "notes").mkdir()

    assert catalogue.course_folders(folder.parent) == (folder,)
    assert catalogue.course_folders(folder) == (folder,)
    assert catalogue.course_folders(folder / "nowhere") == ()


def test_a_check_adds_lints_with_their_lines(folder: Path) -> None:
    problems = catalogue.check(folder, today=date(2027, 6, 1))

    late = [problem for problem in problems if "the review was due" in problem.sentence]
    assert [(problem.file, problem.line) for problem in late] == [
        (str(folder / CALL_FILE), 1),
        (str(folder / "01-first-hours/02-a-list.yaml"), 1),
    ]


def test_a_check_of_a_broken_folder_tells_its_errors(folder: Path) -> None:
    (folder / CALL_FILE).write_text("")

    errors = [one for one in catalogue.check(folder, today=date(2026, 11, 23)) if one.severity is Severity.ERROR]

    assert [str(one) for one in errors] == [
        f"{folder / CALL_FILE}:1: the file is empty; write its content or delete it"
    ]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("course.yaml", ""),
        ("01-first-hours/module.yaml", "lessons: [01-a-call, 02-a-list]\n"),
        (CALL_FILE, "{"),
        (CALL_FILE, None),
    ],
)
def test_the_sound_lessons_of_a_broken_folder_are_linted_at_their_own_lines(
    folder: Path, file: str, text: str | None
) -> None:
    (folder / file).unlink() if text is None else (folder / file).write_text(text)

    late = [one for one in catalogue.check(folder, today=date(2027, 6, 1)) if "the review was due" in one.sentence]

    assert (str(folder / "01-first-hours/02-a-list.yaml"), 1) in [(one.file, one.line) for one in late]


def test_nothing_is_linted_where_no_lesson_is_sound(folder: Path) -> None:
    for file in (CALL_FILE, "01-first-hours/02-a-list.yaml"):
        (folder / file).write_text("")

    assert {one.severity for one in catalogue.check(folder, today=date(2027, 6, 1))} == {Severity.ERROR}


def test_without_a_folder_of_further_courses_the_built_in_one_is_taught() -> None:
    found, problems = catalogue.courses(None)

    assert (list(found), problems) == ([catalogue.BUILT_IN], ())


def test_further_courses_are_taught_beside_the_built_in_one(folder: Path) -> None:
    found, problems = catalogue.courses(folder.parent)

    assert (list(found), problems) == ([catalogue.BUILT_IN, "night-calls"], ())


def test_one_further_course_may_be_named_itself(folder: Path) -> None:
    assert "night-calls" in catalogue.courses(folder)[0]


def test_a_broken_further_course_is_refused_whole_and_the_others_stay(folder: Path) -> None:
    shutil.copytree(folder, folder.parent / "day-calls")
    (folder.parent / "day-calls" / "course.yaml").write_text(FILES["course.yaml"].replace("night", "day"))
    (folder / CALL_FILE).write_text(CALL.replace("key: place", "key: x").replace("kind: case", "kind: y"))

    found, problems = catalogue.courses(folder.parent)

    assert list(found) == [catalogue.BUILT_IN, "day-calls"]
    assert {(one.file, one.line) for one in problems} == {(str(folder / CALL_FILE), 19), (str(folder / CALL_FILE), 21)}


@pytest.mark.parametrize(
    ("course_id", "said"),
    [
        ("migration-diplomacy", "the id `migration-diplomacy` is that of the built-in course"),
        ("day-calls", "the id `day-calls` is that of a course before it"),
    ],
)
def test_a_further_course_with_an_id_that_is_taken_is_refused(folder: Path, course_id: str, said: str) -> None:
    (folder / "course.yaml").write_text(FILES["course.yaml"].replace("night-calls", course_id))
    shutil.copytree(folder, folder.parent / "a-copy")
    (folder.parent / "a-copy" / "course.yaml").write_text(FILES["course.yaml"].replace("night-calls", "day-calls"))

    found, problems = catalogue.courses(folder.parent)

    assert list(found) == [catalogue.BUILT_IN, "day-calls"]
    assert [str(one).split(";")[0] for one in problems] == [f"{folder / 'course.yaml'}:1: {said}"]


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_of_further_courses_that_holds_none_is_told(tmp_path: Path, name: str) -> None:
    found, problems = catalogue.courses(tmp_path / name)

    assert list(found) == [catalogue.BUILT_IN]
    assert [str(one).startswith(f"{tmp_path / name}:1: there is no course here") for one in problems] == [True]
