"""The shapes of the three kinds of file an author writes, and the limits of each text.

A description says how to mend the key when it is missing; the same words can serve an editor's completion.
"""

import re
from datetime import date, time
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from lessons.course import LONGEST_CHOICE_ID, SLUG, Kind, Role

# Lengths in characters (code points, as Telegram counts them once markup is read).
LESSON_TARGET = 900
LESSON_LIMIT = 1200
CARD_LIMIT = 450
STEM_LIMIT = 300
CHOICE_LIMIT = 160
BECAUSE_LIMIT = 300
QUESTION_ID_LIMIT = 40
SLUG_LIMIT = 60

_FACT = r"[A-Z]\d{1,2}(\.\d{1,3})?"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_ADDRESS = r'https?://[^\s/<>"]+\.[^\s<>"]+'
_YEAR = r"\b(1[89]|20)\d\d\b"


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise ValueError("is no name here; use a-z, 0-9 and single hyphens, as in `who-pays`")
    return text


def _day(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return date.fromisoformat(text.strip()) if re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", text) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise ValueError("is no date; write year-month-day, as in 2027-05-20")


def _clock(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(_CLOCK, text.strip()):
        raise ValueError("is no time of day; write hours and minutes, as in 08:30")
    return text.strip() if isinstance(text, str) else text


def _address(text: str) -> str:
    if not re.fullmatch(_ADDRESS, text):
        raise ValueError("is no web address; it starts with https:// or http:// and has no spaces")
    return text


def _with_a_year(text: str) -> str:
    if not re.search(_YEAR, text):
        raise ValueError("names no year; give the date as the publisher does, or the day it was read")
    return text


def _fact(text: str) -> str:
    if not re.fullmatch(_FACT, text):
        raise ValueError("is no fact id; it looks like F1.01")
    return text


def _words(limit: int) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)


def _for_editors(**keys: Any) -> Any:
    """What a validator says in Python, said in JSON Schema too: editors complete and underline by it."""
    return Field(json_schema_extra=keys)


_NAME = _for_editors(pattern=f"^{SLUG.pattern}$")
Slug = Annotated[str, _words(SLUG_LIMIT), AfterValidator(_slug), _NAME]
QuestionSlug = Annotated[str, _words(QUESTION_ID_LIMIT), AfterValidator(_slug), _NAME]
ChoiceSlug = Annotated[str, _words(LONGEST_CHOICE_ID), AfterValidator(_slug), _NAME]
Title = Annotated[str, _words(80)]
FactId = Annotated[str, _words(20), AfterValidator(_fact), _for_editors(pattern=f"^{_FACT}$")]
Clock = Annotated[time, BeforeValidator(_clock), _for_editors(format=None, pattern=f"^{_CLOCK}$")]
Day = Annotated[date, BeforeValidator(_day)]
Minutes = Annotated[int, Field(ge=1, le=60)]


class Shape(BaseModel):
    """A map of an author's file: no key but the ones named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CadenceShape(Shape):
    """A course's own defaults; what is not given keeps the value of `course.Cadence`."""

    slot: Clock | None = None
    questions_a_day: Annotated[int, Field(ge=1, le=5)] | None = None
    overdue_before_new: Annotated[int, Field(ge=0, le=100)] | None = None
    weeks_to_deadline: Annotated[int, Field(ge=1, le=104)] | None = None
    minutes_a_day: Minutes | None = None


class CourseShape(Shape):
    """course.yaml."""

    id: Slug = Field(description="give the course a short name of a-z, 0-9 and hyphens that never changes")
    title: Title = Field(description="name the course in a few words")
    language: Annotated[str, _words(10), StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] = Field(
        description="say which language it is written in, as in `en`"
    )
    modules: tuple[Slug, ...] = Field(min_length=1, description="list the folders of the modules in order")
    cadence: CadenceShape = CadenceShape()


class ModuleShape(Shape):
    """module.yaml of a module's folder."""

    id: Slug = Field(description="give the module a short name of a-z, 0-9 and hyphens that never changes")
    title: Title = Field(description="name the module in a few words")
    lessons: tuple[Slug, ...] = Field(
        min_length=1, description="list the files of the lessons in order, without `.yaml`"
    )


class CardShape(Shape):
    """A paragraph with its lead-in."""

    lead: Annotated[str, _words(60)] = Field(description="open the card with a few words")
    text: Annotated[str, _words(CARD_LIMIT)] = Field(description="write the card's paragraph")


class SourceShape(Shape):
    """Where a lesson's statements can be checked."""

    id: Slug = Field(description="give the source a short name by which questions can cite it")
    name: Annotated[str, _words(200)] = Field(description="give the author or publisher and the title")
    date: Annotated[
        str, _words(60), AfterValidator(_with_a_year), _for_editors(type=["string", "integer"], pattern=_YEAR)
    ] = Field(description="give the date as the publisher does")
    address: Annotated[str, _words(500), AfterValidator(_address), _for_editors(pattern=f"^{_ADDRESS}$")] = Field(
        description="give the address of the page, with https://"
    )
    facts: tuple[FactId, ...] = ()


class ChoiceShape(Shape):
    """One answer of a question."""

    id: ChoiceSlug = Field(description="give the choice a short name that never changes")
    text: Annotated[str, _words(CHOICE_LIMIT)] = Field(description="write the answer that the learner taps")
    because: Annotated[str, _words(BECAUSE_LIMIT)] = Field(
        description="say in one or two sentences why it is right or what it would cost"
    )


class QuestionShape(Shape):
    """A question of a lesson."""

    id: QuestionSlug = Field(description="give the question a short name that never changes")
    role: Role = Field(description="say `day`, `repeat` or `kept`")
    kind: Kind = Field(description="say `case` when it asks for a decision, else `fact`")
    stem: Annotated[str, _words(STEM_LIMIT)] = Field(description="write the situation and what is asked")
    key: ChoiceSlug = Field(description="give the id of the right choice")
    sources: tuple[Slug, ...] = Field(min_length=1, description="list the ids of the sources that prove the key")
    choices: tuple[ChoiceShape, ...] = Field(min_length=2, max_length=5, description="write three choices")


class LessonShape(Shape):
    """A lesson's file."""

    id: Slug = Field(description="give the lesson a short name of a-z, 0-9 and hyphens that never changes")
    title: Title = Field(description="name the lesson in a few words")
    objective: Annotated[str, _words(200)] = Field(
        description="say in one sentence that starts with a verb what a learner can do after it"
    )
    review_by: Day = Field(description="give the date by which someone must read it again, as in 2027-05-20")
    cards: tuple[CardShape, ...] = Field(min_length=2, max_length=4, description="write two to four cards")
    sources: tuple[SourceShape, ...] = Field(
        min_length=1, description="list where each statement can be checked, with name, date and address"
    )
    questions: tuple[QuestionShape, ...] = Field(
        min_length=1, description="write three questions, with the roles day, repeat and kept"
    )
