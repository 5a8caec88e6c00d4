"""A simulation's file: what is wrong with it is told by line, all at once, and a sound one becomes a value."""

import pytest

from lessons.naming import ModuleId
from lessons.simulation import After, Bound, Effect, MoveId, VariableId
from lessons.simulation_grammar import condition_of, effect_of
from tests.lessons.sample import FILES, parsed, said
from tests.lessons.simulation_sample import CELL, FILE, read, simulation, written


def test_a_sound_file_becomes_a_simulation_of_its_course() -> None:
    course = read().course
    assert course is not None
    assert [one.id for one in course.simulations] == ["the-cell"]
    assert course.simulation("the-cell") == simulation()
    assert course.simulation("no-such-case") is None
    assert (simulation().module, simulation().scenes[1].pause) == (ModuleId("first-hours"), 2)


def test_a_course_needs_no_simulation() -> None:
    course = parsed(FILES).course
    assert course is not None
    assert course.simulations == ()


def test_simulations_stand_in_the_order_of_their_files() -> None:
    other = CELL.replace("id: the-cell", "id: the-other-cell", 1)
    course = parsed({**FILES, FILE: CELL, "simulations/00-first.yaml": other}).course
    assert course is not None
    assert [one.id for one in course.simulations] == ["the-other-cell", "the-cell"]


WHEN = "when: [standing at least 5]"


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("module: first-hours", "module: last-hours", 2, "`last-hours` is no module of the course; did you mean"),
        ("tomorrow:", "terms: [batna]\ntomorrow:", 14, "`batna` is no term of the glossary; write it"),
        ("scene: the-wish", "scene: the-wich", 11, "`the-wich` is no scene here; did you mean `the-wish`?"),
        ("scene: the-wish", "scene: fair", 11, "`fair` is no scene here"),
        (
            "to: the-wish, effects: [trust +1]",
            "to: the-wist",
            25,
            "`the-wist` is no scene or ending here",
        ),
        (
            "{when: [after tell], to: the-photo}",
            "{when: [after tell], to: nowhere}",
            40,
            "`nowhere` is no scene",
        ),
        (WHEN, "when: [standing at lest 5]", 59, "which is no condition; write"),
        (WHEN, "when: [stand at least 5]", 59, "`stand` is no variable here"),
        (WHEN, "when: [after teller]", 59, "`teller` is no move here; did you mean `tell`?"),
        ("effects: [protection +1]}", "effects: [protection + 1]}", 19, "which is no effect; write the variable"),
        (
            "effects: [protection +1]}",
            "effects: [protektion +1]}",
            19,
            "`protektion` is no variable here",
        ),
        (
            "  sources: [handbook]",
            "  sources: [notebook]",
            13,
            "`notebook` is no source here; did you mean",
        ),
        (", sources: [handbook]}", "}", 30, "the because has no `sources`"),
        (", because: It was his.", "", 30, "`sources` of a move prove its `because`"),
        ("- {id: wait,", "- {id: call,", 20, "the move id `call` stands already in line 19; rename one"),
        ("- id: the-desk", "- id: the-call", 21, "the scene or ending id `the-call` stands already in line 16"),
        ("- id: fair", "- id: the-photo", 62, "the scene or ending id `the-photo` stands already in line 42"),
        ("start: 3, low: 0", "start: 3, low: 4", 7, "the variable starts at 3, with 4 as `low` and 10 as `high`"),
        ("start: 3,", "start: three,", 7, "must be a whole number"),
        ("tomorrow: Save the number of the station.\n", "", 1, "the file has no `tomorrow`; give one thing to do"),
        ("    pause: 2\n", "    pause: 60\n", 22, "`pause` of scene the-desk is `60`; it must be at most 10"),
        (
            "    debrief:\n      - {text: Tell him without delay., sources: [handbook]}\n",
            "",
            62,
            "ending fair has no `debrief`; say what good practice says",
        ),
        (", sources: [handbook]}\n  - id: thin", "}\n  - id: thin", 66, "has no `sources`"),
        ("A man calls at two.", "x" * 601, 17, "`text` of scene the-call has 601 characters; cut it to 600"),
        ("Call the station.", "x" * 121, 19, "has 121 characters; cut it to 120"),
        ("title: The cell", "titel: The cell", 3, "`titel` is a key that nothing reads; did you mean `title`?"),
        ("2027-05-20", "next spring", 4, "is no date"),
    ],
)
def test_what_is_wrong_is_told_by_line_with_its_mend(old: str, new: str, line: int, told: str) -> None:
    result = read(written((old, new)))

    assert result.course is None
    assert [one for one in said(result) if one.startswith(f"{FILE}:{line}: ") and told in one], said(result)


def test_every_problem_is_told_at_once() -> None:
    broken = written((WHEN, "when: [after teller]"), ("tomorrow:", "tomorow:"), ("scene: the-wish", "scene: the-wich"))
    assert len(read(broken).problems) == 4  # one of them for the key that is missing


def test_two_simulations_of_one_id_are_told_where_both_stand() -> None:
    result = parsed({**FILES, FILE: CELL, "simulations/02-again.yaml": CELL})
    assert said(result) == [
        f"simulations/02-again.yaml:1: the simulation id `the-cell` is used already in {FILE} line 1; rename one"
    ]


def test_places_tell_where_scenes_moves_and_endings_stand() -> None:
    places = read().places
    assert places["scene", "the-cell/the-desk"].line == 21
    assert places["move", "the-cell/shout"].line == 26
    assert places["ending", "the-cell/fair"].line == 62


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("trust at least 3", Bound(VariableId("trust"), 3, at_least=True)),
        ("trust at  most -2", Bound(VariableId("trust"), -2, at_least=False)),
        ("after call", After((MoveId("call"),))),
        ("after call or go-there", After((MoveId("call"), MoveId("go-there")))),
        ("not after call or go-there", After((MoveId("call"), MoveId("go-there")), made=False)),
    ],
)
def test_a_condition_reads_as_it_is_meant(words: str, means: Bound | After) -> None:
    assert condition_of(words) == means


@pytest.mark.parametrize(
    "words", ["", "trust", "trust >= 3", "trust at least", "trust at least three", "after", "after A", "before call"]
)
def test_other_words_are_no_condition(words: str) -> None:
    with pytest.raises(ValueError, match="is no condition; write"):
        condition_of(words)


def test_an_effect_adds_or_takes() -> None:
    assert effect_of("trust +1") == Effect(VariableId("trust"), 1)
    assert effect_of("trust -12") == Effect(VariableId("trust"), -12)


@pytest.mark.parametrize("words", ["trust", "trust 1", "trust +0", "+1 trust", "trust + 1", "trust +100"])
def test_other_words_are_no_effect(words: str) -> None:
    with pytest.raises(ValueError, match="is no effect; write"):
        effect_of(words)
