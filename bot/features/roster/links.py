"""Links: a personal one for each who is expected, and one with places for a whole cohort.

A code is made where it is sent (codes.py): the reply that says so holds none.
"""

from datetime import UTC, datetime, time

from bot.call import Call
from bot.features.roster import codes
from bot.features.roster import outcome as u
from bot.features.roster.usecase import visible
from bot.office import Office
from scheduler.delivery import DeliveryKind, notice_key
from storage import audit, cohorts, conversations, deliveries, rosters
from storage.cohorts import Cohort
from storage.store import Tx

PLACES_STEP = "roster.places"
FORMS = ("sheet", "page")
MOST_ON_PAPER = 2_000  # people: a quarter of a thousand pages, and eight seconds of work
MOST_PLACES = 10_000


def until(cohort: Cohort, now: datetime) -> datetime:
    """When links made now stop serving: ninety days, counted from the start where that is to come."""
    return max(now, datetime.combine(cohort.start_on, time(), UTC)) + codes.VALID


async def offer(tx: Tx, call: Call, cohort_id: int, form: str) -> u.Outcome:
    """What fresh links would mean."""
    cohort = await visible(tx, call, cohort_id)
    if cohort is None or form not in FORMS:
        return u.Refused()
    waiting = len(await rosters.waiting(tx, cohort.id))
    if not waiting:
        return u.NobodyWaits(cohort)
    if form == "page" and waiting > MOST_ON_PAPER:
        return u.TooManyForPaper(cohort, MOST_ON_PAPER)
    return u.OfferedLinks(cohort, form, waiting, await rosters.standing(tx, cohort.id, now=call.now))


async def make(tx: Tx, call: Call, office: Office, cohort_id: int, form: str, seen: int) -> u.Outcome:
    """Fresh links for all who are expected; a second tap finds them made."""
    offered = await offer(tx, call, cohort_id, form)
    if not isinstance(offered, u.OfferedLinks):
        return offered
    cohort = offered.cohort
    await rosters.hold(tx, cohort.id)
    if offered.standing.newest != seen:
        return u.MadeAlready(cohort)
    drawn, ends = codes.occasion(), until(cohort, call.now)
    people = [each.id for each in await rosters.waiting(tx, cohort.id)]
    made = {number: codes.code_of(office.settings, codes.PERSONAL, drawn, number) for number in people}
    await rosters.hand_out(tx, cohort.id, made, expires_at=ends, now=call.now)
    who = call.caller.telegram_id
    await audit.note(tx, "links.made", actor_id=who, now=call.now, cohort_id=cohort.id, people=len(made))
    return u.MadeLinks(cohort, form, len(made), drawn, ends)


async def ask_places(tx: Tx, call: Call, cohort_id: int, *, misread: bool = False) -> u.Outcome:
    """How many places?"""
    cohort = await visible(tx, call, cohort_id)
    if cohort is None:
        return u.Refused()
    await conversations.put(tx, call.caller.telegram_id, PLACES_STEP, {"cohort": cohort.id}, now=call.now)
    return u.AskPlaces(cohort, (await rosters.standing(tx, cohort.id, now=call.now)).newest, misread)


async def take_places(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """A number typed."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    cohort_id = waiting.so_far.get("cohort", 0) if waiting else 0
    words = call.words.strip()
    if not (words.isdecimal() and len(words) <= 6 and 1 <= int(words) <= MOST_PLACES):
        return await ask_places(tx, call, cohort_id, misread=True)
    return await open_link(tx, call, office, cohort_id, int(words), None)


async def open_link(tx: Tx, call: Call, office: Office, cohort_id: int, places: int, seen: int | None) -> u.Outcome:
    """A link with so many places; a second tap finds it made."""
    cohort = await visible(tx, call, cohort_id)
    if cohort is None or not 1 <= places <= MOST_PLACES:
        return u.Refused()
    await rosters.hold(tx, cohort.id)
    if seen is not None and (await rosters.standing(tx, cohort.id, now=call.now)).newest != seen:
        return u.MadeAlready(cohort)
    drawn, who = codes.occasion(), call.caller.telegram_id
    code = codes.code_of(office.settings, codes.COHORT, drawn, cohort.id)
    await cohorts.invite(tx, cohort.id, code=code, uses=places, expires_at=until(cohort, call.now), now=call.now)
    meaning = {"what": "cohort-link", "cohort": cohort.id, "drawn": drawn, "places": places}
    key = notice_key("cohort-link", drawn, who)
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=who)
    await conversations.end(tx, who)
    await audit.note(tx, "link.opened", actor_id=who, now=call.now, cohort_id=cohort.id, places=places)
    return u.LinkFollows(cohort, places)
