"""One page that shows a simulation: its map, and every scene and ending as phones show it."""

from collections.abc import Iterator
from datetime import timedelta
from html import escape

from bot.desk import DeskError
from bot.message import Button, Message
from bot.phrases import Phrases, Voice
from bot.preview_map import abbreviations, map_of
from bot.preview_phones import facts_of, grid, page, phone
from bot.scenes import debrief, ending, opening, scene
from bot.screens import A_SUNDAY, ZONE, Shown
from lessons.course import Course
from lessons.simulation import PlaceId, Simulation
from lessons.simulation_paths import explore, outline
from lessons.simulation_play import State, open_moves, paragraphs, turning_move

MAP_NOTE = (
    "Each box is a scene with its moves and what they change ({variables}). A dashed line is taken when a condition "
    "holds. The scene with ↻ is the turning point; shaded boxes are endings."
)
SCENES_NOTE = "The shortest way that leads to each of its forms stands beside it."
FOOTER = "The dashed line shows how much a small phone holds at once."
SIGHT = timedelta(minutes=1)  # between one scene and the next


def preview(course: Course, simulation_id: str) -> str:
    """The page: HTML without outside parts, the same for the same simulation. DeskError for an unknown one."""
    simulation = course.simulation(simulation_id)
    if simulation is None:
        raise DeskError(f"{simulation_id!r} is no simulation of {course.id}.")
    voice = Phrases.built_in().voice(course.language, ZONE)
    short = ", ".join(f"{name} {variable}" for variable, name in abbreviations(simulation).items())
    sections = [
        _section("map", "The map", MAP_NOTE.format(variables=short), map_of(simulation)),
        _section("scenes", "The scenes", SCENES_NOTE, grid([*_scenes(simulation, voice)])),
        _section("endings", "The endings", SCENES_NOTE, grid([*_endings(course, simulation, voice)])),
    ]
    titles = {"map": "The map", "scenes": "The scenes", "endings": "The endings"}
    return page(
        language=escape(course.language),
        title=escape(simulation.title),
        place=escape(_place(course, simulation)),
        objective=escape(simulation.tomorrow),
        facts=_facts(simulation),
        links="".join(f'<a href="#{name}" target="_self">{title}</a>' for name, title in titles.items()),
        sections="\n".join(sections),
        footer=FOOTER,
    )


def _place(course: Course, simulation: Simulation) -> str:
    module = next(each for each in course.modules if each.id == simulation.module)
    return f"{course.title} · simulation after {module.title}"


def _facts(simulation: Simulation) -> str:
    told = {"id": str(simulation.id), "scenes": str(len(simulation.scenes)), "endings": str(len(simulation.endings))}
    if figures := outline(simulation):
        told |= {"paths": f"{figures.paths:,}", "decisions": f"{figures.fewest} to {figures.most}"}
    told["review by"] = f"{simulation.review_by.day} {simulation.review_by:%B %Y}"
    return facts_of(told)


def _section(anchor: str, title: str, note: str, body: str) -> str:
    return f'<section id="{anchor}"><h2>{title}</h2><p class="note">{note}</p>{body}</section>'


def _forms(simulation: Simulation, place: PlaceId) -> Iterator[State]:
    """The shortest play for each form in which the place is met: its paragraphs, open moves, and debrief."""
    here = simulation.scene(place) or simulation.ending(place)
    seen = set()
    for state in explore(simulation).at(place):
        turned = turning_move(simulation, state) if simulation.ending(place) else None
        form = (paragraphs(here, state) if here else (), open_moves(simulation, state), turned)
        if form not in seen:
            seen.add(form)
            yield state


def _way(state: State) -> str:
    return " → ".join(state.path) or "the beginning"


def _shown(message: Message, state: State) -> Shown:
    return Shown(A_SUNDAY + SIGHT * len(state.path), message)


def _scenes(simulation: Simulation, voice: Voice) -> Iterator[str]:
    for each in simulation.scenes:
        for n, state in enumerate(_forms(simulation, each.id)):
            words = scene(simulation, state, voice, lambda letter, move: Button(letter, move.id))
            first = [_shown(opening(simulation, voice), state)] if not state.path else []
            anchor = "" if n else each.id
            yield phone(each.id, _way(state), [*first, _shown(words, state)], voice, anchor=anchor)


def _endings(course: Course, simulation: Simulation, voice: Voice) -> Iterator[str]:
    figures = outline(simulation)
    terms = tuple(term for term in course.glossary if term.id in simulation.terms)
    for each in simulation.endings:
        share = f"{figures.by_ending[each.id]:,} of {figures.paths:,} paths" if figures else ""
        for n, state in enumerate(_forms(simulation, each.id)):
            last = debrief(simulation, state, terms, voice)
            both = [_shown(ending(simulation, state, voice), state), _shown(last, state)]
            note = f"{share}; here {_way(state)}" if n == 0 else _way(state)
            yield phone(each.id, note, both, voice, anchor="" if n else each.id)
