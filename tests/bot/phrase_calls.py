"""Where the bot's code asks for words: every `say` and `label` in it, read from its syntax tree."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import bot

FOLDER = Path(bot.__file__).parent
OURS = (  # say nothing in a chat
    "authoring.py",
    "cli.py",
    "cohort_desk.py",
    "report_verbs.py",
    "export_desk.py",
    "roster_desk.py",
    "cohort_verbs.py",
    "content_check.py",
    "content_desk.py",
    "desk.py",
    "phrases/__init__.py",
    "phrases/pseudo.py",
    "preview.py",
    "preview_layout.py",
    "preview_map.py",
    "preview_phones.py",
    "preview_simulation.py",
    "rehearsal.py",
    "rehearsal_simulation.py",
    "terminal.py",
    "verbs.py",
)
FILES = tuple(
    name for path in sorted(FOLDER.rglob("*.py")) if (name := path.relative_to(FOLDER).as_posix()) not in OURS
)


@cache
def tree_of(file: str) -> ast.Module:
    return ast.parse((FOLDER / file).read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: the keys it may ask for, or the pattern they are made by; the fields it fills."""

    place: str
    keys: tuple[str, ...]
    pattern: str | None
    fields: frozenset[str]
    is_label: bool


def _constants(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may be: both sides of a conditional, each of its own."""
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    else:
        yield node


def _pattern(node: ast.JoinedStr) -> str:
    """`cohort.{name}`: the source of an f-string without its quotes; a conditional inside is `…`."""
    return "".join(
        str(part.value)
        if isinstance(part, ast.Constant)
        else "{…}"
        if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.IfExp)
        else "{" + ast.unparse(part.value) + "}"
        for part in node.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )


def _assigned(name: str, inside: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """What a local name stands for: its assignments, or what callers in the same module hand in."""
    for scope in inside:
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                yield from _constants(node.value)


def _handed_in(tree: ast.Module, function: ast.AST, name: str) -> Iterator[ast.expr]:
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    at = [argument.arg for argument in function.args.args]
    for node in ast.walk(tree):
        calls_it = isinstance(node, ast.Call) and getattr(node.func, "id", None) == function.name
        if isinstance(node, ast.Call) and calls_it and name in at and at.index(name) < len(node.args):
            yield from _constants(node.args[at.index(name)])


def _is_asking(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not node.args:
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    return name in ("say", "label")


@cache
def asked() -> tuple[Asked, ...]:
    """Every call, in the order of files and lines."""
    return tuple(call for file in FILES for call in _asked_in(file, tree_of(file)))


def _asked_in(file: str, tree: ast.Module) -> Iterator[Asked]:
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inmost: dict[ast.AST, ast.AST] = {child: function for function in functions for child in ast.walk(function)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not _is_asking(node):
            continue
        inner = inmost.get(node, tree)
        options = list(_constants(node.args[0]))
        if isinstance(options[0], ast.Name):
            name = options[0].id
            options = [*_assigned(name, [inner]), *_handed_in(tree, inner, name)]
        place = f"{file}:{node.lineno}"
        fields = frozenset(keyword.arg or "**" for keyword in node.keywords)
        is_label = isinstance(node.func, ast.Attribute) and node.func.attr == "label"
        literal = tuple(str(o.value) for o in options if isinstance(o, ast.Constant))
        if literal:
            yield Asked(place, literal, None, fields, is_label)
        for option in options:
            if isinstance(option, ast.JoinedStr):
                yield Asked(place, (), _pattern(option), fields, is_label)


def docstrings(tree: ast.Module) -> set[int]:
    """Ids of the nodes that are docstrings."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def literals(file: str) -> list[tuple[int, str]]:
    """(line, text) of every string literal of a file but its docstrings."""
    tree = tree_of(file)
    told = docstrings(tree)
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]
