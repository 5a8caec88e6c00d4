"""The built-in course is whole, within its limits, and rests on facts that were verified."""

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from lessons.catalogue import BUILT_IN, built_in, read
from lessons.checking import key_is_longest
from lessons.course import Course, Kind, Lesson, Question, Role

pytestmark = pytest.mark.slow  # `attache check` runs in make check and lints the same course

CONTENT = Path(__file__).parents[2] / "lessons" / "content" / BUILT_IN
COURSE: Course = built_in()
QUESTIONS = [question for lesson in COURSE.lessons for question in lesson.questions]

# Marks of the fact base: V verified, M from memory, U uncertain, X a misconception put right.
MARKS: dict[str, str] = dict(csv.reader(Path(__file__).with_name("facts.csv").read_text().splitlines()[1:]))

FACTS_READ_ON = date(2026, 11, 23)  # moves when a review has read the sources again

each_lesson = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.id)
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def test_the_course_loads_without_a_problem() -> None:
    course, problems = read(CONTENT)

    assert problems == ()
    assert course == COURSE


def test_module_one_has_its_five_lessons() -> None:
    assert [lesson.id for lesson in COURSE.modules[0].lessons] == [
        "a-tool-that-works-both-ways",
        "sending-transit-receiving",
        "words-that-decide-cases",
        "trafficking-or-smuggling",
        "leverage-linkage-dependence",
    ]


@each_lesson
def test_a_lesson_has_one_question_for_each_role(lesson: Lesson) -> None:
    assert sorted(question.role for question in lesson.questions) == sorted(Role)


@each_lesson
def test_a_lesson_fits_one_message(lesson: Lesson) -> None:
    cards = [len(card.lead) + len(card.text) for card in lesson.cards]

    assert 2 <= len(cards) <= 4
    assert max(cards) <= 450
    assert sum(cards) <= 900


@each_lesson
def test_an_objective_is_one_sentence_that_starts_with_a_verb(lesson: Lesson) -> None:
    first = lesson.objective.split()[0]

    assert first[0].isupper()
    assert first.lower() not in {
        "the",
        "a",
        "an",
        "to",
        "how",
        "what",
        "why",
        "you",
        "this",
        "learners",
        "understand",
    }
    assert len(re.findall(r"[.!?](?:\s|$)", lesson.objective)) <= 1


@each_lesson
def test_a_lesson_cites_facts_that_exist_and_none_that_is_uncertain(lesson: Lesson) -> None:
    cited = [fact for source in lesson.sources for fact in source.facts]

    assert cited
    assert {fact: MARKS.get(fact, "unknown") for fact in cited if MARKS.get(fact) not in {"V", "M", "X"}} == {}


@each_lesson
def test_every_source_of_a_lesson_carries_a_fact(lesson: Lesson) -> None:
    assert [source.id for source in lesson.sources if not source.facts] == []


@each_question
def test_a_question_rests_on_a_verified_fact(question: Question) -> None:
    lesson = COURSE.lesson_of(question.id)
    assert lesson is not None
    cited = {fact for source in lesson.sources if source.id in question.sources for fact in source.facts}

    assert [fact for fact in cited if MARKS[fact] == "V"]


@each_question
def test_a_question_has_three_choices_within_their_limits(question: Question) -> None:
    assert len(question.choices) == 3
    assert len(question.stem) <= 300
    assert all(len(choice.text) <= 160 and len(choice.because) <= 300 for choice in question.choices)


@each_question
def test_no_because_names_a_letter_or_a_position(question: Question) -> None:
    names = re.compile(
        r"\b(choice|answer|option) ([A-E]|one|two|three|\d)\b"
        r"|\b(first|second|third|last) (choice|answer|option)\b"
    )

    assert [choice.id for choice in question.choices if names.search(choice.because)] == []


@each_question
def test_words_for_people_are_plain_text(question: Question) -> None:
    words = [question.stem, *(text for choice in question.choices for text in (choice.text, choice.because))]

    assert [text for text in words if re.search(r"<[a-z/]|&\w+;|\*\*|__|\]\(", text)] == []


def test_at_least_half_of_the_questions_are_cases() -> None:
    assert sum(question.kind is Kind.CASE for question in QUESTIONS) / len(QUESTIONS) >= 0.5


def test_the_key_is_seldom_the_longest_choice() -> None:
    assert sum(map(key_is_longest, QUESTIONS)) / len(QUESTIONS) <= 0.4


def test_the_key_is_not_mostly_the_shortest_choice_either() -> None:
    def key_is_shortest(question: Question) -> bool:
        others = [len(choice.text) for choice in question.choices if choice.id != question.key]
        key = question.choice(question.key)
        return key is not None and all(len(key.text) < length for length in others)

    assert sum(map(key_is_shortest, QUESTIONS)) / len(QUESTIONS) <= 0.5


@each_lesson
def test_a_review_is_due_within_a_year_of_the_day_the_facts_were_read(lesson: Lesson) -> None:
    assert FACTS_READ_ON < lesson.review_by <= FACTS_READ_ON + timedelta(days=366)


def test_a_disrespectful_word_stands_only_where_it_is_quoted_to_be_mended() -> None:
    cards = [card.text for lesson in COURSE.lessons for card in lesson.cards]
    choices = [text for question in QUESTIONS for one in question.choices for text in (one.text, one.because)]
    said = re.sub(r"[\"“][^\"”]*[\"”]", "", "\n".join([*cards, *choices, *(one.stem for one in QUESTIONS)]))

    assert re.findall(r"(?i)\bmaids?\b|illegal (?:im)?migrants?|\billegals\b", said) == []


def test_the_fact_base_is_carried_whole() -> None:
    counts = {mark: list(MARKS.values()).count(mark) for mark in "VMUX"}

    assert counts == {"V": 264, "M": 99, "U": 3, "X": 25}
