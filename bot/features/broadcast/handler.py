"""/broadcast and its buttons; the words as each receiver gets them; the report when all is out."""

from collections.abc import Sequence
from datetime import datetime

from bot.call import Call
from bot.features.broadcast import aiming, approving, holding, usecase, view
from bot.features.broadcast import outcome as u
from bot.features.broadcast.letter import letter
from bot.message import Message, Replies
from bot.office import Office
from bot.phrases import Voice
from storage import broadcasts, cohorts, colleagues, people
from storage.broadcasts import Broadcast
from storage.deliveries import Delivery
from storage.store import Tx


def _screen(outcome: u.Outcome, call: Call, office: Office) -> Message:
    return view.screen(outcome, call.caller.voice, office)


def _fresh(outcome: u.Outcome, call: Call, office: Office) -> Replies:
    above = view.above(outcome, call.caller.voice, office) if isinstance(outcome, u.Preview) and outcome.fresh else ()
    return Replies(new=(*above, _screen(outcome, call, office)))


def _edit(outcome: u.Outcome, call: Call, office: Office) -> Replies:
    return Replies(edit=_screen(outcome, call, office))


async def draft(tx: Tx, call: Call, office: Office) -> Replies:
    """/broadcast TEXT, or what was asked for."""
    return _fresh(await usecase.draft(tx, call, office), call, office)


async def pick_cohort(tx: Tx, call: Call, office: Office) -> Replies:
    """For this cohort."""
    outcome = await usecase.pick_cohort(tx, call, office)
    if isinstance(outcome, u.Preview) and view.above(outcome, call.caller.voice, office):
        return Replies(strip=True, new=_fresh(outcome, call, office).new)
    return _edit(outcome, call, office)


async def show_draft(tx: Tx, call: Call, office: Office) -> Replies:
    """Back to the preview."""
    return _edit(await usecase.preview(tx, call, office, call.pressed.broadcast), call, office)


async def aim(tx: Tx, call: Call, office: Office) -> Replies:
    """To whom?"""
    return _edit(await aiming.aim(tx, call), call, office)


async def aim_by(tx: Tx, call: Call, office: Office) -> Replies:
    """By country, mission, language or state."""
    return _edit(await aiming.by(tx, call), call, office)


async def turn(tx: Tx, call: Call, office: Office) -> Replies:
    """Only these, not these, as before."""
    return _edit(await aiming.turn(tx, call), call, office)


async def only_gulf(tx: Tx, call: Call, office: Office) -> Replies:
    """Only the missions in the Gulf."""
    return _edit(await aiming.only_gulf(tx, call), call, office)


async def everybody(tx: Tx, call: Call, office: Office) -> Replies:
    """No narrowing."""
    return _edit(await aiming.everybody(tx, call), call, office)


async def ask_hour(tx: Tx, call: Call, office: Office) -> Replies:
    """At once or at an hour?"""
    return _edit(await aiming.ask_hour(tx, call), call, office)


async def at_hour(tx: Tx, call: Call, office: Office) -> Replies:
    """An hour tapped."""
    return _edit(await aiming.at_hour(tx, call, office), call, office)


async def take_hour(tx: Tx, call: Call, office: Office) -> Replies:
    """An hour typed."""
    return _fresh(await aiming.take_hour(tx, call, office), call, office)


async def send(tx: Tx, call: Call, office: Office) -> Replies:
    """Confirmed."""
    return _edit(await usecase.send(tx, call, office), call, office)


async def drop(tx: Tx, call: Call, _office: Office) -> Replies:
    """Thrown away."""
    return Replies(edit=view.dropped(await usecase.drop(tx, call), call.caller.voice))


async def report(tx: Tx, call: Call, office: Office) -> Replies:
    """How far it has come."""
    return _edit(await usecase.report(tx, call.pressed.broadcast, call), call, office)


async def take_back(tx: Tx, call: Call, office: Office) -> Replies:
    """Undo."""
    return _edit(await holding.take_back(tx, call), call, office)


async def hold(tx: Tx, call: Call, office: Office) -> Replies:
    """Pause it."""
    return _edit(await holding.hold(tx, call), call, office)


async def go_on(tx: Tx, call: Call, office: Office) -> Replies:
    """Resume it."""
    return _edit(await holding.go_on(tx, call), call, office)


