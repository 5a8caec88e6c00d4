"""Who went where in a case, as PNG: places from top to bottom, ways as bands as wide as the people who took them.

For the worker process alone. Endings are told apart by their shape as well as by colour.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from bot.pictures.charts import BLUE, RUST, TEAL, TITLE, drawn
from bot.pictures.drawing import INK, WIDE

ROW, HIGH, WIDEST = 116, 46, 34  # pixels: between rows, of a place, of the widest band
BOWS = (0, 160, -160, 267, -267, 330, -330, 400)  # pixels to the side: between places of a row, or round a lone one
BROAD, GAP = 420, 60  # of a place, at most; between two, where a way may pass
Point = tuple[float, float]
Box = tuple[float, float, float]  # centre x, centre y, width
SIZE, LETTER = 21, 0.66  # pixels: of the words, and how wide a letter is for its height
SMALL = 0.72  # of words in two lines
APART = (44, 24)  # pixels between the middles of two numbers, across or down


def flow(values: Mapping[str, Any]) -> bytes:
    """{title, places: [{id, name, ends}], ways: [(from, to, people)]}."""
    rows = _rows(values["places"], values["ways"])
    high = TITLE + 20 + ROW * (1 + max(rows.values(), default=0))
    return drawn(high, lambda axes: _flow(axes, values, rows))


def _rows(places: Sequence[Mapping[str, Any]], ways: Sequence[Sequence[Any]]) -> dict[str, int]:
    """Place → row: one below the lowest place that leads there; every ending in the last."""
    rows = {each["id"]: 0 for each in places}
    for _ in places:  # as many rounds as there can be rows
        for start, to, _n in ways:
            if rows[to] <= rows[start] < len(places):
                rows[to] = rows[start] + 1
    last = max(rows.values(), default=0)
    return {each["id"]: last if each["ends"] else rows[each["id"]] for each in places}


def _flow(axes: Axes, values: Mapping[str, Any], rows: Mapping[str, int]) -> None:
    axes.text(24, 40, values["title"], fontsize=26, fontweight="bold", color=INK, va="center")
    where = _where(values["places"], rows)
    most, taken = max((n for *_, n in values["ways"]), default=1), list[Point]()
    for start, to, n in sorted(values["ways"], key=lambda way: -way[2]):
        others = [box for name, box in where.items() if name not in (start, to)]
        _band(axes, _curve(where[start], where[to], others), n, WIDEST * n / most, taken)
    for each in values["places"]:
        _place(axes, where[each["id"]], each)


def _where(places: Sequence[Mapping[str, Any]], rows: Mapping[str, int]) -> dict[str, Box]:
    """Place → centre x, centre y, width."""
    found = {}
    for row in set(rows.values()):
        there = [each["id"] for each in places if rows[each["id"]] == row]
        wide = WIDE / len(there)
        for n, name in enumerate(there):
            found[name] = (
                wide * (n + 0.5),
                TITLE + 20 + ROW * row + HIGH / 2,
                min(BROAD, wide - (GAP if len(there) == 2 else 14)),
            )
    return found


def _curve(start: Box, to: Box, others: Sequence[Box]) -> list[Point]:
    """Corners of a way from one place to another: straight, or with the first bow that meets no other."""
    (x0, y0, _), (x1, y1, _) = start, to
    y0, y1 = y0 + HIGH / 2, y1 - HIGH / 2
    bend = max(30.0, (y1 - y0) / 2)
    ways = [[(x0, y0), (x0 + bow, y0 + bend), (x1 + bow, y1 - bend), (x1, y1)] for bow in BOWS]
    return next((way for way in ways if _inside(way) and not any(_behind(way, box) for box in others)), ways[-1])


def _inside(corners: Sequence[Point]) -> bool:
    return all(WIDEST / 2 < x < WIDE - WIDEST / 2 for x, _ in _points(corners))


def _behind(corners: Sequence[Point], box: Box) -> bool:
    x, y, wide = box
    return any(abs(px - x) < wide / 2 and abs(py - y) < HIGH / 2 for px, py in _points(corners))


def _band(axes: Axes, corners: Sequence[Point], n: int, wide: float, taken: list[Point]) -> None:
    """A way as wide as its people. Its number stands where no other has `taken` the room."""
    look = {"facecolor": "none", "edgecolor": BLUE, "linewidth": max(3, wide), "alpha": 0.35, "capstyle": "butt"}
    axes.add_patch(PathPatch(Path(corners, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]), **look))
    low = corners[0][1] + (ROW - HIGH) / 2
    spots = [spot for spot in _points(corners) if spot[1] >= low]
    x, y = next((spot for spot in spots if not any(_near(spot, other) for other in taken)), corners[-1])
    taken.append((x, y))
    axes.text(x, y, str(n), fontsize=SIZE, color=INK, ha="center", va="center", fontweight="bold")


def _near(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < APART[0] and abs(one[1] - other[1]) < APART[1]


def _points(corners: Sequence[Point]) -> list[Point]:
    """Points of the curve from its beginning to its end."""
    found = []
    for step in range(51):
        t = step / 50
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        x, y = (sum(w * corner[axis] for w, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
        found.append((x, y))
    return found


def _place(axes: Axes, at: tuple[float, ...], each: Mapping[str, Any]) -> None:
    x, y, wide = at
    colour, rounding = (RUST, 2) if each["ends"] else (TEAL, 20)
    box = FancyBboxPatch(
        (x - wide / 2 + rounding, y - HIGH / 2),
        wide - 2 * rounding,
        HIGH,
        boxstyle=f"round,pad=0,rounding_size={rounding}",
        facecolor="#fffefa",
        edgecolor=colour,
        linewidth=3,
    )
    axes.add_patch(box)
    words, most = each["name"], max(6, int((wide - 16) / (SIZE * LETTER)))
    size, fits = (SIZE, most) if len(words) <= most else (SIZE * SMALL, int(most / SMALL))
    lines = textwrap.wrap(words, fits, max_lines=2, placeholder="…")
    axes.text(x, y, "\n".join(lines), fontsize=size, color=INK, ha="center", va="center")
