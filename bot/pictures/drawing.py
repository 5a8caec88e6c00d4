"""A strip as PNG: 800 pixels wide, readable where a phone shows it 300 wide. Only the worker process imports this.

Shape and filling carry the meaning, colour only helps: see `marks`; no tile is a day off, a hatched one leave, today
has a frame. The ground is opaque, because Telegram flattens pictures, and neither white nor black, so that it suits
light and dark chats.
"""

import warnings
from collections import defaultdict
from io import BytesIO
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from PIL import Image

from bot.pictures import marks
from bot.pictures.strip import Sign, Strip, StripDay

WIDE = 800  # pixels, as every length here
MARGIN = 22
GUTTER = 77  # on the left: months
TITLE, HEAD, ROW, LEGEND_ROW = 62, 34, 62, 42
GAP = 6  # between tiles
INDENT, BETWEEN = 40, 12  # of the legend's words, of its columns
RISE = 0.36  # of a font's size: from the middle of its figures to their baseline
COLUMN = 97
GROUND, TILE, DONE_TILE, LEAVE_TILE, HATCH = "#ece7db", "#fffdf8", "#cbe3d9", "#dfd9c9", "#b3ab97"
INK, MUTED, TODAY = "#1e2a2b", "#5a6361", "#b4511f"
FONTS = ("DejaVu Sans", "Noto Sans Bengali", "Lohit Bengali", "FreeSans")  # the first comes with matplotlib
COLOURS = 128  # of the file: a third of the bytes, and no eye sees it
STYLE: dict[Any, Any] = {"hatch.linewidth": 2.0}


def png(strip: Strip) -> bytes:
    """The picture. Raises UserWarning when no font on this machine has a letter of its words."""
    known = set(font_manager.get_font_names())
    with rc_context(STYLE | {"font.family": [font for font in FONTS if font in known]}), warnings.catch_warnings():
        warnings.simplefilter("error")  # boxes in place of letters are no picture
        return _png(strip)


def _png(strip: Strip) -> bytes:
    figure = Figure(dpi=72, facecolor=GROUND)  # at 72 dots an inch, a point is a pixel
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    _words(axes, MARGIN, TITLE / 2 + 2, strip.title, 30, weight="bold", most=WIDE - 2 * MARGIN)
    _heads(axes, strip)
    for day in strip.days:
        _day(axes, strip, day)
    high = _legend(axes, strip, TITLE + HEAD + strip.rows * ROW + 10) + 14
    figure.set_size_inches(WIDE / 72, high / 72)
    axes.set_xlim(0, WIDE)
    axes.set_ylim(high, 0)
    drawn, held = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png", pil_kwargs={"compress_level": 0})
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(held, "png", optimize=True)
    return held.getvalue()


def _heads(axes: Axes, strip: Strip) -> None:
    for column, name in enumerate(strip.weekdays):
        middle = MARGIN + GUTTER + (column + 0.5) * COLUMN
        _words(axes, middle, TITLE + HEAD / 2, name, 25, align="center", colour=MUTED, most=COLUMN - GAP)
    rows: dict[int, list[str]] = defaultdict(list)
    for first, name in zip(strip.month_starts, strip.months, strict=True):
        rows[strip.place(first)[0]].append(name)
    for row, names in rows.items():  # two where a week ends one month and begins the next
        for n, name in enumerate(names):
            y = TITLE + HEAD + (row + (n + 0.5) / len(names)) * ROW
            _words(axes, MARGIN, y, name, 26, weight="bold", most=GUTTER - 8)


def _day(axes: Axes, strip: Strip, day: StripDay) -> None:
    row, column = strip.place(day.on)
    x, y = MARGIN + GUTTER + (column + 0.5) * COLUMN, TITLE + HEAD + (row + 0.5) * ROW
    _tile(axes, x, y, COLUMN - GAP, ROW - GAP, day.signs)
    shown = [sign for sign in (*marks.MARKED, Sign.DEADLINE) if sign in day.signs]
    colour = INK if shown or not day.signs & {Sign.DAY_OFF, Sign.LEAVE} else MUTED
    weight = "bold" if Sign.TODAY in day.signs else "normal"
    number = x - COLUMN / 2 + 27 if shown else x
    _words(axes, number, y, str(day.on.day), 29, align="center", colour=colour, weight=weight, most=40)
    for n, sign in enumerate(shown):
        across, down, size = _spot(n, len(shown))
        marks.draw(axes, sign, x + across, y + down, size)


