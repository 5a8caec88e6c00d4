"""A folder of YAML files to one Course, gathering every problem of every file on the way.

Pure: the files come in as bytes. Shapes are checked by pydantic; what ties keys and files together is checked
on the trees, so that a file with a missing key still hears of a wrong one.
"""

import dataclasses
import difflib
from collections.abc import Iterator
from collections.abc import Mapping as Files
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from lessons import shapes, strict_yaml
from lessons.course import (
    SLUG,
    Cadence,
    Card,
    Choice,
    ChoiceId,
    Course,
    CourseId,
    Lesson,
    LessonId,
    Module,
    ModuleId,
    Question,
    QuestionId,
    Source,
    Term,
)
from lessons.glossary_file import GLOSSARY_FILE, GlossaryShape, glossary_problems, terms_of
from lessons.lesson_rules import lesson_problems
from lessons.problem import Place, Problem, Severity
from lessons.sentences import plain, problems_of
from lessons.simulation import Simulation
from lessons.simulation_file import SimulationShape, simulation_of
from lessons.simulation_rules import Around, places_of, simulation_problems
from lessons.strict_yaml import Mapping, Scalar

COURSE_FILE = "course.yaml"
MODULE_FILE = "module.yaml"
SIMULATIONS = "simulations"  # the folder

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a folder: a course only when no problem is an error."""

    course: Course | None
    problems: tuple[Problem, ...]
    places: Files[tuple[str, str], Place]  # ("lesson" | "question" | "module" | "term" | …, id) → where it is written


def parse(files: Files[str, bytes], *, unreadable: frozenset[str] = frozenset()) -> Parsed:
    """Read a course from its files.

    `files` maps paths inside the course's folder, at most one folder deep ("01-words/02-who.yaml"), to bytes.
    `unreadable` are paths that the caller refused and tells of; no course comes of a folder that has one.
    """
    folder = _Folder(files, unreadable)
    course = folder.course()
    problems = tuple(sorted(set(folder.problems)))
    broken = bool(unreadable) or any(problem.severity is Severity.ERROR for problem in problems)
    return Parsed(None if broken else course, problems, folder.places)


class _Folder:
    """One reading of one folder."""

    def __init__(self, files: Files[str, bytes], unreadable: frozenset[str]) -> None:
        self.unreadable = unreadable
        self.files = files
        self.problems: list[Problem] = []
        self.places: dict[tuple[str, str], Place] = {}
        self.trees: dict[str, Mapping | None] = {}

    def course(self) -> Course | None:
        if COURSE_FILE not in self.files and COURSE_FILE not in self.unreadable:
            sentence = "the folder has no course.yaml; write one with id, title, language and modules"
            self.problems.append(Problem(COURSE_FILE, 1, sentence))
            return None
        shape = self.read(COURSE_FILE, shapes.CourseShape)
        names = tuple(self._listed(COURSE_FILE, "modules"))
        modules = [
            self._module(name.text) for name in names if self._is_there(f"{name.text}/{MODULE_FILE}", name, COURSE_FILE)
        ]
        self._unnamed_modules({name.text for name in names})
        whole = [module for module in modules if module]
        glossary = self._glossary()
        simulations = self._simulations()
        if shape is None or len(whole) != len(modules):
            return None
        given = shape.cadence.model_dump(exclude_none=True)
        cadence = dataclasses.replace(Cadence(), **given)
        return Course(CourseId(shape.id), shape.title, shape.language, tuple(whole), cadence, glossary, simulations)

    def _glossary(self) -> tuple[Term, ...]:
        """The terms; a course need not have any. A broken file is told of by its problems."""
        shape = self.read(GLOSSARY_FILE, GlossaryShape)
        tree = self.trees[GLOSSARY_FILE]
        if tree is None:
            return ()
        for term in tree.maps("terms"):
            self._claim("term", GLOSSARY_FILE, term)
        self.problems += glossary_problems(tree, lessons={name for what, name in self.places if what == "lesson"})
        return terms_of(shape) if shape else ()

    def _simulations(self) -> tuple[Simulation, ...]:
        """Those of the folder in the order of their files. A broken file is told of by its problems."""
        around = Around(*({name for what, name in self.places if what == kind} for kind in ("module", "term")))
        inside = sorted(file for file in self.files if file.partition("/")[0] == SIMULATIONS)
        found = [self._simulation(file, around) for file in inside]
        return tuple(simulation for simulation in found if simulation)

    def _simulation(self, file: str, around: Around) -> Simulation | None:
        shape = self.read(file, SimulationShape)
        if (tree := self.trees[file]) is None:
            return None
        self._claim("simulation", file, tree)
        self.places |= dict(places_of(tree, file))
        found = simulation_problems(tree, file, around)
        self.problems += found
        return simulation_of(shape) if shape and not found else None

    def _module(self, folder: str) -> Module | None:
        file = f"{folder}/{MODULE_FILE}"
        shape = self.read(file, shapes.ModuleShape)
        self._claim("module", file, self.trees[file])
        names = tuple(self._listed(file, "lessons"))
        lessons = [
            self._lesson(f"{folder}/{name.text}.yaml")
            for name in names
            if self._is_there(f"{folder}/{name.text}.yaml", name, file)
        ]
        self._unnamed_lessons(folder, {name.text for name in names})
        whole = [lesson for lesson in lessons if lesson]
        if shape is None or len(whole) != len(lessons):
            return None
        return Module(ModuleId(shape.id), shape.title, tuple(whole))

    def _lesson(self, file: str) -> Lesson | None:
        shape = self.read(file, shapes.LessonShape)
        tree = self.trees[file]
        if tree is None:
            return None
        self._claim("lesson", file, tree)
        for question in tree.maps("questions"):
            self._claim("question", file, question)
        found = lesson_problems(tree, file)
        self.problems += found
        if shape is None or any(problem.severity is Severity.ERROR for problem in found):
            return None
        return _lesson(shape)

    def read(self, file: str, shape: type[S]) -> S | None:
        """The file in its shape, or None with its problems noted; its tree is kept either way."""
        self.trees[file] = None
        if file not in self.files:
            return None
        tree, found = strict_yaml.load(self.files[file], file)
        self.problems += found
        if tree is None:
            return None
        self.trees[file] = tree if isinstance(tree, Mapping) else None
        try:
            return shape.model_validate(plain(tree))
        except ValidationError as error:
            self.problems += problems_of(error, shape=shape, root=tree, file=file)
            return None

    def _listed(self, file: str, key: str) -> Iterator[Scalar]:
        """The names a list gives, once each; no slug, no look-up: a name cannot leave the folder."""
        first: dict[str, int] = {}
        tree = self.trees[file]
        for name in tree.texts(key) if tree else ():
            if name.text in first:
                sentence = f"`{name.text}` stands twice, first in line {first[name.text]}; delete one"
                self.problems.append(Problem(file, name.line, sentence))
            elif SLUG.fullmatch(name.text):
                yield name
            first.setdefault(name.text, name.line)

    def _is_there(self, path: str, name: Scalar, file: str) -> bool:
        if path in self.files:
            return True
        if path in self.unreadable:
            return False
        close = difflib.get_close_matches(path, self.files, n=1, cutoff=0.8)
        mend = f"did you mean {close[0]}?" if close else "write it or delete the line"
        self.problems.append(Problem(file, name.line, f"`{name.text}` is named here but {path} is missing; {mend}"))
        return False

    def _unnamed_modules(self, named: set[str]) -> None:
        for file in self.files:
            folder, _, name = file.rpartition("/")
            if name == MODULE_FILE and folder not in named:
                self.problems.append(
                    Problem(file, 1, f"{COURSE_FILE} does not name the module `{folder}`; add it there")
                )

    def _unnamed_lessons(self, folder: str, named: set[str]) -> None:
        for file in self.files:
            inside, _, name = file.rpartition("/")
            if inside != folder or name == MODULE_FILE:
                continue
            stem, _, ending = name.rpartition(".")
            if ending != "yaml":
                self.problems.append(Problem(file, 1, f"the ending is .{ending}; rename the file to {stem}.yaml"))
            elif stem not in named:
                mend = f"add `{stem}` to {folder}/{MODULE_FILE} or delete the file"
                self.problems.append(Problem(file, 1, f"no module names this lesson; {mend}"))

    def _claim(self, what: str, file: str, owner: Mapping | None) -> None:
        """Note where an id is written; the same id a second time in the course is a problem."""
        name = owner.text("id") if owner else None
        if name is None:
            return
        place = self.places.setdefault((what, name.text), Place(file, name.line))
        if place != Place(file, name.line):
            sentence = f"the {what} id `{name.text}` is used already in {place.file} line {place.line}; rename one"
            self.problems.append(Problem(file, name.line, sentence))


def _lesson(shape: shapes.LessonShape) -> Lesson:
    return Lesson(
        id=LessonId(shape.id),
        title=shape.title,
        objective=shape.objective,
        cards=tuple(Card(card.lead, card.text) for card in shape.cards),
        sources=tuple(Source(one.id, one.name, one.date, one.address, one.facts) for one in shape.sources),
        review_by=shape.review_by,
        questions=tuple(_question(question) for question in shape.questions),
    )


def _question(shape: shapes.QuestionShape) -> Question:
    return Question(
        id=QuestionId(shape.id),
        role=shape.role,
        kind=shape.kind,
        stem=shape.stem,
        choices=tuple(Choice(ChoiceId(one.id), one.text, one.because) for one in shape.choices),
        key=ChoiceId(shape.key),
        sources=shape.sources,
    )
