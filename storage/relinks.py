"""Links by which a learner goes on from another Telegram account. Of a code the database keeps the hash."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from lessons.enrolment import EnrolmentId, LearnerId
from storage import rows
from storage.cohorts import digest
from storage.desk_schema import relink
from storage.schema import cohort, enrolment, person
from storage.store import Tx


class Relink(NamedTuple):
    """A link, whose it is and whether it still serves."""

    id: int
    learner_id: LearnerId
    made_by: int
    taken: bool
    expired: bool


class Known(NamedTuple):
    """An enrolment with its learner's name and Telegram id."""

    enrolment_id: EnrolmentId
    learner_id: LearnerId
    cohort_id: int
    name: str
    cohort: str
    telegram_id: int


_KNOWN = (
    select(
        enrolment.c.id,
        enrolment.c.learner_id,
        enrolment.c.cohort_id,
        person.c.name,
        cohort.c.name.label("cohort"),
        person.c.telegram_id,
    )
    .join(person, person.c.learner_id == enrolment.c.learner_id)
    .join(cohort, cohort.c.id == enrolment.c.cohort_id)
    .where(enrolment.c.state != "withdrawn")
    .order_by(person.c.name, enrolment.c.id)
)
_ONE = _KNOWN.where(enrolment.c.id == bindparam("wanted"))
_OF_LEARNER = _KNOWN.where(enrolment.c.learner_id == bindparam("wanted"))
_NAMES = _KNOWN.with_only_columns(enrolment.c.id, person.c.name, enrolment.c.cohort_id)
_BY_HASH = select(relink).where(relink.c.code_hash == bindparam("wanted"))
_TAKE = (
    update(relink)
    .where(relink.c.id == bindparam("which"), relink.c.taken_at.is_(None))
    .values(taken_at=bindparam("at"))
)
_DROP_OPEN = delete(relink).where(relink.c.learner_id == bindparam("whose"), relink.c.taken_at.is_(None))
_DROP = delete(relink).where(relink.c.learner_id == bindparam("whose"))
_MOVE = update(person).where(person.c.learner_id == bindparam("whose")).values(telegram_id=bindparam("to"))


async def known(tx: Tx, enrolment_id: int) -> Known | None:
    """Whose enrolment this is; None for somebody forgotten."""
    row = await tx.first(_ONE, wanted=enrolment_id)
    return None if row is None else Known(*row)


async def of_learner(tx: Tx, learner_id: LearnerId) -> list[Known]:
    """The enrolments of a learner."""
    return [Known(*row) for row in await tx.all(_OF_LEARNER, wanted=learner_id)]


async def named(tx: Tx, words: Sequence[str], cohorts: frozenset[int] | None, *, most: int) -> list[Known]:
    """Enrolments of people in whose name all of these words stand, in these cohorts (None: all)."""
    wanted = [word.casefold() for word in words]
    found = []
    for number, name, cohort_id in await tx.tuples(_NAMES):
        mine = cohorts is None or cohort_id in cohorts
        if mine and all(word in name.casefold() for word in wanted):
            found.append(number)
    each = [await known(tx, number) for number in found[:most]]
    return [one for one in each if one is not None]


async def offer(tx: Tx, learner_id: LearnerId, *, code: str, made_by: int, expires_at: datetime) -> int:
    """A link that may be taken once, in the place of an earlier one; its id."""
    await tx.run(_DROP_OPEN, whose=learner_id)
    values = {"code_hash": digest(code), "learner_id": learner_id, "made_by": made_by, "expires_at": expires_at}
    return await rows.add(tx, relink, values)


async def by_code(tx: Tx, code: str, *, now: datetime) -> Relink | None:
    """The link of a code, or None when there is none."""
    row = await tx.first(_BY_HASH, wanted=digest(code))
    if row is None:
        return None
    return Relink(row.id, LearnerId(row.learner_id), row.made_by, row.taken_at is not None, row.expires_at <= now)


async def take(tx: Tx, relink_id: int, *, now: datetime) -> bool:
    """Take it; False when another was first."""
    return bool(await tx.run(_TAKE, which=relink_id, at=now))


async def move(tx: Tx, learner_id: LearnerId, telegram_id: int) -> None:
    """From this moment the learner is whoever writes from that account."""
    await tx.run(_MOVE, whose=learner_id, to=telegram_id)


async def forget(tx: Tx, learner_id: int) -> None:
    """No link leads to somebody who is forgotten."""
    await tx.run(_DROP, whose=learner_id)
