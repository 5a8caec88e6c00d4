"""The whole check: lengths as phones show them, figures for machines, and a database that remembers."""

import dataclasses
import json
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot import content_check
from lessons.catalogue import built_in
from lessons.course import Card, Course, Lesson, Question
from lessons.enrolment import AskingKind, EnrolmentId
from lessons.problem import Place, Severity
from storage import askings, cohorts, ladders, schema
from storage.errors import OlderSchema, Unreachable
from storage.store import Store, Tx

pytestmark = pytest.mark.slow  # the whole course is rendered again and again

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
COURSE = built_in()


def with_lesson(**changes: object) -> Course:
    """The built-in course with its first lesson changed."""
    module = COURSE.modules[0]
    first = dataclasses.replace(module.lessons[0], **changes)  # type: ignore[arg-type]  # each test names the field
    made = dataclasses.replace(module, lessons=(first, *module.lessons[1:]))
    return dataclasses.replace(COURSE, modules=(made, *COURSE.modules[1:]))


LESSON: Lesson = COURSE.lessons[0]
QUESTION: Question = LESSON.questions[0]
PLACES = {
    ("lesson", str(LESSON.id)): Place("first.yaml", 1),
    ("question", str(QUESTION.id)): Place("first.yaml", 40),
}


def test_every_screen_of_the_built_in_course_fits() -> None:
    assert content_check.too_long(COURSE, {}) == ()


def test_a_lesson_is_measured_with_its_title_and_its_place_in_the_course() -> None:
    lead = "x" * 40
    fits = with_lesson(cards=(Card(lead, "y" * 450), Card(lead, "y" * 450)))
    over = with_lesson(cards=(Card(lead, "y" * 450), Card(lead, "y" * 450), Card(lead, "y" * 150)))

    assert content_check.too_long(fits, PLACES) == ()
    (problem,) = content_check.too_long(over, PLACES)
    assert problem.severity is Severity.ERROR
    assert str(problem).startswith("first.yaml:1: the lesson has 12")


def test_sources_count_for_telegram_and_not_for_the_reader() -> None:
    named = dataclasses.replace(LESSON.sources[0], name="n" * 200)
    few = with_lesson(sources=tuple(dataclasses.replace(named, id=f"s{n}") for n in range(5)))
    many = with_lesson(sources=tuple(dataclasses.replace(named, id=f"s{n}") for n in range(20)))

    assert content_check.too_long(few, PLACES) == ()
    assert [one.sentence.split(" has ")[0] for one in content_check.too_long(many, PLACES)] == ["the lesson's message"]


def test_a_lesson_must_fit_below_the_feedback_that_midnight_left_owing() -> None:
    named = dataclasses.replace(LESSON.sources[0], name="n" * 200)
    made = with_lesson(sources=tuple(dataclasses.replace(named, id=f"s{n}") for n in range(11)))

    (problem,) = content_check.too_long(made, PLACES)

    assert "below the longest feedback" in problem.sentence


def test_feedback_that_cites_too_much_is_told_at_its_question_for_each_choice() -> None:
    named = dataclasses.replace(LESSON.sources[0], name="n" * 200)
    sources = tuple(dataclasses.replace(named, id=f"s{n}") for n in range(20))
    asked = dataclasses.replace(QUESTION, sources=tuple(source.id for source in sources))
    made = with_lesson(sources=sources, questions=(asked, *LESSON.questions[1:]))

    told = [one for one in content_check.too_long(made, PLACES) if one.line == 40]

    assert {one.sentence.split(" has ")[0] for one in told} == {
        f"the feedback on {choice.id}" for choice in QUESTION.choices
    }


def test_markup_and_addresses_are_not_counted() -> None:
    assert content_check.visible('<b>Fish &amp; <a href="https://example.org/a">chips</a></b>') == "Fish & chips"


