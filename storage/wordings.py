"""The words of each version that was ever used: editing a course changes nothing for whoever was asked before."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from lessons.course import CourseId, Question, Version
from lessons.simulation import Simulation
from storage import rows
from storage.schema import question_version
from storage.store import Tx


async def keep(tx: Tx, course_id: CourseId, question: Question, *, now: datetime) -> None:
    """The words of a question under their version, once."""
    words = {
        "stem": question.stem,
        "key": question.key,
        "choices": [[c.id, c.text, c.because] for c in question.choices],
    }
    await _add(tx, course_id, question.id, question.version, words, now)


async def keep_title(tx: Tx, course_id: CourseId, simulation: Simulation, *, now: datetime) -> None:
    """Of a case the title alone: its scenes are met in their newest words."""
    words = {"stem": simulation.title, "key": "", "choices": []}
    await _add(tx, course_id, simulation.id, simulation.version, words, now)


async def _add(tx: Tx, course_id: CourseId, id_: str, version: str, words: dict[str, Any], now: datetime) -> None:
    values = {"version": version, "course_id": course_id, "question_id": id_}
    await rows.add_unless_there(tx, question_version, values | {"words": words, "first_used_at": now})


_OF = select(question_version.c.words).where(question_version.c.version == bindparam("wanted"))


async def of(tx: Tx, version: Version) -> dict[str, Any]:
    """Stem, key and choices as they were when this version was first used."""
    found: dict[str, Any] = await tx.value(_OF, wanted=version)
    return found
