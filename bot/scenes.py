"""A simulation as a phone shows it: the opening, a scene with lettered moves, how it ended, and the debrief."""

from collections.abc import Callable

from bot import callbacks as b
from bot.message import Button, Message
from bot.phrases import Html, Voice
from lessons.course import Term
from lessons.simulation import Claim, Move, Simulation, Variable
from lessons.simulation_play import State, ending_of, open_moves, paragraphs, scene_of, turning_move

LETTERS = "ABCDE"
CELLS = 10  # of a bar

Row = tuple[Button, ...]


def opening(simulation: Simulation, voice: Voice, rows: tuple[Row, ...] = ()) -> Message:
    """Title and role, before the first scene."""
    return Message(voice.say("simulation.opening", title=simulation.title, role=simulation.role), rows)


def scene(simulation: Simulation, state: State, voice: Voice, choose: Callable[[str, Move], Button]) -> Message:
    """Where the play stands and what is open; `choose` makes the button of a letter and its move."""
    here = scene_of(simulation, state)
    words = paragraphs(here, state) if here else ()
    lettered = list(zip(LETTERS, open_moves(simulation, state), strict=False))
    lines = [voice.say("simulation.move", letter=letter, text=move.text) for letter, move in lettered]
    parts = [*(voice.say("simulation.paragraph", text=text) for text in words), Html("\n\n".join(lines))]
    rows = (tuple(choose(letter, move) for letter, move in lettered),)
    return Message("\n\n".join(parts), rows, pause=here.pause if here else 0)


def ending(simulation: Simulation, state: State, voice: Voice, rows: tuple[Row, ...] = ()) -> Message:
    """How it came out, with the variables as bars. An empty message while the play goes on."""
    reached = ending_of(simulation, state)
    if reached is None:
        return Message("", rows)
    told = [voice.say("simulation.paragraph", text=text) for text in paragraphs(reached, state)]
    bars = [_bar(variable, state.value(variable.id), voice) for variable in simulation.variables]
    parts = [voice.say("simulation.ending", title=reached.title), *told, Html("\n".join(bars))]
    return Message("\n\n".join(parts), rows)


def debrief(
    simulation: Simulation, state: State, terms: tuple[Term, ...], voice: Voice, rows: tuple[Row, ...] = ()
) -> Message:
    """Where it turned, what good practice says, what to do tomorrow, with every source; terms can be tapped."""
    reached = ending_of(simulation, state)
    claims = reached.debrief if reached else ()
    say = voice.say
    practice = Html("\n\n".join(say("simulation.paragraph", text=claim.text) for claim in claims))
    made = turning_move(simulation, state)
    turned, cited = _turned(simulation, made, voice), [*claims, simulation.turning_point.why]
    cited += [made.because] if made and made.because else []
    parts = [
        turned,
        say("simulation.practice", claims=practice),
        say("simulation.tomorrow", tomorrow=simulation.tomorrow),
        _sources(simulation, cited, voice),
    ]
    explained = tuple((b.button(voice.label("term.button", term=term.short), b.Explain(term.id)),) for term in terms)
    return Message("\n\n".join(parts), (*rows, *explained))


def _turned(simulation: Simulation, made: Move | None, voice: Voice) -> Html:
    why = voice.say("simulation.turning-point", why=simulation.turning_point.why.text)
    if made is None or made.because is None:
        return why
    chosen = voice.say("simulation.chosen", move=made.text, because=made.because.text)
    return Html(f"{why}\n\n{chosen}")


def _sources(simulation: Simulation, claims: list[Claim], voice: Voice) -> Html:
    cited = simulation.cited(name for claim in claims for name in claim.sources)
    lines = [voice.say("lesson.source", name=s.name, date=s.date, address=s.address) for s in cited]
    return voice.say("simulation.sources", sources=Html("\n".join(lines)))


def _bar(variable: Variable, value: int, voice: Voice) -> Html:
    full = round(CELLS * (value - variable.low) / (variable.high - variable.low))
    return voice.say("simulation.bar", bar="▰" * full + "▱" * (CELLS - full), label=variable.label)
