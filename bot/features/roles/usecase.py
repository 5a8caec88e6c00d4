"""Who works at the desk, and how that changes. Only owners change it; owners by the settings are not changed here."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.call import HELD, Call, Role
from scheduler.delivery import DeliveryKind, notice_key
from storage import audit, cohorts, colleagues, deliveries, meta
from storage.audit import Entry
from storage.cohorts import Cohort
from storage.colleagues import Colleague
from storage.store import Tx

PREFIX = "c-"  # of a code that appoints, beside those that enrol
VALID = timedelta(days=7)
MOST_COHORTS = 12  # buttons under one question; further ones are set by the command line
PAGE = 8


class Refusal(StrEnum):
    """Why nothing was changed."""

    GONE = "gone"  # no colleague any more
    OF_SETTINGS = "of-settings"
    ONESELF = "oneself"
    UNKNOWN_LINK = "unknown-link"
    USED = "used"
    EXPIRED = "expired"
    NO_COHORT = "no-cohort"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody in office; `me` is who looks."""

    colleagues: tuple[Colleague, ...]
    cohorts: dict[int, str]
    me: int


@dataclass(frozen=True, slots=True)
class One:
    """A colleague, and the cohorts that there are."""

    colleague: Colleague
    cohorts: tuple[Cohort, ...]
    changeable: bool


@dataclass(frozen=True, slots=True)
class WhichRole:
    """A role for somebody new."""


@dataclass(frozen=True, slots=True)
class WhichCohorts:
    """That role for which cohort?"""

    role: str
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """The link; shown once."""

    role: str
    cohort: str | None
    code: str
    bot: str | None
    days: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """Take the role away?"""

    colleague: Colleague


