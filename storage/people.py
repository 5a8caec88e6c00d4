"""Who people are to the bot. Telegram's id and the name stand in one table; everything else hangs on a surrogate id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, delete, exists, select, update

from lessons.enrolment import LearnerId
from scheduler.delivery import Reach
from scheduler.places import Place
from scheduler.zones import zone_named
from storage import rows
from storage.askings import NUDGED
from storage.calendars import POSTING, Posting, posting_in
from storage.schema import coordinator, learner, person, posting
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner with the posting that holds at a given instant."""

    id: LearnerId
    telegram_id: int
    name: str
    language: str
    reach: Reach
    slot: time | None
    quiet: tuple[time, time] | None
    place: str
    country: str
    subdivision: str | None
    zone: str
    pace: int | None = None
    seen_at: datetime | None = None
    postings: tuple[Posting, ...] = ()  # all, in the order of their dates


PAGE = 1000  # people read by one statement
_COLUMNS = (
    learner.c.id,
    person.c.telegram_id,
    person.c.name,
    learner.c.language,
    learner.c.reach,
    learner.c.slot,
    learner.c.quiet_from,
    learner.c.quiet_until,
    learner.c.pace,
    learner.c.seen_at,
)
_PEOPLE = (  # one row a posting
    select(*_COLUMNS, *POSTING)
    .join(person, person.c.learner_id == learner.c.id)
    .outerjoin(posting, posting.c.learner_id == learner.c.id)
    .order_by(posting.c.from_on, posting.c.id)
)
_ADDRESSES = (
    select(learner.c.id, person.c.telegram_id, learner.c.language)
    .join(person, person.c.learner_id == learner.c.id)
    .where(learner.c.id.in_(bindparam("wanted", expanding=True)))
)
_BY_IDS = (
    _PEOPLE.where(learner.c.id.in_(bindparam("wanted", expanding=True)))
    .order_by(None)
    .order_by(learner.c.id, posting.c.from_on, posting.c.id)
)
_BY_TELEGRAM_ID = _PEOPLE.where(person.c.telegram_id == bindparam("wanted"))
_BY_ID = _PEOPLE.where(learner.c.id == bindparam("wanted"))


async def learner_of(tx: Tx, telegram_id: int, *, now: datetime) -> Learner | None:
    """The learner behind a Telegram id, with the posting of that instant."""
    return await _learner(tx, _BY_TELEGRAM_ID, telegram_id, now)


async def by_id(tx: Tx, learner_id: LearnerId, *, now: datetime) -> Learner | None:
    """The learner of that id; None once forgotten."""
    return await _learner(tx, _BY_ID, learner_id, now)


class Address(NamedTuple):
    """Where a person is written to, and in which language."""

    telegram_id: int
    language: str


async def addresses(tx: Tx, learner_ids: Sequence[LearnerId]) -> dict[LearnerId, Address]:
    """Of all these at once; whoever was forgotten is not among them."""
    found = await tx.all(_ADDRESSES, wanted=list(learner_ids))
    return {LearnerId(row.id): Address(row.telegram_id, row.language) for row in found}


async def by_ids(tx: Tx, learner_ids: Sequence[LearnerId], *, now: datetime) -> list[Learner]:
    """All of these who were not forgotten, in the order of their ids, in a few statements."""
    found: list[Learner] = []
    for start in range(0, len(learner_ids), PAGE):
        everybody = await tx.all(_BY_IDS, wanted=learner_ids[start : start + PAGE])
        found += [_of(list(hers), now) for _, hers in groupby(everybody, key=lambda row: row.id)]
    return found


async def _learner(tx: Tx, statement: Select[Any], wanted: int, now: datetime) -> Learner | None:
    found = await tx.all(statement, wanted=wanted)
    return _of(found, now) if found else None


def _of(found: Sequence[Any], now: datetime) -> Learner:
    row = found[0]
    postings = [posting_in(each) for each in found if each.from_on is not None]
    begun = (each for each in reversed(postings) if now.astimezone(zone_named(each.zone)).date() >= each.from_on)
    where = next(begun, postings[0] if postings else None)
    quiet = None if row.quiet_from is None else (row.quiet_from, row.quiet_until)
    return Learner(
        LearnerId(row.id),
        row.telegram_id,
        row.name,
        row.language,
        Reach(row.reach),
        row.slot,
        quiet,
        where.place if where else "",
        where.country if where else "",
        where.subdivision if where else None,
        where.zone if where else "UTC",
        row.pace,
        row.seen_at,
        tuple(postings),
    )


_KNOWN = select(person.c.learner_id).where(person.c.telegram_id == bindparam("wanted"))


