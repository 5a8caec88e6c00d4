"""A new phone, a new Telegram account: the link by which a learner goes on from there."""

from bot.call import Call
from bot.features.roster import codes
from bot.features.roster import outcome as u
from bot.office import Office
from scheduler.delivery import DeliveryKind, notice_key
from storage import audit, deliveries, relinks
from storage.relinks import Known
from storage.store import Tx

MOST_NAMED = 8  # buttons


async def who(tx: Tx, call: Call) -> u.Outcome:
    """/relink NAME."""
    words = call.words.split()
    found = await relinks.named(tx, words, call.caller.cohorts, most=MOST_NAMED) if words else []
    if len(found) == 1:
        return u.OfferedRelink(found[0])
    return u.WhoRelinks(" ".join(words)[:64], tuple(found))


async def offer(tx: Tx, call: Call, enrolment_id: int) -> u.Outcome:
    """What such a link means."""
    person = await _seen(tx, call, enrolment_id)
    return u.OfferedRelink(person) if person else u.Refused()


async def make(tx: Tx, call: Call, office: Office, enrolment_id: int) -> u.Outcome:
    """Make it; a second tap on the same screen makes no other."""
    person = await _seen(tx, call, enrolment_id)
    if person is None:
        return u.Refused()
    drawn, asks = codes.occasion(), call.caller.telegram_id
    meaning = {"what": "relink", "enrolment": person.enrolment_id, "drawn": drawn}
    key = notice_key("relink", f"{person.enrolment_id}:{call.tapped}", asks)
    if await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=asks):
        code, ends = code_for(office, drawn, person), call.now + codes.RELINK_VALID
        await relinks.offer(tx, person.learner_id, code=code, made_by=asks, expires_at=ends)
        about = {"learner": person.learner_id}
        await audit.note(tx, "relink.offered", actor_id=asks, now=call.now, cohort_id=person.cohort_id, **about)
    return u.RelinkFollows(person)


def code_for(office: Office, drawn: str, person: Known) -> str:
    """The code of a learner's link."""
    return codes.code_of(office.settings, codes.RELINK, drawn, person.learner_id)


async def _seen(tx: Tx, call: Call, enrolment_id: int) -> Known | None:
    person = await relinks.known(tx, enrolment_id)
    return person if person and call.caller.may_see(person.cohort_id) else None
