"""What moves a learner's days: dated postings, leave, crisis weeks at a mission, and the cohort's own dates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import BindParameter, bindparam, delete, select, update

from lessons.enrolment import CohortId, LearnerId
from scheduler.places import Place
from scheduler.spans import Span
from storage import rows
from storage.schema import cohort_day, crisis_week, enrolment, leave, posting
from storage.store import Tx

LeaveKind = Literal["leave", "crisis"]


@dataclass(frozen=True, slots=True)
class Posting:
    """Where somebody serves from a local date on; `days`: their own ISO weekdays for lessons, None for the usual."""

    place: str
    country: str
    subdivision: str | None
    zone: str
    from_on: date
    days: frozenset[int] | None


class Leave(NamedTuple):
    """Dates on which nothing comes to one learner."""

    id: int
    kind: LeaveKind
    span: Span


class CrisisWeek(NamedTuple):
    """Dates on which nothing comes to anybody posted there; `place` None means the whole country."""

    place: str | None
    country: str
    span: Span

    def concerns(self, posting: Posting) -> bool:
        """Whether somebody posted there is left alone."""
        return self.country == posting.country and self.place in (None, posting.place)


_OF_LEARNER: BindParameter[int] = bindparam("learner_id")
POSTING = tuple(posting.c[name] for name in ("place", "country", "subdivision", "zone", "from_on", "days"))
_POSTINGS = select(*POSTING).where(posting.c.learner_id == _OF_LEARNER).order_by(posting.c.from_on, posting.c.id)
_LEAVES = select(leave).where(leave.c.learner_id == _OF_LEARNER).order_by(leave.c.first_on, leave.c.id)
_CRISIS_WEEKS = select(crisis_week).where(crisis_week.c.country.in_(bindparam("countries", expanding=True)))
_OWN_DAYS = select(cohort_day.c.on_date, cohort_day.c.off).where(cohort_day.c.cohort_id == bindparam("cohort_id"))


async def postings(tx: Tx, learner_id: LearnerId) -> list[Posting]:
    """Every posting of a learner in the order of their dates."""
    return [posting_in(row) for row in await tx.all(_POSTINGS, learner_id=learner_id)]


def posting_in(row: Any) -> Posting:
    """The posting in a row that holds the columns POSTING."""
    days = None if row.days is None else frozenset(row.days)
    return Posting(row.place, row.country, row.subdivision, row.zone, row.from_on, days)


async def set_days(tx: Tx, learner_id: LearnerId, from_on: date, days: Collection[int] | None) -> None:
    """Own weekdays for lessons at the posting that began on that date; None: the working week of the place."""
    of = {"learner_id": learner_id, "from_on": from_on}
    await rows.change(tx, posting, of, {"days": None if days is None else sorted(days)})


_CALL_OFF = delete(posting).where(
    posting.c.learner_id == bindparam("learner"), posting.c.from_on == bindparam("began_on")
)


async def call_off(tx: Tx, learner_id: LearnerId, from_on: date) -> bool:
    """Take back the posting that was to begin on that date. False: none was."""
    return bool(await tx.run(_CALL_OFF, learner=learner_id, began_on=from_on))


async def take_leave(tx: Tx, learner_id: LearnerId, span: Span, *, kind: LeaveKind, now: datetime) -> int:
    """Enter leave; returns its id."""
    values = {"learner_id": learner_id, "kind": kind, "first_on": span.first, "last_on": span.last, "made_at": now}
    return await rows.add(tx, leave, values)


async def leaves(tx: Tx, learner_id: LearnerId) -> list[Leave]:
    """All leave of a learner, past and to come, the earliest first."""
    found = await tx.all(_LEAVES, learner_id=learner_id)
    return [Leave(row.id, row.kind, Span(row.first_on, row.last_on)) for row in found]


_MINE = (leave.c.id == bindparam("leave_id")) & (leave.c.learner_id == bindparam("learner"))
_FIRST_ON = select(leave.c.first_on).where(_MINE)
_NEVER_WAS = delete(leave).where(_MINE)
_END = update(leave).where(_MINE, leave.c.last_on > bindparam("until")).values(last_on=bindparam("until"))


async def end_leave(tx: Tx, learner_id: LearnerId, leave_id: int, *, last_on: date) -> bool:
    """Back early: it ends on that date, or never was when that comes before its first. False: no such leave."""
    mine: dict[str, Any] = {"leave_id": leave_id, "learner": learner_id}
    first: date | None = await tx.value(_FIRST_ON, **mine)
    if first is None:
        return False
    if last_on < first:
        await tx.run(_NEVER_WAS, **mine)
    else:
        await tx.run(_END, **mine, until=last_on)
    return True


async def declare_crisis(tx: Tx, place: Place, span: Span, *, whole_country: bool, now: datetime) -> None:
    """A crisis week at a mission, or in the whole country."""
    values = {"place": None if whole_country else place.name, "country": place.country, "made_at": now}
    await rows.add(tx, crisis_week, values | {"first_on": span.first, "last_on": span.last})


async def crisis_weeks(tx: Tx, countries: Collection[str]) -> list[CrisisWeek]:
    """Every crisis week declared for these countries."""
    found = await tx.all(_CRISIS_WEEKS, countries=sorted(countries))
    return [CrisisWeek(row.place, row.country, Span(row.first_on, row.last_on)) for row in found]


class OwnDays(NamedTuple):
    """Dates that a coordinator took out of a cohort's calendar, and dates put back into it."""

    off: frozenset[date]
    working: frozenset[date]


async def own_days(tx: Tx, cohort_id: CohortId) -> OwnDays:
    """What a coordinator said of single dates."""
    found = await tx.all(_OWN_DAYS, cohort_id=cohort_id)
    return OwnDays(
        frozenset(row.on_date for row in found if row.off), frozenset(row.on_date for row in found if not row.off)
    )


async def set_day(tx: Tx, cohort_id: CohortId, on: date, *, off: bool) -> None:
    """That date is off, or worked whatever the holidays say."""
    values = {"cohort_id": cohort_id, "on_date": on, "off": int(off)}
    await rows.put(tx, cohort_day, values, key=("cohort_id", "on_date"))


_AT = select(posting.c.learner_id).where(posting.c.country == bindparam("country")).distinct()
_AT_PLACE = _AT.where(posting.c.place == bindparam("place"))


async def learners_at(tx: Tx, country: str, place: str | None) -> Sequence[LearnerId]:
    """Learners of whom any posting, past or to come, is there."""
    there = tx.all(_AT, country=country) if place is None else tx.all(_AT_PLACE, country=country, place=place)
    return [LearnerId(row.learner_id) for row in await there]


_UNDER_WAY = select(enrolment.c.id).where(
    enrolment.c.learner_id.in_(bindparam("learners", expanding=True)), enrolment.c.state != "withdrawn"
)


async def enrolments_of(tx: Tx, learner_ids: Collection[LearnerId]) -> Sequence[int]:
    """Enrolments under way of these learners."""
    return [row.id for row in await tx.all(_UNDER_WAY, learners=sorted(learner_ids))]
