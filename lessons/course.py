"""The teaching as frozen values. A value that would be wrong cannot be built.

Ids are stable slugs; positions are never stored. A question's version is a fingerprint of its words and key.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import NewType

from lessons.naming import LONGEST_CHOICE_ID, SLUG, CourseError, ModuleId, Source, TermId
from lessons.simulation import Simulation, SimulationId
from lessons.teaching_order import teaching_order

__all__ = [
    "LONGEST_CHOICE_ID",
    "SLUG",
    "Cadence",
    "Card",
    "Choice",
    "ChoiceId",
    "Course",
    "CourseError",
    "CourseId",
    "Kind",
    "Lesson",
    "LessonId",
    "Module",
    "ModuleId",
    "Question",
    "QuestionId",
    "Role",
    "Source",
    "TaughtId",
    "Term",
    "TermId",
    "Version",
]

CourseId = NewType("CourseId", str)
LessonId = NewType("LessonId", str)
QuestionId = NewType("QuestionId", str)
ChoiceId = NewType("ChoiceId", str)
Version = NewType("Version", str)
TaughtId = LessonId | SimulationId  # what a day brings that is new


class Role(StrEnum):
    """Why a question exists: for the day, for the repeat, or kept for baseline and checks."""

    DAY = "day"
    REPEAT = "repeat"
    KEPT = "kept"


class Kind(StrEnum):
    """A case asks for a decision, a fact for knowledge."""

    CASE = "case"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a learner can tap, and why it is right or what it would cost."""

    id: ChoiceId
    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """A stem with two to five choices, one of which is the key.

    `version`: fingerprint of stem, choices and key, 16 hexadecimal digits.
    """

    id: QuestionId
    role: Role
    kind: Kind
    stem: str
    choices: tuple[Choice, ...]
    key: ChoiceId
    sources: tuple[str, ...]
    version: Version = field(init=False, repr=False, compare=False)  # every tap asks for it

    def __post_init__(self) -> None:
        words = [self.stem, [[c.id, c.text, c.because] for c in self.choices], self.key]
        fingerprint = hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()[:16]
        object.__setattr__(self, "version", Version(fingerprint))
        ids = [choice.id for choice in self.choices]
        if not 2 <= len(ids) <= 5:
            raise CourseError(f"question {self.id} has {len(ids)} choices; give two to five")
        if len(set(ids)) != len(ids):
            raise CourseError(f"question {self.id} has two choices with one id; rename one")
        if self.key not in ids:
            raise CourseError(f"question {self.id} has the key {self.key}, which is none of its choices")

    def choice(self, choice_id: str) -> Choice | None:
        """The choice of that id, or None: button data is hostile input."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


@dataclass(frozen=True, slots=True)
class Card:
    """A paragraph with a lead-in."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One idea, one message: an objective, two to four cards, sources, and its questions."""

    id: LessonId
    title: str
    objective: str
    cards: tuple[Card, ...]
    sources: tuple[Source, ...]
    review_by: date
    questions: tuple[Question, ...]

    def question(self, role: Role) -> Question | None:
        """The question of that role; a lesson has at most one a role."""
        return next((question for question in self.questions if question.role is role), None)


@dataclass(frozen=True, slots=True)
class Module:
    """A group of lessons in the order they are given."""

    id: ModuleId
    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of art in plain words, with its other spellings and the terms and lessons to go on with."""

    id: TermId
    term: str
    means: str
    sources: tuple[Source, ...]
    facts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    see: tuple[TermId, ...] = ()
    lessons: tuple[LessonId, ...] = ()

    @property
    def short(self) -> str:
        """The term without what stands in brackets behind it: a button has little room."""
        return self.term.partition(" (")[0]


@dataclass(frozen=True, slots=True)
class Cadence:
    """A course's defaults; a cohort may set its own."""

    slot: time = time(8, 30)
    questions_a_day: int = 2
    overdue_before_new: int = 10
    weeks_to_deadline: int = 20
    minutes_a_day: int = 4


@dataclass(frozen=True, slots=True)
class Course:
    """Modules of lessons, and the simulations that follow them, under one stable id."""

    id: CourseId
    title: str
    language: str
    modules: tuple[Module, ...]
    cadence: Cadence = Cadence()
    glossary: tuple[Term, ...] = ()
    simulations: tuple[Simulation, ...] = ()
    lessons: tuple[Lesson, ...] = field(init=False, repr=False, compare=False)  # all, in teaching order
    order: tuple[TaughtId, ...] = field(init=False, repr=False, compare=False)  # with the cases in it
    _by_id: Mapping[str, Lesson] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Worked out once: every tap asks."""
        lessons = tuple(lesson for module in self.modules for lesson in module.lessons)
        object.__setattr__(self, "lessons", lessons)
        by_module = {str(module.id): [lesson.id for lesson in module.lessons] for module in self.modules}
        cases = [(one.id, one.module) for one in self.simulations]
        object.__setattr__(self, "order", teaching_order(by_module, cases))
        object.__setattr__(self, "_by_id", {lesson.id: lesson for lesson in reversed(lessons)})

    def lesson(self, lesson_id: str) -> Lesson | None:
        """The lesson of that id, or None when the course no longer has it."""
        return self._by_id.get(lesson_id)

    def title_of(self, taught: str) -> str | None:
        """The title of a lesson or simulation, or None when the course no longer has it."""
        found = self.lesson(taught) or self.simulation(taught)
        return found.title if found else None

    def lesson_of(self, question_id: str) -> Lesson | None:
        """The lesson a question belongs to, or None when the course no longer has it."""
        return next((le for le in self.lessons for q in le.questions if q.id == question_id), None)

    def question(self, question_id: str) -> Question | None:
        """The question of that id, or None when the course no longer has it."""
        lesson = self.lesson_of(question_id)
        return next(q for q in lesson.questions if q.id == question_id) if lesson else None

    def simulation(self, simulation_id: str) -> Simulation | None:
        """The simulation of that id, or None when the course no longer has it."""
        return next((one for one in self.simulations if one.id == simulation_id), None)
