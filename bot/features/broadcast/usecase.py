"""Words to a cohort: drafted, previewed, confirmed once, and perhaps by a second coordinator too."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.call import Attached, Call
from bot.features.broadcast import outcome as u
from bot.features.broadcast.audience import Audience
from bot.features.broadcast.reaching import dues, named_marks, reach_of, reachable
from bot.office import Office
from bot.phrases import plain
from scheduler.broadcast import eta
from scheduler.delivery import DeliveryKind, broadcast_key, notice_key
from storage import audiences, audit, broadcasts, cohorts, colleagues, conversations, deliveries
from storage.audiences import Reader
from storage.broadcasts import Broadcast
from storage.cohorts import Cohort
from storage.store import Tx

WORDS_STEP = "broadcast.words"
TITLE = 60  # characters
MOST_COHORTS = 20  # buttons


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that the caller may see, its cohort, and those who are there."""

    broadcast: Broadcast
    cohort: Cohort
    readers: list[Reader]

    @property
    def chosen(self) -> list[Reader]:
        """Those of the audience."""
        return Audience.from_json(self.broadcast.audience).narrowed(self.readers)

    @property
    def reached(self) -> list[Reader]:
        """Those of the audience who can be written to."""
        return reachable(self.chosen)


async def draft(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """/broadcast with words, or what came when they were waited for."""
    mine = [each for each in await cohorts.every(tx) if call.caller.may_see(each.id)]
    if not mine:
        return u.Refused(u.Refusal.NO_COHORT)
    refusal = _hindrance(call)
    if refusal is not None:
        await conversations.put(tx, call.caller.telegram_id, WORDS_STEP, {}, now=call.now)
        return u.Refused(refusal)
    await conversations.end(tx, call.caller.telegram_id)
    made = await _write(tx, call, mine[0])
    if len(mine) > 1:
        return u.Which(made, tuple(mine[:MOST_COHORTS]))
    return await preview(tx, call, office, made, fresh=True)


def _hindrance(call: Call) -> u.Refusal | None:
    words, sent = call.words.strip(), call.attached
    if sent is None and not words:
        return u.Refusal.EMPTY
    longest = u.LONGEST if sent is None else u.LONGEST_CAPTION
    if len(words.encode("utf-16-le")) // 2 > longest:  # as Telegram counts, after formatting
        return u.Refusal.LONG if sent is None else u.Refusal.LONG_CAPTION
    return None


async def _write(tx: Tx, call: Call, cohort: Cohort) -> int:
    sent, words = call.attached, call.words.strip()
    title = words or (sent.poll[0] if sent and sent.poll else sent.name if sent else "")
    return await broadcasts.draft(
        tx,
        author_id=call.caller.telegram_id,
        cohort_id=cohort.id,
        title=_first_line(title),
        words=call.html.strip() if words else "",
        media=_media(sent) if sent else None,
        now=call.now,
    )


def _first_line(words: str) -> str:
    line = next((plain(each) for each in words.splitlines() if each.strip()), "–")
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"


def _media(sent: Attached) -> dict[str, object]:
    question, options = sent.poll or ("", ())
    return {"kind": sent.kind, "file_id": sent.file_id, "question": question, "options": list(options)}


async def pick_cohort(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """The cohort chosen for a draft."""
    cohort = await cohorts.get(tx, call.pressed.cohort)
    found = await broadcasts.get(tx, call.pressed.broadcast)
    if cohort is None or found is None or not _is_hers(found, call) or not call.caller.may_see(cohort.id):
        return u.Refused(u.Refusal.GONE)
    await broadcasts.change(tx, found.id, cohort_id=cohort.id, audience={})
    return await preview(tx, call, office, found.id, fresh=True)


def _is_hers(found: Broadcast, call: Call) -> bool:
    """A draft is its author's, as long as its cohort is."""
    return found.author_id == call.caller.telegram_id and call.caller.may_see(found.cohort_id)


async def opened(tx: Tx, call: Call, broadcast_id: int, *, state: str = "draft") -> Draft | u.Refused:
    """The draft with everybody in its cohort."""
    found = await broadcasts.get(tx, broadcast_id)
    cohort = found and await cohorts.get(tx, found.cohort_id)
    if found is None or cohort is None or not call.caller.may_see(cohort.id):
        return u.Refused(u.Refusal.GONE)
    if state == "draft" and not _is_hers(found, call):
        return u.Refused(u.Refusal.GONE)
    if found.state != state:
        return u.Refused(u.Refusal.SENT_ALREADY)
    return Draft(found, cohort, await audiences.readers(tx, cohort.id, call.now.date()))


async def preview(tx: Tx, call: Call, office: Office, broadcast_id: int, *, fresh: bool = False) -> u.Outcome:
    """What would go out, to how many, and when."""
    found = await opened(tx, call, broadcast_id)
    if isinstance(found, u.Refused):
        return found
    return shown(found, call.now, office, fresh=fresh)


def shown(found: Draft, now: datetime, office: Office, *, fresh: bool = False) -> u.Preview | u.Refused:
    """The preview; a refusal where nobody would get it."""
    chosen, settings = found.chosen, office.settings
    leaves_at = now + timedelta(seconds=settings.undo_seconds)
    reach = reach_of(chosen, found.broadcast.hour, leaves_at)
    if reach is None:
        return u.Refused(u.Refusal.NOBODY, found.broadcast.id if len(chosen) < len(found.readers) else None)
    return u.Preview(
        found.broadcast,
        found.cohort,
        reach,
        named_marks(Audience.from_json(found.broadcast.audience), found.readers),
        eta(reach.receivers, settings.send_rate),
        leaves_at - now,
        needs_second=reach.receivers > settings.approval_above,
        fresh=fresh,
    )


async def send(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """Confirmed, once: it leaves, or a second coordinator is asked."""
    found = await opened(tx, call, call.pressed.broadcast)
    if found == u.Refused(u.Refusal.SENT_ALREADY):  # a second tap sees how far the first has come
        return await report(tx, call.pressed.broadcast, call)
    if isinstance(found, u.Refused):
        return found
    seen = shown(found, call.now, office)
    if isinstance(seen, u.Refused):
        return seen
    if seen.needs_second:
        return await _ask_another(tx, call, found, seen.reach.receivers)
    return await let_go(tx, call, found, office)


async def let_go(tx: Tx, call: Call, found: Draft, office: Office, **decided: int) -> u.Outcome:
    """One delivery a receiver, outside their quiet hours, none before it can no longer be undone."""
    sent, reached = found.broadcast, found.reached
    leaves_at = call.now + timedelta(seconds=office.settings.undo_seconds)
    also = {"confirmed_at": call.now, "leaves_at": leaves_at, **decided}
    if not await broadcasts.move(tx, sent.id, state="confirmed", after=sent.state, **also):
        return u.Refused(u.Refusal.SENT_ALREADY)
    if sent.author_id == call.caller.telegram_id and call.tapped is not None:
        await broadcasts.show_in(tx, sent.id, call.tapped)
    due = dues(reached, sent.hour, leaves_at)
    rows = [(broadcast_key(sent.id, who), who, at) for who, at in due.items()]
    await deliveries.add_many(tx, DeliveryKind.BROADCAST, rows, {"broadcast": sent.id}, broadcast_id=sent.id)
    about = {"broadcast": sent.id, "receivers": len(rows)}
    who = call.caller.telegram_id
    await audit.note(tx, "broadcast.sent", actor_id=who, now=call.now, cohort_id=sent.cohort_id, **about)
    return await report(tx, sent.id, call)


async def _ask_another(tx: Tx, call: Call, found: Draft, receivers: int) -> u.Outcome:
    me, sent = call.caller.telegram_id, found.broadcast
    others = [each for each in await colleagues.in_charge(tx, sent.cohort_id) if each != me]
    if not others:
        return u.Refused(u.Refusal.NO_SECOND, sent.id)
    if not await broadcasts.move(tx, sent.id, state="asked", message_id=call.tapped):
        return u.Refused(u.Refusal.SENT_ALREADY)
    for each in others:
        key = notice_key("approval", sent.id, each)
        meaning = {"what": "approval", "broadcast": sent.id, "receivers": receivers}
        await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=each)
    return u.Asked(sent, found.cohort, receivers)


async def drop(tx: Tx, call: Call) -> bool:
    """Thrown away; False when it went out before."""
    found = await broadcasts.get(tx, call.pressed.broadcast)
    return found is not None and _is_hers(found, call) and await broadcasts.move(tx, found.id, state="cancelled")


async def report(tx: Tx, broadcast_id: int, call: Call) -> u.Outcome:
    """How far it has come."""
    found = await broadcasts.get(tx, broadcast_id)
    cohort = found and await cohorts.get(tx, found.cohort_id)
    if found is None or cohort is None or not call.caller.may_see(cohort.id):
        return u.Refused(u.Refusal.GONE)
    if found.state == "draft":
        return u.Refused(u.Refusal.GONE)
    return await so_far(tx, found, cohort, call.now)


async def so_far(tx: Tx, found: Broadcast, cohort: Cohort, now: datetime) -> u.Report:
    """What became of it by now."""
    can_undo = found.state == "confirmed" and found.leaves_at is not None and now < found.leaves_at
    return u.Report(found, cohort, await broadcasts.reasons(tx, found.id), can_undo)


async def finished(tx: Tx) -> list[Broadcast]:
    """Confirmed broadcasts of which nothing waits any more."""
    under_way = await broadcasts.under_way(tx)
    return [each for each in under_way if not _waiting(await deliveries.counts(tx, each.id))]


def _waiting(counts: dict[str, int]) -> int:
    return sum(counts.get(state, 0) for state in deliveries.OPEN)


async def finish(tx: Tx, now: datetime) -> None:
    """Owe the author a report of every broadcast that has gone out whole."""
    for each in await finished(tx):
        await broadcasts.move(tx, each.id, state="reported", after="confirmed")
        key = notice_key("broadcast", each.id, each.author_id)
        meaning = {"what": "broadcast", "broadcast": each.id}
        to = {"telegram_id": each.author_id}
        await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=now, **to)
