"""How long a hundred thousand answers take to PostgreSQL and back: python -m tests.bench.moving [ANSWERS]."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import text

from storage.engine import url_of
from storage.moving import move
from storage.store import Store, Tx
from tests.bench import enrolled
from tests.support.postgres import Server, cluster

EACH = 50  # answers of one learner
LESSONS = ("two-edges", "visas")
_ROWS = (
    "question_version(version, course_id, question_id, words, first_used_at) "
    "SELECT 'v' || i, 'migration-diplomacy', 'q' || i, '[1]', 0 "
    "FROM n WHERE i <= :each",
    "asking(enrolment_id, lesson_id, question_id, kind, number, version, state, planned_on, put_at, settled_at) "
    "SELECT i / :each + 1, 'lesson', 'q' || (i % :each + 1), 'day', 1, 'v' || (i % :each + 1), 'settled', "
    "'2026-11-20', i, i FROM n",
    "attempt(asking_id, choice_id, correct, sure, answered_at, sure_at, update_id) "
    "SELECT id, 'a', id % 2, id % 3 = 0, put_at, put_at, id FROM asking WHERE kind = 'day' AND state = 'settled'",
    "delivery(key, kind, lane, learner_id, enrolment_id, meaning, state, due_at, message_id, done_at) "
    "SELECT 'bench:' || i, 'lesson', 1, i / :each + 1, i / :each + 1, '[1]', 'sent', i, i, i FROM n",
)
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) INSERT INTO "


async def fill(folder: Path, answers: int) -> str:
    """So many answers, each with its asking and its delivery, of so many learners; the address."""
    await enrolled.make(folder, answers // EACH + 1, lessons=LESSONS, question="a-question")

    async def write(tx: Tx) -> None:
        for rows in _ROWS:
            statement = text(_NUMBERS + rows)
            given = {"many": answers, "each": EACH}
            await tx.run(statement.bindparams(**{k: v for k, v in given.items() if f":{k}" in _NUMBERS + rows}))

    async with await Store.open(url_of(None, folder)) as store:
        await store.change(write)
    return url_of(None, folder)


async def measure(server: Server, folder: Path, answers: int) -> None:
    """Print one line a move."""
    source, back = await fill(folder, answers), url_of(None, folder / "back")
    async with server.database(migrated=False) as there:
        for what, one, other in (("to PostgreSQL", source, there), ("back to SQLite", there, back)):
            began = time.monotonic()
            moved = await move(one, other)
            print(f"{answers:,} answers, {moved.rows:,} rows {what}: {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    with cluster() as ours, tempfile.TemporaryDirectory() as place:
        asyncio.run(measure(ours.server, Path(place), int((sys.argv[1:] or ["100000"])[0])))
