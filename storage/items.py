"""First answers of a cohort, added up by question for item analysis.

The sums are made in the database. Of a large cohort every so-manieth person counts, by seat, which is fair to all.
"""

from typing import Any

from sqlalchemy import Float, Integer, bindparam, case, cast, func, select

from lessons.course import ChoiceId, QuestionId
from lessons.enrolment import CohortId
from lessons.items import Tally
from storage.schema import asking, attempt, enrolment
from storage.store import Tx
from storage.verdicts import CORRECT_NOW

PEOPLE = 600  # whose answers are added up at a time on a screen

_COUNT = select(func.count()).select_from(enrolment).where(enrolment.c.cohort_id == bindparam("cohort_id"))
_FIRST = (
    select(
        asking.c.enrolment_id,
        asking.c.question_id,
        attempt.c.choice_id,
        CORRECT_NOW.label("x"),
        case((attempt.c.sure == 1, 1), else_=0).label("sure"),
    )
    .select_from(enrolment)
    .join(asking, asking.c.enrolment_id == enrolment.c.id)
    .join(attempt, attempt.c.asking_id == asking.c.id)
    .where(enrolment.c.cohort_id == bindparam("cohort_id"))
    .where(enrolment.c.seat % bindparam("every", type_=Integer) == 0)
    .where(asking.c.number == 1, asking.c.state.in_(("chosen", "settled")))
    .cte("first_answers")
)
_OF = (
    select(_FIRST.c.enrolment_id, func.count().label("n"), func.sum(_FIRST.c.x).label("x"))
    .group_by(_FIRST.c.enrolment_id)
    .cte("of_each")
)
_ELSEWHERE = cast(_OF.c.x - _FIRST.c.x, Float) / func.nullif(_OF.c.n - 1, 0)
_COUNTED = case((_OF.c.n > 1, 1), else_=0)
_X = _FIRST.c.x
_SUMS = (
    select(
        _FIRST.c.question_id,
        _FIRST.c.choice_id,
        func.count().label("n"),
        func.sum(_X).label("right_"),
        func.sum(_FIRST.c.sure * (1 - _X)).label("sure_wrong"),
        func.sum(_COUNTED).label("m"),
        func.sum(_COUNTED * _X).label("x"),
        func.coalesce(func.sum(_ELSEWHERE), 0.0).label("y"),
        func.coalesce(func.sum(_ELSEWHERE * _ELSEWHERE), 0.0).label("yy"),
        func.coalesce(func.sum(_ELSEWHERE * _X), 0.0).label("xy"),
    )
    .select_from(_FIRST.join(_OF, _OF.c.enrolment_id == _FIRST.c.enrolment_id))
    .group_by(_FIRST.c.question_id, _FIRST.c.choice_id)
    .order_by(_FIRST.c.question_id, _FIRST.c.choice_id)
)


async def tallies(tx: Tx, cohort_id: CohortId, *, people: int | None = PEOPLE) -> tuple[list[Tally], int]:
    """(sums by question, every how-manieth person they are of); `people` None: everybody's."""
    there: int = await tx.value(_COUNT, cohort_id=cohort_id) or 0
    every = 1 if people is None else max(1, -(-there // people))
    found: dict[str, list[Any]] = {}
    for row in await tx.all(_SUMS, cohort_id=cohort_id, every=every):
        found.setdefault(row.question_id, []).append(row)
    return [_tally(question, rows) for question, rows in found.items()], every


def _tally(question: str, rows: list[Any]) -> Tally:
    def total(name: str) -> Any:
        return sum(getattr(row, name) for row in rows)

    return Tally(
        QuestionId(question),
        total("n"),
        total("right_"),
        total("sure_wrong"),
        total("m"),
        float(total("x")),
        float(total("y")),
        float(total("yy")),
        float(total("xy")),
        {ChoiceId(row.choice_id): row.n for row in rows},
    )
