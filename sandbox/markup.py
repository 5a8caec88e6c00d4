"""Formatted text: Telegram's HTML subset to text and entities, with its error texts.

The rules and sentences follow parse_html of tdlib/td (MessageEntity.cpp), as its own tests record them.
"""

import re
from dataclasses import dataclass

from sandbox.entities import sixteen, tidied
from sandbox.errors import RefusalError, bad_request
from sandbox.links import checked_url
from sandbox.message import Formatted, Json

TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NEXT = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"[^\s=>]*")
_BARE = re.compile(r"[a-zA-Z0-9.\-]*")
_SPACE = re.compile(r"\s*")


@dataclass
class _Open:
    tag: str
    argument: str
    at: int  # in the source
    start: int  # code points of text before it


class _Reader:
    """One pass over the source; `out` gathers text, `found` entities by code point."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.out: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.found: list[tuple[int, int, int, Json]] = []  # start, end, place in the source, fields

    def read(self) -> Formatted:
        while match := _NEXT.search(self.source, self.at):
            self._add(self.source[self.at : match.start()])
            self.at = match.start()
            if match.group() == "&":
                self._reference()
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        self._add(self.source[self.at :])
        if self.open:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        text = "".join(self.out)
        # An outer tag closes last but is named first.
        self.found.sort(key=lambda entity: (entity[0], -entity[1], entity[2]))
        return sixteen(text, [(start, end, entity) for start, end, _, entity in self.found])

    def _add(self, text: str) -> None:
        if text:
            self.out.append(text)
            self.length += len(text)

    def _fail(self, words: str, at: int) -> RefusalError:
        return _unparsed(f"{words} at byte offset {len(self.source[:at].encode('utf-8', 'surrogatepass'))}")

    def _reference(self) -> None:
        match = _REFERENCE.match(self.source, self.at)
        char = _decoded(match) if match else None
        if match is None or char is None:
            self._add("&")
            self.at += 1
            return
        if "\ud800" <= char <= "\udfff":
            raise _unparsed(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        self._add(char)
        self.at = match.end()

    def _skip(self, pattern: re.Pattern[str], at: int) -> tuple[str, int]:
        match = pattern.match(self.source, at)
        return (match.group(), match.end()) if match else ("", at)

    def _start_tag(self) -> None:
        begin = self.at
        name, at = self._skip(_NAME, begin + 1)
        if at >= len(self.source):
            raise self._fail("Unclosed start tag", begin)
        tag = name.lower()
        if tag not in TAGS:
            raise self._fail(f'Unsupported start tag "{tag}"', begin)
        attributes, self.at = self._attributes(tag, begin, at)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._fail('Tag "span" must have class "tg-spoiler"', begin)
        argument = {
            "a": attributes.get("href", ""),
            "code": attributes.get("class", "").removeprefix("language-")
            if attributes.get("class", "").startswith("language-")
            else "",
            "blockquote": "expandable" if "expandable" in attributes else "",
            "tg-emoji": attributes.get("emoji-id", ""),
        }.get(tag, "")
        self.open.append(_Open(tag, argument, begin, self.length))

    def _attributes(self, tag: str, begin: int, at: int) -> tuple[dict[str, str], int]:
        attributes: dict[str, str] = {}
        while True:
            _, at = self._skip(_SPACE, at)
            if self.source.startswith(">", at):
                return attributes, at + 1
            name, at = self._skip(_ATTRIBUTE, at)
            if not name:
                if at >= len(self.source):
                    raise self._fail(f'Unclosed start tag "{tag}"', begin)
                raise self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            _, at = self._skip(_SPACE, at)
            if not self.source.startswith("=", at):
                if tag == "blockquote" and name.lower() == "expandable":
                    attributes["expandable"] = ""
                    continue
                words = f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
                raise self._fail(words, begin)
            _, at = self._skip(_SPACE, at + 1)
            if at >= len(self.source):
                raise self._fail(f'Unclosed start tag "{tag}"', begin)
            attributes[name.lower()], at = self._value(begin, at)

    def _value(self, begin: int, at: int) -> tuple[str, int]:
        quote = self.source[at]
        if quote not in "\"'":
            value, end = self._skip(_BARE, at)
            if end < len(self.source) and (self.source[end].isspace() or self.source[end] == ">"):
                return value.lower(), end
            raise self._fail("Unexpected end of name token", at)
        end = self.source.find(quote, at + 1)
        if end < 0:
            raise self._fail("Unclosed start tag", begin)
        raw = self.source[at + 1 : end]
        return _REFERENCE.sub(lambda match: _decoded(match) or match.group(), raw), end + 1

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._fail("Unexpected end tag", begin)
        name, at = self._skip(_NAME, begin + 2)
        _, at = self._skip(_SPACE, at)
        if not self.source.startswith(">", at):
            raise self._fail("Unclosed end tag", begin)
        opened = self.open.pop()
        if name and name.lower() != opened.tag:
            self._mismatch(begin, opened.tag, name.lower())
        self.at = at + 1
        if self.length > opened.start:
            self._close(opened)

    def _mismatch(self, begin: int, expected: str, found: str) -> None:
        offset = len(self.source[:begin].encode("utf-8", "surrogatepass"))
        raise _unparsed(f'Unmatched end tag at byte offset {offset}, expected "</{expected}>", found "</{found}>"')

    def _close(self, opened: _Open) -> None:
        entity: Json = {"type": TAGS[opened.tag]}
        if opened.tag == "a":
            url = checked_url(opened.argument or "".join(self.out)[opened.start : self.length])
            if url.wrong:
                return  # a link that is none is left as plain words
            entity["url"] = url.address
        elif opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            if not opened.argument.isdecimal() or not 0 < int(opened.argument) < 2**63:
                raise _unparsed("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.argument
        self.found.append((opened.start, self.length, opened.at, entity))


def parse_html(source: str) -> Formatted:
    """Text and entities of HTML. Raises RefusalError 400 `can't parse entities: …`."""
    if "<" not in source and "&" not in source:
        return Formatted(source)
    read = _Reader(source).read()
    return tidied(Formatted(read.text, _joined_code(read.entities)))


def _joined_code(entities: tuple[Json, ...]) -> tuple[Json, ...]:
    """`<pre><code class="language-x">` over the same words is one `pre` with a language."""
    joined: list[Json] = []
    for entity in entities:
        twin = next(
            (e for e in joined if _same_place(e, entity) and {e["type"], entity["type"]} == {"pre", "code"}),
            None,
        )
        if twin and (language := twin.get("language") or entity.get("language")):
            twin.update({"type": "pre", "language": language})
        else:
            joined.append(dict(entity))
    for entity in joined:
        if entity["type"] == "code":
            entity.pop("language", None)
    return tuple(joined)


def _same_place(one: Json, other: Json) -> bool:
    return bool(one["offset"] == other["offset"] and one["length"] == other["length"])


def _decoded(match: re.Match[str]) -> str | None:
    sixteen_base, ten_base, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(sixteen_base, 16) if sixteen_base else int(ten_base)
    return chr(code) if 0 < code <= 0x10FFFF else None


def _unparsed(words: str) -> RefusalError:
    return bad_request(f"can't parse entities: {words}")
