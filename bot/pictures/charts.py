"""How far a cohort has come, as PNG: lines over time, bars of missions or modules. For the worker process alone.

800 pixels wide and readable where a phone shows it 300 wide. Lines differ in stroke and mark, and colour only helps.
"""

import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from PIL import Image

from bot.pictures.drawing import COLOURS, FONTS, GROUND, INK, MARGIN, MUTED, TILE, WIDE

TITLE, PLOT, TICKS, LEGEND_ROW = 62, 380, 46, 44
LEFT = 96  # of the plot: room for per cent
BAR_ROW, BAR = 78, 24
TEAL, GREY, BLUE, RUST = "#17695f", "#6d7470", "#2f5b93", "#b4511f"
GRID, TROUGH = "#cfc8b8", "#dfd9c9"
STROKES: Mapping[str, dict[str, Any]] = {
    "answered": {"color": TEAL, "linewidth": 6, "marker": "o", "markersize": 14},
    "expected": {"color": GREY, "linewidth": 4, "linestyle": (0, (3, 2)), "marker": "", "markersize": 0},
    "completed": {"color": BLUE, "linewidth": 5, "linestyle": (0, (1, 1)), "marker": "s", "markersize": 13},
}


def lines(values: Mapping[str, Any]) -> bytes:
    """Shares over time: {title, span, days, ticks: [(day, words)], lines: [{name, kind, share, values}]}."""
    return drawn(TITLE + PLOT + TICKS + LEGEND_ROW * len(values["lines"]) + 20, lambda axes: _lines(axes, values))


def bars(values: Mapping[str, Any]) -> bytes:
    """Shares side by side: {title, bars: [{name, people, share, words}], mark: {share, words} or None}."""
    high = TITLE + BAR_ROW * len(values["bars"]) + (LEGEND_ROW if values["mark"] else 0) + 16
    return drawn(high, lambda axes: _bars(axes, values))


def drawn(high: float, draw: Callable[[Axes], None]) -> bytes:
    known = set(font_manager.get_font_names())
    style: dict[Any, Any] = {"font.family": [font for font in FONTS if font in known]}
    with rc_context(style), warnings.catch_warnings():
        warnings.simplefilter("error")  # boxes in place of letters are no picture
        figure = Figure((WIDE / 72, high / 72), dpi=72, facecolor=GROUND)  # a point is a pixel
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, WIDE)
        axes.set_ylim(high, 0)
        draw(axes)
        drawn, held = BytesIO(), BytesIO()
        figure.savefig(drawn, format="png", pil_kwargs={"compress_level": 0})
        Image.open(drawn).convert("RGB").quantize(COLOURS).save(held, "png", optimize=True)
    return held.getvalue()


def _lines(axes: Axes, values: Mapping[str, Any]) -> None:
    _words(axes, MARGIN, TITLE / 2 + 2, _known(axes, values["title"], ""), 30, weight="bold", most=WIDE - 2 * MARGIN)
    right, bottom = WIDE - MARGIN - 12, TITLE + PLOT

    def at(day: float, share: float) -> tuple[float, float]:
        return LEFT + (right - LEFT) * day / max(1, values["span"]), bottom - (PLOT - 24) * share

    axes.add_patch(_box(LEFT, TITLE, right - LEFT + 12, PLOT, facecolor=TILE))
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = at(0, share)[1]
        axes.plot([LEFT, right + 12], [y, y], color=GRID, linewidth=2 if share else 3, zorder=1)
        _words(axes, LEFT - 12, y, f"{round(100 * share)} %", 24, align="right", colour=MUTED)
    for day, words in values["ticks"]:
        x = min(at(day, 0)[0], WIDE - MARGIN - 40)
        _words(axes, x, bottom + 24, words, 24, align="center", colour=MUTED, most=120)
    for n, line in enumerate(values["lines"]):
        stroke = STROKES[line["kind"]]
        across, up = zip(*(at(day, share) for day, share in line["values"]), strict=True)
        axes.plot(across, up, zorder=3 - n / 10, **stroke | {"marker": ""}, solid_capstyle="round")
        axes.plot(across[-1:], up[-1:], zorder=4, **stroke)
        y = bottom + TICKS + (n + 0.5) * LEGEND_ROW
        axes.plot([MARGIN + 4, MARGIN + 88], [y, y], **stroke | {"marker": ""})
        axes.plot([MARGIN + 46], [y], **stroke)
        _words(axes, MARGIN + 108, y, f"{line['name']}: {line['share']} %", 26, most=WIDE - 2 * MARGIN - 108)


def _bars(axes: Axes, values: Mapping[str, Any]) -> None:
    _words(axes, MARGIN, TITLE / 2 + 2, _known(axes, values["title"], ""), 30, weight="bold", most=WIDE - 2 * MARGIN)
    across, bottom = WIDE - 2 * MARGIN, TITLE + BAR_ROW * len(values["bars"])
    for n, bar in enumerate(values["bars"]):
        top = TITLE + n * BAR_ROW
        told = _words(axes, WIDE - MARGIN, top + 20, bar["words"], 27, align="right", weight="bold")
        room = across - told.get_window_extent().width - 24
        name = _known(axes, bar["name"], f"{n + 1}.")  # the words beside are numbered
        _words(axes, MARGIN, top + 20, _cut(axes, name, bar["people"], 26, room), 26, most=room)
        axes.add_patch(_box(MARGIN, top + 40, across, BAR, facecolor=TROUGH))
        if bar["share"] > 0:
            axes.add_patch(_box(MARGIN, top + 40, max(BAR, across * bar["share"]), BAR, facecolor=TEAL))
    if values["mark"]:
        x, y = MARGIN + across * values["mark"]["share"], bottom + LEGEND_ROW / 2
        for n in range(len(values["bars"])):
            axes.plot([x, x], [TITLE + n * BAR_ROW + 35, TITLE + n * BAR_ROW + 69], color=RUST, linewidth=5, zorder=5)
        axes.plot([MARGIN + 12] * 2, [y - 17, y + 17], color=RUST, linewidth=5)
        _words(axes, MARGIN + 34, y, values["mark"]["words"], 25, colour=MUTED, most=across - 34)


def _known(axes: Axes, words: str, otherwise: str) -> str:
    """The words, where this machine has a font with their letters."""
    probe = axes.text(0, 0, words, parse_math=False)
    try:
        probe.get_window_extent()
    except UserWarning:
        return otherwise
    finally:
        probe.remove()
    return words


def _cut(axes: Axes, name: str, after: str, size: float, most: float) -> str:
    """Name and what follows it, at three quarters of that size within `most`; the name is cut where needed."""
    probe = axes.text(0, 0, name + after, fontsize=size * 0.75, parse_math=False)
    while float(probe.get_window_extent().width) > most and len(name) > 1:
        name = name[:-2].rstrip() + "…"
        probe.set_text(name + after)
    probe.remove()
    return name + after


def _box(left: float, top: float, wide: float, high: float, **look: Any) -> FancyBboxPatch:
    shape = f"round,pad=0,rounding_size={min(wide, high, 30) / 3}"
    return FancyBboxPatch((left, top), wide, high, boxstyle=shape, linewidth=0, **look)


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
    text = axes.text(x, y + size * 0.36, words, fontsize=size, zorder=6, **look)
    while (wide := float(text.get_window_extent().width)) > most:
        text.set_fontsize(float(text.get_fontsize()) * min(most / wide, 0.99))
    return text
