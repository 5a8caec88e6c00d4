"""The screens of a case, and the list of them."""

from typing import assert_never

from bot import callbacks as b
from bot import scenes
from bot.callbacks import simulating as c
from bot.features.simulate import outcome as u
from bot.message import Button, Message
from bot.phrases import Html, Voice
from lessons.course import Term


def screen(outcome: u.Outcome, voice: Voice) -> Message:
    """Whatever is to be shown; of an ending, the first of its two messages."""
    match outcome:
        case u.Refused(why):
            rows = ((b.button(voice.label("button.case-list"), c.ShowCases()),),) if why == "reworded" else ()
            return Message(voice.say(f"case.{why}"), rows)
        case u.Cases():
            return _cases(outcome, voice)
        case u.Opened(enrolment, number, simulation):
            begin = b.button(voice.label("button.case-begin"), c.BeginCase(enrolment, number))
            return scenes.opening(simulation, voice, ((begin,),))
        case u.Scene(simulation, play, state):
            return scenes.scene(
                simulation,
                state,
                voice,
                lambda letter, move: b.button(letter, c.MakeMove(play.id, play.moves, move.id)),
            )
        case u.Ended():
            return _ended(outcome, voice)
        case _:
            assert_never(outcome)


def _cases(found: u.Cases, voice: Voice) -> Message:
    parts, rows = [voice.say("case.list")], list[tuple[Button, ...]]()
    for case in found.cases:
        parts.append(_line(case, voice))
        if case.is_open:
            rows.append((b.button(case.simulation.title, c.OpenCase(found.enrolment, case.number)),))
    parts += [] if rows else [voice.say("case.none-yet")]
    return Message(Html("\n\n".join(parts)), tuple(rows))


def _line(case: u.Case, voice: Voice) -> Html:
    title = case.simulation.title
    if case.going_on:
        return voice.say("case.going-on", title=title)
    if case.ending is not None:
        return voice.say("case.ended", title=title, ending=case.ending.title)
    key = "case.waits" if case.is_open else "case.comes"
    return voice.say(key, title=title, module=case.module)


def _ended(found: u.Ended, voice: Voice) -> Message:
    message = scenes.ending(found.simulation, found.state, voice)
    if not found.chosen:
        return message
    lines = [
        voice.say("case.some-chose", n=n, move=move.text) if n else voice.say("case.few-chose", move=move.text)
        for move, n in found.chosen
    ]
    words = voice.say("case.cohort", choices=Html("\n".join(lines)))
    return Message(Html(f"{message.html}\n\n{words}"), message.rows)


def debrief(found: u.Ended, terms: tuple[Term, ...], voice: Voice) -> Message:
    """The second message of an ending."""
    rows: list[tuple[Button, ...]] = []
    if found.again:
        rows.append((b.button(voice.label("button.case-again"), c.PlayAgain(found.play.id)),))
    rows.append((b.button(voice.label("button.case-list"), c.ShowCases()),))
    message = scenes.debrief(found.simulation, found.state, terms, voice, tuple(rows))
    if found.next_at is None:
        return message
    key = "next.case" if found.next_is_case else "next.lesson"
    words = voice.say(key, when=voice.soon(found.next_at, found.now), place=found.place)
    return Message(Html(f"{message.html}\n\n{words}"), message.rows)
