"""Where the people of a cohort stand: counted by group and mission, listed a page at a time, and moved between cohorts.

A mission is what the roster says, else the place of the posting.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, case, func, select, update

from lessons.enrolment import CohortId, EnrolmentId, LearnerId
from storage.columns import LocalDate
from storage.desk_schema import invitee
from storage.schema import NUDGED, asking, cohort, delivery, enrolment, invitation, learner, person, posting
from storage.store import Tx

# Those who may need a hand first. `silent`: active, with something left alone after a reminder.
GROUPS = ("silent", "paused", "unreachable", "ended", "active", "completed")


class Census(NamedTuple):
    """How many of a cohort are where. `invited`: on the roster, not here yet; `places`: left on its links."""

    invited: int
    places: int
    active: int
    silent: int
    paused: int
    completed: int
    ended: int
    unreachable: int


class Count(NamedTuple):
    """How many people of a mission (None: nowhere known) are in a group."""

    mission: str | None
    group: str
    people: int


class Member(NamedTuple):
    """Somebody of a group. `id` of the enrolment; None for who is only invited."""

    id: EnrolmentId | None
    name: str
    mission: str | None


_NUDGED = select(asking.c.id).where(asking.c.enrolment_id == enrolment.c.id, asking.c.state == "put", NUDGED)
# Someone out of reach counts there and nowhere else.
GROUP = case(
    (enrolment.c.state == "withdrawn", "withdrawn"),
    (learner.c.reach != "reachable", "unreachable"),
    ((enrolment.c.state == "active") & _NUDGED.exists(), "silent"),
    else_=enrolment.c.state,
).label("standing")
_ON = bindparam("on", type_=LocalDate)
_PLACE = (
    select(posting.c.place)
    .where(posting.c.learner_id == enrolment.c.learner_id)
    .order_by(posting.c.from_on > _ON, posting.c.from_on.desc(), posting.c.id.desc())
    .limit(1)
    .correlate(enrolment)
    .scalar_subquery()
)
_ON_ROSTER = (
    select(invitee.c.mission).where(invitee.c.enrolment_id == enrolment.c.id).correlate(enrolment).scalar_subquery()
)
MISSION = func.coalesce(_ON_ROSTER, _PLACE).label("mission")
_ROLL = enrolment.join(learner, learner.c.id == enrolment.c.learner_id)
_IN_COHORT = enrolment.c.cohort_id == bindparam("cohort_id")
STAYS = enrolment.c.state != "withdrawn"

_EACH = select(GROUP, MISSION).select_from(_ROLL).where(_IN_COHORT, STAYS).subquery()
_COUNTS = select(_EACH.c.mission, _EACH.c.standing, func.count().label("people")).group_by(
    _EACH.c.mission, _EACH.c.standing
)
_STANDINGS = select(GROUP).select_from(_ROLL).where(_IN_COHORT, STAYS).subquery()
_CENSUS = select(_STANDINGS.c.standing, func.count().label("people")).group_by(_STANDINGS.c.standing)
_INVITED = (
    select(func.count())
    .select_from(invitee)
    .where(
        invitee.c.cohort_id == bindparam("cohort_id"),
        invitee.c.enrolment_id.is_(None),
        invitee.c.withdrawn_at.is_(None),
    )
)
_PERSONAL = select(invitee.c.id).where(invitee.c.invitation_id == invitation.c.id)  # its places are invited people
_PLACES_LEFT = select(func.coalesce(func.sum(invitation.c.uses - invitation.c.used), 0)).where(
    invitation.c.cohort_id == bindparam("cohort_id"), invitation.c.expires_at > bindparam("now"), ~_PERSONAL.exists()
)


async def census(tx: Tx, cohort_id: CohortId, *, now: datetime) -> Census:
    """Counts by group, the people who are only invited, and the places left on links for anybody."""
    found = {row.standing: row.people for row in await tx.all(_CENSUS, cohort_id=cohort_id)}
    groups = (found.get(name, 0) for name in Census._fields[2:])
    return Census(await invited(tx, cohort_id), await places_left(tx, cohort_id, now=now), *groups)


async def invited(tx: Tx, cohort_id: CohortId) -> int:
    """How many stand on the roster and have not come."""
    return await tx.value(_INVITED, cohort_id=cohort_id) or 0


async def places_left(tx: Tx, cohort_id: CohortId, *, now: datetime) -> int:
    """How many places the links that are open to anybody still hold."""
    return await tx.value(_PLACES_LEFT, cohort_id=cohort_id, now=now) or 0


async def counts(tx: Tx, cohort_id: CohortId, on: date) -> list[Count]:
    """People by mission and group, as they are posted on that date."""
    return [Count(*row) for row in await tx.all(_COUNTS, cohort_id=cohort_id, on=on)]


_MOST, _SKIPPED = bindparam("most", type_=Integer), bindparam("skipped", type_=Integer)
_NAMED = (
    select(enrolment.c.id, enrolment.c.learner_id, person.c.name)
    .select_from(_ROLL.join(person, person.c.learner_id == learner.c.id))
    .where(_IN_COHORT, GROUP.element == bindparam("wanted"))
    .order_by(person.c.name, enrolment.c.id)
    .limit(_MOST)
    .offset(_SKIPPED)
    .subquery()
)
_PAGE = (
    select(_NAMED.c.id, _NAMED.c.name, MISSION)
    .select_from(_NAMED.join(enrolment, enrolment.c.id == _NAMED.c.id))
    .order_by(_NAMED.c.name, _NAMED.c.id)
)
_INVITED_PAGE = (
    select(invitee.c.name, func.coalesce(invitee.c.mission, invitee.c.place).label("mission"))
    .where(
        invitee.c.cohort_id == bindparam("cohort_id"),
        invitee.c.enrolment_id.is_(None),
        invitee.c.withdrawn_at.is_(None),
    )
    .order_by(invitee.c.name, invitee.c.id)
    .limit(_MOST)
    .offset(_SKIPPED)
)


async def page(tx: Tx, cohort_id: CohortId, group: str, on: date, *, skipped: int, most: int) -> list[Member]:
    """People of a group of the census by name, some left out at the beginning; `invited` is one of the groups."""
    bound: dict[str, Any] = {"cohort_id": cohort_id, "most": most, "skipped": skipped}
    if group == "invited":
        return [Member(None, row.name, row.mission) for row in await tx.all(_INVITED_PAGE, **bound)]
    found = await tx.all(_PAGE, **bound, wanted=group, on=on)
    return [Member(EnrolmentId(row.id), row.name, row.mission) for row in found]


_STANDS = select(GROUP, MISSION).select_from(_ROLL).where(enrolment.c.id == bindparam("which"))


async def of(tx: Tx, enrolment_id: EnrolmentId, on: date) -> tuple[str, str | None]:
    """(group, mission) of an enrolment on that date."""
    row = await tx.first(_STANDS, which=enrolment_id, on=on)
    return ("withdrawn", None) if row is None else (row.standing, row.mission)


_ALL_SILENT = (
    select(enrolment.c.id, enrolment.c.learner_id)
    .select_from(_ROLL)
    .where(_IN_COHORT, GROUP.element == "silent")
    .order_by(enrolment.c.id)
)


async def silent(tx: Tx, cohort_id: CohortId) -> list[tuple[EnrolmentId, LearnerId]]:
    """Everybody who has left something alone after a reminder."""
    return [(EnrolmentId(row.id), LearnerId(row.learner_id)) for row in await tx.all(_ALL_SILENT, cohort_id=cohort_id)]


class Nudge(NamedTuple):
    """A colleague's nudge: what became of it, and when it comes or came."""

    state: str
    due_at: datetime


