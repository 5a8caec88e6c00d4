"""Where courses come from: the only module of the teaching that reads files."""

import dataclasses
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from lessons import checking, parsing
from lessons.checking import Figures
from lessons.course import Course, CourseError, CourseId
from lessons.problem import Place, Problem, Severity
from lessons.salvage import sound_parts
from lessons.strict_yaml import LARGEST_FILE

BUILT_IN = "migration-diplomacy"
MOST_FILES = 2000  # of one course; more is a wrong folder, not a course


class BrokenCourse(CourseError):
    """A folder that cannot be taught; `problems` holds every error and warning of it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(one) for one in problems if one.severity is Severity.ERROR))
        self.problems = problems


@cache
def built_in() -> Course:
    """The course that comes with the package, read once: its files do not change under it. Raises BrokenCourse."""
    return _whole(_parse(_built_in_folder()))


def load(folder: Path) -> Course:
    """The course of a folder. Raises BrokenCourse with every problem when there is an error."""
    return _whole(_parse(folder))


def read(folder: Path) -> tuple[Course | None, tuple[Problem, ...]]:
    """The course of a folder, None when it is broken, and every problem of it."""
    parsed = _parse(folder)
    return parsed.course, parsed.problems


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: course and figures are None where there is an error, and then every other problem is told."""

    course: Course | None
    problems: tuple[Problem, ...]
    figures: Figures | None
    places: checking.Places


def check(folder: Path | None = None, *, today: date) -> tuple[Problem, ...]:
    """Every problem and every lint of a folder, of the built-in course for None."""
    return checked(folder, today=today).problems


def checked(folder: Path | None = None, *, today: date) -> Checked:
    """The same with the course and its figures. The sound lessons of a broken course are linted all the same."""
    where = folder or _built_in_folder()
    files, refused = _files(where)
    parsed = _parsed(where, files, refused)
    if parsed.course is None:
        return Checked(None, tuple(sorted({*parsed.problems, *_of_sound_parts(where, files, parsed, today)})), None, {})
    course, places = parsed.course, parsed.places
    figures = checking.figures(course)
    found = checking.of_parts(course, today=today, places=places) + checking.of_whole(course, figures, places=places)
    return Checked(course, tuple(sorted({*parsed.problems, *found})), figures, places)


def _of_sound_parts(
    where: Traversable, files: dict[str, bytes], parsed: parsing.Parsed, today: date
) -> tuple[Problem, ...]:
    errors = {one.file for one in parsed.problems if one.severity is Severity.ERROR}
    sound = sound_parts(files, [file for file in files if str(where / file) in errors])
    if sound is None or sound.course is None:
        return ()
    return checking.of_parts(sound.course, today=today, places=_named_places(where, sound.places))


def courses(extra: Path | None = None) -> tuple[dict[CourseId, Course], tuple[Problem, ...]]:
    """The built-in course and every course in the folder `extra`, by id, and why others are refused.

    A course with an error, or with an id that is taken, is refused whole with all its problems; the others stay.
    Raises BrokenCourse only for the built-in one.
    """
    first = built_in()
    found = {first.id: first}
    if extra is None:
        return found, ()
    try:
        folders = course_folders(extra)
    except OSError as error:
        return found, (Problem(str(extra), 1, f"this cannot be read ({error.strerror}); mend its permissions"),)
    if not folders:
        sentence = "there is no course here; give a folder that holds folders with a course.yaml"
        return found, (Problem(str(extra), 1, sentence),)
    refused: list[Problem] = []
    for folder in folders:
        parsed = _parse(folder)
        if parsed.course is None:
            refused += parsed.problems
        elif parsed.course.id in found:
            other = "the built-in course" if parsed.course.id == first.id else "a course before it"
            sentence = f"the id `{parsed.course.id}` is that of {other}; give this course an id of its own"
            refused.append(Problem(str(folder / parsing.COURSE_FILE), 1, sentence))
        else:
            found[parsed.course.id] = parsed.course
    return found, tuple(refused)


def course_folders(path: Path) -> tuple[Path, ...]:
    """The folders of courses at a path: itself if it holds a course.yaml, else those in it that do."""
    if (path / parsing.COURSE_FILE).is_file():
        return (path,)
    inside = sorted(path.iterdir()) if path.is_dir() else []
    return tuple(folder for folder in inside if (folder / parsing.COURSE_FILE).is_file())


def _built_in_folder() -> Traversable:
    return resources.files("lessons") / "content" / BUILT_IN


def _whole(parsed: parsing.Parsed) -> Course:
    if parsed.course is None:
        raise BrokenCourse(parsed.problems)
    return parsed.course


def _parse(folder: Traversable) -> parsing.Parsed:
    """Parse a folder and name its files as someone who types in this working directory would."""
    return _parsed(folder, *_files(folder))


def _parsed(folder: Traversable, files: dict[str, bytes], refused: list[Problem]) -> parsing.Parsed:
    unreadable = frozenset(one.file for one in refused)
    parsed = parsing.parse(files, unreadable=unreadable) if files else parsing.Parsed(None, (), {})
    problems = [dataclasses.replace(one, file=str(folder / one.file)) for one in (*parsed.problems, *refused)]
    places = _named_places(folder, parsed.places)
    if parsed.course is not None:
        places["course", parsed.course.id] = Place(str(folder / parsing.COURSE_FILE), 1)
    return parsing.Parsed(parsed.course, tuple(sorted(problems)), places)


def _named_places(folder: Traversable, places: checking.Places) -> dict[tuple[str, str], Place]:
    return {key: Place(str(folder / place.file), place.line) for key, place in places.items()}


def _files(folder: Traversable) -> tuple[dict[str, bytes], list[Problem]]:
    """The YAML files of a course's folder and of the folders in it, and what was refused."""
    files: dict[str, bytes] = {}
    refused: list[Problem] = []
    if not folder.is_dir():
        return files, [Problem("", 1, "there is no such folder; give the folder that holds course.yaml")]
    name = ""
    try:
        for name, item in itertools.islice(_yaml_files(folder), MOST_FILES + 1):
            if sentence := _refusal(item, in_a_folder="/" in name):
                refused.append(Problem(name, 1, sentence))
                continue
            with item.open("rb") as stream:
                files[name] = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        refused.append(Problem(name, 1, f"this cannot be read ({error.strerror}); mend its permissions"))
    if len(files) > MOST_FILES:
        refused.append(Problem("", 1, f"the folder has more than {MOST_FILES} files; is it a course?"))
    if not files and not refused:
        sentence = "the folder holds no YAML file; give the folder that holds course.yaml"
        refused.append(Problem("", 1, sentence))
    return files, refused


def _refusal(item: Traversable, *, in_a_folder: bool) -> str | None:
    """Why this is not read: content stands in its own folder, and a pipe would hang the reader."""
    if isinstance(item, Path) and (item.is_symlink() or (in_a_folder and item.parent.is_symlink())):
        return "a link stands in place of a file; copy the file here"
    if not item.is_file():
        return "this is not a file; put the YAML text here"
    return None


def _yaml_files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for item in _in_order(folder):
        if item.is_dir():
            yield from ((f"{item.name}/{inner.name}", inner) for inner in _in_order(item) if _is_yaml(inner))
        elif _is_yaml(item):
            yield item.name, item


def _in_order(folder: Traversable) -> list[Traversable]:
    return sorted((one for one in folder.iterdir() if not one.name.startswith(".")), key=lambda one: one.name)


def _is_yaml(item: Traversable) -> bool:
    return item.name.endswith((".yaml", ".yml")) and not item.is_dir()
