"""A database with so many enrolments in the middle of a course, of whom some are due for a look: made by SQL alone."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from storage.engine import url_of
from storage.store import Store, Tx

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)  # noon in Riyadh, on a working day
LESSON_AT = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)
DUE_AT = NOW - timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micro(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) INSERT INTO "
_ROWS = (
    "learner(id, language, consent, consented_at) SELECT i, 'en', '1', :joined FROM n",
    "person(learner_id, telegram_id, name) SELECT i, 100000 + i, 'Official ' || i FROM n",
    "posting(learner_id, place, country, zone, from_on) SELECT i, 'Riyadh', 'SA', 'Asia/Riyadh', :posted_on FROM n",
    "enrolment(id, learner_id, cohort_id, state, joined_at, first_on, free_since_at, seat, look_at) "
    "SELECT i, i, 1, 'active', :joined, :first_on, :joined, i, :later + i FROM n",
    "due(at, enrolment_id) SELECT :later + i, i FROM n",
    "given(enrolment_id, lesson_id, given_on, sent_at) SELECT i, :lesson, :today, :lesson_at FROM n",
    "asking(id, enrolment_id, lesson_id, question_id, kind, number, version, state, planned_on, put_at) "
    "SELECT i, i, :lesson, :question, 'day', 1, :version, 'put', :today, :lesson_at FROM n",
    "ladder(enrolment_id, lesson_id, right_in_a_row, since_on, due_on, retired) "
    "SELECT i, :before, 1, :answered_on, :comes_on, 0 FROM n",
    "delivery(key, kind, lane, learner_id, enrolment_id, meaning, state, due_at) "
    "SELECT 'lesson:' || i, 'lesson', 1, i, i, '{}', 'sent', :lesson_at FROM n",
)


async def make(
    folder: Path,
    many: int,
    *,
    lessons: tuple[str, str],
    question: str,
    version: str = "v",
    words: str = "{}",
    now: datetime = NOW,
) -> None:
    """Fill an empty folder; `lessons`: one mastered half, and the one that is open with its `question`.

    `version` and `words`: the question's, these as JSON, where somebody will look at it.
    """
    async with await Store.open(url_of(None, folder)) as store:
        await store.change(lambda tx: _fill(tx, many, lessons, (question, version, words), now))


async def _fill(tx: Tx, many: int, lessons: tuple[str, str], asked: tuple[str, str, str], now: datetime) -> None:
    question, version, words = asked
    values: dict[str, int | str] = {"many": many, "joined": _micro(now - timedelta(days=80))}
    values["later"] = _micro(now + timedelta(hours=2))
    values |= {"before": lessons[0], "lesson": lessons[1], "question": question, "version": version}
    values["lesson_at"] = _micro(now - (NOW - LESSON_AT))
    for name, days in (("posted_on", -85), ("first_on", -80), ("answered_on", -5), ("today", 0), ("comes_on", 13)):
        values[name] = (now + timedelta(days=days)).date().isoformat()
    await tx.run(
        text(
            "INSERT INTO cohort(id, course_id, name, start_on, slot, created_at) "
            "VALUES (1, 'migration-diplomacy', 'Many', :first_on, '08:30', :joined)"
        ).bindparams(joined=values["joined"], first_on=values["first_on"])
    )
    await tx.run(
        text(
            "INSERT INTO question_version(version, course_id, question_id, words, first_used_at) "
            "VALUES (:version, 'migration-diplomacy', :question, :words, :joined)"
        ).bindparams(version=version, question=question, words=words, joined=values["joined"])
    )
    for rows in _ROWS:
        named = set(re.findall(r":([a-z_]+)", _NUMBERS + rows))
        await tx.run(text(_NUMBERS + rows).bindparams(**{name: values[name] for name in named}))


async def call(store: Store, many: int, due: int) -> None:
    """Let so many of them, spread over all, be due for a look."""
    step = many // due

    async def change(tx: Tx) -> None:
        chosen = "enrolment_id % :step = 0 AND enrolment_id <= :most"
        bound = {"at": _micro(DUE_AT), "step": step, "most": step * due}
        await tx.run(text(f"UPDATE due SET at = :at WHERE {chosen}").bindparams(**bound))
        await tx.run(
            text(f"UPDATE enrolment SET look_at = :at WHERE {chosen.replace('enrolment_id', 'id')}").bindparams(**bound)
        )

    await store.change(change)