async def test_a_report_gives_problems_and_figures_to_machines() -> None:
    report = await content_check.check(None, today=TODAY)
    told = json.loads(json.dumps(report.as_json()))

    assert report.sound
    assert told["problems"] == [dataclasses.asdict(one) for one in report.problems]
    assert set(told["figures"]) == {
        "lessons",
        "questions",
        "cases_share",
        "key_position_shares",
        "key_longest_share",
        "reading_ease",
    }
    assert told["figures"]["lessons"] == len(COURSE.lessons)
    assert set(told["figures"]["reading_ease"]) == {"median", "lowest"}
    assert told["courses"] == {COURSE.id: told["figures"]}
    assert set(told["simulations"]) == {one.id for one in COURSE.simulations}
    assert all(sum(one["by_ending"].values()) == one["paths"] for one in told["simulations"].values())


async def test_a_broken_course_has_problems_and_no_figures(tmp_path: Path) -> None:
    report = await content_check.check(tmp_path / "nowhere", today=TODAY)

    assert not report.sound
    assert report.as_json()["figures"] is None


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A database in which Asha was given the first lesson and asked its first question."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'attache.sqlite3'}"

    async def ask(tx: Tx) -> None:
        cohort = await cohorts.create(tx, course_id=COURSE.id, name="Gulf", start_on=TODAY, slot=time(8, 30), now=NOW)
        learner = await tx.insert(insert(schema.learner).values(language="en", consent="1", consented_at=NOW))
        enrolment = EnrolmentId(
            await tx.insert(
                insert(schema.enrolment).values(
                    learner_id=learner,
                    cohort_id=cohort,
                    state="active",
                    joined_at=NOW,
                    first_on=TODAY,
                    free_since_at=NOW,
                )
            )
        )
        await ladders.give(tx, enrolment, LESSON.id, on=TODAY)
        await askings.plan(
            tx,
            enrolment,
            course_id=COURSE.id,
            lesson_id=LESSON.id,
            question=QUESTION,
            kind=AskingKind.DAY,
            on=TODAY,
            now=NOW,
        )

    async with await Store.open(url) as store:
        await store.change(ask)
    return url


async def test_a_course_that_is_as_it_was_owes_the_database_nothing(url: str) -> None:
    assert await content_check.against(COURSE, url, {}) == ()


async def test_a_lost_question_and_a_lost_lesson_are_named(url: str) -> None:
    modules = (dataclasses.replace(COURSE.modules[0], lessons=COURSE.modules[0].lessons[1:]), *COURSE.modules[1:])

    problems = await content_check.against(dataclasses.replace(COURSE, modules=modules), url, {})

    assert {one.severity for one in problems} == {Severity.ERROR}
    assert {f"the lesson `{LESSON.id}`", f"the question `{QUESTION.id}`"} == {
        " ".join(one.sentence.split(", which")[0].split()[3:]) for one in problems
    }


async def test_a_new_wording_is_told_and_keeps_the_report_sound(url: str) -> None:
    asked = dataclasses.replace(QUESTION, stem="What do you write?")

    (problem,) = await content_check.against(with_lesson(questions=(asked, *LESSON.questions[1:])), url, PLACES)

    assert (str(problem).split(" are new")[0], problem.severity) == (
        f"first.yaml:40: the words of {QUESTION.id}",
        Severity.WARNING,
    )


async def test_questions_of_another_course_are_not_missed(url: str) -> None:
    another = dataclasses.replace(COURSE, id=type(COURSE.id)("night-calls"), modules=COURSE.modules[1:])

    assert await content_check.against(another, url, {}) == ()


async def test_a_database_may_be_named_by_its_file_and_is_only_read(url: str) -> None:
    file = Path(url.removeprefix("sqlite+aiosqlite:///"))
    before = file.read_bytes()

    report = await content_check.check(None, today=TODAY, database=str(file))

    assert report.sound
    assert file.read_bytes() == before


async def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="There is no database at"):
        await content_check.check(None, today=TODAY, database=str(tmp_path / "none.sqlite3"))

    assert not (tmp_path / "none.sqlite3").exists()


async def test_an_empty_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()

    with pytest.raises(OlderSchema, match="attache migrate"):
        await content_check.against(COURSE, str(tmp_path / "empty.sqlite3"), {})
