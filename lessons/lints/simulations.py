"""Simulations that somebody cannot end, cannot reach or need not decide. All their paths are followed."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from lessons.course import Course
from lessons.lints import simulation_words
from lessons.problem import Severity
from lessons.simulation import After, Bound, Condition, Move, Scene, Simulation
from lessons.simulation_file import SCENE_LIMIT
from lessons.simulation_paths import MOST_VISITS, Paths, circle, explore, outline
from lessons.simulation_play import State, holds, open_moves, paragraphs, take

DECISIONS = (3, 12)  # on any path
SCENES = (6, 14)
ENDINGS = (3, 5)
MOVES = (2, 3)  # open at once: letters A to C on a phone

Finding = tuple[str, str, str, Severity]  # kind of thing, its id in `places`, sentence
_Said = Iterator[tuple[str, str, str]]
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def findings(course: Course, today: date) -> Iterator[Finding]:
    """Every lint of every simulation. What would leave a learner stuck is an error."""
    for one in course.simulations:
        paths = explore(one)
        for what, name, sentence in _stuck(one, paths):
            yield what, _id(one, what, name), sentence, ERROR
        said = [*_unmet(one, paths), *_idle(one, paths), *_alike(one), *_shape(one, paths), *_turning(one, paths)]
        said += simulation_words.findings(one, course, today)
        for what, name, sentence in said:
            yield what, _id(one, what, name), sentence, WARNING


def _id(one: Simulation, what: str, name: str) -> str:
    return str(one.id) if what == "simulation" else f"{one.id}/{name}"


def way(state: State) -> str:
    """How a play came there, for an author who wants to see it."""
    return f"after {' → '.join(state.path)}" if state.path else "at the beginning"


def _stuck(one: Simulation, paths: Paths) -> _Said:
    if not paths.whole:
        yield "simulation", one.id, f"there are more than {MOST_VISITS:,} situations; take out scenes or conditions"
    elif turn := circle(paths):
        names = " → ".join(visit[0] for visit in turn)
        mend = "let a condition close a move, as in `not after` itself"
        yield "scene", turn[0][0], f"a play can go {names} and change nothing, again and again; {mend}"
    for scene in one.scenes:
        for state in paths.at(scene.id):
            if not open_moves(one, state):
                yield "scene", scene.id, f"no move is open here {way(state)}; add one without `when`"
                break
    for place in one.places:
        longest = max((sum(map(len, paragraphs(place, state))) for state in paths.at(place.id)), default=0)
        if longest > SCENE_LIMIT:
            kind = "scene" if isinstance(place, Scene) else "ending"
            yield kind, place.id, f"with its paragraphs the text has {longest} characters; cut it to {SCENE_LIMIT}"


def _unmet(one: Simulation, paths: Paths) -> _Said:
    for place in one.places:
        states = paths.at(place.id)
        kind = "scene" if isinstance(place, Scene) else "ending"
        if not states:
            yield kind, place.id, f"no play comes to {place.id}; let a move lead there or delete it"
            continue
        for also in place.also:
            yield from ((kind, place.id, f"a paragraph of {place.id} {said}") for said in _fixed(also.when, states))
        for move in place.moves if isinstance(place, Scene) else ():
            yield from (("move", move.id, f"`{move.id}` {said}") for said in _fixed(move.when, states))
            yield from (("move", move.id, f"`{move.id}` {said}") for said in _detours(one, move, states))


def _fixed(when: Condition, states: tuple[State, ...]) -> Iterator[str]:
    """Conditions that leave no choice: true for no play that comes here, or for all."""
    held = {holds(when, state) for state in states}
    if held == {False}:
        yield "has a condition that never holds here; change `when` or delete it all"
    elif when and held == {True}:
        yield "has a condition that always holds here; delete `when`"


def _detours(one: Simulation, move: Move, states: tuple[State, ...]) -> Iterator[str]:
    """Detours that no play takes, and a `to` that none follows."""
    steps = [step for state in states if (step := take(one, state, move.id))]
    if not steps:
        return  # told already
    taken: set[int | None] = set()
    for step in steps:
        taken.add(next((n for n, detour in enumerate(move.instead) if holds(detour.when, step.state)), None))
    for n, detour in enumerate(move.instead):
        if n not in taken:
            yield f"never leads to {detour.to} instead; change that condition or delete it"
    if None not in taken:
        yield f"never leads to {move.to}, because something in `instead` always holds"


def _idle(one: Simulation, paths: Paths) -> _Said:
    """Variables that decide nothing, effects that change nothing."""
    read = {test.variable for condition in one.conditions() for test in condition if isinstance(test, Bound)}
    for variable in one.variables:
        if variable.id not in read:
            sentence = f"nothing depends on the variable `{variable.id}`; let a condition ask for it"
            yield "simulation", one.id, sentence
    for scene in one.scenes:
        for move in scene.moves:
            steps = [step for state in paths.at(scene.id) if (step := take(one, state, move.id))]
            changed = {effect.variable for step in steps for effect in step.changes}
            for effect in move.effects if steps else ():
                if effect.variable not in changed:
                    sentence = f"`{effect.variable} {effect.change:+}` of `{move.id}` changes nothing in any play"
                    yield "move", move.id, f"{sentence}: the variable stands at its bound"


def _alike(one: Simulation) -> _Said:
    """Moves of a scene between which nothing depends on the choice."""
    tests = (test for condition in one.conditions() for test in condition)
    asked = {move for test in tests if isinstance(test, After) for move in test.moves}
    for scene in one.scenes:
        for first, second in combinations(scene.moves, 2):
            same = {(move.to, frozenset(move.effects), move.instead) for move in (first, second)}
            if len(same) == 1 and not {first.id, second.id} & asked:
                sentence = f"`{first.id}` and `{second.id}` change the same and lead to the same; let them differ"
                yield "move", second.id, sentence


def _shape(one: Simulation, paths: Paths) -> _Said:
    for count, (least, most), what in ((len(one.scenes), SCENES, "scenes"), (len(one.endings), ENDINGS, "endings")):
        if not least <= count <= most:
            yield "simulation", one.id, f"there are {count} {what}; make it {least} to {most}"
    if figures := outline(one):
        least, most = DECISIONS
        ends = [state for ending in one.endings for state in paths.at(ending.id)]
        if figures.fewest < least:
            shortest = min(ends, key=lambda state: len(state.path))
            sentence = f"a path has {figures.fewest} decisions, as the play {way(shortest)}; make it {least} or more"
            yield "simulation", one.id, sentence
        if figures.most > most:
            yield "simulation", one.id, f"a path has {figures.most} decisions; make it {most} or fewer"
    least, most = MOVES
    for scene in one.scenes:
        for state in paths.at(scene.id):
            count = len(open_moves(one, state))
            if count and not least <= count <= most:
                sentence = f"{count} {'move is' if count == 1 else 'moves are'} open here {way(state)}"
                yield "scene", scene.id, f"{sentence}; let it be {least} or {most}"
                break


def _turning(one: Simulation, paths: Paths) -> _Said:
    point = one.turning_point.scene
    scene = one.scene(point)
    for move in scene.moves if scene else ():
        if move.because is None:
            yield "move", move.id, f"`{move.id}` stands at the turning point and has no `because`; the debrief tells it"
    ends = {ending.id for ending in one.endings}
    seen = waiting = {visit for visit in list(paths.states)[:1] if visit[0] != point}
    while waiting:
        onward = {after for visit in waiting for _, after in paths.steps.get(visit, ()) if after[0] != point}
        waiting = onward - seen
        seen = seen | onward
    if passed := next((visit for visit in paths.states if visit in seen and visit[0] in ends), None):
        sentence = f"a play can end at {passed[0]} without the turning point {point}; let every path come by it"
        yield "scene", point, sentence
