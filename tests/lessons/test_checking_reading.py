"""Reading ease and unexplained terms: what a tired second-language reader stumbles over."""

import dataclasses

import pytest

from lessons.course import Card, Lesson
from lessons.lints import reading, terms
from tests.lessons.sample import FILES, parsed


def _lesson(*cards: str) -> Lesson:
    course = parsed(FILES).course
    assert course is not None
    return dataclasses.replace(course.lessons[0], cards=tuple(Card("The idea", text) for text in cards))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "a the used names takes called forced judge eye through years"),
        (2, "table people settled wanted statement something safely being quiet passports wages changes"),
        (3, "migration officer agreement idea serious video employer consular Malaysia recruited"),
        (4, "diplomacy negotiate diaspora valuable exploitation situation"),
        (5, "opportunity intercultural"),
    ],
)
def test_syllables_are_those_that_are_spoken(count: int, words: str) -> None:
    assert {word: reading.syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_the_formula_is_flesch_s() -> None:
    # 6 words, 1 sentence, 6 syllables: 206.835 - 1.015 x 6 - 84.6 x 1
    assert reading.ease(("The cat sat on the mat.",)) == pytest.approx(116.145)


@pytest.mark.parametrize(
    "texts",
    [
        ("The cat sat. The dog ran.",),
        ("The cat sat", "The dog ran"),
        ("The cat sat! (The dog ran.)", "  ", "2024"),
    ],
)
def test_a_sentence_ends_with_its_mark_or_its_card(texts: tuple[str, ...]) -> None:
    assert reading.ease(texts) == pytest.approx(206.835 - 1.015 * 3 - 84.6)


def test_texts_without_words_have_no_ease() -> None:
    assert reading.ease(("", "2024")) is None


def test_a_hard_lesson_is_told_with_its_ease() -> None:
    (sentence,) = reading.hard(_lesson("Multidimensional institutional responsibilities necessitate deliberation."))

    assert sentence.startswith("the cards have a reading ease of -")


def test_a_plain_lesson_is_not_told() -> None:
    assert list(reading.hard(_lesson("Ask where she is. Then call the police."))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ask the labour bureau (BMET) first.",
        "Ask the labour bureaus (BMETs) first.",
        "BMET (the labour bureau) knows.",
        "BMET, the labour bureau, knows.",
        "BMET stands for the labour bureau.",
        "The labour bureau, BMET, knows.",
        "Ask the Bureau of Manpower, Employment and Training. BMET knows.",
        "The UN and the NGOs know.",
        "Ask Nasreen. I know.",
        "G 2 and 2024 are no words",
    ],
)
def test_an_abbreviation_that_is_explained_or_everyday_is_not_told(text: str) -> None:
    assert list(terms.unexplained(_lesson(text), glossary=())) == []


@pytest.mark.parametrize("text", ["Ask BMET first.", "BMETs know.", "Ask BMET (2024).", "A2MET and BMET, or Rina"])
def test_an_abbreviation_that_nobody_explains_is_told(text: str) -> None:
    told = [sentence.split("`")[1] for sentence in terms.unexplained(_lesson(text), glossary=())]

    assert "BMET" in told


def test_a_name_of_the_glossary_explains() -> None:
    names = ("Bureau of Manpower, Employment and Training", "BMET")

    assert list(terms.unexplained(_lesson("Ask BMET first."), glossary=names)) == []


def test_the_name_by_which_a_source_is_cited_needs_no_explanation() -> None:
    lesson = _lesson("IOM (2020) counts them.")
    source = dataclasses.replace(lesson.sources[0], name="IOM, World Migration Report")

    assert len(list(terms.unexplained(lesson, glossary=()))) == 1
    assert list(terms.unexplained(dataclasses.replace(lesson, sources=(source,)), glossary=())) == []
