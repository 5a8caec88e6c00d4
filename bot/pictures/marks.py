"""The marks of a calendar strip: a square for a lesson, a ring for a question that comes back, a flag for the deadline.

Full with a tick is done, hollow is to come. Lengths in pixels; y grows downwards.
"""

from collections.abc import Callable
from math import cos, radians, sin
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Arc, Circle, FancyBboxPatch, Polygon

from bot.pictures.strip import Sign

LESSON, REPEAT, FLAG, PAPER = "#17695f", "#2f5b93", "#a3321f", "#fffdf8"
MARKED = (Sign.LESSON_DONE, Sign.LESSON_COMING, Sign.REPEAT_DONE, Sign.REPEAT_COMING)


def draw(axes: Axes, sign: Sign, x: float, y: float, size: float) -> None:
    """The mark of a lesson, a repeat or the deadline, its middle at (x, y)."""
    _MARKS[sign](axes, x, y, size)


def _lesson_done(axes: Axes, x: float, y: float, size: float) -> None:
    _square(axes, x, y, size, facecolor=LESSON, linewidth=0)
    _tick(axes, x, y, size)


def _lesson_coming(axes: Axes, x: float, y: float, size: float) -> None:
    _square(axes, x, y, size - 3, facecolor=PAPER, edgecolor=LESSON, linewidth=3)


def _repeat_done(axes: Axes, x: float, y: float, size: float) -> None:
    axes.add_patch(Circle((x, y), size / 2, facecolor=REPEAT, linewidth=0))
    _tick(axes, x, y, size)


def _repeat_coming(axes: Axes, x: float, y: float, size: float) -> None:
    """A ring that turns back on itself."""
    radius, at = size / 2 - 3, radians(-38)
    axes.add_patch(Arc((x, y), 2 * radius, 2 * radius, theta1=-38, theta2=240, edgecolor=REPEAT, linewidth=3.2))
    out_x, out_y = cos(at), sin(at)  # from the middle to the arc's end; the way on from there is (out_y, -out_x)
    end_x, end_y, head = x + radius * out_x, y + radius * out_y, size * 0.25
    corners = [
        (end_x + head * 1.5 * out_y, end_y - head * 1.5 * out_x),
        (end_x + head * out_x, end_y + head * out_y),
        (end_x - head * out_x, end_y - head * out_y),
    ]
    axes.add_patch(Polygon(corners, facecolor=REPEAT, linewidth=0))


def _deadline(axes: Axes, x: float, y: float, size: float) -> None:
    left, top = x - size * 0.34, y - size * 0.46
    axes.plot([left, left], [top, y + size * 0.5], color=FLAG, linewidth=3.2, solid_capstyle="round")
    cloth = [(left, top), (left + size * 0.82, top + size * 0.27), (left, top + size * 0.56)]
    axes.add_patch(Polygon(cloth, facecolor=FLAG, edgecolor=FLAG, linewidth=1.5, joinstyle="round"))


def _square(axes: Axes, x: float, y: float, size: float, **look: Any) -> None:
    shape = f"round,pad=0,rounding_size={size / 5}"
    axes.add_patch(FancyBboxPatch((x - size / 2, y - size / 2), size, size, boxstyle=shape, **look))


def _tick(axes: Axes, x: float, y: float, size: float) -> None:
    steps = [(-0.24, 0.02), (-0.06, 0.2), (0.25, -0.19)]
    along, down = zip(*((x + size * dx, y + size * dy) for dx, dy in steps), strict=True)
    axes.plot(along, down, color=PAPER, linewidth=size / 7.5, solid_capstyle="round", solid_joinstyle="round")


_MARKS: dict[Sign, Callable[[Axes, float, float, float], None]] = {
    Sign.LESSON_DONE: _lesson_done,
    Sign.LESSON_COMING: _lesson_coming,
    Sign.REPEAT_DONE: _repeat_done,
    Sign.REPEAT_COMING: _repeat_coming,
    Sign.DEADLINE: _deadline,
}