async def welcome(tx: Tx, *, telegram_id: int, name: str, language: str, consent: str, now: datetime) -> LearnerId:
    """A new learner, or the one already known under this Telegram id with the new name."""
    known = await tx.value(_KNOWN, wanted=telegram_id)
    agreed = {"consent": consent, "consented_at": now}
    if known is not None:
        await rows.change(tx, person, {"learner_id": known}, {"name": name})
        await _change(tx, known, **agreed)
        return LearnerId(known)
    made = LearnerId(await rows.add(tx, learner, {"language": language} | agreed))
    await rows.add(tx, person, {"learner_id": made, "telegram_id": telegram_id, "name": name})
    return made


_TAKE_BACK = delete(posting).where(
    posting.c.learner_id == bindparam("learner"), posting.c.from_on >= bindparam("since")
)


async def post(tx: Tx, learner_id: LearnerId, place: Place, *, from_on: date) -> None:
    """A dated posting; the newest that has begun holds. Later ones that were announced before are taken back."""
    await tx.run(_TAKE_BACK, learner=learner_id, since=from_on)
    where = {"place": place.name, "country": place.country, "subdivision": place.subdivision, "zone": place.zone}
    await rows.add(tx, posting, {"learner_id": learner_id, "from_on": from_on} | where)


async def _change(tx: Tx, learner_id: LearnerId, **values: Any) -> None:
    await rows.change(tx, learner, {"id": learner_id}, values)


async def set_slot(tx: Tx, learner_id: LearnerId, slot: time) -> None:
    """The hour at which lessons come."""
    await _change(tx, learner_id, slot=slot)


async def set_quiet(tx: Tx, learner_id: LearnerId, start: time, end: time) -> None:
    """The hours in which nothing comes."""
    await _change(tx, learner_id, quiet_from=start, quiet_until=end)


async def set_pace(tx: Tx, learner_id: LearnerId, pace: int | None) -> None:
    """A lesson every so many working days; None: as the cohort."""
    await _change(tx, learner_id, pace=pace)


async def set_language(tx: Tx, learner_id: LearnerId, language: str) -> None:
    """The language in which the bot speaks to them."""
    await _change(tx, learner_id, language=language)


_SEEN = (
    update(learner)
    .where(learner.c.id == bindparam("learner_id"))
    .values(seen_at=bindparam("at"))
    .returning(exists().where(NUDGED))
)


async def seen(tx: Tx, learner_id: LearnerId, at: datetime) -> bool:
    """They wrote or tapped; whether they have been nudged about anything that is open."""
    return bool(await tx.value(_SEEN, learner_id=learner_id, at=at))


async def set_reach(tx: Tx, learner_id: LearnerId, reach: Reach) -> None:
    """Whether messages reach this person."""
    await _change(tx, learner_id, reach=reach)


async def own_cohorts(tx: Tx, telegram_ids: Sequence[int], *, now: datetime) -> None:
    """Merge the coordinators of the settings; one that was removed there is revoked here."""
    of_settings = coordinator.c.origin == "settings"
    gone = update(coordinator).where(of_settings, coordinator.c.telegram_id.not_in(list(telegram_ids) or [0]))
    await tx.run(gone.where(coordinator.c.revoked_at.is_(None)).values(revoked_at=now))
    for telegram_id in telegram_ids:
        values = {
            "telegram_id": telegram_id,
            "origin": "settings",
            "role": "owner",
            "added_at": now,
            "revoked_at": None,
        }
        await rows.put(tx, coordinator, values, key=("telegram_id",))


_IN_OFFICE = (
    select(coordinator.c.telegram_id).where(coordinator.c.revoked_at.is_(None)).order_by(coordinator.c.telegram_id)
)
_IS_COORDINATOR = _IN_OFFICE.where(coordinator.c.telegram_id == bindparam("wanted"))
_ZONE = select(coordinator.c.zone).where(coordinator.c.telegram_id == bindparam("wanted"))


async def is_coordinator(tx: Tx, telegram_id: int) -> bool:
    """Looked up at every command and every tap."""
    return await tx.value(_IS_COORDINATOR, wanted=telegram_id) is not None


async def coordinators(tx: Tx) -> list[int]:
    """Telegram ids of all owners and coordinators in office."""
    return [row.telegram_id for row in await tx.all(_IN_OFFICE.where(coordinator.c.role.in_(("owner", "coordinator"))))]


async def zone_of_coordinator(tx: Tx, telegram_id: int) -> str | None:
    """The zone in which a coordinator reads times."""
    zone: str | None = await tx.value(_ZONE, wanted=telegram_id)
    return zone


async def set_zone_of_coordinator(tx: Tx, telegram_id: int, zone: str) -> None:
    """The zone in which a coordinator reads times."""
    await rows.change(tx, coordinator, {"telegram_id": telegram_id}, {"zone": zone})