@dataclass(frozen=True, slots=True)
class Left:
    """It was taken away."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Appointed:
    """Somebody has just become a colleague."""

    role: str
    cohorts: tuple[str, ...]


Outcome = Refused | Team | One | WhichRole | WhichCohorts | Link | Leaving | Left | Appointed


async def team(tx: Tx, call: Call) -> Team:
    """Everybody in office."""
    everybody = await colleagues.everybody(tx)
    names: dict[int, str] = {each.id: each.name for each in await cohorts.every(tx)}
    return Team(tuple(everybody), names, call.caller.telegram_id)


async def one(tx: Tx, who: int, call: Call) -> Outcome:
    """One of them."""
    found = await colleagues.of(tx, who)
    if found is None:
        return Refused(Refusal.GONE)
    changeable = found.origin == "granted" and who != call.caller.telegram_id
    return One(found, tuple((await cohorts.every(tx))[:MOST_COHORTS]), changeable)


async def which_cohorts(tx: Tx, role: str) -> Outcome:
    """The role is chosen; an owner's is for everything, the others' may be for one cohort."""
    if role not in HELD:
        return Refused(Refusal.GONE)
    return WhichCohorts(role, () if role == Role.OWNER else tuple((await cohorts.every(tx))[:MOST_COHORTS]))


async def link(tx: Tx, call: Call) -> Outcome:
    """A link that makes whoever opens it first a colleague."""
    role, number = call.pressed.role, call.pressed.cohort
    cohort = await cohorts.get(tx, number) if number else None
    if role not in HELD or (number and (cohort is None or role == Role.OWNER)):
        return Refused(Refusal.NO_COHORT)
    code, me = secrets.token_urlsafe(18), call.caller.telegram_id
    scope = [number] if number else None
    await colleagues.offer(
        tx, code=code, role=role, cohorts=scope, made_by=me, expires_at=call.now + VALID, now=call.now
    )
    await audit.note(tx, "role.offered", actor_id=me, now=call.now, cohort_id=number or None, role=role)
    name = await meta.get(tx, meta.BOT_USERNAME)
    return Link(role, cohort.name if cohort else None, PREFIX + code, name, VALID.days)


async def accept(tx: Tx, call: Call) -> Outcome:
    """The link was opened: a role from this moment on; whoever made it is told."""
    offer = await colleagues.offered(tx, call.words.strip().removeprefix(PREFIX))
    if offer is None:
        return Refused(Refusal.UNKNOWN_LINK)
    me = call.caller.telegram_id
    if offer.taken_by is None and offer.expires_at <= call.now:
        return Refused(Refusal.EXPIRED)
    if offer.taken_by not in (None, me) or (offer.taken_by == me and await colleagues.of(tx, me) is None):
        return Refused(Refusal.USED)
    names: dict[int, str] = {each.id: each.name for each in await cohorts.every(tx)}
    scope = tuple(names[number] for number in offer.cohorts or () if number in names)
    if offer.taken_by == me:  # a second tap on the link
        return Appointed(offer.role, scope)
    held = await colleagues.of(tx, me)
    if held is not None and held.origin == "settings":
        return Refused(Refusal.OF_SETTINGS)
    await colleagues.take(tx, offer.id, me)
    await colleagues.appoint(tx, me, offer.role, offer.cohorts, name=call.caller.display, now=call.now)
    await audit.note(tx, "role.taken", actor_id=me, now=call.now, role=offer.role, offered_by=offer.made_by)
    key = notice_key("appointed", offer.id, offer.made_by)
    meaning = {"what": "appointed", "who": me}
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=offer.made_by)
    return Appointed(offer.role, scope)


async def _changeable(tx: Tx, who: int, call: Call) -> Colleague | Refused:
    found = await colleagues.of(tx, who)
    if found is None:
        return Refused(Refusal.GONE)
    if found.origin != "granted":
        return Refused(Refusal.OF_SETTINGS)
    return Refused(Refusal.ONESELF) if who == call.caller.telegram_id else found


async def set_role(tx: Tx, call: Call) -> Outcome:
    """Another role, effective on the next tap."""
    found = await _changeable(tx, call.pressed.who, call)
    if isinstance(found, Refused):
        return found
    role = call.pressed.role
    if role not in HELD:
        return Refused(Refusal.GONE)
    scope = None if role == Role.OWNER else sorted(found.cohorts) if found.cohorts else None
    await colleagues.appoint(tx, found.telegram_id, role, scope, name=found.name, now=call.now)
    me = call.caller.telegram_id
    await audit.note(tx, "role.changed", actor_id=me, now=call.now, who=found.telegram_id, was=found.role, role=role)
    return await one(tx, found.telegram_id, call)


async def toggle_cohort(tx: Tx, call: Call) -> Outcome:
    """One cohort more or less; none left means every cohort, and so does 0."""
    found = await _changeable(tx, call.pressed.who, call)
    if isinstance(found, Refused):
        return found
    number = call.pressed.cohort
    if number and await cohorts.get(tx, number) is None:
        return Refused(Refusal.NO_COHORT)
    scope = set(found.cohorts or ()) ^ {number} if number else set[int]()
    if found.role == Role.OWNER or (number and not scope):  # taking the last one away would open all: revoke instead
        return await one(tx, found.telegram_id, call)
    await colleagues.appoint(tx, found.telegram_id, found.role, sorted(scope), name=found.name, now=call.now)
    me = call.caller.telegram_id
    await audit.note(tx, "role.scoped", actor_id=me, now=call.now, who=found.telegram_id, cohorts=sorted(scope))
    return await one(tx, found.telegram_id, call)


async def ask_revoke(tx: Tx, call: Call) -> Outcome:
    """First the question."""
    found = await _changeable(tx, call.pressed.who, call)
    return found if isinstance(found, Refused) else Leaving(found)


async def revoke(tx: Tx, call: Call) -> Outcome:
    """Gone from the next tap on."""
    found = await _changeable(tx, call.pressed.who, call)
    if isinstance(found, Refused):
        return found
    await colleagues.revoke(tx, found.telegram_id, now=call.now)
    me = call.caller.telegram_id
    await audit.note(tx, "role.revoked", actor_id=me, now=call.now, who=found.telegram_id, was=found.role)
    return Left(found.name)


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of the trail; `names` of colleagues and cohorts by id."""

    entries: tuple[Entry, ...]
    names: dict[int, str]
    cohorts: dict[int, str]
    older: int | None  # to be shown next


async def trail(tx: Tx, before: int, call: Call) -> Trail:
    """What was changed, the newest first; of cohorts that the caller may see."""
    start = before or audit.FIRST_PAGE
    found = await audit.page(tx, cohorts=call.caller.cohorts, before=start, most=PAGE + 1)
    shown, more = found[:PAGE], len(found) > PAGE
    names = await colleagues.names(tx, {each.actor_id for each in shown if each.actor_id is not None})
    known: dict[int, str] = {each.id: each.name for each in await cohorts.every(tx)}
    return Trail(tuple(shown), names, known, shown[-1].id if more else None)
