"""A calendar strip as values, its drawing, and the process that draws and must never be the service itself."""

import asyncio
import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import combinations
from multiprocessing import active_children
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.gate import Pass
from bot.message import Button, Message
from bot.pictures import drawing
from bot.pictures.strip import Sign, Strip, StripDay
from bot.pictures.studio import Studio
from bot.terminal import Terminal
from tests.bot.strips import FIRST_ON, one_day, strip


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    made = Studio(patience=30)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("first_weekday", "on", "place"),
    [
        (7, date(2026, 11, 8), (0, 0)),
        (7, date(2026, 11, 14), (0, 6)),
        (7, date(2026, 11, 25), (2, 3)),
        (1, date(2026, 11, 8), (0, 6)),
        (1, date(2026, 11, 9), (1, 0)),
        (6, date(2026, 11, 8), (0, 1)),
    ],
)
def test_a_date_has_its_place_in_the_learners_week(first_weekday: int, on: date, place: tuple[int, int]) -> None:
    assert replace(strip(), first_weekday=first_weekday).place(on) == place


def test_a_strip_comes_back_from_the_store_as_it_was() -> None:
    assert Strip.from_json(json.loads(json.dumps(strip().as_json()))) == strip()


def test_a_message_keeps_its_picture_in_the_store_and_needs_none() -> None:
    with_picture = Message("x", ((Button("Go", data="t"),),), silent=True, picture=strip())
    for message in (with_picture, Message("x")):
        assert Message.from_json(json.loads(json.dumps(message.as_json()))) == message
    assert Message.from_json({"html": "x", "rows": [], "silent": False}) == Message("x"), "stored before pictures"


def test_a_strip_travels_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(strip())) == strip()  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"days": ()}, "1 to 42 days"),
        ({"days": tuple(StripDay(FIRST_ON + timedelta(n)) for n in range(43))}, "1 to 42 days"),
        ({"days": (StripDay(FIRST_ON), StripDay(FIRST_ON + timedelta(2)))}, "follow one another"),
        ({"weekdays": ("S", "M")}, "seven weekdays"),
        ({"first_weekday": 0}, "seven weekdays"),
        ({"months": ("Nov",)}, "2 months are shown, 1 are named"),
        ({"legend": ((Sign.TODAY, "today"),)}, "no words for lesson-done"),
    ],
)
def test_a_strip_that_cannot_be_drawn_cannot_be_made(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        replace(strip(), **wrong)


@pytest.mark.parametrize("length", [1, 5, 21, 35])
def test_a_picture_is_small_and_as_wide_as_planned(length: int) -> None:
    png = drawing.png(strip(length=length))
    with Image.open(BytesIO(png)) as picture:
        assert picture.width == 800
        assert 200 <= picture.height <= 600
    assert len(png) < 60_000


def test_six_full_weeks_are_small_too() -> None:
    days = tuple(StripDay(FIRST_ON + timedelta(n), frozenset({Sign.LESSON_DONE, Sign.DEADLINE})) for n in range(42))
    assert len(drawing.png(replace(strip(), days=days))) < 60_000


def tile(*signs: Sign) -> Image.Image:
    """The Wednesday's tile without its colours."""
    left, top = round(drawing.MARGIN + drawing.GUTTER + 2 * drawing.COLUMN), drawing.TITLE + drawing.HEAD
    with Image.open(BytesIO(drawing.png(one_day(*signs)))) as picture:
        return picture.convert("L").crop((left, top, left + drawing.COLUMN, top + drawing.ROW))


def test_no_two_signs_look_alike_without_their_colours() -> None:
    looks = {sign: tile(sign) for sign in Sign}
    for one, other in combinations(Sign, 2):
        (mean,) = ImageStat.Stat(ImageChops.difference(looks[one], looks[other])).mean
        assert mean > 2, f"{one} looks like {other}"


def test_signs_of_one_day_all_show() -> None:
    many = (Sign.LESSON_COMING, Sign.REPEAT_COMING, Sign.DEADLINE, Sign.TODAY)
    for sign in many:
        fewer = tile(*(each for each in many if each is not sign))
        assert ImageChops.difference(tile(*many), fewer).getbbox() is not None, sign


def test_a_long_title_stays_inside() -> None:
    drawn = drawing.png(strip(title="Your weeks in the Permanent Mission of Bangladesh to the United Nations Offices"))
    with Image.open(BytesIO(drawn)) as picture:
        margin = picture.convert("RGB").crop((picture.width - 12, 0, picture.width, drawing.TITLE))
    assert len(margin.getcolors() or ()) == 1


def test_signs_of_mathematics_are_only_letters() -> None:
    assert drawing.png(strip(title=r"From $\nowhere$"))


async def test_the_studio_draws(studio: Studio) -> None:
    assert await studio.draw(strip()) == drawing.png(strip())


async def test_letters_that_no_font_has_make_no_picture(studio: Studio) -> None:
    assert await studio.draw(strip(title="\U0001f9ff\ue123")) is None
    assert await studio.draw(strip()) is not None, "the next one is drawn again"


@pytest.mark.slow
async def test_a_picture_that_takes_too_long_is_none() -> None:
    hasty = Studio(patience=0.01)
    assert await hasty.draw(strip()) is None
    await hasty.close()


@pytest.mark.slow
async def test_a_process_that_died_is_replaced(studio: Studio) -> None:
    await studio.draw(strip())
    (worker,) = active_children()
    worker.kill()
    drawn = await asyncio.gather(*(studio.draw(strip()) for _ in range(3)))
    assert all(drawn)


@pytest.mark.slow
async def test_ctrl_c_in_the_terminal_does_not_end_the_drawing(studio: Studio) -> None:
    await studio.draw(strip())
    (worker,) = active_children()
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGINT)
    assert await studio.draw(strip()) is not None
    assert active_children() == [worker]


@pytest.mark.slow
async def test_the_process_ends_with_the_studio() -> None:
    studio = Studio(patience=30)
    await studio.draw(strip())
    assert active_children()
    await studio.close()
    assert not active_children()
    assert await studio.draw(strip()) is None


SERVICE = """
import asyncio, os, signal, sys
import bot.app
from bot.pictures.studio import Studio
from tests.bot.strips import strip

async def main():
    png = await Studio(patience=30).draw(strip())
    loaded = {name.partition(".")[0] for name in sys.modules}
    print(len(png), sorted(loaded & {"matplotlib", "numpy", "PIL"}), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.slow
def test_the_service_loads_no_drawing_library_and_leaves_no_process_when_it_is_killed() -> None:
    # The drawing process holds the same pipe: run() returns only when that has ended too.
    done = subprocess.run([sys.executable, "-c", SERVICE], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout, done.stderr
    size, _, loaded = done.stdout.strip().partition(" ")
    assert int(size) > 1000
    assert loaded == "[]"


async def test_a_terminal_tells_of_the_picture() -> None:
    out = StringIO()
    await Terminal(out, lambda: "08:30").send(1, Message("So far.", picture=strip()), Pass())
    assert "[picture: Your weeks]" in out.getvalue()
