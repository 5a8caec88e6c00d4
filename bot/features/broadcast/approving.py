"""A second coordinator agrees to a broadcast to many, or says why not."""

from bot.call import Call
from bot.features.broadcast import outcome as u
from bot.features.broadcast.usecase import let_go, opened
from bot.office import Office
from scheduler.delivery import DeliveryKind, notice_key
from storage import audit, broadcasts, conversations, deliveries
from storage.broadcasts import Broadcast
from storage.store import Tx

REASON_STEP = "broadcast.reason"
LONGEST_REASON = 300  # characters


async def approve(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """It leaves; its author hears of it."""
    found = await opened(tx, call, call.pressed.broadcast, state="asked")
    if isinstance(found, u.Refused):
        return found
    me = call.caller.telegram_id
    if me == found.broadcast.author_id:
        return u.Refused(u.Refusal.OWN)
    if not found.reached:
        return u.Refused(u.Refusal.NOBODY)
    done = await let_go(tx, call, found, office, decided_by=me)
    if isinstance(done, u.Refused):
        return done
    await _tell(tx, call, found.broadcast)
    return u.Decided(found.broadcast, found.cohort, agreed=True)


async def ask_reason(tx: Tx, call: Call) -> u.Outcome:
    """Why not?"""
    found = await opened(tx, call, call.pressed.broadcast, state="asked")
    if isinstance(found, u.Refused):
        return found
    so_far = {"broadcast": found.broadcast.id}
    await conversations.put(tx, call.caller.telegram_id, REASON_STEP, so_far, now=call.now)
    return u.AskReason(found.broadcast)


async def take_reason(tx: Tx, call: Call) -> u.Outcome:
    """The reason came: it is refused."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    await conversations.end(tx, call.caller.telegram_id)
    number = waiting.so_far.get("broadcast", 0) if waiting else 0
    found = await opened(tx, call, number, state="asked")
    if isinstance(found, u.Refused):
        return found
    me, reason = call.caller.telegram_id, " ".join(call.words.split())[:LONGEST_REASON]
    await broadcasts.move(tx, number, state="refused", after="asked", decided_by=me, reason=reason)
    about = {"broadcast": number}
    cohort = found.cohort
    await audit.note(tx, "broadcast.refused", actor_id=me, now=call.now, cohort_id=cohort.id, **about)
    await _tell(tx, call, found.broadcast)
    return u.Decided(found.broadcast, cohort, agreed=False)


async def _tell(tx: Tx, call: Call, sent: Broadcast) -> None:
    key, meaning = notice_key("decided", sent.id, sent.author_id), {"what": "decided", "broadcast": sent.id}
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=sent.author_id)
