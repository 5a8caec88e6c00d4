"""Broken files: each gets its sentences, and none a traceback.

`broken/said.txt` holds what is said of every file there; read its changes before you accept them.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.formats import aiken, gift
from lessons.formats.bank import Read, opened
from lessons.formats.lesson_yaml import as_lessons
from tests.lessons.formats.bank_samples import raw_texts

BROKEN = Path(__file__).parent / "broken"
FILES = sorted(file for file in BROKEN.iterdir() if file.suffix in {".gift", ".aiken"})
SAID = (BROKEN / "said.txt").read_text(encoding="utf-8").splitlines()


def read(data: bytes, name: str) -> Read:
    """What becomes of the bytes of a file."""
    text, refused = opened(data, name)
    if refused:
        return Read((), refused)
    return gift.read(text, file=name) if name.endswith(".gift") else aiken.read(text, file=name)


def test_there_are_enough_broken_files() -> None:
    assert len(FILES) >= 25
    assert {line.split(":")[0] for line in SAID} == {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_a_broken_file_gets_its_sentences(file: Path) -> None:
    found = read(file.read_bytes(), file.name)

    said = [str(problem) for problem in found.problems]
    kept = [f"{file.name}: kept: {question.stem}" for question in found.questions]
    assert said + kept == [line for line in SAID if line.startswith(f"{file.name}:")]


@given(st.sampled_from(FILES), st.integers(0, 300), st.integers(0, 300), st.sampled_from(["gift", "aiken"]), raw_texts)
def test_a_cut_and_patched_file_is_never_a_traceback(file: Path, start: int, end: int, form: str, patch: str) -> None:
    data = file.read_bytes()

    found = read(data[:start] + patch.encode() + data[end:], f"patched.{form}")

    assert found.questions or found.problems


@given(st.text() | raw_texts, st.sampled_from(["gift", "aiken"]))
def test_any_text_is_read_or_told_of_by_line(text: str, form: str) -> None:
    found = read(text.encode(), f"any.{form}")

    count = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert found.questions or found.problems
    assert all(1 <= problem.line <= count for problem in found.problems)


@given(st.lists(raw_texts, min_size=2, max_size=5), st.sampled_from(["", "[html]", "[moodle]", "[markdown]"]))
def test_what_is_read_can_be_written_in_every_form(texts: list[str], prefix: str) -> None:
    stem, right, *wrong = texts
    found = gift.read(f"{prefix}{stem} {{={right} {' '.join(f'~{text}' for text in wrong)}}}")

    assert gift.read(gift.write(found.questions)).questions == found.questions
    assert as_lessons(found.questions, file="a.gift").text.startswith("questions:")


@given(st.binary(), st.sampled_from(["gift", "aiken"]))
def test_any_bytes_are_read_or_told_of(data: bytes, form: str) -> None:
    found = read(data, f"any.{form}")

    assert found.questions or found.problems
