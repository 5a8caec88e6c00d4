"""Links that name somebody: a personal one from the roster, and one by which a course moves to another account."""

from typing import Any

from bot.call import Call
from bot.features.enrol.outcome import AskWho, Moved, NotMe, Outcome, Refusal, Refused
from bot.office import Office
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.places import Place
from storage import audit, colleagues, conversations, deliveries, people, relinks, rosters
from storage.rosters import Invitee
from storage.store import Tx

RELINK_STEP = "enrol.relink"
RELINKS = "r-"  # in front of such a code


async def asks(tx: Tx, so_far: dict[str, Any]) -> AskWho | None:
    """Whether it is she whom a personal link names; None where that was said, or anybody may come."""
    person = await _named(tx, so_far)
    return AskWho(person.entry.name, person.entry.mission or "") if person and "name" not in so_far else None


async def _named(tx: Tx, so_far: dict[str, Any]) -> Invitee | None:
    return await rosters.get(tx, so_far["invitee"]) if "invitee" in so_far else None


def as_listed(person: Invitee, office: Office) -> dict[str, Any]:
    """Name and place as the roster has them."""
    entry = person.entry
    if entry.place is None or entry.country is None or entry.zone is None:
        return {"name": entry.name}
    there = office.places.names.by_country.get(entry.country)
    country = there[0].country_name if there else entry.country
    place = Place(entry.place, entry.country, country, entry.subdivision, entry.zone)
    return {"name": entry.name, "place": {name: getattr(place, name) for name in place.__slots__}}


async def is_me(tx: Tx, so_far: dict[str, Any], office: Office) -> dict[str, Any] | None:
    """What is known of her now; None for no personal link."""
    person = await _named(tx, so_far)
    return None if person is None else so_far | as_listed(person, office)


async def somebody_else(tx: Tx, call: Call, so_far: dict[str, Any]) -> Outcome:
    """The link was handed on: it is closed, and whoever is in charge hears of it."""
    person = await _named(tx, so_far)
    await conversations.end(tx, call.caller.telegram_id)
    if person is None:
        return Refused(Refusal.NOTHING_OPEN)
    if person.invitation_id is not None and person.enrolment_id is None:
        await rosters.close(tx, person.invitation_id, now=call.now)
        about = {"invitee": person.id}
        await audit.note(tx, "link.forwarded", actor_id=None, now=call.now, cohort_id=person.cohort_id, **about)
        for telegram_id in await colleagues.in_charge(tx, person.cohort_id):
            key = notice_key("forwarded", person.invitation_id, telegram_id)
            meaning = {"what": "forwarded", "invitee": person.id}
            to = {"telegram_id": telegram_id}
            await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, **to)
    return NotMe(relink=False)


async def open_relink(tx: Tx, call: Call, code: str) -> Outcome | None:
    """A link to another account was opened; None for a code that is none."""
    found = await relinks.by_code(tx, code, now=call.now) if code.startswith(RELINKS) else None
    if found is None:
        return None
    if found.taken:
        return Refused(Refusal.USED)
    if found.expired:
        return Refused(Refusal.EXPIRED)
    if call.caller.learner is not None:
        return Refused(Refusal.KNOWN_ACCOUNT)
    known = await relinks.of_learner(tx, found.learner_id)
    if not known:
        return Refused(Refusal.UNKNOWN)
    so_far = {"relink": found.id, "code": code, "learner": found.learner_id}
    await conversations.put(tx, call.caller.telegram_id, RELINK_STEP, so_far, now=call.now)
    return AskWho(known[0].name, None)


async def relink(tx: Tx, call: Call) -> Outcome:
    """It is she: from now on her course is here, and the old chat is told."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    if waiting is None or waiting.step != RELINK_STEP or call.caller.learner is not None:
        return Refused(Refusal.NOTHING_OPEN)
    found = await relinks.by_code(tx, waiting.so_far["code"], now=call.now)
    known = await relinks.of_learner(tx, found.learner_id) if found else []
    if found is None or not known or found.expired or not await relinks.take(tx, found.id, now=call.now):
        return Refused(Refusal.USED)
    await conversations.end(tx, call.caller.telegram_id)
    old, cohort = known[0].telegram_id, known[0].cohort_id
    await relinks.move(tx, found.learner_id, call.caller.telegram_id)
    about = {"learner": found.learner_id, "made_by": found.made_by}
    await audit.note(tx, "relink.taken", actor_id=None, now=call.now, cohort_id=cohort, **about)
    key, meaning = notice_key("moved-on", found.id, found.learner_id), {"what": "moved-on"}
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=old)
    learner = await people.learner_of(tx, call.caller.telegram_id, now=call.now)
    return Moved(learner.name if learner else known[0].name)


async def not_me_at_relink(tx: Tx, call: Call) -> bool:
    """Whether it was such a link that waited; then nothing is moved and it stays as it is."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    if waiting is None or waiting.step != RELINK_STEP:
        return False
    await conversations.end(tx, call.caller.telegram_id)
    return True
