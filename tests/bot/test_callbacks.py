"""Button data: typed, within 64 bytes, and hostile when it comes back."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import callbacks as b
from bot.callbacks import (
    LONGEST_DATA,
    WORDS,
    ButtonTooLong,
    broadcasting,
    inviting,
    opening,
    pack,
    reporting,
    unpack,
    whereabouts,
)
from lessons.course import LONGEST_CHOICE_ID
from storage.whereabouts import GROUPS

LARGEST = 10**18 - 1
KINDS = sorted(WORDS.values(), key=lambda kind: kind.__name__)

numbers = st.integers(0, LARGEST)
slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda slug: len(slug) <= LONGEST_CHOICE_ID)
# Texts that look like ours, and texts that do not.
near = st.lists(st.sampled_from([*WORDS, "0", "7", "07", "-1", "١", "a-b", "-", "", " 1", "1\n"]), max_size=4)
texts = st.one_of(near.map(":".join), st.text(max_size=64)).filter(lambda text: len(text.encode()) <= LONGEST_DATA)


# The longest of the few words that a field of these may hold; all others hold ids of the course.
FEW: dict[type[Any], str] = {
    whereabouts.MoreTimeBecause: max(whereabouts.REASONS, key=len),
    whereabouts.ShowGroup: max((*GROUPS, "invited"), key=len),
    opening.SetTerm: "2027-12-31",
    inviting.MakeLinks: "sheet",
    broadcasting.AimBy: "language",
    reporting.TakeOut: "answers-xapi",
    broadcasting.Turn: "unreachable",
}


def values_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    words = st.just(FEW[kind]) if kind in FEW else slugs
    return st.builds(kind, *(numbers if field.type is int else words for field in fields(kind)))


@given(st.one_of([values_of(kind) for kind in KINDS]))
def test_every_button_comes_back_as_it_was_made(value: Any) -> None:
    assert unpack(pack(value)) == value


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_legal_values_fit(kind: type[Any]) -> None:
    word = FEW.get(kind, "z" * LONGEST_CHOICE_ID)
    value = kind(*(LARGEST if field.type is int else word for field in fields(kind)))
    assert len(pack(value).encode()) <= LONGEST_DATA
    assert unpack(pack(value)) == value


@pytest.mark.parametrize("kind", KINDS)
def test_a_button_holds_only_numbers_and_slugs(kind: type[Any]) -> None:
    assert all(field.type in (int, str) for field in fields(kind))


@given(texts)
def test_any_text_is_nothing_or_exactly_what_a_button_says(text: str) -> None:
    value = unpack(text)
    assert value is None or pack(value) == text


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "q",
        "q:",
        "q:1:2",
        "q:-1",
        "q:+1",
        "q:01",
        "q:1e3",
        "q:1_000",
        "q:١",
        "q: 1",
        "q:1\n",
        "Q:1",
        "a:1:UPPER",
        "a:1:a b",
        "a:1:a--b",
        "a:1:../../x",
        "begin",
        "en-begin:",
        "q:" + "9" * 19,
        "q:1\x00",
    ],
)
def test_a_forged_text_is_nothing(data: str) -> None:
    assert unpack(data) is None


def test_a_button_too_long_for_telegram_is_refused_when_it_is_made() -> None:
    with pytest.raises(ButtonTooLong, match="longer than 64 bytes"):
        pack(b.Choose(LARGEST, "z" * 44))


def test_one_byte_less_is_taken() -> None:
    assert len(pack(b.Choose(LARGEST, "z" * 43))) == LONGEST_DATA


def test_length_is_counted_in_bytes() -> None:
    with pytest.raises(ButtonTooLong):
        pack(b.Settings("é" * 31))


def test_a_button_carries_its_label_and_its_data() -> None:
    made = b.button("A", b.Choose(7, "notify-first"))
    assert (made.label, made.data, made.url) == ("A", "a:7:notify-first", None)
