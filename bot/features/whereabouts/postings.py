"""A new posting for somebody: the place, the day, and a word to them."""

from dataclasses import asdict
from datetime import date, timedelta

from bot.call import Call
from bot.features.whereabouts import usecase
from bot.features.whereabouts.absences import word_at
from bot.features.whereabouts.outcome import AskDay, AskPlace, Gone, Person, Posted, Why
from bot.office import Office
from bot.rearranging import posted
from lessons.enrolment import EnrolmentState
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.places import Found, NotFound, Place, Several
from scheduler.typed_dates import NotASpan, day_of
from scheduler.typed_dates import Why as NoDay
from storage import audit, conversations, deliveries
from storage.store import Tx

PLACE, DAY = "whereabouts.place", "whereabouts.day"  # the steps that wait for words
FARTHEST = timedelta(days=365)
_WHY = {NoDay.IMPOSSIBLE: "impossible", NoDay.TOO_FAR: "too-far"}


def _serves(found: Person) -> bool:
    return found.seat is not None and found.enrolment.state is not EnrolmentState.WITHDRAWN


async def ask(tx: Tx, call: Call, office: Office) -> AskPlace | Gone:
    """Where to?"""
    found = await usecase.person(tx, call, office, call.pressed.enrolment)
    if isinstance(found, Gone):
        return found
    if not _serves(found):
        return Gone(Why.CLOSED)
    await _wait(tx, call, PLACE, found)
    return AskPlace(found)


async def _wait(tx: Tx, call: Call, step: str, found: Person, **so_far: object) -> None:
    about = {"enrolment": found.enrolment.id} | so_far
    await conversations.put(tx, call.caller.telegram_id, step, about, now=call.now)


async def take_place(tx: Tx, call: Call, office: Office) -> AskPlace | AskDay | Gone:
    """A place as people type it."""
    waited = await usecase.waited_for(tx, call, office, PLACE)
    if isinstance(waited, Gone):
        return waited
    found, _ = waited
    match office.places.find(call.words):
        case Found(place):
            return await _which_day(tx, call, found, place)
        case Several(places):
            asked = AskPlace(found, options=places)
        case NotFound(nearest):
            asked = AskPlace(found, options=nearest, unknown=True)
    await _wait(tx, call, PLACE, found, options=[asdict(option) for option in asked.options])
    return asked


async def _which_day(tx: Tx, call: Call, found: Person, place: Place) -> AskDay:
    await _wait(tx, call, DAY, found, place=asdict(place))
    return AskDay(found, place)


async def pick(tx: Tx, call: Call, office: Office) -> AskDay | Gone:
    """One of the places offered."""
    waited = await usecase.waited_for(tx, call, office, PLACE)
    if isinstance(waited, Gone):
        return waited
    found, so_far = waited
    options = so_far.get("options", [])
    if found.enrolment.id != call.pressed.enrolment or not call.pressed.n < len(options):
        return Gone(Why.CLOSED)
    return await _which_day(tx, call, found, Place(**options[call.pressed.n]))


async def from_today(tx: Tx, call: Call, office: Office) -> Posted | Gone:
    """The place holds at once."""
    waited = await usecase.waited_for(tx, call, office, DAY)
    if isinstance(waited, Gone):
        return waited
    found, so_far = waited
    if found.enrolment.id != call.pressed.enrolment or found.seat is None:
        return Gone(Why.CLOSED)
    return await _post(tx, call, office, found, Place(**so_far["place"]), found.seat.today(call.now))


async def take_day(tx: Tx, call: Call, office: Office) -> Posted | AskDay | Gone:
    """The day typed; one that has passed is taken as today."""
    waited = await usecase.waited_for(tx, call, office, DAY)
    if isinstance(waited, Gone):
        return waited
    found, so_far = waited
    if found.seat is None:
        return Gone(Why.CLOSED)
    today, place = found.seat.today(call.now), Place(**so_far["place"])
    day = day_of(call.words, today=today)
    if isinstance(day, NotASpan) and day.why is not NoDay.PAST:
        return AskDay(found, place, _WHY.get(day.why, "unreadable"))
    from_on = today if isinstance(day, NotASpan) else day
    if from_on > today + FARTHEST:
        return AskDay(found, place, "too-far")
    return await _post(tx, call, office, found, place, from_on)


async def _post(tx: Tx, call: Call, office: Office, found: Person, place: Place, wanted: date) -> Posted | Gone:
    if found.seat is None or not _serves(found):
        return Gone(Why.CLOSED)
    await conversations.end(tx, call.caller.telegram_id)
    mine, from_on, at_once = await posted(tx, office, found.seat, place, wanted, call.now)
    told_at, on = word_at(mine, call.now), from_on.isoformat()
    meaning = {"what": "posting-for", "enrolment": found.enrolment.id, "place": place.name, "from": on}
    key, to = notice_key("posting-for", call.update_id, mine.learner.id), {"learner_id": mine.learner.id}
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=told_at, **to)
    about = {"enrolment": found.enrolment.id, "place": place.name, "country": place.country, "from": on}
    by = call.caller.telegram_id
    await audit.note(tx, "posting.changed", actor_id=by, now=call.now, cohort_id=found.cohort.id, **about)
    return Posted(found, place, from_on, at_once, told_at)
