"""The map of a simulation as SVG: every scene with its moves, every ending, and which move leads where.

Takes its colours from the page around it, and is black on white when printed.
"""

from collections.abc import Iterator
from html import escape
from textwrap import shorten, wrap

from bot.preview_layout import BETWEEN, Box, Layout, laid_out
from bot.scenes import LETTERS
from lessons.simulation import After, Bound, Condition, Ending, Move, Scene, Simulation, VariableId

WIDTH, NARROW = 236.0, 178.0  # of a scene and of an ending, in pixels; text is measured by its letters
LINE = 13.5
HEAD = 20.0
FOOT = 17.0  # the strip from which the lines of the moves leave
LETTER = {"move": 5.8, "said": 5.6, "if": 5.0}  # width of one, about
INDENT = 14.0  # of a condition
MARGIN = 8.0


def map_of(simulation: Simulation) -> str:
    """An `svg` element with a title for those who do not see it."""
    sizes = {str(place.id): _size(simulation, place) for place in simulation.places}
    layout = laid_out(sizes, _edges(simulation))
    lines = [line for scene in simulation.scenes for line in _lines(scene, layout)]
    boxes = [_box(simulation, place, layout.boxes[place.id]) for place in simulation.places]
    frame = f"{-MARGIN:g} {-MARGIN:g} {layout.width + 2 * MARGIN:.0f} {layout.height + 2 * MARGIN:.0f}"
    title = f"{simulation.title}: {len(simulation.scenes)} scenes, {len(simulation.endings)} endings"
    head = f'<svg class="map" xmlns="http://www.w3.org/2000/svg" viewBox="{frame}" role="img">'
    tip = (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="tip" d="M0 .5 8 4 0 7.5z"/></marker></defs>'
    )
    return "\n".join([f"{head}<title>{escape(title)}</title>{tip}", *lines, *boxes, "</svg>"])


def in_words(condition: Condition) -> str:
    """A condition as its author writes it."""
    return " and ".join(map(_test, condition))


def _test(test: Bound | After) -> str:
    if isinstance(test, Bound):
        return f"{test.variable} at {'least' if test.at_least else 'most'} {test.number}"
    return f"{'' if test.made else 'not '}after {' or '.join(test.moves)}"


def _edges(simulation: Simulation) -> Iterator[tuple[str, str]]:
    for scene in simulation.scenes:
        for move in scene.moves:
            yield from ((scene.id, to) for to in (move.to, *(detour.to for detour in move.instead)))


def _rows(simulation: Simulation, place: Scene | Ending) -> Iterator[tuple[str, str]]:
    """(class, words) of each line in a box. Detours that all moves of a scene share are told once."""
    if isinstance(place, Ending):
        yield "said", place.title
        return
    yield "said", place.text
    shared = len({move.instead for move in place.moves}) == 1
    short = abbreviations(simulation)
    for letter, move in zip(LETTERS, place.moves, strict=False):
        effects = " ".join(f"{short[effect.variable]}{effect.change:+}" for effect in move.effects)
        yield "move", f"{letter}  {move.id}  {effects}"
        if move.when:
            yield from _ifs("", move.when)
        for detour in () if shared else move.instead:
            yield from _ifs(detour.to, detour.when)
    for detour in place.moves[0].instead if shared else ():
        yield from _ifs(detour.to, detour.when)


def _ifs(to: str, condition: Condition) -> Iterator[tuple[str, str]]:
    """As many lines as it takes: a map that cuts a condition short tells nothing."""
    told = wrap(f"{to} if {in_words(condition)}", int((WIDTH - 18 - INDENT) / LETTER["if"]), break_on_hyphens=False)
    yield from (("if", line) for line in told)


def abbreviations(simulation: Simulation) -> dict[VariableId, str]:
    """The shortest beginnings by which the variables can be told apart."""
    names = [variable.id for variable in simulation.variables]
    length = next(n for n in range(1, 100) if len({name[:n] for name in names}) == len(names))
    return {name: name[:length] for name in names}


def _size(simulation: Simulation, place: Scene | Ending) -> tuple[float, float]:
    height = HEAD + LINE * len([*_rows(simulation, place)])
    return (WIDTH, height + FOOT) if isinstance(place, Scene) else (NARROW, height + 5)


def _box(simulation: Simulation, place: Scene | Ending, box: Box) -> str:
    kind = "scene" if isinstance(place, Scene) else "ending"
    turns = place.id == simulation.turning_point.scene
    mark = " turning" if turns else ""
    x, y = box.x, box.y
    parts = [
        f'<a href="#{place.id}" target="_self"><g class="{kind}{mark}"><title>{escape(place.text)}</title>',
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{box.width:.0f}" height="{box.height:.1f}" rx="6"/>',
        f'<text class="name" x="{x + 9:.1f}" y="{y + 14:.1f}">{"↻ " if turns else ""}{escape(place.id)}</text>',
    ]
    for n, (style, words) in enumerate(_rows(simulation, place)):
        indent = INDENT if style == "if" else 0
        line = escape(shorten(words, int((box.width - 18 - indent) / LETTER[style]), placeholder="…"))
        spot = f'x="{x + 9 + indent:.1f}" y="{y + HEAD + LINE * n + 8:.1f}"'
        parts.append(f'<text class="{style}" {spot}>{line}</text>')
    if isinstance(place, Scene):
        ports = zip(LETTERS, _ports(place, box), strict=False)
        parts += [
            f'<text class="port" x="{at:.1f}" y="{box.bottom - 6:.1f}">{letter}</text>' for letter, (at, _) in ports
        ]
    return "".join([*parts, "</g></a>"])


def _ports(scene: Scene, box: Box) -> list[tuple[float, Move]]:
    """The x at which the line of each move leaves."""
    step = box.width / (len(scene.moves) + 1)
    return [(box.x + step * n, move) for n, move in enumerate(scene.moves, start=1)]


def _lines(scene: Scene, layout: Layout) -> Iterator[str]:
    box = layout.boxes[scene.id]
    for at, move in _ports(scene, box):
        yield _line(scene.id, move.to, at, layout, "way")
        for detour in move.instead:
            yield _line(scene.id, detour.to, at, layout, "way detour")


def _line(start: str, to: str, at: float, layout: Layout, style: str) -> str:
    """From a port down through its bends to the top of a box; back up it goes round the right side."""
    bends, here, there = layout.bends.get((start, to)), layout.boxes[start], layout.boxes[to]
    path = f"M{at:.1f} {here.bottom:.1f}"
    if bends is None:
        edge, y = there.x + there.width, there.y + there.height / 2
        right = max(here.x + here.width, edge) + 70
        path += f"C{right:.1f} {here.bottom + 50:.1f} {right:.1f} {y:.1f} {edge + 3:.1f} {y:.1f}"
        return f'<path class="{style}" d="{path}" marker-end="url(#tip)"/>'
    x, y = at, here.bottom
    for bend in (*bends, there):
        pull = BETWEEN * 0.55
        path += f"C{x:.1f} {y + pull:.1f} {bend.middle:.1f} {bend.y - pull:.1f} {bend.middle:.1f} {bend.y:.1f}"
        x, y = bend.middle, bend.bottom
        path += f"V{y:.1f}" if bend is not there else ""
    return f'<path class="{style}" d="{path}" marker-end="url(#tip)"/>'
