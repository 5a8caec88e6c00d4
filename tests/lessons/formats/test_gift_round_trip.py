"""What is written as GIFT is read again as it was, by us and by Moodle's way of reading."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lessons.formats import gift
from lessons.formats.bank import BankChoice, BankQuestion
from tests.lessons.formats.bank_samples import banks, questions, words

pytestmark = pytest.mark.slow  # long properties

PLACES = {"\\:": "\ue001", "\\#": "\ue002", "\\=": "\ue003", "\\{": "\ue004", "\\}": "\ue005", "\\~": "\ue006"}


def simple(stem: str = "Who pays?", **more: str) -> BankQuestion:
    """A question of two choices."""
    return BankQuestion(stem, (BankChoice("The worker", False), BankChoice("The employer", True)), **more)  # type: ignore[arg-type]  # texts only


@given(banks)
@example((simple(category="a"), simple(), simple(category="b")))
@example((simple("[html]Who pays?"), simple("::Who:: pays?"), simple("// Who pays?"), simple("$CATEGORY: who")))
@example((simple("C:\\new\\table {T}", title="a::b", general_feedback="[plain]x####y"),))
def test_what_is_written_is_read_again(bank: tuple[BankQuestion, ...]) -> None:
    read = gift.read(gift.write(bank))

    if bank:
        assert read.problems == ()
    assert read.questions == bank


@given(banks)
def test_what_was_read_is_written_the_same_again(bank: tuple[BankQuestion, ...]) -> None:
    written = gift.write(bank)

    assert gift.write(gift.read(written).questions) == written


@given(st.text(alphabet=st.sampled_from("a:#={}~n\\ /<&-"), min_size=1).map(str.strip).filter(bool))
def test_moodle_finds_the_same_stem(stem: str) -> None:
    written = gift.write([simple(stem)])

    # Moodle replaces escapes by placeholders, in this order, before it looks for braces.
    masked = written.replace("\\\\", "\ue000")
    for escape, place in PLACES.items():
        masked = masked.replace(escape, place)
    masked = masked.replace("\\n", "\ue007").replace("\ue000", "\\")
    found = masked[: masked.index("{")].removeprefix("[plain]")
    for escape, place in PLACES.items():
        found = found.replace(place, escape[1])

    assert found.replace("\ue007", "\n") == stem


@given(questions(), words)
def test_every_text_stays_on_its_own_line(question: BankQuestion, title: str) -> None:
    lines = gift.write([question]).split("\n")

    extra = bool(question.category) * 2 + bool(question.general_feedback)
    assert len(lines) == len(question.choices) + 3 + extra
    assert not any(line.startswith("//") for line in lines)
