"""A further course that is small enough to be lived through in a test: the first lessons of the built-in one."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.support.world import Bubble, Phone

BUILT_IN = Path(__file__).parents[2] / "lessons/content/migration-diplomacy"
MODULE = "01-what-migration-diplomacy-is"


def small_course(folder: Path, lessons: int = 2) -> Path:
    """A course of the first lessons of module 1 under an id of its own; returns its module's folder."""
    course = folder / "small"
    shutil.copytree(BUILT_IN / MODULE, course / MODULE)
    (course / "course.yaml").write_text(f"id: small\ntitle: A small course\nlanguage: en\nmodules: [{MODULE}]\n")
    list_lessons(course / MODULE, lessons)
    for path in (course / MODULE).glob("0*.yaml"):
        if path.stem not in yaml.safe_load((course / MODULE / "module.yaml").read_text())["lessons"]:
            path.unlink()
    return course / MODULE


def list_lessons(module: Path, count: int) -> None:
    """The module lists its first so many lessons; a file that is missing comes from the built-in course."""
    listed = yaml.safe_load((BUILT_IN / MODULE / "module.yaml").read_text())
    listed["lessons"] = listed["lessons"][:count]
    for name in listed["lessons"]:
        if not (module / f"{name}.yaml").exists():
            shutil.copy(BUILT_IN / MODULE / f"{name}.yaml", module)
    (module / "module.yaml").write_text(yaml.safe_dump(listed, sort_keys=False))


def keys(module: Path) -> dict[frozenset[str], str]:
    """The key of every question, found by the ids of its choices."""
    lessons = [yaml.safe_load(path.read_text()) for path in module.glob("0*.yaml")]
    questions: list[dict[str, Any]] = [question for lesson in lessons for question in lesson["questions"]]
    return {frozenset(choice["id"] for choice in q["choices"]): q["key"] for q in questions}


async def answer(phone: Phone, module: Path, *, right: bool = True, sure: bool = True) -> Bubble:
    """Answer the newest question on the phone; returns its message as it then stands."""
    shown = [bubble for bubble in await phone.bubbles() if any(data.startswith("a:") for data in bubble.data)][-1]
    choices = {
        data.split(":")[2]: label for label, data in zip(shown.labels, shown.data, strict=True) if data[:2] == "a:"
    }
    key = keys(module)[frozenset(choices)]
    await phone.taps(choices[key if right else next(c for c in choices if c != key)], on=shown.message_id)
    await phone.taps("Sure" if sure else "Not sure", on=shown.message_id)
    return next(bubble for bubble in await phone.bubbles() if bubble.message_id == shown.message_id)
