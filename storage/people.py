"""Who people are to the bot. Telegram's id and the name stand in one table; everything else hangs on a surrogate id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, delete, insert, select, update

from lessons.enrolment import LearnerId
from scheduler.delivery import Reach
from scheduler.places import Place
from storage import calendars
from storage.calendars import Posting
from storage.conflict import insert_or_replace
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
_PEOPLE = select(*_COLUMNS).join(person, person.c.learner_id == learner.c.id)
_BY_TELEGRAM_ID = _PEOPLE.where(person.c.telegram_id == bindparam("wanted"))
_BY_ID = _PEOPLE.where(learner.c.id == bindparam("wanted"))


async def learner_of(tx: Tx, telegram_id: int, *, now: datetime) -> Learner | None:
    """The learner behind a Telegram id, with the posting of that instant."""
    return await _learner(tx, _BY_TELEGRAM_ID, telegram_id, now)


async def by_id(tx: Tx, learner_id: LearnerId, *, now: datetime) -> Learner | None:
    """The learner of that id; None once forgotten."""
    return await _learner(tx, _BY_ID, learner_id, now)


async def _learner(tx: Tx, statement: Select[Any], wanted: int, now: datetime) -> Learner | None:
    row = await tx.first(statement, wanted=wanted)
    if row is None:
        return None
    postings = await calendars.postings(tx, LearnerId(row.id))
    begun = (each for each in reversed(postings) if now.astimezone(ZoneInfo(each.zone)).date() >= each.from_on)
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


async def welcome(tx: Tx, *, telegram_id: int, name: str, language: str, consent: str, now: datetime) -> LearnerId:
    """A new learner, or the one already known under this Telegram id with the new name."""
    known = await tx.value(select(person.c.learner_id).where(person.c.telegram_id == telegram_id))
    if known is not None:
        await tx.run(update(person).where(person.c.learner_id == known).values(name=name))
        await tx.run(update(learner).where(learner.c.id == known).values(consent=consent, consented_at=now))
        return LearnerId(known)
    made = await tx.insert(insert(learner).values(language=language, consent=consent, consented_at=now))
    await tx.run(insert(person).values(learner_id=made, telegram_id=telegram_id, name=name))
    return LearnerId(made)


async def post(tx: Tx, learner_id: LearnerId, place: Place, *, from_on: date) -> None:
    """A dated posting; the newest that has begun holds. Later ones that were announced before are taken back."""
    mine = posting.c.learner_id == learner_id
    await tx.run(delete(posting).where(mine, posting.c.from_on >= from_on))
    where = {"place": place.name, "country": place.country, "subdivision": place.subdivision, "zone": place.zone}
    await tx.run(insert(posting).values(learner_id=learner_id, from_on=from_on, **where))


async def set_slot(tx: Tx, learner_id: LearnerId, slot: time) -> None:
    """The hour at which lessons come."""
    await tx.run(update(learner).where(learner.c.id == learner_id).values(slot=slot))


async def set_quiet(tx: Tx, learner_id: LearnerId, start: time, end: time) -> None:
    """The hours in which nothing comes."""
    await tx.run(update(learner).where(learner.c.id == learner_id).values(quiet_from=start, quiet_until=end))


async def set_pace(tx: Tx, learner_id: LearnerId, pace: int | None) -> None:
    """A lesson every so many working days; None: as the cohort."""
    await tx.run(update(learner).where(learner.c.id == learner_id).values(pace=pace))


async def set_language(tx: Tx, learner_id: LearnerId, language: str) -> None:
    """The language in which the bot speaks to them."""
    await tx.run(update(learner).where(learner.c.id == learner_id).values(language=language))


async def seen(tx: Tx, learner_id: LearnerId, at: datetime) -> None:
    """They wrote or tapped."""
    await tx.run(update(learner).where(learner.c.id == learner_id).values(seen_at=at))


async def set_reach(tx: Tx, learner_id: LearnerId, reach: Reach) -> None:
    """Whether messages reach this person."""
    await tx.run(update(learner).where(learner.c.id == learner_id).values(reach=reach))


async def own_cohorts(tx: Tx, telegram_ids: Sequence[int], *, now: datetime) -> None:
    """Merge the coordinators of the settings; one that was removed there is revoked here."""
    of_settings = coordinator.c.origin == "settings"
    gone = update(coordinator).where(of_settings, coordinator.c.telegram_id.not_in(list(telegram_ids) or [0]))
    await tx.run(gone.where(coordinator.c.revoked_at.is_(None)).values(revoked_at=now))
    for telegram_id in telegram_ids:
        values = {"telegram_id": telegram_id, "origin": "settings", "added_at": now, "revoked_at": None}
        await tx.run(insert_or_replace(tx, coordinator, values, key=("telegram_id",)))


async def is_coordinator(tx: Tx, telegram_id: int) -> bool:
    """Looked up at every command and every tap."""
    asked = select(coordinator.c.telegram_id).where(coordinator.c.telegram_id == telegram_id)
    return await tx.value(asked.where(coordinator.c.revoked_at.is_(None))) is not None


async def coordinators(tx: Tx) -> list[int]:
    """Telegram ids of all coordinators in office."""
    rows = await tx.all(select(coordinator.c.telegram_id).where(coordinator.c.revoked_at.is_(None)))
    return [row.telegram_id for row in rows]


async def zone_of_coordinator(tx: Tx, telegram_id: int) -> str | None:
    """The zone in which a coordinator reads times."""
    zone: str | None = await tx.value(select(coordinator.c.zone).where(coordinator.c.telegram_id == telegram_id))
    return zone


async def set_zone_of_coordinator(tx: Tx, telegram_id: int, zone: str) -> None:
    """The zone in which a coordinator reads times."""
    await tx.run(update(coordinator).where(coordinator.c.telegram_id == telegram_id).values(zone=zone))
