"""Places of a graph on a page: layers from top to bottom, few crossings, straight lines where there is room.

After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", IEEE Transactions
on Systems, Man, and Cybernetics 11(2), 1981: layers, order by barycentres, then positions. Written out, because
graphviz needs a program beside Python.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

GAP = 26.0  # between neighbours of a layer
BETWEEN = 36.0  # between layers: room for the lines
BEND = 12.0  # what a line takes that passes a layer
SWEEPS = 16

Node = str | tuple[str, str, int]  # a box, or where the line between two boxes passes a layer
Size = tuple[float, float]  # width, height
Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Box:
    """Left upper corner and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The x of its centre."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """The y of its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes, and for each line that goes down the layers that it passes, as boxes of no height of their own."""

    boxes: Mapping[str, Box]
    bends: Mapping[Edge, tuple[Box, ...]]  # an edge that leads back up is missing
    width: float
    height: float


def laid_out(sizes: Mapping[str, Size], edges: Iterable[Edge]) -> Layout:
    """Lay out boxes of those sizes; the first of `sizes` is where everything begins."""
    down = _without_circles(list(sizes), sorted(set(edges), key=lambda edge: [*map(list(sizes).index, edge)]))
    level = _levels(list(sizes), down)
    layers, links = _layers(level, down)
    layers = _ordered(layers, links)
    widths = {node: sizes[node][0] if isinstance(node, str) else BEND for layer in layers for node in layer}
    middles = _positions(layers, links, widths)
    left = min(middles[node] - widths[node] / 2 for node in widths)
    boxes: dict[Node, Box] = {}
    y = 0.0
    for layer in layers:
        height = max(sizes[node][1] for node in layer if isinstance(node, str))
        for node in layer:
            own = sizes[node][1] if isinstance(node, str) else height
            boxes[node] = Box(middles[node] - widths[node] / 2 - left, y, widths[node], own)
        y += height + BETWEEN
    bends = {edge: tuple(boxes[*edge, n] for n in range(level[edge[0]] + 1, level[edge[1]])) for edge in down}
    placed = {node: box for node, box in boxes.items() if isinstance(node, str)}
    return Layout(placed, bends, max(box.x + box.width for box in boxes.values()), y - BETWEEN)


def _without_circles(names: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges but those that lead back to where a walk came from."""
    onward = {name: [to for start, to in edges if start == name] for name in names}
    down: list[Edge] = []
    done: set[str] = set()
    for first in names:
        walk = [(first, iter(onward[first]))] if first not in done else []
        done.add(first)
        while walk:
            name, ways = walk[-1]
            to = next(ways, None)
            if to is None:
                walk.pop()
            elif to not in (each for each, _ in walk):
                down.append((name, to))
                if to not in done:
                    done.add(to)
                    walk.append((to, iter(onward[to])))
    return down


def _levels(names: Sequence[str], down: Sequence[Edge]) -> dict[str, int]:
    """The longest way to each box."""
    level = dict.fromkeys(names, 0)
    for _ in names:
        for start, to in down:
            level[to] = max(level[to], level[start] + 1)
    return level


Links = list[tuple[Node, Node]]  # from a layer to the next


def _layers(level: Mapping[str, int], down: Sequence[Edge]) -> tuple[list[list[Node]], Links]:
    layers: list[list[Node]] = [[] for _ in range(max(level.values()) + 1)]
    for name, n in level.items():
        layers[n].append(name)
    links: Links = []
    for start, to in down:
        bends: list[Node] = [(start, to, n) for n in range(level[start] + 1, level[to])]
        for n, bend in enumerate(bends, level[start] + 1):
            layers[n].append(bend)
        links += pairwise([start, *bends, to])
    return layers, links


def _ordered(layers: list[list[Node]], links: Links) -> list[list[Node]]:
    """The order with the fewest crossings that sweeps by barycentres come upon."""
    best, fewest = layers, _crossings(layers, links)
    for sweep in range(SWEEPS):
        layers = [[*layer] for layer in layers]
        going_down = sweep % 2 == 0
        order = range(1, len(layers)) if going_down else range(len(layers) - 2, -1, -1)
        for n in order:
            beside = layers[n - 1] if going_down else layers[n + 1]
            place = {node: float(index) for index, node in enumerate(beside)}
            now = {node: float(index) for index, node in enumerate(layers[n])}
            layers[n].sort(key=lambda node: _mean(node, links, place, now[node]))
        if (found := _crossings(layers, links)) < fewest:
            best, fewest = layers, found
    return best


def _mean(node: Node, links: Links, place: Mapping[Node, float], otherwise: float) -> float:
    """Where the neighbours stand on average."""
    beside = [place[to] for start, to in links if start == node and to in place]
    beside += [place[start] for start, to in links if to == node and start in place]
    return sum(beside) / len(beside) if beside else otherwise


def _crossings(layers: list[list[Node]], links: Links) -> int:
    place = {node: (n, index) for n, layer in enumerate(layers) for index, node in enumerate(layer)}
    lines = [(*place[start], place[to][1]) for start, to in links]
    return sum(a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for a, b in combinations(lines, 2))


def _positions(layers: list[list[Node]], links: Links, widths: Mapping[Node, float]) -> dict[Node, float]:
    """The x of each middle: as near to its neighbours as order and width allow."""
    middle: dict[Node, float] = {}
    for layer in layers:
        middle |= dict(zip(layer, _apart([0.0] * len(layer), layer, widths), strict=True))
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wanted = [_mean(node, links, middle, middle[node]) for node in layer]
            middle |= dict(zip(layer, _apart(wanted, layer, widths), strict=True))
    return middle


def _apart(wanted: Sequence[float], layer: Sequence[Node], widths: Mapping[Node, float]) -> list[float]:
    """The nearest positions (least squares) that do not overlap: pool adjacent violators."""
    offset = [0.0]
    for one, other in pairwise(layer):
        offset.append(offset[-1] + (widths[one] + widths[other]) / 2 + GAP)
    pools: list[tuple[float, int]] = []  # mean, members
    for want, shift in zip(wanted, offset, strict=True):
        mean, members = want - shift, 1
        while pools and pools[-1][0] > mean:
            before, more = pools.pop()
            mean, members = (before * more + mean * members) / (more + members), more + members
        pools.append((mean, members))
    means = [mean for mean, members in pools for _ in range(members)]
    return [mean + shift for mean, shift in zip(means, offset, strict=True)]
