"""What ties the keys of a simulation's file together, and its file to the course: ids, conditions, sources."""

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from lessons.problem import Place, Problem
from lessons.simulation import After, Bound
from lessons.simulation_grammar import condition_of, effect_of
from lessons.strict_yaml import Mapping, Scalar


@dataclass(frozen=True, slots=True)
class Around:
    """Ids of the course that a simulation may name."""

    modules: Collection[str]
    terms: Collection[str]


def simulation_problems(tree: Mapping, file: str, around: Around) -> list[Problem]:
    """Every broken rule that no single key shows; what has a wrong shape is passed over."""
    found = [
        *_twice(tree.maps("variables"), "variable"),
        *_twice((*tree.maps("scenes"), *tree.maps("endings")), "scene or ending"),
        *_twice(_moves(tree), "move"),
        *_twice(tree.maps("sources"), "source"),
        *_starts(tree),
        *_unproved(tree),
        *_unknown(tree, around),
    ]
    return [Problem(file, line, sentence) for line, sentence in found]


def places_of(tree: Mapping, file: str) -> Iterator[tuple[tuple[str, str], Place]]:
    """Where scenes, moves and endings are written: (kind, "simulation/id"), for lints."""
    name = tree.text("id")
    parts = [("scene", one) for one in tree.maps("scenes")]
    parts += [("ending", one) for one in tree.maps("endings")]
    parts += [("move", one) for one in _moves(tree)]
    for what, one in parts:
        inner = one.text("id")
        if name and inner:
            yield (what, f"{name.text}/{inner.text}"), Place(file, inner.line)


Found = Iterator[tuple[int, str]]  # line, sentence


def _moves(tree: Mapping) -> tuple[Mapping, ...]:
    return tuple(move for scene in tree.maps("scenes") for move in scene.maps("moves"))


def _ids(maps: Iterable[Mapping]) -> list[str]:
    return [name.text for one in maps if (name := one.text("id"))]


def _twice(maps: tuple[Mapping, ...], what: str) -> Found:
    first: dict[str, int] = {}
    for one in maps:
        name = one.text("id")
        if name and name.text in first:
            yield name.line, f"the {what} id `{name.text}` stands already in line {first[name.text]}; rename one"
        elif name:
            first[name.text] = name.line


def _starts(tree: Mapping) -> Found:
    for variable in tree.maps("variables"):
        texts = [variable.text(key) for key in ("low", "start", "high")]
        try:
            low, start, high = (int(text.text) for text in texts if text)
        except ValueError:
            continue  # the check of shapes tells
        if not low <= start <= high or low == high:
            sentence = f"the variable starts at {start}, with {low} as `low` and {high} as `high`; put it between them"
            yield variable.line, sentence


def _unproved(tree: Mapping) -> Found:
    for move in _moves(tree):
        because, sources = move.text("because"), move.texts("sources")
        if because and not sources:
            yield because.line, "the because has no `sources`; a debrief tells nothing that nobody can check"
        elif sources and not because:
            yield sources[0].line, "`sources` of a move prove its `because`; write it or delete them"


def _unknown(tree: Mapping, around: Around) -> Found:
    """Every id that names nothing."""
    scenes, endings = _ids(tree.maps("scenes")), _ids(tree.maps("endings"))
    moves = _moves(tree)
    detours = [detour for move in moves for detour in move.maps("instead")]
    turning = [node for node in [tree.get("turning_point")] if isinstance(node, Mapping)]
    debrief = [claim for ending in tree.maps("endings") for claim in ending.maps("debrief")]
    yield from _strange(_texts(tree, "module"), around.modules, "module of the course")
    yield from _strange(tree.texts("terms"), around.terms, "term of the glossary")
    yield from _strange(_texts_of((*moves, *detours), "to"), [*scenes, *endings], "scene or ending here")
    yield from _strange(_texts_of(turning, "scene"), scenes, "scene here")
    cited = [text for one in (*moves, *turning, *debrief) for text in one.texts("sources")]
    yield from _strange(cited, _ids(tree.maps("sources")), "source here")
    also = [each for place in (*tree.maps("scenes"), *tree.maps("endings")) for each in place.maps("also")]
    tests = [text for one in (*moves, *detours, *also) for text in one.texts("when")]
    variables = _ids(tree.maps("variables"))
    yield from _strange(_named(tests, Bound), variables, "variable here")
    yield from _strange(_named(tests, After), _ids(moves), "move here")
    effects = [text for move in moves for text in move.texts("effects")]
    yield from _strange(_changed(effects), variables, "variable here")


def _texts(one: Mapping, key: str) -> list[Scalar]:
    return [text for text in [one.text(key)] if text]


def _texts_of(maps: Iterable[Mapping], key: str) -> list[Scalar]:
    return [text for one in maps for text in _texts(one, key)]


def _named(texts: Iterable[Scalar], kind: type[Bound] | type[After]) -> Iterator[Scalar]:
    """The variables or moves that conditions name."""
    for text in texts:
        try:
            test = condition_of(text.text)
        except ValueError:
            continue  # the check of shapes tells
        if isinstance(test, kind):
            names = test.moves if isinstance(test, After) else (test.variable,)
            yield from (Scalar(name, text.line) for name in names)


def _changed(texts: Iterable[Scalar]) -> Iterator[Scalar]:
    for text in texts:
        try:
            yield Scalar(effect_of(text.text).variable, text.line)
        except ValueError:
            continue


def _strange(names: Iterable[Scalar], known: Collection[str], what: str) -> Found:
    for name in names:
        if name.text not in known:
            close = difflib.get_close_matches(name.text, known, n=1)
            mend = f"did you mean `{close[0]}`?" if close else "write it or delete it here"
            yield name.line, f"`{name.text}` is no {what}; {mend}"
