"""Drawings by name: each that the code asks for is there, and comes back from the store as it was."""

import re
from importlib import import_module
from pathlib import Path

from bot.pictures.drawn import DRAWINGS, Drawn, picture_from

BAR = {"name": "Riyadh", "people": "(7)", "share": 0.4, "words": "40 %"}
BARS = {"title": "Gulf 2026", "bars": [BAR], "mark": None}


def test_every_drawing_that_the_code_names_is_there() -> None:
    sources = (path.read_text("utf-8") for path in Path("bot").rglob("*.py"))
    assert {name for source in sources for name in re.findall(r'Drawn\("([^"]+)"', source)} == set(DRAWINGS)


def test_a_drawing_comes_back_from_the_store_as_it_was() -> None:
    drawn = Drawn("cohort-bars", BARS)
    assert picture_from(drawn.as_json()) == drawn
    assert drawn.title == "Gulf 2026"


def test_every_drawing_is_a_function_of_the_worker() -> None:
    for place in DRAWINGS.values():
        module, name = place.split(":")
        assert callable(getattr(import_module(module), name))
