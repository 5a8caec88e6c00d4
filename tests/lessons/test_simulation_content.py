"""The shipped simulations: every path of every case ends, no lint says a word, claims rest on verified facts."""

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from lessons.catalogue import built_in, read
from lessons.course import Course
from lessons.lints import simulations
from lessons.simulation import Simulation
from lessons.simulation_file import MOVE_LIMIT, SCENE_LIMIT
from lessons.simulation_paths import circle, explore, outline
from lessons.simulation_play import at_turning_point, open_moves, turning_move
from tests.lessons.simulation_sample import decisions, every_path

COURSE: Course = built_in()
FACTS_READ_ON = date(2026, 11, 23)  # moves when a review has read the sources again
MARKS = dict(csv.reader((Path(__file__).parents[1] / "content" / "facts.csv").read_text().splitlines()[1:]))
MOST_WALKED = 20_000  # paths that are walked one by one; the others are counted

each_simulation = pytest.mark.parametrize("one", COURSE.simulations, ids=lambda one: one.id)


def test_there_is_a_case_to_play() -> None:
    assert "the-night-call" in {one.id for one in COURSE.simulations}


@each_simulation
def test_every_path_ends(one: Simulation) -> None:
    paths = explore(one)
    assert paths.whole
    assert circle(paths) == ()
    ends = {visit[0] for visit, steps in paths.steps.items() if not steps}
    assert ends == {ending.id for ending in one.endings}


@pytest.mark.slow
@each_simulation
def test_every_path_walked_to_its_end_has_enough_decisions_and_a_way_back(one: Simulation) -> None:
    found = outline(one)
    assert found is not None
    if found.paths > MOST_WALKED:
        pytest.skip(f"{found.paths:,} paths are counted, not walked")
    ends = every_path(one)
    assert len(ends) == found.paths
    for end in ends:
        assert 3 <= decisions(one, end) <= 12
        there = at_turning_point(one, end)
        assert there is not None
        assert open_moves(one, there)
        made = turning_move(one, end)
        assert made is not None
        assert made.because is not None


@pytest.mark.slow  # `attache check` says the same in make check
def test_no_simulation_has_a_lint() -> None:
    assert [(name, sentence) for _, name, sentence, _ in simulations.findings(COURSE, FACTS_READ_ON)] == []


@each_simulation
def test_every_claim_rests_on_a_verified_fact(one: Simulation) -> None:
    facts = {source.id: source.facts for source in one.sources}
    unproved = [
        claim.text
        for claim in one.claims()
        if "V" not in {MARKS.get(fact) for name in claim.sources for fact in facts[name]}
    ]
    assert unproved == []
    assert [fact for known in facts.values() for fact in known if MARKS.get(fact) != "V"] == []


@each_simulation
def test_scenes_and_moves_fit_a_phone(one: Simulation) -> None:
    assert max(len(place.text) for place in one.places) <= SCENE_LIMIT
    assert max(len(move.text) for move in one.moves) <= MOVE_LIMIT


@each_simulation
def test_no_move_shows_by_its_length_that_it_is_the_right_one(one: Simulation) -> None:
    for scene in one.scenes:
        lengths = [len(move.text) for move in scene.moves]
        assert max(lengths) <= 2.5 * min(lengths), scene.id


@each_simulation
def test_words_for_people_are_plain_and_quiet(one: Simulation) -> None:
    places = [text for place in one.places for text in (place.text, *(also.text for also in place.also))]
    words = [one.role, one.tomorrow, *places, *(move.text for move in one.moves), *(c.text for c in one.claims())]
    assert [text for text in words if re.search(r"<[a-z/]|&\w+;|\*\*|__|\]\(|!", text)] == []


@each_simulation
def test_a_review_is_due_within_six_months_because_cases_rest_on_law(one: Simulation) -> None:
    assert FACTS_READ_ON < one.review_by <= FACTS_READ_ON + timedelta(days=184)


def test_the_folder_is_read_without_a_problem() -> None:
    folder = Path(__file__).parents[2] / "lessons" / "content" / COURSE.id
    assert read(folder)[1] == ()
