"""A small whole simulation as its author's file; each test breaks a line of it. Nothing is wrong with it as it is."""

from datetime import date
from itertools import pairwise

from lessons.lints import simulations
from lessons.parsing import Parsed
from lessons.problem import Severity
from lessons.simulation import Simulation
from lessons.simulation_play import State, begin, open_moves, take
from tests.lessons.sample import FILES, parsed

FILE = "simulations/01-the-cell.yaml"
TODAY = date(2026, 11, 26)

CELL = """\
id: the-cell
module: first-hours
title: The cell
review_by: 2027-05-20
role: You are on duty tonight.
variables:
  - {id: protection, label: Protection, start: 3, low: 0, high: 10}
  - {id: trust, label: Trust of the host, start: 5, low: 0, high: 10}
  - {id: standing, label: Standing, start: 5, low: 0, high: 10}
turning_point:
  scene: the-wish
  text: All help rests on his yes.
  sources: [handbook]
tomorrow: Save the number of the station.
scenes:
  - id: the-call
    text: A man calls at two.
    moves:
      - {id: call, text: Call the station., to: the-desk, effects: [protection +1]}
      - {id: wait, text: Wait for eight., to: the-desk, effects: [protection -1, trust +1]}
  - id: the-desk
    pause: 2
    text: The sergeant is bored.
    moves:
      - {id: ask, text: Ask politely., to: the-wish, effects: [trust +1]}
      - {id: shout, text: Shout at him., to: the-wish, effects: [trust -2]}
  - id: the-wish
    text: Do not tell my family.
    moves:
      - {id: keep, text: Keep., to: the-lawyer, effects: [protection +1], because: It was his., sources: [handbook]}
      - {id: tell, text: Tell., to: the-lawyer, effects: [protection -2], because: It was his., sources: [handbook]}
  - id: the-lawyer
    text: He has no lawyer.
    moves:
      - id: list
        text: Show him a list.
        to: the-court
        effects: [protection +1]
        instead:
          - {when: [after tell], to: the-photo}
      - {id: speak, text: Speak for him., to: the-court, effects: [trust -1]}
  - id: the-photo
    text: His photo is in the paper.
    moves:
      - {id: sorry, text: Say sorry., to: the-court, effects: [standing -1]}
      - {id: silence, text: Say nothing., to: the-court}
  - id: the-court
    text: The judge looks at you.
    also:
      - {when: [after tell], text: His mother sits in the room.}
    moves:
      - id: thank
        text: Thank the court.
        to: fair
        effects: [standing +1]
        instead:
          - {when: [trust at most 3], to: narrow}
          - {when: [protection at most 3], to: thin}
      - {id: plead, text: Ask for mercy., to: narrow, when: [standing at least 5], effects: [trust -1]}
      - {id: leave, text: Leave the room., to: thin, effects: [standing -1]}
endings:
  - id: fair
    title: He was heard
    text: He can answer.
    debrief:
      - {text: Tell him without delay., sources: [handbook]}
  - id: thin
    title: A thin file
    text: He is not alone.
    debrief:
      - {text: The first hours weigh most., sources: [handbook]}
  - id: narrow
    title: A narrower door
    text: Each letter takes a week.
    debrief:
      - {text: Local law says how., sources: [handbook]}
sources:
  - {id: handbook, name: Consular handbook, date: "2024", address: https://example.org/handbook, facts: [F5.01]}
"""


def read(text: str = CELL) -> Parsed:
    """The sample course with that simulation."""
    return parsed({**FILES, FILE: text})


def simulation(text: str = CELL) -> Simulation:
    """The simulation of that file, which must be sound."""
    course = read(text).course
    assert course is not None, read(text).problems
    return course.simulations[0]


def written(*changes: tuple[str, str]) -> str:
    """The sample's file with places of it written otherwise."""
    text = CELL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def linted(*changes: tuple[str, str]) -> list[str]:
    """What the lints say of the sample with places of it written otherwise, as `severity id: sentence`."""
    course = read(written(*changes)).course
    assert course is not None, read(written(*changes)).problems
    found = simulations.findings(course, TODAY)
    return [f"{severity} {name.removeprefix('the-cell/')}: {sentence}" for _, name, sentence, severity in found]


def stuck(told: list[str]) -> list[str]:
    """Those that keep a course from being taught."""
    return [one for one in told if one.startswith(Severity.ERROR)]


def every_path(one: Simulation) -> list[State]:
    """The end of each path, one by one, with no shortcut: what the clever count must agree with."""
    waiting, ends = [begin(one)], []
    while waiting:
        state = waiting.pop()
        moves = open_moves(one, state)
        steps = [step for move in moves if (step := take(one, state, move.id))]
        waiting += [step.state for step in steps]
        ends += [] if steps else [state]
    return ends


def decisions(one: Simulation, end: State) -> int:
    """How many moves of a path were chosen among several."""
    states = [begin(one)]
    for move in end.path:
        step = take(one, states[-1], move)
        assert step is not None
        states.append(step.state)
    return sum(len(open_moves(one, before)) > 1 for before, _ in pairwise(states))
