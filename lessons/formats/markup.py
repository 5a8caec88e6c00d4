"""Moodle's four formats of a text as plain text, since a lesson has no markup of its own.

Prefixes and their meaning: parse_text_with_format in Moodle's question/format/gift/format.php. `html` and `moodle`
may hold HTML; in `moodle` a line end is one, in `html` it is a blank.
"""

import re
from dataclasses import dataclass
from html import unescape

UNNAMED = "moodle"  # the format of a text that names none

_PREFIX = re.compile(r"\[(moodle|html|plain|markdown)\]")
_LOOKS_LIKE_HTML = re.compile(r"<[a-zA-Z/!?]|&#?\w+;")
_LOOKS_LIKE_MARKDOWN = re.compile(r"\*|__|`|\]\(|^\s*(#|>|[-+] )", re.MULTILINE)

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b([^<>]*)>")
_ADDRESS = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_BROKEN_TAG = re.compile(r"<[a-zA-Z/!?]")
_MARKDOWN_STAYS = "is written in Markdown, whose marks a lesson shows as they stand; take them out"

_LINES = frozenset(("p", "div", "br", "hr", "ul", "ol", "li", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"))
_SILENT = _LINES | {"span", "font", "a", "html", "body"}  # nothing of them is missed
_BROWSER_ONLY = frozenset(("img", "audio", "video", "iframe", "object", "embed", "svg", "math", "canvas", "table")) | {
    "input",
    "select",
    "textarea",
    "script",
    "style",
}


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without markup, what was lost of it (half a sentence), and what it holds that no words can stand for."""

    text: str
    note: str | None = None
    unshown: str | None = None


def named(text: str, inherited: str) -> tuple[str, str]:
    """The format that the prefix of a text names, else the inherited one, and the text without the prefix."""
    found = _PREFIX.match(text)
    return (found[1], text[found.end() :]) if found else (inherited, text)


def plain(text: str, form: str) -> Plain:
    """The words of a text of that format."""
    if form == "markdown":
        return Plain(text, _MARKDOWN_STAYS if _LOOKS_LIKE_MARKDOWN.search(text) else None)
    if form == "plain" or not (form == "html" or _LOOKS_LIKE_HTML.search(text)):
        return Plain(text)
    words = _Words(text, keeps_line_ends=form == "moodle")
    marks = ", ".join(words.dropped)
    note = f"loses its markup ({marks}), which a lesson does not show; read it again" if marks else None
    return Plain(words.text, note, f"<{words.unshown}>" if words.unshown else None)


class _Words:
    """The words of a piece of HTML; an address follows the words of its link.

    Written by hand: html.parser takes minutes for a hostile megabyte and stops at declarations that it does not know.
    """

    def __init__(self, html: str, *, keeps_line_ends: bool) -> None:
        self.dropped: dict[str, None] = {}  # in the order found
        self.unshown: str | None = None
        self._address = ""
        self._parts: list[str] = []
        self._keeps_line_ends = keeps_line_ends
        done = 0
        last = html.rfind("-->") + 3  # behind it no search for an end could succeed, and many would cost a square
        html = _DECLARATION.sub("", _COMMENT.sub("", html[:last]) + html[last:])
        for tag in _TAG.finditer(html):
            self._said(html[done : tag.start()])
            done = tag.end()
            self._closed(tag[2].lower()) if tag[1] else self._opened(tag[2].lower(), tag[3])
        self._said(html[done:])
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        self.text = "\n".join(line for line in lines if line)

    def _said(self, html: str) -> None:
        if _BROKEN_TAG.search(html):
            self.dropped["a < that closes nowhere"] = None
        self._parts.append(unescape(html if self._keeps_line_ends else html.replace("\n", " ")))

    def _opened(self, tag: str, attributes: str) -> None:
        if tag in _BROWSER_ONLY:
            self.unshown = self.unshown or tag
        elif tag not in _SILENT:
            self.dropped[f"<{tag}>"] = None
        if tag in _LINES:
            self._parts.append("\n- " if tag == "li" else "\n")
        if tag == "a" and (found := _ADDRESS.search(attributes)):
            self._address = unescape(found[1] or found[2] or found[3] or "")
            if "@@PLUGINFILE@@" in self._address:  # a file that Moodle keeps and GIFT does not carry
                self.unshown = self.unshown or tag

    def _closed(self, tag: str) -> None:
        if tag in _LINES:
            self._parts.append("\n")
        if tag == "a" and self._address:
            if self._address not in self._parts[-1]:  # an address that is its own words is not said twice
                self._parts.append(f" ({self._address})")
            self._address = ""