def _spot(n: int, of: int) -> tuple[float, float, float]:
    """(across, down, size) of a mark: one is large, two stand above each other, three or four in a square."""
    if of == 1:
        return 22, 0, 34
    if of == 2:
        return 24, 13.5 * (2 * n - 1), 25
    return 12 + 21 * (n % 2), 12 * (2 * (n // 2) - 1), 19


def _tile(axes: Axes, x: float, y: float, wide: float, high: float, signs: frozenset[Sign]) -> None:
    if signs & {Sign.LESSON_DONE, Sign.REPEAT_DONE}:
        _box(axes, x, y, wide, high, facecolor=DONE_TILE)
    elif Sign.LEAVE in signs:
        _box(axes, x, y, wide, high, facecolor=LEAVE_TILE, edgecolor=HATCH, hatch="//")
    elif Sign.DAY_OFF not in signs:
        _box(axes, x, y, wide, high, facecolor=TILE)
    if Sign.TODAY in signs:
        _box(axes, x, y, wide, high, facecolor="none", edgecolor=TODAY, linewidth=4)


def _box(axes: Axes, x: float, y: float, wide: float, high: float, *, linewidth: float = 0, **look: Any) -> None:
    shape = f"round,pad=0,rounding_size={high / 5}"
    corner = (x - wide / 2, y - high / 2)
    axes.add_patch(FancyBboxPatch(corner, wide, high, boxstyle=shape, linewidth=linewidth, **look))


def _legend(axes: Axes, strip: Strip, top: float) -> float:
    """Signs and their words from `top` on, down columns, in as few lines as they need; where it ends."""
    words = dict(strip.legend)
    entries = [(sign, _words(axes, 0, 0, words[sign], 24, most=WIDE - 2 * MARGIN - INDENT)) for sign in strip.signs]
    lines, columns = 1, [[entry] for entry in entries]
    while sum(map(_across, columns)) - BETWEEN > WIDE - 2 * MARGIN and lines < len(entries):
        lines += 1
        columns = [entries[n : n + lines] for n in range(0, len(entries), lines)]
    x = float(MARGIN)
    for column in columns:
        for line, (sign, text) in enumerate(column):
            y = top + (line + 0.5) * LEGEND_ROW
            _sample(axes, sign, x + 16, y)
            text.set_position((x + INDENT, y + float(text.get_fontsize()) * RISE))
        x += _across(column)
    return top + lines * LEGEND_ROW


def _across(column: list[tuple[Sign, Text]]) -> float:
    return INDENT + max(_width(text) for _, text in column) + BETWEEN


def _sample(axes: Axes, sign: Sign, x: float, y: float) -> None:
    if sign in (*marks.MARKED, Sign.DEADLINE):
        return marks.draw(axes, sign, x, y, 30)
    _tile(axes, x, y, 30, 28, frozenset({sign}))
    if sign is Sign.DAY_OFF:
        _words(axes, x, y, "6", 25, align="center", colour=MUTED)
    return None


def _words(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    align: str = "left",
    colour: str = INK,
    weight: str = "normal",
    most: float = WIDE,
) -> Text:
    """Words with their middle at y, made smaller where they would be wider than `most`."""
    look: dict[str, Any] = {"ha": align, "va": "baseline", "color": colour, "weight": weight, "parse_math": False}
    text = axes.text(x, y + size * RISE, words, fontsize=size, **look)
    while (wide := _width(text)) > most:  # again, because letters keep to whole pixels
        text.set_fontsize(float(text.get_fontsize()) * min(most / wide, 0.99))
    return text


def _width(text: Text) -> float:
    return float(text.get_window_extent().width)
