"""What pydantic found in an author's file, said in plain sentences that name the place and the mend."""

import difflib
import re
import textwrap
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lessons.problem import Problem
from lessons.strict_yaml import Mapping, Node, Scalar, Sequence

Path = tuple[int | str, ...]


def plain(node: Node) -> Any:
    """The tree as dict, list and str, for pydantic."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.text: plain(value) for key, value in node.entries}


def problems_of(error: ValidationError, *, shape: type[BaseModel], root: Node, file: str) -> list[Problem]:
    """One problem for each of pydantic's errors, in the order of the file."""
    return sorted(
        Problem(file, _line(root, found["loc"]), _sentence(found, shape=shape, root=root))
        for found in error.errors(include_url=False, include_context=True)
        if not _is_echo(found)
    )


def _is_echo(found: ErrorDetails) -> bool:
    """Pydantic calls a list too short when its items are bad; the items are told of already."""
    short = found["type"] == "too_short"
    return short and len(found["input"]) >= int(found.get("ctx", {})["min_length"])


def place(root: Node, path: Path) -> str:
    """Where a path points, in words: `choice wait of question visa-day`; empty for the file itself."""
    words: list[str] = []
    node: Node | None = root
    for index, step in enumerate(path):
        node = _child(node, step)
        if isinstance(step, int):
            name = node.text("id") if isinstance(node, Mapping) else None
            list_name = str(path[index - 1]) if index else "items"
            words.append(f"{list_name.removesuffix('s')} {name.text if name else step + 1}")
    return " of ".join(reversed(words))


def _child(node: Node | None, step: int | str) -> Node | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def _line(root: Node, path: Path) -> int:
    """The line of the deepest node on the path: a missing key is shown at the map that lacks it."""
    node, line = root, root.line
    for step in path:
        if isinstance(node, Mapping):
            # The key's own line, not the value's: a value may start lines below.
            line = next((key.line for key, _ in node.entries if key.text == step), line)
        child = _child(node, step)
        if child is None:
            return line
        node = child
        if isinstance(step, int):
            line = node.line
    return line


def _sentence(found: ErrorDetails, *, shape: type[BaseModel], root: Node) -> str:
    path = found["loc"]
    key = path[-1] if path else ""
    if found["type"] == "missing":
        field = _shape_at(shape, path[:-1]).model_fields[str(key)]
        return f"{place(root, path[:-1]) or 'the file'} has no `{key}`; {field.description}"
    if found["type"] == "extra_forbidden":
        return _unknown(str(key), where=place(root, path[:-1]), known=_shape_at(shape, path[:-1]).model_fields)
    said = _said(found)
    if not path:
        return f"the file {said}"
    if isinstance(key, int):
        owner = place(root, path[:-2])
        return f"number {key + 1} in `{path[-2]}`{' of ' + owner if owner else ''} {said}"
    owner = place(root, path[:-1])
    return f"`{key}`{' of ' + owner if owner else ''} {said}"


def _unknown(key: str, *, where: str, known: dict[str, Any]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    mend = f"did you mean `{close[0]}`?" if close else f"the keys here are {', '.join(known)}"
    return f"`{key}`{' in ' + where if where else ''} is a key that nothing reads; {mend}"


def _shape_at(shape: type[BaseModel], path: Path) -> type[BaseModel]:
    """The model that describes the map at this path."""
    for step in path:
        if isinstance(step, str):
            annotation = shape.model_fields[step].annotation
            inner = (annotation, *get_args(annotation))
            shape = next(one for one in inner if isinstance(one, type) and issubclass(one, BaseModel))
    return shape


# The end of the sentence by pydantic's type of error: what is wrong with the value and how to mend it.
_ENDINGS = {
    "value_error": "is `{value}`, which {error}",
    "string_too_long": "has {size} characters; cut it to {max_length}",
    "string_too_short": "is empty; write it or delete the key",
    "too_short": "has {size}; at least {min_length} must be there",
    "too_long": "has {size}; at most {max_length} may be there",
    "tuple_type": "must be a list, each item on its own line after `- `",
    "model_type": "must be a map of `key: value` lines",
    "int_parsing": "is `{value}` but must be a whole number",
    "greater_than_equal": "is `{value}`; it must be at least {ge}",
    "less_than_equal": "is `{value}`; it must be at most {le}",
    "string_pattern_mismatch": "is `{value}`; write a language code, as in `en`",
} | dict.fromkeys(
    ("string_type", "date_type", "time_type", "int_type", "enum"),
    "must be a text; it holds a list or a map (is the indentation right?)",
)


def _said(found: ErrorDetails) -> str:
    context, value = found.get("ctx", {}), found["input"]
    if value == "":
        return "is empty; write it or delete the key"
    if found["type"] == "enum" and isinstance(value, str):
        return _no_member(value, str(context["expected"]))
    size = len(value.strip()) if isinstance(value, str) else len(value) if isinstance(value, list) else 0
    ending = _ENDINGS.get(found["type"], "is not right: {said}")
    shown = textwrap.shorten(value, 60, placeholder="…") if isinstance(value, str) else "a list or a map"
    return ending.format(**context, value=shown, size=size, said=found["msg"].lower())


def _no_member(value: str, expected: str) -> str:
    close = difflib.get_close_matches(value, re.findall(r"\w+", expected), n=1)
    hint = f"; did you mean `{close[0]}`?" if close else ""
    return f"is `{textwrap.shorten(value, 60)}` but must be {expected}{hint}"
