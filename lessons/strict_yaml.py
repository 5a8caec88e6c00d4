"""YAML that means what an author typed: every scalar stays text, every node knows its line.

No aliases, tags, duplicate keys or second documents; size and depth are bounded: a hostile file costs little.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from lessons.problem import Problem

LARGEST_FILE = 256 * 1024  # bytes
DEEPEST = 20  # maps and lists inside one another

# Signs that no one types on purpose: controls (but tab and line ends), separators that move line numbers,
# signs that turn the direction of text, halves of pairs. Joiners, which Bangla needs, are not among them.
_STRAY = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text. `12:30`, `no` and `1e3` stay those letters; an empty value is an empty text."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values in the order of the file; no key occurs twice."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int

    def get(self, key: str) -> "Node | None":
        """The value of a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def text(self, key: str) -> Scalar | None:
        """The value of a key when it is a text that is not empty."""
        value = self.get(key)
        return value if isinstance(value, Scalar) and value.text.strip() else None

    def texts(self, key: str) -> tuple[Scalar, ...]:
        """The texts of a list; whatever else stands in it is left to the check of shapes."""
        value = self.get(key)
        items = value.items if isinstance(value, Sequence) else ()
        return tuple(item for item in items if isinstance(item, Scalar))

    def maps(self, key: str) -> "tuple[Mapping, ...]":
        """The maps of a list; whatever else stands in it is left to the check of shapes."""
        value = self.get(key)
        items = value.items if isinstance(value, Sequence) else ()
        return tuple(item for item in items if isinstance(item, Mapping))


Node = Scalar | Sequence | Mapping


class _TooDeepError(Exception):
    """Ends the reading of a file that nests deeper than `DEEPEST`; carries the line."""

    def __init__(self, line: int) -> None:
        self.line = line


@dataclass(slots=True)
class _Open:
    """A list or map that is still being read."""

    is_map: bool
    line: int
    parts: list[Node]


def load(data: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read one file.

    Returns the tree and every problem found. The tree is None when nothing could be read; it may stand beside
    problems, so that the author hears of those in the content at the same time.
    """
    if len(data) > LARGEST_FILE:
        return None, (Problem(file, 1, f"the file is larger than {LARGEST_FILE // 1024} KiB; split it"),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, (Problem(file, line, "this is not UTF-8 text; save the file with the encoding UTF-8"),)
    if not text.strip():
        return None, (Problem(file, 1, "the file is empty; write its content or delete it"),)
    if stray := _STRAY.search(text):
        line = text.count("\n", 0, stray.start()) + 1
        code = f"U+{ord(stray[0]):04X}"
        return None, (Problem(file, line, f"an invisible control character ({code}) stands here; delete it"),)
    reading = _Reading(file)
    try:
        root = reading.tree(yaml.parse(text, Loader=yaml.CSafeLoader))
    except _TooDeepError as error:
        return None, (*reading.problems, _too_deep(error.line, file))
    except yaml.MarkedYAMLError as error:
        return None, (*reading.problems, _not_yaml(error, file))
    except yaml.YAMLError:
        return None, (*reading.problems, Problem(file, 1, "a character that YAML forbids stands in the file"))
    if root is None and not reading.problems:
        reading.blame(1, "the file holds only comments; write its content or delete it")
    return root, tuple(reading.problems)


class _Reading:
    """Builds the tree from parser events without recursion: depth is checked before it can hurt."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._documents = 0

    def blame(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(self.file, line, sentence))

    def tree(self, events: Iterator[yaml.Event]) -> Node | None:
        """The first document's tree, or None when there is none."""
        root: Node | None = None
        stack: list[_Open] = []
        for event in events:
            node = self._node(event, stack)
            if node is None:
                continue
            if stack:
                stack[-1].parts.append(node)
            elif self._documents == 1:
                root = node
        return root

    def _node(self, event: yaml.Event, stack: list[_Open]) -> Node | None:
        """The node that an event completes, if it does."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        self._refuse_extras(event, line)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents == 2:
                    self.blame(line, "a second document starts here; keep one a file and delete the `---`")
            case yaml.AliasEvent():
                return Scalar("", line)
            case yaml.ScalarEvent():
                if _STRAY.search(event.value):
                    self.blame(line, "a control character stands in this text; delete it")
                return Scalar(event.value, line)
            case yaml.CollectionStartEvent():
                if len(stack) == DEEPEST:
                    raise _TooDeepError(line)
                stack.append(_Open(isinstance(event, yaml.MappingStartEvent), line, []))
            case yaml.CollectionEndEvent():
                return self._closed(stack.pop())
        return None

    def _refuse_extras(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.blame(line, f"`*{event.anchor}` is an alias; write the text out instead")
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor:
                self.blame(line, f"`&{event.anchor}` is an anchor; delete it and write the text out where needed")
            if getattr(event, "tag", None):
                self.blame(line, "a tag (`!…`) stands here; delete it, or put the text in quotes")

    def _closed(self, opened: _Open) -> Node:
        if not opened.is_map:
            return Sequence(tuple(opened.parts), opened.line)
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(opened.parts[::2], opened.parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.blame(key.line, "a list or map stands where a key is needed; write a plain word")
            elif key.text in entries:
                first = entries[key.text][0].line
                self.blame(key.line, f"the key `{key.text}` stands twice, first in line {first}; delete one")
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), opened.line)


def _too_deep(line: int, file: str) -> Problem:
    return Problem(file, line, f"lists and maps nest deeper than {DEEPEST}")


def _not_yaml(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = error.problem or error.context or "the text cannot be read"
    if "nesting depth" in said:  # libyaml's own bound, met before ours when everything stands in one line
        return _too_deep(mark.line + 1 if mark else 1, file)
    hint = "check the indentation, the colons and the quotes here and in the line above"
    return Problem(file, mark.line + 1 if mark else 1, f"this is not YAML ({said}); {hint}")
