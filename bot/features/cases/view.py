"""The cases of a cohort in words, and who went where as a picture."""

from typing import Any, assert_never

from bot import callbacks as b
from bot.callbacks import simulating as c
from bot.features.cases import usecase as u
from bot.message import Message
from bot.phrases import Html, Voice
from bot.pictures.drawn import Drawn

LONGEST = 26  # characters of a name in the picture


def screen(outcome: u.Outcome, voice: Voice) -> Message:
    """Whatever is to be shown."""
    match outcome:
        case u.Refused(why):
            return Message(voice.say(f"flow.{why}"))
        case u.Listed():
            return _listed(outcome, voice)
        case u.Figures():
            return _figures(outcome, voice)
        case _:
            assert_never(outcome)


def _listed(found: u.Listed, voice: Voice) -> Message:
    lines = [
        voice.say("flow.line-few", title=one.title) if n is None else voice.say("flow.line", title=one.title, n=n)
        for one, n in found.cases
    ]
    rows = [
        (b.button(one.title, c.ShowFlow(found.cohort.id, number)),)
        for number, (one, n) in enumerate(found.cases)
        if n is not None and n > 0
    ]
    rows.append((b.button(voice.label("button.ro-cohort"), b.ShowCohort(found.cohort.id)),))
    return Message(voice.say("flow.list", cohort=found.cohort.name, lines=Html("\n".join(lines))), tuple(rows))


def _figures(found: u.Figures, voice: Voice) -> Message:
    say, one = voice.say, found.simulation
    rows = ((b.button(voice.label("button.flow-list"), c.ShowFlows(found.cohort.id)),),)
    parts = [say("flow.title", title=one.title, cohort=found.cohort.name)]
    if not found.begun:
        return Message(Html("\n\n".join([*parts, say("flow.too-few")])), rows)
    minutes = "–" if found.minutes is None else f"{found.minutes:.0f}"
    parts.append(say("flow.figures", begun=found.begun, ended=found.ended, minutes=minutes))
    if found.endings:
        lines = [
            say("flow.ending", n=n, title=ending.title) if n else say("flow.ending-few", title=ending.title)
            for ending, n in found.endings
        ]
        parts.append(say("flow.endings", lines=Html("\n".join(lines))))
    if found.regretted is not None:
        move, n = found.regretted
        parts.append(say("flow.regret", move=move.text, n=n))
    picture = Drawn("case-flow", _flow(found, voice)) if found.flows else None
    return Message(Html("\n\n".join(parts)), rows, picture=picture)


def _flow(found: u.Figures, voice: Voice) -> dict[str, Any]:
    """Values for bot/pictures/flow.py: places in the order of the file, and ways of five people or more."""
    one = found.simulation
    ends = {ending.id: ending.title for ending in one.endings}
    met = {place for flow in found.flows for place in (flow.scene, flow.leads_to)}
    places = [
        {"id": place.id, "name": _short(ends.get(place.id) or place.id.replace("-", " ")), "ends": place.id in ends}
        for place in one.places
        if place.id in met
    ]
    ways: dict[tuple[str, str], int] = {}
    for flow in found.flows:
        ways[flow.scene, flow.leads_to] = ways.get((flow.scene, flow.leads_to), 0) + flow.people
    title = voice.label("flow.picture", title=one.title)
    return {"title": title, "places": places, "ways": [[*pair, n] for pair, n in ways.items()]}


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
