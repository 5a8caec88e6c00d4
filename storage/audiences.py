"""Whom a broadcast to a cohort may reach: everybody in it, with what they are told apart by."""

from datetime import date, time
from typing import NamedTuple

from sqlalchemy import bindparam, select

from lessons.enrolment import CohortId, LearnerId
from storage.columns import LocalDate
from storage.schema import enrolment, learner, person, posting
from storage.store import Tx
from storage.whereabouts import GROUP, MISSION, STAYS

_ON = bindparam("on", type_=LocalDate)
_NOW_AT = (  # the posting that holds on that date, else the first to come
    select(posting.c.id)
    .where(posting.c.learner_id == enrolment.c.learner_id)
    .order_by(posting.c.from_on > _ON, posting.c.from_on.desc(), posting.c.id.desc())
    .limit(1)
    .correlate(enrolment)
    .scalar_subquery()
)


class Reader(NamedTuple):
    """Somebody of a cohort. `quiet_from` and `quiet_until`: local times, None for the usual."""

    learner_id: LearnerId
    reach: str
    language: str
    country: str
    mission: str | None
    group: str
    zone: str
    quiet_from: time | None
    quiet_until: time | None


_READERS = (
    select(
        learner.c.id,
        learner.c.reach,
        learner.c.language,
        posting.c.country,
        MISSION,
        GROUP,
        posting.c.zone,
        learner.c.quiet_from,
        learner.c.quiet_until,
    )
    .select_from(
        enrolment.join(learner, learner.c.id == enrolment.c.learner_id)
        .join(person, person.c.learner_id == learner.c.id)
        .join(posting, posting.c.id == _NOW_AT)
    )
    .where(enrolment.c.cohort_id == bindparam("cohort_id"), STAYS)
    .order_by(enrolment.c.id)
)


async def readers(tx: Tx, cohort_id: CohortId, on: date) -> list[Reader]:
    """Everybody of a cohort who was not withdrawn or forgotten, as they are posted on that date."""
    return list(map(Reader._make, await tx.tuples(_READERS, cohort_id=cohort_id, on=on)))
