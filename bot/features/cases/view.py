"""The cases of a cohort in words, and who went where as a picture."""

from typing import assert_never

from bot import callbacks as b
from bot import case_words
from bot.callbacks import simulating as c
from bot.features.cases import usecase as u
from bot.message import Message
from bot.phrases import Html, Voice
from bot.pictures.drawn import Drawn


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
    say, figures = voice.say, found.figures
    rows = ((b.button(voice.label("button.flow-list"), c.ShowFlows(found.cohort.id)),),)
    parts = [say("flow.title", title=found.simulation.title, cohort=found.cohort.name)]
    if figures is None:
        return Message(Html("\n\n".join([*parts, say("flow.too-few")])), rows)
    parts.append(say("flow.figures", **case_words.figures(figures, voice)))
    if figures.endings:
        lines = [
            say("flow.ending", n=n, title=ending.title) if n else say("flow.ending-few", title=ending.title)
            for ending, n in figures.endings
        ]
        parts.append(say("flow.endings", lines=Html("\n".join(lines))))
    if figures.regretted is not None:
        move, n = figures.regretted
        parts.append(say("flow.regret", move=move.text, n=n))
    picture = Drawn("case-flow", case_words.flow(figures, voice)) if figures.ways else None
    return Message(Html("\n\n".join(parts)), rows, picture=picture)
