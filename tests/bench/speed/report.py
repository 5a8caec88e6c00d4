"""The tables: medians with the least and the greatest, ratios against the limits, and the same as JSON."""

from collections.abc import Mapping
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.speed.benches import Bench, Figure, Ratio
from tests.bench.speed.rounds import Runs


def values(runs: Runs, name: str) -> list[float]:
    """A figure of every round that told it."""
    return [told[name] for told in runs.told if name in told]


def _cell(runs: Runs, figure: Figure) -> str:
    found = values(runs, figure.name)
    if not found:
        return "not run" if runs.missing else "–"
    middle = f"{median(found):,.{figure.digits}f}"
    if len(found) == 1:
        return middle
    return f"{middle}\n{min(found):,.{figure.digits}f}–{max(found):,.{figure.digits}f}"


def judged(bench: Bench, runs: Mapping[str, Runs]) -> list[dict[str, Any]]:
    """Each ratio of a bench that could be formed: value, limit, met."""
    lines = []
    for ratio in bench.ratios:
        value = _value(ratio, runs)
        if value is not None:
            met = value >= ratio.limit if ratio.least else value <= ratio.limit
            what = {"figure": ratio.figure, "case": ratio.case, "against": ratio.against}
            lines.append(what | {"value": value, "limit": ratio.limit, "least": ratio.least, "met": met})
    return lines


def _value(ratio: Ratio, runs: Mapping[str, Runs]) -> float | None:
    """Of medians: the turns of a round are neighbours in time, so that a busy machine slows both."""
    mine = values(runs[ratio.case], ratio.figure)
    if ratio.against is None:
        return median(mine) if mine else None
    other = values(runs[ratio.against], ratio.figure)
    pairs = list(zip(mine, other, strict=False))
    return median(a / b for a, b in pairs if b) if pairs else None


def _sentence(bench: Bench, line: dict[str, Any]) -> str:
    labels = {figure.name: figure.label for figure in bench.figures}
    against = f" against {line['against']}" if line["against"] else ""
    turned = line["against"] and line["value"] < 1 and line["limit"] < 1
    shown, limit = (f"1/{1 / x:.1f}" if turned else f"{x:,.2f}" for x in (line["value"], line["limit"]))
    side = "at least" if line["least"] else "at most"
    verdict = "[green]met[/green]" if line["met"] else "[red]not met[/red]"
    return f"  {labels[line['figure']]}, {line['case']}{against}: {shown} ({side} {limit}) {verdict}"


def show(console: Console, bench: Bench, runs: Mapping[str, Runs]) -> None:
    """Print the table of a bench."""
    rounds = max((len(each.told) for each in runs.values()), default=0)
    table = Table(title=f"{bench.title}; {rounds} rounds", title_justify="left", show_lines=True)
    table.add_column("", no_wrap=True)
    for figure in bench.figures:
        table.add_column(figure.label, justify="right", no_wrap=True)
    for name, each in runs.items():
        table.add_row(name, *(_cell(each, figure) for figure in bench.figures))
    console.print(table)
    for name, each in runs.items():
        if each.missing:
            console.print(f"  {name} was not run: {each.missing}", markup=False)
    for line in judged(bench, runs):
        console.print(_sentence(bench, line))


def as_json(bench: Bench, runs: Mapping[str, Runs]) -> dict[str, Any]:
    """Everything that was told, round by round, and the ratios."""
    cases = {name: {"rounds": each.told, "missing": each.missing} for name, each in runs.items()}
    return {"title": bench.title, "cases": cases, "ratios": judged(bench, runs)}
