"""A broadcast under way: taken back, held, let go on, stopped."""

from typing import Any

from bot.call import Call
from bot.circumstances import quiet_of
from bot.features.broadcast import outcome as u
from bot.features.broadcast.usecase import report
from storage import audit, broadcasts, people
from storage.broadcasts import HELD, Broadcast
from storage.store import Tx


async def _seen(tx: Tx, call: Call) -> Broadcast | None:
    found = await broadcasts.get(tx, call.pressed.broadcast)
    return found if found and call.caller.may_see(found.cohort_id) else None


def _who(call: Call, found: Broadcast, n: int) -> dict[str, Any]:
    """For the trail."""
    return {
        "actor_id": call.caller.telegram_id,
        "now": call.now,
        "cohort_id": found.cohort_id,
        "broadcast": found.id,
        "people": n,
    }


async def take_back(tx: Tx, call: Call) -> u.Outcome:
    """Undo: nothing has left yet. Later it is too late, and the screen says what has become of it."""
    found = await _seen(tx, call)
    if found is not None and found.leaves_at is not None and call.now < found.leaves_at:
        await _stop(tx, call, found, "taken back")
    return await report(tx, call.pressed.broadcast, call)


async def stop_rest(tx: Tx, call: Call) -> u.Outcome:
    """What has not left never will."""
    found = await _seen(tx, call)
    if found is not None:
        await _stop(tx, call, found, "stopped")
    return await report(tx, call.pressed.broadcast, call)


async def _stop(tx: Tx, call: Call, found: Broadcast, reason: str) -> None:
    for state in ("confirmed", "paused"):
        if await broadcasts.move(tx, found.id, state="cancelled", after=state):
            n = await broadcasts.stop(tx, found.id, reason=reason, now=call.now)
            await audit.note(tx, "broadcast.stopped", **_who(call, found, n))


async def hold(tx: Tx, call: Call) -> u.Outcome:
    """Nothing more leaves until it goes on."""
    found = await _seen(tx, call)
    if found is not None and await broadcasts.move(tx, found.id, state="paused", after="confirmed"):
        n = await broadcasts.stop(tx, found.id, reason=HELD, now=call.now)
        await audit.note(tx, "broadcast.held", **_who(call, found, n))
    return await report(tx, call.pressed.broadcast, call)


async def go_on(tx: Tx, call: Call) -> u.Outcome:
    """What was held leaves, at its hour or outside quiet hours."""
    found = await _seen(tx, call)
    if found is not None and await broadcasts.move(tx, found.id, state="confirmed", after="paused"):
        held = await broadcasts.held(tx, found.id)
        known = {each.id: each for each in await people.by_ids(tx, [who for _, who, _ in held], now=call.now)}
        again = {
            number: max(due_at, quiet_of(known[who]).free_at(call.now, known[who].zone))
            for number, who, due_at in held
            if who in known
        }
        await broadcasts.go_on(tx, again)
        await audit.note(tx, "broadcast.resumed", **_who(call, found, len(again)))
    return await report(tx, call.pressed.broadcast, call)
