"""Figures of a case as the values of a sentence and of a picture."""

from typing import Any

from bot.case_figures import CaseFigures
from bot.phrases import Voice

LONGEST = 44  # characters of a name in the picture


def figures(found: CaseFigures, voice: Voice) -> dict[str, Any]:
    """Of `flow.figures` and `evidence.case-figures`: {begun, ended, minutes}."""
    ended = voice.label("flow.few") if found.ended is None else str(found.ended)
    begun = voice.label("flow.and-few", n=found.ended) if found.begun is None else str(found.begun)
    return {"begun": begun, "ended": ended, "minutes": "–" if found.minutes is None else f"{found.minutes:.0f}"}


def flow(found: CaseFigures, voice: Voice) -> dict[str, Any]:
    """Values for bot/pictures/flow.py: places in the order of the file, and the ways that may be shown."""
    one = found.simulation
    ends = {ending.id: ending.title for ending in one.endings}
    met = {place for way in found.ways for place in way}
    places = [
        {"id": place.id, "name": _short(ends.get(place.id) or place.id.replace("-", " ")), "ends": place.id in ends}
        for place in one.places
        if place.id in met
    ]
    title = voice.label("flow.picture", title=one.title)
    return {"title": title, "places": places, "ways": [[*way, n] for way, n in found.ways.items()]}


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
