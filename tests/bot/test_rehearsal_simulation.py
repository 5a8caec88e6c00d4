"""An author plays a simulation in the terminal: taps, steps back, returns to the turning point, plays anew."""

import io
import re

import pytest

from bot.desk import DeskError
from bot.rehearsal_simulation import KEYS, rehearse
from lessons.course import Course
from tests.lessons.simulation_sample import read


@pytest.fixture
def course() -> Course:
    course = read().course
    assert course is not None
    return course


async def played(course: Course, *lines: str, name: str = "the-cell") -> str:
    """The transcript in one line of words, without frames."""
    out = io.StringIO()
    await rehearse(course, name, lines=io.StringIO("".join(f"{line}\n" for line in lines)), out=out)
    return " ".join(re.sub(r"[─│╭╮╰╯]", " ", out.getvalue()).split())


async def test_a_play_opens_with_the_role_and_the_first_scene(course: Course) -> None:
    told = await played(course)
    assert "The cell A case for you to decide" in told
    assert "A man calls at two. A Call the station. B Wait for eight. [1] A [2] B" in told
    assert told.endswith("Nothing was kept.")


async def test_a_tap_tells_what_it_changed_and_shows_the_next_scene(course: Course) -> None:
    told = await played(course, "2")
    assert "wait: protection -1, trust +1 → protection 2, trust 6, standing 5" in told
    assert "The sergeant is bored." in told


async def test_an_ended_play_shows_bars_turning_point_and_debrief(course: Course) -> None:
    told = await played(course, "1", "1", "1", "1", "1")
    assert "He was heard He can answer. ▰▰▰▰▰▰▱▱▱▱ Protection" in told
    assert "You chose: Keep. It was his. What good practice says Tell him without delay." in told
    assert "Tomorrow morning Save the number of the station. Sources Consular handbook, 2024" in told


async def test_one_may_go_back_to_the_turning_point_and_choose_otherwise(course: Course) -> None:
    told = await played(course, "1", "1", "1", "1", "1", "t", "2", "1")
    assert "> t the-wish Do not tell my family." in told
    assert "> 1 list: protection +1 → protection 3, trust 6, standing 5 the-photo" in told


async def test_one_may_go_back_one_move_or_begin_anew(course: Course) -> None:
    assert "> b the-call A man calls at two." in await played(course, "1", "b")
    assert "> n the-call A man calls at two." in await played(course, "1", "1", "n")


async def test_what_cannot_be_done_is_told(course: Course) -> None:
    assert "There is no [9] to tap now." in await played(course, "9")
    assert "The play has not come there yet." in await played(course, "t")
    assert "The play has not come there yet." in await played(course, "b")
    assert (await played(course, "hello")).count(KEYS) == 2


async def test_buttons_of_an_earlier_scene_are_gone(course: Course) -> None:
    assert "Above," not in await played(course, "1", "1")


async def test_a_simulation_that_is_not_there_is_named_with_the_nearest(course: Course) -> None:
    with pytest.raises(DeskError, match=r"'the-sell' is none of the simulations of night-calls; did you mean the-cell"):
        await played(course, name="the-sell")
