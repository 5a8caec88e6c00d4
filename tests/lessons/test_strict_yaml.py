"""What an author typed is what is read; what could surprise or hurt is refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.strict_yaml import DEEPEST, LARGEST_FILE, Mapping, Scalar, Sequence, load


@pytest.mark.parametrize(
    "typed", ["12:30", "no", "yes", "null", "~", "2027-05-20", "1e3", "0x1F", "010", "1_000", "true"]
)
def test_a_plain_text_stays_what_the_author_typed(typed: str) -> None:
    tree, problems = load(f"key: {typed}\n".encode(), "a.yaml")

    assert problems == ()
    assert tree == Mapping(((Scalar("key", 1), Scalar(typed, 1)),), 1)


def test_every_node_knows_its_line() -> None:
    tree, _ = load(b"# a note\nfirst: >-\n  one\n  two\nlist:\n  - x\n  - y: 1\n", "a.yaml")

    assert isinstance(tree, Mapping)
    assert tree.text("first") == Scalar("one two", 2)
    listed = tree.get("list")
    assert isinstance(listed, Sequence)
    assert [item.line for item in listed.items] == [6, 7]


def test_the_joiners_of_bangla_are_kept() -> None:
    tree, problems = load("a: র\u200d্য ক\u200c্ষ".encode(), "a.yaml")

    assert problems == ()
    assert isinstance(tree, Mapping)
    assert tree.text("a") == Scalar("র\u200d্য ক\u200c্ষ", 1)


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    tree, problems = load("\ufeffid: x".encode(), "a.yaml")

    assert problems == ()
    assert isinstance(tree, Mapping)
    assert tree.text("id") == Scalar("x", 1)


ALIAS_BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
)

REFUSED = {
    "a duplicate key": (b"a: 1\nb: 2\na: 3\n", 3, "the key `a` stands twice, first in line 1"),
    "a duplicate key deep inside": (
        b"a:\n  - b: 1\n    b: 2\n",
        3,
        "the key `b` stands twice, first in line 2",
    ),
    "a tag": (b"a: !!python/name:os.system\n", 1, "a tag"),
    "a map as a key": (b"? {a: 1}\n: x\n", 1, "a list or map stands where a key is needed"),
    "a second document": (b"a: 1\n---\nb: 2\n", 2, "a second document starts here"),
    "an open bracket": (b"a: 1\nb: [1, 2\nc: 3\n", 3, "this is not YAML"),
    "a tab for indentation": (b"a:\n\tb: 1\n", 2, "this is not YAML"),
    "a raw control character": (b"a: 1\nb: \x07\n", 2, "an invisible control character (U+0007) stands here"),
    "an escaped control character": (b'a: 1\nb: "x\\0y"\n', 2, "a control character stands in this text"),
    "a line separator of a word processor": ("a: 1\nb: x\u2028y\n".encode(), 2, "(U+2028) stands here"),
    "a sign that turns text around": ("a: 1\nb: \u202eyx\n".encode(), 2, "(U+202E) stands here"),
    "bytes of another encoding": (b"a: 1\nb: caf\xe9\n", 2, "this is not UTF-8 text"),
    "nothing": (b"", 1, "the file is empty"),
    "blank lines": (b"\n\n  \n", 1, "the file is empty"),
    "only comments": (b"# later\n", 1, "the file holds only comments"),
    "a list that nests too deep": (b"\n" + b"[" * (DEEPEST + 1), 2, "nest deeper than 20"),
    "a depth bomb": (b"[" * 200_000, 1, "nest deeper than 20"),
    "a depth bomb of maps": (b"{a: " * 50_000, 1, "nest deeper than 20"),
    "a file that is too large": (b"a" * (LARGEST_FILE + 1), 1, "the file is larger than 256 KiB"),
}


@pytest.mark.parametrize(("data", "line", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_could_surprise_is_refused_with_its_line(data: bytes, line: int, sentence: str) -> None:
    _, problems = load(data, "a.yaml")

    assert [problem.line for problem in problems] == [line]
    assert sentence in problems[0].sentence
    assert problems[0].file == "a.yaml"


def test_an_alias_bomb_costs_a_sentence_a_line() -> None:
    tree, problems = load(ALIAS_BOMB.encode(), "a.yaml")

    assert {problem.line for problem in problems} == set(range(1, 9))
    assert any("`*a` is an alias" in problem.sentence for problem in problems)
    assert any("`&a` is an anchor" in problem.sentence for problem in problems)
    assert len(repr(tree)) < 3000


def test_the_deepest_allowed_file_is_read() -> None:
    tree, problems = load(b"[" * DEEPEST + b"]" * DEEPEST, "a.yaml")

    assert tree is not None
    assert problems == ()


YAML_LIKE = st.text(alphabet=":-[]{}&*!|>'\"#%@`,? \n\tabc01\\x\0\u2028\ufeff")


@given(st.one_of(st.binary(), st.text().map(str.encode), YAML_LIKE.map(str.encode)))
def test_no_bytes_end_in_a_traceback(data: bytes) -> None:
    tree, problems = load(data, "a.yaml")

    assert tree is not None or problems
    assert all(1 <= problem.line <= len(data) + 1 for problem in problems)
