"""Answers as scripts and coordinators take them out: one row an attempt, oldest first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from storage.schema import asking, attempt, cohort, enrolment, person
from storage.store import Tx
from storage.verdicts import CORRECT_NOW

COLUMNS = (
    "telegram_id",
    "cohort",
    "question",
    "version",
    "choice",
    "sure",
    "correct",
    "asking",
    "answered_at",
    "update_id",
    "sure_update_id",
    "correct_now",
)


async def of_cohort(
    tx: Tx, cohort_id: int, *, after: int = 0, limit: int = 1000
) -> Sequence[tuple[int, int | None, dict[str, Any]]]:
    """(attempt id, learner, values by COLUMNS) after that attempt id. telegram_id is None once a learner was forgotten.

    `correct` is as it was answered, `correct_now` as the last correction judged it.
    """
    rows = await tx.all(
        select(
            attempt.c.id,
            enrolment.c.learner_id,
            person.c.telegram_id,
            cohort.c.name.label("cohort"),
            asking.c.question_id.label("question"),
            asking.c.version,
            attempt.c.choice_id.label("choice"),
            attempt.c.sure,
            attempt.c.correct,
            asking.c.number.label("asking"),
            attempt.c.answered_at,
            attempt.c.update_id,
            attempt.c.sure_update_id,
            CORRECT_NOW.label("correct_now"),
        )
        .join(asking, asking.c.id == attempt.c.asking_id)
        .join(enrolment, enrolment.c.id == asking.c.enrolment_id)
        .join(cohort, cohort.c.id == enrolment.c.cohort_id)
        .outerjoin(person, person.c.learner_id == enrolment.c.learner_id)
        .where(cohort.c.id == cohort_id, attempt.c.id > after)
        .order_by(attempt.c.id)
        .limit(limit)
    )
    return [(row.id, row.learner_id, _plain(row)) for row in rows]


async def of_learner(tx: Tx, learner_id: int) -> Sequence[Any]:
    """answered_at, question_id, choice_id, correct, sure of every attempt, oldest first."""
    return await tx.all(
        select(
            attempt.c.answered_at,
            asking.c.question_id,
            attempt.c.choice_id,
            CORRECT_NOW.label("correct"),
            attempt.c.sure,
        )
        .join(asking, asking.c.id == attempt.c.asking_id)
        .join(enrolment, enrolment.c.id == asking.c.enrolment_id)
        .where(enrolment.c.learner_id == learner_id)
        .order_by(attempt.c.id)
    )


def _plain(row: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in COLUMNS}
    values["sure"] = None if row.sure is None else bool(row.sure)
    values["correct"] = bool(row.correct)
    values["correct_now"] = bool(row.correct_now)
    values["answered_at"] = row.answered_at.isoformat().replace("+00:00", "Z")
    return values
