"""HTML is read as tdlib reads it. Texts and results are cases of its own tests (test/message_entities.cpp)."""

from typing import Any

import pytest

from sandbox.errors import RefusalError
from sandbox.links import checked_url
from sandbox.markup import parse_html
from sandbox.message import Formatted
from sandbox.shown_html import as_html
from sandbox.words import read_words

S = "🏟 🏟&lt;"  # 12 bytes of stadiums and spaces, and an escaped sign: what follows begins at byte 13


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "&#57311;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
        (S + "<abacaba", "Unclosed start tag at byte offset 13"),
        (S + "<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        (S + "<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        (S + "<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        (S + "<i    aba>", 'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13'),
        (S + "<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        (S + "<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        (S + '<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
        (S + "</", "Unexpected end tag at byte offset 13"),
        (S + "<b></b></", "Unexpected end tag at byte offset 20"),
        (S + "<i>a</i   ", "Unclosed end tag at byte offset 17"),
        (S + "<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_with_its_place(source: str, words: str) -> None:
    with pytest.raises(RefusalError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def entities(source: str) -> list[tuple[Any, ...]]:
    found = parse_html(source).entities
    return [(e["type"], e["offset"], e["length"], *(e[k] for k in ("url", "language") if k in e)) for e in found]


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("&lt;&gt;&amp;&quot;&laquo;&#12345678;", '<>&"&laquo;&#12345678;', []),
        ("➡️ ➡️<em>➡️ ➡️</em>", "➡️ ➡️➡️ ➡️", [("italic", 5, 5)]),
        ("➡️ ➡️<strong>➡️ ➡️</strong>", "➡️ ➡️➡️ ➡️", [("bold", 5, 5)]),
        ("🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [("italic", 5, 6)]),
        ("🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>", "🏟 🏟🏟 ><🏟", [("italic", 5, 7), ("bold", 9, 3)]),
        (S + "<i    aba  =  '&lt;&gt;&quot;'>a</>", "🏟 🏟<a", [("italic", 6, 1)]),
        (S + "<b></b>", "🏟 🏟<", []),
        ("x<a href=telegram.org>y</a>", "xy", [("text_link", 1, 1, "http://telegram.org/")]),
        ("<a   href=  'telegram.org?&lt;'   >x</a>", "x", [("text_link", 0, 1, "http://telegram.org/?<")]),
        ("<a>telegram.org</a>", "telegram.org", [("text_link", 0, 12, "http://telegram.org/")]),
        ("<a>words</a>", "words", []),
        ('<pre><code class="language-fift">x</code></pre>', "x", [("pre", 0, 1, "fift")]),
        ("<pre><code>x</code></pre>", "x", [("pre", 0, 1), ("code", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
    ],
)
def test_html_is_read_into_text_and_entities(source: str, text: str, found: list[tuple[Any, ...]]) -> None:
    assert (parse_html(source).text, entities(source)) == (text, found)


@pytest.mark.parametrize(
    "source",
    [
        "plain",
        "a &amp; b &lt;i&gt;",
        "<b>one</b> <i>two <u>three</u></i>",
        '<a href="https://x.org/?a=1&amp;b=%22">x</a> 😀 <code>y</code>',
        "<blockquote>q <tg-spoiler>s</tg-spoiler></blockquote>",
    ],
)
def test_what_is_shown_is_what_was_written(source: str) -> None:
    read = parse_html(source)
    assert as_html(read.text, read.entities) == source


def test_crossing_entities_are_shown_well_nested() -> None:
    crossing = ({"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2})
    assert as_html("abc", crossing) == "<b>a<i>b</i></b><i>c</i>"


def test_beyond_a_hundred_entities_the_words_stay_and_the_markup_goes() -> None:
    read = read_words("<b>x</b> " * 120, parse_mode="HTML", entities=None)
    assert (len(read.entities), read.text.count("x")) == (100, 120)


def test_words_without_markup_are_only_trimmed() -> None:
    assert read_words(" <b>x ", parse_mode=None, entities=None) == Formatted("<b>x")


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://t.me/x", ""),
        ("tg://user?id=5", ""),
        ("not-a-url", "Wrong HTTP URL"),
        ("http://localhost", "Wrong HTTP URL"),
        ("https://", "URL host is empty"),
        ("javascript:alert(1)", "Wrong HTTP URL"),
        ("file://x.org/etc", "Unsupported URL protocol"),
    ],
)
def test_only_addresses_a_phone_can_open_are_links(address: str, wrong: str) -> None:
    assert checked_url(address).wrong == wrong
