"""JSON Schema of an author's files, so that editors complete and underline them.

After a change of lessons/shapes.py: python -m lessons.json_schema
"""

import json
from importlib import resources
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from lessons.glossary_file import GlossaryShape
from lessons.shapes import CourseShape, LessonShape, ModuleShape
from lessons.simulation_file import SimulationShape

KINDS: dict[str, type[BaseModel]] = {
    "course": CourseShape,
    "module": ModuleShape,
    "lesson": LessonShape,
    "glossary": GlossaryShape,
    "simulation": SimulationShape,
}


class _ForEditors(GenerateJsonSchema):
    """Without titles made of names, and without null: a key is given or left out."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind of file, a key of `KINDS`."""
    schema = KINDS[kind].model_json_schema(schema_generator=_ForEditors, mode="validation")
    made: dict[str, Any] = _without_none({"$schema": _ForEditors.schema_dialect, **schema})
    return made | {"title": f"{kind.capitalize()} of Attaché"}


def text_of(kind: str) -> str:
    """The same as the text of its file."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2) + "\n"


def _without_none(value: Any) -> Any:
    """A key that `shapes` takes back (`format=None`) is gone."""
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return [_without_none(each) for each in value] if isinstance(value, list) else value


def file_of(kind: str) -> str:
    """The path of the schema's file in the package."""
    return str(resources.files("lessons") / "content" / f"{kind}.schema.json")


def main() -> None:
    """Write every schema beside the content."""
    for kind in KINDS:
        with open(file_of(kind), "w", encoding="utf-8") as file:
            file.write(text_of(kind))


if __name__ == "__main__":
    main()
