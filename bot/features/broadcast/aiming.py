"""To whom of a cohort, and when."""

import re
from collections.abc import Callable
from datetime import time

from bot.call import Call
from bot.features.broadcast import outcome as u
from bot.features.broadcast import usecase
from bot.features.broadcast.audience import GULF, SIDES, Audience, items
from bot.features.broadcast.usecase import Draft
from bot.office import Office
from storage import broadcasts, conversations
from storage.store import Tx

HOUR_STEP = "broadcast.hour"
PAGE = 20  # buttons of one side
AT_ONCE = 1440  # minutes: no minute of a day
_HOUR = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)?")


async def aim(tx: Tx, call: Call) -> u.Outcome:
    """How many of how many, and what to narrow by."""
    found = await usecase.opened(tx, call, call.pressed.broadcast)
    return found if isinstance(found, u.Refused) else _aiming(found)


def _aiming(found: Draft) -> u.Aiming:
    gulf = sum(each.country.lower() in GULF for each in found.readers)
    audience = Audience.from_json(found.broadcast.audience)
    there = {each.country.lower() for each in found.readers}
    only = bool(audience.only) and audience.only == Audience().gulf_turned(there).only
    return u.Aiming(found.broadcast, audience, len(found.chosen), len(found.readers), gulf, only)


async def everybody(tx: Tx, call: Call) -> u.Outcome:
    """No narrowing."""
    return await _to(tx, call, lambda _: Audience())


async def only_gulf(tx: Tx, call: Call) -> u.Outcome:
    """Only the missions in the Gulf."""

    def turned(found: Draft) -> Audience:
        there = {each.country.lower() for each in found.readers}
        return Audience.from_json(found.broadcast.audience).gulf_turned(there)

    return await _to(tx, call, turned)


async def _to(tx: Tx, call: Call, change: Callable[[Draft], Audience]) -> u.Outcome:
    found = await usecase.opened(tx, call, call.pressed.broadcast)
    if isinstance(found, u.Refused):
        return found
    return _aiming(await _changed(tx, found, change(found)))


async def _changed(tx: Tx, found: Draft, audience: Audience) -> Draft:
    stored = audience.as_json()
    await broadcasts.change(tx, found.broadcast.id, audience=stored)
    return Draft(found.broadcast._replace(audience=stored), found.cohort, found.readers)


async def by(tx: Tx, call: Call) -> u.Outcome:
    """One side of the people: country, mission, language or state."""
    found = await usecase.opened(tx, call, call.pressed.broadcast)
    return found if isinstance(found, u.Refused) else _side(found, call.pressed.side, call.pressed.page)


async def turn(tx: Tx, call: Call) -> u.Outcome:
    """One tap on an item of a side."""
    pressed = call.pressed
    found = await usecase.opened(tx, call, pressed.broadcast)
    if isinstance(found, u.Refused):
        return found
    if any(each.word == pressed.item for each in items(found.readers, pressed.side) if pressed.side in SIDES):
        audience = Audience.from_json(found.broadcast.audience).turned((pressed.side, pressed.item))
        found = await _changed(tx, found, audience)
    return _side(found, pressed.side, pressed.page)


def _side(found: Draft, side: str, page: int) -> u.Outcome:
    if side not in SIDES:
        return _aiming(found)
    every = items(found.readers, side)
    pages = max(1, -(-len(every) // PAGE))
    page = min(page, pages - 1)
    shown = tuple(every[page * PAGE : (page + 1) * PAGE])
    audience = Audience.from_json(found.broadcast.audience)
    return u.AimingBy(found.broadcast, audience, side, page, pages, shown, len(found.chosen))


async def ask_hour(tx: Tx, call: Call) -> u.Outcome:
    """At once, or at an hour of each reader's day?"""
    found = await usecase.opened(tx, call, call.pressed.broadcast)
    if isinstance(found, u.Refused):
        return found
    so_far = {"broadcast": found.broadcast.id}
    await conversations.put(tx, call.caller.telegram_id, HOUR_STEP, so_far, now=call.now)
    return u.AskHour(found.broadcast)


async def at_hour(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """An hour tapped."""
    minute = call.pressed.minute
    hour = None if minute >= AT_ONCE else time(minute // 60, minute % 60)
    return await _at(tx, call, office, call.pressed.broadcast, hour)


async def take_hour(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """An hour typed."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    number = waiting.so_far.get("broadcast", 0) if waiting else 0
    said = _HOUR.fullmatch(call.words.strip())
    if said is None:
        found = await usecase.opened(tx, call, number)
        return found if isinstance(found, u.Refused) else u.AskHour(found.broadcast, misread=True)
    return await _at(tx, call, office, number, time(int(said[1]), int(said[2] or 0)))


async def _at(tx: Tx, call: Call, office: Office, broadcast_id: int, hour: time | None) -> u.Outcome:
    found = await usecase.opened(tx, call, broadcast_id)
    if isinstance(found, u.Refused):
        return found
    await broadcasts.change(tx, broadcast_id, hour=hour)
    await conversations.end(tx, call.caller.telegram_id)
    return usecase.shown(Draft(found.broadcast._replace(hour=hour), found.cohort, found.readers), call.now, office)
