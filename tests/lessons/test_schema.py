"""The JSON Schema beside the content is the one that the shapes give, and means what they mean."""

import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from lessons import json_schema
from lessons.catalogue import BUILT_IN
from tests.lessons.sample import CALL, COURSE

CONTENT = Path(str(resources.files("lessons"))) / "content"
FILES = [
    ("course", CONTENT / BUILT_IN / "course.yaml"),
    *(("glossary", file) for file in (CONTENT / BUILT_IN).glob("glossary.yaml")),
    *(("simulation", file) for file in sorted((CONTENT / BUILT_IN).glob("simulations/*.yaml"))),
    *(("module", file) for file in sorted((CONTENT / BUILT_IN).glob("*/module.yaml"))),
    *(("lesson", file) for file in sorted((CONTENT / BUILT_IN).glob("[0-9]*/*.yaml")) if file.name != "module.yaml"),
]


def refusals(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "") -> list[str]:
    """Where a value, all of whose scalars are text, breaks a schema: the part of JSON Schema that ours uses."""
    if "$ref" in schema:
        return refusals(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, at)
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        wrong = [f"{at}/{key}" for key in schema.get("required", []) if key not in value]
        wrong += [f"{at}/{key}" for key in value if key not in known]
        inner = [refusals(value[key], known[key], whole, f"{at}/{key}") for key in value if key in known]
        return [*([] if "object" in wanted else [at]), *wrong, *(each for one in inner for each in one)]
    if isinstance(value, list):
        fits = "array" in wanted and schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**6)
        inner = [refusals(one, schema.get("items", {}), whole, f"{at}/{n}") for n, one in enumerate(value)]
        return [*([] if fits else [at]), *(each for one in inner for each in one)]
    fits = (
        bool({"string", "integer"} & {*wanted})
        and value in schema.get("enum", [value])
        and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**6)
        and re.search(schema.get("pattern", ""), value) is not None
    )
    return [] if fits else [at]


def broken(kind: str, text: str) -> list[str]:
    """Where an author's text breaks the schema of its kind."""
    whole = json_schema.schema_of(kind)
    return refusals(yaml.load(text, Loader=yaml.BaseLoader), whole, whole)  # noqa: S506 - it builds text, lists, maps


@pytest.mark.parametrize("kind", json_schema.KINDS)
def test_the_file_beside_the_content_is_the_one_that_the_shapes_give(kind: str) -> None:
    written = Path(json_schema.file_of(kind)).read_text(encoding="utf-8")

    assert written == json_schema.text_of(kind), "run: python -m lessons.json_schema"


@pytest.mark.parametrize(("kind", "file"), FILES, ids=lambda value: getattr(value, "stem", value))
def test_every_file_of_the_built_in_course_keeps_its_schema(kind: str, file: Path) -> None:
    assert broken(kind, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("        because: Papers can wait; an hour may not.\n", "", "/questions/0/choices/1/because"),
        ("id: a-call", "id: A call", "/id"),
        ("key: place", "kee: place", "/questions/0/kee"),
        ("role: day", "role: morning", "/questions/0/role"),
        ("https://example.org/handbook", "example.org", "/sources/0/address"),
        ('date: "2024"', "date: last year", "/sources/0/date"),
        ("facts: [F5.01]", "facts: [five]", "/sources/0/facts/0"),
        ("He is afraid.", "He is afraid. " * 40, "/cards/0/text"),
    ],
)
def test_what_a_check_refuses_an_editor_underlines(old: str, new: str, at: str) -> None:
    assert old in CALL
    assert at in broken("lesson", CALL.replace(old, new, 1))


def test_a_time_of_day_is_hours_and_minutes() -> None:
    assert broken("course", COURSE + "cadence: {slot: 08:30}\n") == []
    assert broken("course", COURSE + "cadence: {slot: 8.30 am}\n") == ["/cadence/slot"]


def test_every_key_that_must_be_given_says_what_to_write() -> None:
    whole = json_schema.schema_of("lesson")
    shapes = [whole, *(one for one in whole["$defs"].values() if "properties" in one)]

    assert [key for one in shapes for key in one["required"] if "description" not in one["properties"][key]] == []