async def stop_rest(tx: Tx, call: Call, office: Office) -> Replies:
    """Cancel what has not left."""
    return _edit(await holding.stop_rest(tx, call), call, office)


async def approve(tx: Tx, call: Call, office: Office) -> Replies:
    """A second coordinator agrees."""
    return _answered(await approving.approve(tx, call, office), call, office)


async def ask_reason(tx: Tx, call: Call, office: Office) -> Replies:
    """A second coordinator does not: why?"""
    return _answered(await approving.ask_reason(tx, call), call, office)


def _answered(outcome: u.Outcome, call: Call, office: Office) -> Replies:
    """The letter that was to be judged stays; its buttons go. A second tap, or a second judge, comes too late."""
    if outcome == u.Refused(u.Refusal.SENT_ALREADY):
        return Replies(strip=True, toast=call.caller.voice.label("broadcast.sent-already"))
    return Replies(strip=True, new=(_screen(outcome, call, office),))


async def take_reason(tx: Tx, call: Call, office: Office) -> Replies:
    """The reason."""
    return _fresh(await approving.take_reason(tx, call), call, office)


GONE = ("cancelled", "refused", "paused")


async def render(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The words as this receiver gets them; None once it was thrown away or the receiver was forgotten."""
    found = await broadcasts.get(tx, row.meaning["broadcast"])
    learner = row.learner_id and await people.by_id(tx, row.learner_id, now=now)
    if found is None or found.state in GONE or not learner:
        return None
    return letter(found, office.voice(learner), office)


async def render_many(tx: Tx, rows: Sequence[Delivery], office: Office) -> dict[int, tuple[int, Message]]:
    """A whole lot at once: one message object for all who read the same language."""
    wanted = {row.meaning["broadcast"] for row in rows}
    found = {number: await broadcasts.get(tx, number) for number in wanted}
    there = await people.addresses(tx, [row.learner_id for row in rows if row.learner_id is not None])
    words: dict[tuple[int, str], Message] = {}
    worded: dict[int, tuple[int, Message]] = {}
    for row in rows:
        sent, address = found[row.meaning["broadcast"]], there.get(row.learner_id) if row.learner_id else None
        if sent is None or sent.state in GONE or address is None:
            continue
        same = (sent.id, address.language)
        if same not in words:
            words[same] = letter(sent, office.phrases.voice(address.language), office)
        worded[row.id] = (address.telegram_id, words[same])
    return worded


async def _voice(tx: Tx, telegram_id: int, office: Office) -> Voice:
    return office.phrases.voice(None, await people.zone_of_coordinator(tx, telegram_id) or "UTC")


async def panel(tx: Tx, found: Broadcast, office: Office, now: datetime) -> Message | None:
    """What the author's message says of it at this moment."""
    cohort = await cohorts.get(tx, found.cohort_id)
    if cohort is None:
        return None
    return view.report(await usecase.so_far(tx, found, cohort, now), await _voice(tx, found.author_id, office))


async def render_report(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """All is out: the author hears how many were reached."""
    found = await broadcasts.get(tx, row.meaning["broadcast"])
    return await panel(tx, found, office, now) if found else None


async def render_approval(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """A second coordinator is asked; nothing once it was decided."""
    found = await _told_of(tx, row, now)
    if found is None or found.broadcast.state != "asked" or row.telegram_id is None:
        return None
    author = found.broadcast.author_id
    name = (await colleagues.names(tx, [author])).get(author, str(author))
    return view.approval(found, row.meaning["receivers"], name, await _voice(tx, row.telegram_id, office), office)


async def render_decided(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The author hears what the second coordinator said."""
    found = await _told_of(tx, row, now)
    who = found.broadcast.decided_by if found else None
    if found is None or who is None:
        return None
    name = (await colleagues.names(tx, [who])).get(who, str(who))
    return view.decided(found, name, await _voice(tx, found.broadcast.author_id, office))


async def _told_of(tx: Tx, row: Delivery, now: datetime) -> u.Report | None:
    found = await broadcasts.get(tx, row.meaning["broadcast"])
    cohort = found and await cohorts.get(tx, found.cohort_id)
    return await usecase.so_far(tx, found, cohort, now) if found and cohort else None
