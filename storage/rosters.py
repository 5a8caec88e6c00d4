"""Who is expected in a cohort before they come: its roster, and the personal links into it.

Of a link the database keeps a hash. An invitee has at most one link that serves; handing out another closes it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, func, insert, literal, select, update
from sqlalchemy.sql import Select

from storage import rows
from storage.cohorts import digest
from storage.desk_schema import invitee
from storage.schema import cohort, enrolment, invitation
from storage.store import Tx


class Entry(NamedTuple):
    """What a roster says of one person. `place` to `zone` as the gazetteer has them; `sex` and `email` for the desk."""

    name: str
    mission: str | None = None
    place: str | None = None
    country: str | None = None
    subdivision: str | None = None
    zone: str | None = None
    language: str | None = None
    rank: str | None = None
    sex: str | None = None
    email: str | None = None

    @property
    def same(self) -> str:
        """Equal for the same person: name and mission, whatever the case and the spaces."""
        return f"{_folded(self.name)}|{_folded(self.mission or '')}"


class Invitee(NamedTuple):
    """A row of a roster, the link that serves, and the enrolment once there is one."""

    id: int
    cohort_id: int
    same: str
    invitation_id: int | None
    enrolment_id: int | None
    entry: Entry


class Standing(NamedTuple):
    """How many of a roster there are, hold a link that serves, and have joined. `newest`: the last invitation made."""

    people: int
    linked: int
    joined: int
    newest: int


class OpenLink(NamedTuple):
    """Places left on links that anybody may take, and until when the last of them serves."""

    places: int
    until: datetime | None


def _folded(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


_HEAD = (invitee.c.id, invitee.c.cohort_id, invitee.c.same, invitee.c.invitation_id, invitee.c.enrolment_id)
_BODY = tuple(invitee.c[name] for name in Entry._fields)
_ALL = select(*_HEAD, *_BODY)
_OF_COHORT = _ALL.where(invitee.c.cohort_id == bindparam("cohort_id")).order_by(invitee.c.id)
_BY_ID = _ALL.where(invitee.c.id == bindparam("wanted"))
_BY_INVITATION = _ALL.where(invitee.c.invitation_id == bindparam("wanted"))
_EXPECTED = (invitee.c.enrolment_id.is_(None), invitee.c.withdrawn_at.is_(None))
_WAITING = _OF_COHORT.where(*_EXPECTED)
_SERVES = (invitation.c.used < invitation.c.uses, invitation.c.expires_at > bindparam("now"))


def _value(row: Any) -> Invitee:
    number, cohort_id, same, invitation_id, enrolment_id, *entry = row
    return Invitee(number, cohort_id, same, invitation_id, enrolment_id, Entry(*entry))


async def hold(tx: Tx, cohort_id: int) -> None:
    """Two changes of one roster come one after the other."""
    await tx.hold(cohort, cohort_id)


async def of_cohort(tx: Tx, cohort_id: int) -> list[Invitee]:
    """Everybody who was ever on it, in the order of coming."""
    return [_value(row) for row in await tx.tuples(_OF_COHORT, cohort_id=cohort_id)]


async def waiting(tx: Tx, cohort_id: int) -> list[Invitee]:
    """Those who have not joined."""
    return [_value(row) for row in await tx.tuples(_WAITING, cohort_id=cohort_id)]


async def get(tx: Tx, invitee_id: int) -> Invitee | None:
    """One of them."""
    row = await tx.first(_BY_ID, wanted=invitee_id)
    return None if row is None else _value(row)


async def by_invitation(tx: Tx, invitation_id: int) -> Invitee | None:
    """Whose personal link this is; None for the link of a cohort."""
    row = await tx.first(_BY_INVITATION, wanted=invitation_id)
    return None if row is None else _value(row)


_ADD = insert(invitee).values({name: bindparam(name) for name in ("cohort_id", "same", "added_at", *Entry._fields)})


async def add(tx: Tx, cohort_id: int, people: Sequence[Entry], *, now: datetime) -> None:
    """New rows; nobody among them may be on the roster already."""
    owner = {"cohort_id": cohort_id, "added_at": now}
    await tx.run(_ADD, [owner | {"same": each.same} | each._asdict() for each in people])


_CHANGE = rows.changing(invitee, ("id",), ("same", "withdrawn_at", *Entry._fields))


async def change(tx: Tx, people: Mapping[int, Entry]) -> None:
    """Other words for these rows; whoever was taken off is on it again."""
    values = [
        {"old_id": number, "new_withdrawn_at": None, "new_same": each.same}
        | {f"new_{name}": value for name, value in each._asdict().items()}
        for number, each in people.items()
    ]
    await tx.run(_CHANGE, values)


async def joined(tx: Tx, invitee_id: int, enrolment_id: int) -> None:
    """The person came."""
    await rows.change(tx, invitee, {"id": invitee_id}, {"enrolment_id": enrolment_id})


def _counting(*conditions: Any) -> Select[int]:
    mine = (invitee.c.cohort_id == bindparam("cohort_id"), invitee.c.withdrawn_at.is_(None))
    return select(func.count()).select_from(invitee).where(*mine, *conditions)


_PEOPLE = _counting()
_JOINED = _counting(invitee.c.enrolment_id.is_not(None))
_LINKED = _counting(
    invitee.c.enrolment_id.is_(None), select(1).where(invitation.c.id == invitee.c.invitation_id, *_SERVES).exists()
)
_NEWEST = select(func.coalesce(func.max(invitation.c.id), 0)).where(invitation.c.cohort_id == bindparam("cohort_id"))
_OPEN = (
    select(func.coalesce(func.sum(invitation.c.uses - invitation.c.used), 0), func.max(invitation.c.expires_at))
    .where(invitation.c.cohort_id == bindparam("cohort_id"), *_SERVES)
    .where(~select(1).where(invitee.c.invitation_id == invitation.c.id).exists())
)


async def standing(tx: Tx, cohort_id: int, *, now: datetime) -> Standing:
    """The roster in figures."""
    counts = [await tx.value(statement, cohort_id=cohort_id) for statement in (_PEOPLE, _JOINED, _NEWEST)]
    linked = await tx.value(_LINKED, cohort_id=cohort_id, now=now)
    return Standing(counts[0], linked, counts[1], counts[2])


async def open_link(tx: Tx, cohort_id: int, *, now: datetime) -> OpenLink:
    """The other way in: a link with so many places."""
    row = await tx.first(_OPEN, cohort_id=cohort_id, now=now)
    return OpenLink(0, None) if row is None else OpenLink(row[0], row[1])


_CLOSE_MANY = (
    update(invitation)
    .where(
        invitation.c.id.in_(
            select(invitee.c.invitation_id).where(*_EXPECTED, invitee.c.cohort_id == bindparam("whose"))
        )
    )
    .values(expires_at=bindparam("at"), uses=invitation.c.used)
)
_CLOSE = (
    update(invitation)
    .where(invitation.c.id == bindparam("which"))
    .values(expires_at=bindparam("at"), uses=invitation.c.used)
)
_MAKE = insert(invitation).values(
    {name: bindparam(name) for name in ("cohort_id", "code_hash", "uses", "expires_at", "created_at")}
)
_HAND = (
    update(invitee)
    .where(invitee.c.id == bindparam("which"))
    .values(
        invitation_id=select(invitation.c.id).where(invitation.c.code_hash == bindparam("wanted")).scalar_subquery()
    )
)


async def hand_out(tx: Tx, cohort_id: int, codes: Mapping[int, str], *, expires_at: datetime, now: datetime) -> None:
    """A fresh link for each of these invitees (id → code); earlier ones of the cohort that wait are closed."""
    await tx.run(_CLOSE_MANY, whose=cohort_id, at=now)
    hashes = {number: digest(code) for number, code in codes.items()}
    values = {"cohort_id": cohort_id, "uses": 1, "expires_at": expires_at, "created_at": now}
    await tx.run(_MAKE, [values | {"code_hash": each} for each in hashes.values()])
    await tx.run(_HAND, [{"which": number, "wanted": each} for number, each in hashes.items()])


async def close(tx: Tx, invitation_id: int, *, now: datetime) -> None:
    """This link serves no more."""
    await tx.run(_CLOSE, which=invitation_id, at=now)


_HASHES = (
    select(invitee.c.id, invitation.c.code_hash)
    .join(invitation, invitation.c.id == invitee.c.invitation_id)
    .where(*_EXPECTED, invitee.c.cohort_id == bindparam("cohort_id"), invitation.c.used < invitation.c.uses)
)


async def hashes(tx: Tx, cohort_id: int) -> dict[int, str]:
    """Invitee → hash of the link, of those who have not joined."""
    return dict(await tx.tuples(_HASHES, cohort_id=cohort_id))


_EMPTY = (
    update(invitee)
    .values(
        {name: None for name in Entry._fields if name != "name"}
        | {"name": "", "same": literal("forgotten:") + cast(invitee.c.id, Text)}
        | {"enrolment_id": None, "invitation_id": None, "withdrawn_at": bindparam("at")}
    )
    .where(invitee.c.enrolment_id.in_(select(enrolment.c.id).where(enrolment.c.learner_id == bindparam("whose"))))
)


async def forget(tx: Tx, learner_id: int, *, now: datetime) -> int:
    """Empty the rows of a learner who is forgotten; how many there were."""
    return await tx.run(_EMPTY, whose=learner_id, at=now)
