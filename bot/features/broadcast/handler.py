"""/broadcast and its buttons; the words as each receiver gets them; the report when all is out."""

from collections.abc import Sequence
from datetime import datetime

from bot.call import Call
from bot.features.broadcast import usecase, view
from bot.message import Message, Replies, fresh
from bot.office import Office
from storage import broadcasts, cohorts, deliveries, people
from storage.deliveries import Delivery
from storage.store import Tx


async def draft(tx: Tx, call: Call, office: Office) -> Replies:
    """/broadcast TEXT."""
    return fresh(view.screen(await usecase.draft(tx, call, office), call.caller.voice, office))


async def pick_cohort(tx: Tx, call: Call, office: Office) -> Replies:
    """For this cohort."""
    return Replies(edit=view.screen(await usecase.pick_cohort(tx, call, office), call.caller.voice, office))


async def send(tx: Tx, call: Call, office: Office) -> Replies:
    """Confirmed."""
    return Replies(edit=view.screen(await usecase.send(tx, call, office), call.caller.voice, office))


async def drop(tx: Tx, call: Call, _office: Office) -> Replies:
    """Thrown away."""
    return Replies(edit=view.dropped(await usecase.drop(tx, call), call.caller.voice))


async def report(tx: Tx, call: Call, office: Office) -> Replies:
    """How far it has come."""
    outcome = await usecase.report(tx, call.pressed.broadcast, call)
    return Replies(edit=view.screen(outcome, call.caller.voice, office))


async def render(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The words as this receiver gets them; None once it was thrown away or the receiver was forgotten."""
    found = await broadcasts.get(tx, row.meaning["broadcast"])
    learner = row.learner_id and await people.by_id(tx, row.learner_id, now=now)
    if found is None or found.state == "cancelled" or not learner:
        return None
    return view.received(found.words, office.voice(learner), office)


async def render_many(tx: Tx, rows: Sequence[Delivery], office: Office) -> dict[int, tuple[int, Message]]:
    """A whole lot at once: one message object for all who read the same language."""
    wanted = {row.meaning["broadcast"] for row in rows}
    found = {number: await broadcasts.get(tx, number) for number in wanted}
    there = await people.addresses(tx, [row.learner_id for row in rows if row.learner_id is not None])
    words: dict[tuple[int, str], Message] = {}
    worded: dict[int, tuple[int, Message]] = {}
    for row in rows:
        sent, address = found[row.meaning["broadcast"]], there.get(row.learner_id) if row.learner_id else None
        if sent is None or sent.state == "cancelled" or address is None:
            continue
        same = (sent.id, address.language)
        if same not in words:
            words[same] = view.received(sent.words, office.phrases.voice(address.language), office)
        worded[row.id] = (address.telegram_id, words[same])
    return worded


async def render_report(tx: Tx, row: Delivery, office: Office, _now: datetime) -> Message | None:
    """All is out: the author hears how many were reached."""
    found = await broadcasts.get(tx, row.meaning["broadcast"])
    cohort = found and await cohorts.get(tx, found.cohort_id)
    if found is None or cohort is None:
        return None
    counts = await deliveries.counts(tx, found.id)
    zone = await people.zone_of_coordinator(tx, found.author_id)
    return view.report(usecase.Report(found, cohort, counts), office.phrases.voice(None, zone or "UTC"))
