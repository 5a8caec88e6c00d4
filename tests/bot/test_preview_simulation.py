"""A simulation on one page: every scene and ending stands there, the map shows each move, and no box hides another."""

import re
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content_check import LONGEST_MESSAGE, visible
from bot.desk import DeskError
from bot.phrases import Phrases
from bot.preview import piece_named
from bot.preview_layout import Box, laid_out
from bot.preview_map import abbreviations, in_words, map_of
from bot.preview_simulation import preview
from bot.scenes import debrief, ending
from lessons.catalogue import BUILT_IN, built_in
from lessons.course import Course, Source
from lessons.simulation import Claim, Scene, Simulation
from lessons.simulation_file import MOST_SOURCES
from lessons.simulation_paths import explore
from lessons.simulation_play import begin
from tests.lessons.sample import FILES
from tests.lessons.simulation_sample import CELL, FILE, simulation

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def course() -> Course:
    return built_in()


@pytest.fixture(scope="module")
def one(course: Course) -> Simulation:
    found = course.simulation("the-night-call")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def page(course: Course) -> str:
    return preview(course, "the-night-call")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_every_scene_every_ending_and_every_paragraph_stands_on_the_page(page: str, one: Simulation) -> None:
    told = words(page).replace("&quot;", '"').replace("&#x27;", "'").replace("&#39;", "'")
    texts = [text for place in one.places for text in (place.text, *(also.text for also in place.also))]
    texts += [move.text for move in one.moves] + [claim.text for claim in one.claims()] + [one.role, one.tomorrow]
    assert [text for text in texts if " ".join(text.split()) not in told] == []


def test_every_box_of_the_map_leads_to_its_phone(page: str, one: Simulation) -> None:
    targets = set(re.findall(r'<a href="#([\w-]+)"', page))
    assert {place.id for place in one.places} <= targets <= set(re.findall(r'\bid="([\w-]+)"', page))


def test_the_page_is_the_same_for_the_same_simulation(page: str, course: Course) -> None:
    assert preview(course, "the-night-call") == page


def test_the_page_needs_nothing_from_outside(page: str) -> None:
    assert re.findall(r"<(?:script|link|img)\b|url\((?!#)|@import", page) == []


def test_a_simulation_that_is_not_there_is_told(course: Course) -> None:
    with pytest.raises(DeskError, match="is no simulation of migration-diplomacy"):
        preview(course, "the-day-call")


def test_a_simulation_is_found_by_its_id_and_by_its_file(tmp_path: Path) -> None:
    assert piece_named("the-night-call")[1] == "the-night-call"
    for name, text in {**FILES, FILE: CELL}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert piece_named(str(tmp_path / FILE))[1] == "the-cell"
    with pytest.raises(DeskError, match="did you mean the-night-call"):
        piece_named("the-night-cal")
    assert piece_named("the-night-call")[0].id == BUILT_IN


# The map


def test_the_map_is_sound_xml_with_a_box_for_each_place_and_a_line_for_each_way(one: Simulation) -> None:
    tree = ElementTree.fromstring(map_of(one))  # noqa: S314 - our own
    names = [text.text or "" for text in tree.iter(f"{SVG}text") if text.get("class") == "name"]
    assert [name.removeprefix("↻ ") for name in names] == [place.id for place in one.places]
    ways = [path for path in tree.iter(f"{SVG}path") if "way" in (path.get("class") or "")]
    assert len(ways) == sum(1 + len(move.instead) for move in one.moves)
    assert [name for name in names if name.startswith("↻")] == [f"↻ {one.turning_point.scene}"]


def test_a_condition_is_told_as_its_author_wrote_it() -> None:
    cell = simulation()
    assert [in_words(condition) for condition in cell.conditions() if condition] == [
        "after tell",
        "after tell",
        "trust at most 3",
        "protection at most 3",
        "standing at least 5",
    ]


def test_variables_are_told_apart_by_their_first_letters(one: Simulation) -> None:
    assert list(abbreviations(one).values()) == ["p", "t", "s"]


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width and other.x < one.x + one.width and one.y < other.bottom and other.y < one.bottom
    )


def test_no_box_of_the_map_hides_another(one: Simulation) -> None:
    tree = ElementTree.fromstring(map_of(one))  # noqa: S314 - our own
    boxes = [
        Box(*(float(rect.get(key) or 0) for key in ("x", "y", "width", "height"))) for rect in tree.iter(f"{SVG}rect")
    ]
    assert len(boxes) == len(one.places)
    assert [pair for pair in combinations(boxes, 2) if overlap(*pair)] == []


@pytest.mark.slow
@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(60, 300), st.floats(30, 150)), min_size=1, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=24),
)
def test_in_any_graph_boxes_lie_apart_and_lines_lead_down_past_them(
    sizes: list[tuple[float, float]], pairs: list[tuple[int, int]]
) -> None:
    names = {f"n{k}": size for k, size in enumerate(sizes)}
    edges = [(f"n{a}", f"n{b}") for a, b in pairs if a < len(sizes) and b < len(sizes)]
    layout = laid_out(names, edges)
    assert [pair for pair in combinations(layout.boxes.values(), 2) if overlap(*pair)] == []
    for (start, to), bends in layout.bends.items():
        passed = [layout.boxes[start], *bends, layout.boxes[to]]
        assert all(upper.bottom < lower.y for upper, lower in pairwise(passed))
        assert not [box for box in layout.boxes.values() for bend in bends if overlap(box, bend)]
    assert all(box.x >= 0 and box.x + box.width <= layout.width + 1e-6 for box in layout.boxes.values())


# The phone


def test_the_longest_debrief_that_a_file_may_hold_is_one_message(one: Simulation) -> None:
    sources = tuple(Source(f"s{n}", "n" * 200, "2" * 60, "https://example.org") for n in range(MOST_SOURCES))
    claim = Claim("x" * 300, tuple(source.id for source in sources))
    long = replace(
        one,
        scenes=tuple(longest(scene, claim) for scene in one.scenes),
        endings=tuple(replace(each, debrief=(claim,) * 3) for each in one.endings),
        turning_point=replace(one.turning_point, why=claim),
        tomorrow="z" * 300,
        sources=sources,
    )
    voice = Phrases.built_in().voice("en")
    states = [explore(long).at(each.id)[0] for each in long.endings]
    told = [debrief(long, state, (), voice).html for state in states]
    assert max(len(visible(html)) for html in told) <= LONGEST_MESSAGE


def longest(scene: Scene, claim: Claim) -> Scene:
    return replace(scene, moves=tuple(replace(move, text="m" * 120, because=claim) for move in scene.moves))


def test_the_bars_show_where_each_variable_stands(one: Simulation) -> None:
    state = next(state for state in explore(one).at("the-debt"))
    html = ending(one, state, Phrases.built_in().voice("en")).html
    assert [line.count("▰") for line in html.splitlines() if "▱" in line or "▰" in line] == [
        value for _, value in state.values
    ]
    assert ending(one, begin(one), Phrases.built_in().voice("en")).html == ""
