"""Who went where in a case, as PNG: places from top to bottom, ways as bands as wide as the people who took them.

For the worker process alone. Endings are told apart by their shape as well as by colour.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from bot.pictures.charts import BLUE, RUST, TEAL, TITLE, drawn
from bot.pictures.drawing import INK, WIDE

ROW, HIGH, WIDEST, BOW = 116, 46, 34, 330  # pixels: between rows, of a place, of the widest band, round a row
BROAD = 420  # of a place, at most
SIZE = 21


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
    most = max((n for *_, n in values["ways"]), default=1)
    for start, to, n in sorted(values["ways"], key=lambda way: -way[2]):
        _band(axes, where[start], where[to], n, WIDEST * n / most)
    for each in values["places"]:
        _place(axes, where[each["id"]], each)


def _where(places: Sequence[Mapping[str, Any]], rows: Mapping[str, int]) -> dict[str, tuple[float, float, float]]:
    """Place → centre x, centre y, width."""
    found = {}
    for row in set(rows.values()):
        there = [each["id"] for each in places if rows[each["id"]] == row]
        wide = WIDE / len(there)
        for n, name in enumerate(there):
            found[name] = (wide * (n + 0.5), TITLE + 20 + ROW * row + HIGH / 2, min(BROAD, wide - 14))
    return found


def _band(axes: Axes, start: tuple[float, ...], to: tuple[float, ...], n: int, wide: float) -> None:
    """A way; one that passes a row by makes a bow round it."""
    (x0, y0, _), (x1, y1, _) = start, to
    y0, y1 = y0 + HIGH / 2, y1 - HIGH / 2
    rows = round((y1 - y0 + HIGH) / ROW)
    bow = (BOW if x1 >= WIDE / 2 else -BOW) if rows > 1 else 0
    bend = max(30.0, (y1 - y0) / 2)
    corners = [(x0, y0), (x0 + bow, y0 + bend), (x1 + bow, y1 - bend), (x1, y1)]
    look = {"facecolor": "none", "edgecolor": BLUE, "linewidth": max(3, wide), "alpha": 0.35, "capstyle": "butt"}
    way = Path(corners, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    axes.add_patch(PathPatch(way, **look))
    x, y = _below(corners, y0 + (ROW - HIGH) / 2)
    axes.text(x, y, str(n), fontsize=SIZE, color=INK, ha="center", va="center", fontweight="bold")


def _below(corners: Sequence[tuple[float, float]], wanted: float) -> tuple[float, float]:
    """Where the curve first comes as low as that."""
    for step in range(101):
        t = step / 100
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        x, y = (sum(w * corner[axis] for w, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
        if y >= wanted:
            return x, y
    return corners[-1]


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
    words, most = each["name"], max(6, int(wide / (SIZE * 0.56)))
    lines = _wrapped(words, most)
    size = SIZE if "\n" not in lines else SIZE * 0.72
    axes.text(x, y, lines, fontsize=size, color=INK, ha="center", va="center")


def _wrapped(words: str, most: int) -> str:
    """In two lines at most, cut where even these do not hold it."""
    if len(words) <= most:
        return words
    first, second = "", ""
    for word in words.split():
        if not second and len(first) + len(word) < most * 1.35:
            first = f"{first} {word}".strip()
        else:
            second = f"{second} {word}".strip()
    limit = int(most * 1.35)
    return "\n".join(line if len(line) <= limit else line[: limit - 1] + "…" for line in (first, second) if line)
