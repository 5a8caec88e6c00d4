"""Texts and questions as strange as a bank can hold them, for properties."""

from hypothesis import strategies as st

from lessons.formats.bank import BankChoice, BankQuestion, clean, one_line, stray

SIGNS = "\\:#={}~n[]%/$<>&-.)(ABTF\n \t\"'"
_letters = st.one_of(
    st.sampled_from(SIGNS), st.sampled_from("aé\u00a0\u200dর্য漢"), st.characters(exclude_categories=("Cs", "Cc"))
)
_pieces = st.sampled_from(
    ["::", "####", "->", "$CATEGORY: x", "//", "[html]", "[plain]", "%50%", "ANSWER: A", "A) ", "B. ", "\\n", "{T}"]
)
raw_texts = st.lists(st.one_of(_letters, _pieces), max_size=12).map("".join)
texts = raw_texts.map(clean).filter(lambda text: stray(text) is None)
words = texts.filter(bool)
lines = texts.map(one_line)


@st.composite
def questions(draw: st.DrawFn) -> BankQuestion:
    """A whole question with two to five choices."""
    count = draw(st.integers(2, 5))
    right = draw(st.integers(0, count - 1))
    choices = tuple(BankChoice(draw(words), index == right, draw(texts)) for index in range(count))
    return BankQuestion(draw(words), choices, title=draw(lines), category=draw(lines), general_feedback=draw(texts))


banks = st.lists(questions(), max_size=2).map(tuple)
