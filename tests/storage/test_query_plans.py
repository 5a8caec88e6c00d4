"""Planning costs what is due: no statement of a look at one enrolment walks through a table that grows."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot import agenda
from lessons import catalogue
from lessons.enrolment import EnrolmentId
from storage import enrolments
from storage.engine import url_of
from storage.store import Store, Tx
from tests.bench.enrolled import DUE_AT, NOW, call, make

SMALL = {"cohort_day", "crisis_week"}  # a handful of rows, whoever is enrolled


@pytest.fixture
def statements() -> Any:
    """Every statement that is executed, as its text and its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def test_a_look_reads_and_writes_by_index_alone(tmp_path: Path, statements: list[tuple[str, Any]]) -> None:
    course = catalogue.built_in()
    first, second = course.lessons[:2]
    await make(tmp_path, 200, lessons=(first.id, second.id), question=second.questions[0].id)
    async with await Store.open(url_of(None, tmp_path)) as store:
        await call(store, 200, 10)
        statements.clear()
        found = await store.read(lambda tx: enrolments.due_now(tx, NOW, limit=100))
        await store.change(lambda tx: agenda.replan(tx, {course.id: course}, EnrolmentId(20), now=NOW))
        looked = list(statements)
        plans = await store.read(lambda tx: _plans(tx, looked))
    assert len(found) == 10
    assert len(plans) > 10
    walks = [f"{step} in {statement}" for statement, steps in plans for step in steps if _walks(step)]
    assert walks == []


async def test_who_is_due_is_read_from_one_end_of_the_clustered_table(
    tmp_path: Path, statements: list[tuple[str, Any]]
) -> None:
    await make(tmp_path, 200, lessons=("a", "b"), question="q")
    async with await Store.open(url_of(None, tmp_path)) as store:
        statements.clear()
        await store.read(lambda tx: enrolments.due_now(tx, DUE_AT, limit=100))
        looked = list(statements)
        plans = await store.read(lambda tx: _plans(tx, looked))
    assert [steps for _, steps in plans] == [["SEARCH due USING PRIMARY KEY (at<?)"]]


def _walks(step: str) -> bool:
    return step.startswith("SCAN") and step.split()[1] not in SMALL


async def _plans(tx: Tx, statements: list[tuple[str, Any]]) -> list[tuple[str, list[str]]]:
    told = []
    for statement, parameters in statements:
        if statement.split()[0] in ("SELECT", "UPDATE", "DELETE"):
            bound = {f"p{n}": value for n, value in enumerate(parameters)}
            parts = statement.split("?")
            named = "".join(part + (f":p{n}" if n < len(parts) - 1 else "") for n, part in enumerate(parts))
            rows = await tx.all(text(f"EXPLAIN QUERY PLAN {named}").bindparams(**bound))
            told.append((statement, [row.detail for row in rows]))
    return told