_NUDGE = (
    select(delivery.c.state, delivery.c.due_at)
    .where(delivery.c.key.in_(bindparam("keys", expanding=True)), delivery.c.state.in_(("pending", "sending", "sent")))
    .order_by(delivery.c.due_at.desc())
    .limit(1)
)


async def nudge(tx: Tx, keys: Sequence[str]) -> Nudge | None:
    """The last of the nudges under these keys that has come or will."""
    row = await tx.first(_NUDGE, keys=list(keys))
    return None if row is None else Nudge(row.state, row.due_at)


_THERE = select(enrolment.c.id).where(
    enrolment.c.learner_id == bindparam("whose"), enrolment.c.cohort_id == bindparam("cohort_id")
)
_LAST_SEAT = select(func.coalesce(func.max(enrolment.c.seat), -1)).where(_IN_COHORT)
_MOVE = (
    update(enrolment)
    .where(enrolment.c.id == bindparam("which"), enrolment.c.cohort_id == bindparam("was_in"))
    .values(cohort_id=bindparam("now_in"), seat=bindparam("taken"), first_on=bindparam("begins_on"))
)


async def has_place(tx: Tx, learner_id: LearnerId, cohort_id: CohortId) -> bool:
    """Whether somebody has or had a place in a cohort."""
    return await tx.first(_THERE, whose=learner_id, cohort_id=cohort_id) is not None


async def transfer(
    tx: Tx, enrolment_id: EnrolmentId, was_in: CohortId, now_in: CohortId, *, seat: int, turns: int, first_on: date
) -> bool:
    """Into another cohort, at a free seat that has the same turn among `turns`; False when it was moved before."""
    await tx.hold(cohort, now_in)  # no two get one seat
    free = 1 + await tx.value(_LAST_SEAT, cohort_id=now_in)
    taken = free + (seat - free) % turns
    moved = {"which": enrolment_id, "was_in": was_in, "now_in": now_in, "taken": taken, "begins_on": first_on}
    return bool(await tx.run(_MOVE, **moved))
