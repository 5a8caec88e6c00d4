"""What a tap costs the database: so many statements, each built at import and compiled once in a process."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot import callbacks as b
from storage import direct
from tests.year.parts import Parts

START_AT = datetime(2027, 2, 14, 5, tzinfo=UTC)
ASHA, BABU = 100, 101
WORK = ("SELECT", "INSERT", "UPDATE", "DELETE")
CHOOSE, SURE = 26, 28  # at most; with the update stored, the reply owed and both written off


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    """Two who have each a lesson before them: Asha asking 1, Babu asking 2."""
    made = Parts(tmp_path, START_AT)
    await made.open()
    for chat in (ASHA, BABU):
        await made.joins(chat, "London UK")
    first_at = await made.next_at()
    assert first_at is not None
    made.clock.at = first_at
    await made.serve()
    yield made
    await made.close()


@pytest.fixture
def compiled() -> Iterator[list[tuple[str, bool]]]:
    """Every statement that is executed, and whether it had to be compiled for that."""
    seen: list[tuple[str, bool]] = []

    def note(_c: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        if statement.startswith(WORK):
            seen.append((statement, context.cache_hit.name != "CACHE_HIT"))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def _answers(parts: Parts, chat: int, asking: int) -> None:
    await parts.taps(chat, b.Choose(asking, "good"))
    await parts.taps(chat, b.Sure(asking, 1))


async def test_a_choice_and_a_sure_tap_run_so_many_statements(compiled: list[tuple[str, bool]], parts: Parts) -> None:
    told = []
    for chat, asking in ((ASHA, 1), (BABU, 2)):
        for tap in (b.Choose(asking, "good"), b.Sure(asking, 1)):
            compiled.clear()
            await parts.taps(chat, tap)
            told.append([statement for statement, _ in compiled])
    choose, sure, *again = told
    assert again == [choose, sure], "the same tap runs other statements for another person"
    assert 0 < len(choose) <= CHOOSE
    assert 0 < len(sure) <= SURE


async def test_whoever_was_reminded_and_taps_is_reminded_anew(parts: Parts) -> None:
    at = await parts.next_at()
    assert at is not None
    parts.clock.at = at  # neither has answered by then
    await parts.serve()
    await parts.taps(ASHA, b.OpenQuestion(1))
    asked = {row["id"]: row["nudges"] for row in (await parts.rows())["asking"]}
    assert asked == {1: 0, 2: 1}


async def test_the_second_tap_compiles_nothing(compiled: list[tuple[str, bool]], parts: Parts) -> None:
    await _answers(parts, ASHA, 1)
    compiled.clear()
    await _answers(parts, BABU, 2)
    assert compiled
    assert [statement for statement, anew in compiled if anew] == []


async def test_the_short_way_has_seen_all_that_the_second_tap_runs(parts: Parts) -> None:
    await _answers(parts, ASHA, 1)
    before = direct._ready.cache_info()
    await _answers(parts, BABU, 2)
    after = direct._ready.cache_info()
    assert after.hits - before.hits > CHOOSE
    assert after.misses == before.misses, "a statement of a tap is built anew each time"
