"""/forget: what goes, what stays, and the tombstone by which a restored backup forgets again.

A tombstone is a salted hash of the Telegram id. Salts live in `meta`, separated by spaces: the first one is
used, the others came with restored databases and are only looked up.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, delete, or_, select, union, update

from storage import relinks, roster_drafts, rosters, rows, threads
from storage.deliveries import stop
from storage.schema import (
    conversation,
    delivery,
    due,
    enrolment,
    extension,
    inbox,
    leave,
    meta,
    person,
    posting,
    tombstone,
)
from storage.transaction import Tx

SALT = "tombstone_salt"


async def forget(tx: Tx, telegram_id: int, now: datetime, *, asked_in: int | None = None) -> bool:
    """Erase a person: name, Telegram id, postings, leave, conversation, stored updates, what was still to be sent.

    Attempts stay with a learner row that no name hangs on. `asked_in` is the update that asks for it: later
    open updates of hers are left to be answered as a stranger's; without it they go too. Call this before
    that update is marked, for its own row is emptied and done here, and `Store.scrub` afterwards, so that
    the bytes are gone from the files. False when no learner was known.
    """
    learner_id = await tx.value(select(person.c.learner_id).where(person.c.telegram_id == telegram_id))
    await _empty_inbox(tx, telegram_id, now, asked_in)
    await tx.run(delete(conversation).where(conversation.c.telegram_id == telegram_id))
    hers = delivery.c.telegram_id == telegram_id
    if learner_id is not None:
        hers = or_(hers, delivery.c.learner_id == learner_id)
        await _stop(tx, learner_id, now)
        await roster_drafts.drop_all(tx)
    pending = await tx.all(select(delivery.c.id).where(hers, delivery.c.state == "pending"))
    await stop(tx, [row.id for row in pending], now=now, reason="forgotten")
    # What is in the air just now is settled by its sender; everything else says nothing about her any more.
    await tx.run(update(delivery).where(hers, delivery.c.state != "sending").values(meaning={}))
    await tx.run(update(delivery).where(hers).values(telegram_id=None))
    salt, *_ = await salts(tx)
    grave = {"telegram_hash": hash_of(salt, telegram_id), "forgotten_at": now}
    await rows.put(tx, tombstone, grave, key=("telegram_hash",))
    return learner_id is not None


async def forget_again(tx: Tx, graves: Mapping[str, datetime]) -> int:
    """Erase everybody whose tombstone (hash to instant) stands in `graves`; how many people that were."""
    known = await salts(tx)
    people = 0
    for (telegram_id,) in await tx.all(_everybody()):
        forgotten = [at for salt in known if (at := graves.get(hash_of(salt, telegram_id)))]
        if forgotten:
            await forget(tx, telegram_id, max(forgotten))
            people += 1
    return people


async def salts(tx: Tx) -> list[str]:
    """The salts of this database's tombstones; the first use makes one."""
    made = {"key": SALT, "value": secrets.token_hex(16)}
    await rows.add_unless_there(tx, meta, made)
    return str(await tx.value(select(meta.c.value).where(meta.c.key == SALT))).split()


def hash_of(salt: str, telegram_id: int) -> str:
    """What a tombstone keeps of a Telegram id."""
    return hashlib.sha256(f"{salt}:{telegram_id}".encode()).hexdigest()


async def _empty_inbox(tx: Tx, telegram_id: int, now: datetime, asked_in: int | None) -> None:
    gone = inbox.c.telegram_id == telegram_id
    if asked_in is not None:
        gone &= or_(inbox.c.update_id <= asked_in, inbox.c.state.not_in(("open", "applied")))
    undone = inbox.c.state.in_(("open", "applied"))
    await tx.run(update(inbox).where(gone, undone).values(state="done", done_at=now))
    await tx.run(update(inbox).where(gone).values(telegram_id=None, payload=None, owed=None))


async def _stop(tx: Tx, learner_id: int, now: datetime) -> None:
    hers = enrolment.c.learner_id == learner_id
    await tx.run(delete(due).where(due.c.enrolment_id.in_(select(enrolment.c.id).where(hers))))
    await tx.run(update(enrolment).where(hers).values(look_at=None, refresher_on=None))
    running = enrolment.c.state.in_(("invited", "active", "paused", "ended"))
    await tx.run(update(enrolment).where(hers, running).values(state="withdrawn"))
    await tx.run(delete(posting).where(posting.c.learner_id == learner_id))
    await tx.run(delete(leave).where(leave.c.learner_id == learner_id))
    granted = extension.c.enrolment_id.in_(select(enrolment.c.id).where(hers))
    await tx.run(update(extension).where(granted).values(reason=None))
    await rosters.forget(tx, learner_id, now=now)
    await relinks.forget(tx, learner_id)
    await threads.forget(tx, learner_id)
    await tx.run(delete(person).where(person.c.learner_id == learner_id))


def _everybody() -> Select[tuple[int]]:
    """Every Telegram id that stands anywhere but among the coordinators."""
    columns = (person.c.telegram_id, conversation.c.telegram_id, inbox.c.telegram_id, delivery.c.telegram_id)
    ids = union(*(select(column.label("telegram_id")).where(column.is_not(None)) for column in columns)).subquery()
    return select(ids.c.telegram_id)
