"""A simulation played in a terminal, with what each move changed, for its author. Nothing is stored."""

from difflib import get_close_matches
from typing import TextIO

from bot import callbacks as b
from bot.desk import DeskError
from bot.gate import Pass
from bot.message import Button, Message
from bot.phrases import Phrases, Voice
from bot.scenes import debrief, ending, opening, scene
from bot.screens import ZONE
from bot.terminal import Terminal
from lessons.course import Course
from lessons.simulation import Simulation
from lessons.simulation_play import State, Step, at_turning_point, begin, ending_of, take
from scheduler.delivery import Sent

KEYS = "A number taps · b: back one move · t: to the turning point · n: anew · q: quit"
SELF = 1  # the author's chat


async def rehearse(course: Course, simulation_id: str, *, lines: TextIO, out: TextIO) -> None:
    """Play until `q` or the end of `lines`. Raises DeskError for a simulation that the course does not have."""
    simulation = course.simulation(simulation_id)
    if simulation is None:
        known = [str(each.id) for each in course.simulations]
        close = get_close_matches(simulation_id, known, n=1)
        mend = f"did you mean {close[0]}?" if close else f"there is {', '.join(known) or 'none yet'}."
        raise DeskError(f"--simulation {simulation_id!r} is none of the simulations of {course.id}; {mend}")
    play = _Rehearsal(course, simulation, out)
    await play.begin()
    while (line := play.terminal.ask(lines, "> ")) not in ("q", "quit"):
        await play.do(line)
    play.terminal.say("Nothing was kept.")


class _Rehearsal:
    """One play, and the states that it came through."""

    def __init__(self, course: Course, simulation: Simulation, out: TextIO) -> None:
        self._simulation = simulation
        self._terms = tuple(term for term in course.glossary if term.id in simulation.terms)
        self._voice: Voice = Phrases.built_in().voice(course.language, ZONE)
        self._states = [begin(simulation)]
        self._shown: list[int] = []  # messages whose buttons stand
        self.terminal = Terminal(out, lambda: str(self._now.at))

    @property
    def _now(self) -> State:
        return self._states[-1]

    async def begin(self) -> None:
        """The keys, the opening and the first scene."""
        self.terminal.say(KEYS)
        await self._show(opening(self._simulation, self._voice))
        await self._place()

    async def do(self, line: str) -> None:
        """One line of the author's."""
        if line.isascii() and line.isdigit() and len(line) < 4:
            return await self._tap(int(line))
        if line == "b" and len(self._states) > 1:
            self._states.pop()
        elif line == "n":
            self._states = self._states[:1]
        elif line == "t" and (there := at_turning_point(self._simulation, self._now)):
            self._states = self._states[: len(there.path) + 1]
        else:
            return self.terminal.say("The play has not come there yet." if line in ("b", "t") else KEYS)
        return await self._place()

    async def _tap(self, number: int) -> None:
        found = self.terminal.button(number)
        step = take(self._simulation, self._now, found[1].data or "") if found else None
        if found is None:
            return self.terminal.say(f"There is no [{number}] to tap now.")
        if step is None:
            return self._explain(found[1])
        self._states.append(step.state)
        self.terminal.say(self._changed(step))
        return await self._place()

    def _explain(self, button: Button) -> None:
        term = next((each for each in self._terms if b.pack(b.Explain(each.id)) == button.data), None)
        self.terminal.say(f"{term.term}: {term.means}" if term else f"This opens {button.url}")

    def _changed(self, step: Step) -> str:
        changes = [f"{one.variable} {one.change:+}" for one in step.changes]
        values = ", ".join(f"{name} {value}" for name, value in step.state.values)
        return f"{step.move.id}: {', '.join(changes) or 'nothing changed'} → {values}"

    async def _place(self) -> None:
        """Where the play stands now; an ending with its debrief."""
        self.terminal.taken()
        while self._shown:
            await self.terminal.strip(SELF, self._shown.pop())
        simulation, now, voice = self._simulation, self._now, self._voice
        if ending_of(simulation, now) is None:
            shown = scene(simulation, now, voice, lambda letter, move: Button(letter, move.id))
            await self._show(shown)
            return
        await self._show(ending(simulation, now, voice))
        await self._show(debrief(simulation, now, self._terms, voice))
        self.terminal.say("The play has ended. t: to the turning point · n: anew · q: quit")

    async def _show(self, message: Message) -> None:
        sent = await self.terminal.send(SELF, message, Pass())
        self._shown += [sent.message_id] if isinstance(sent, Sent) else []
