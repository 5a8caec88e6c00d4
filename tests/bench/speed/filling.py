"""Stores as the cases need them: people in a course with an open question, a broadcast owed, rows that wait.

Person n (from 1) has the Telegram id FIRST_CHAT + n and the asking n.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bot.callbacks import Choose, pack
from lessons import catalogue
from lessons.course import Question
from lessons.enrolment import CohortId, LearnerId
from scheduler.delivery import DeliveryKind, broadcast_key, lane_of
from storage import broadcasts, deliveries
from storage.engine import url_of
from storage.store import Store, Tx
from tests.bench import enrolled
from tests.bench.enrolled import NOW

FIRST_CHAT = 100_000
FIRST_MESSAGE = 5_000_000
WORDS = (
    "The seminar on wage protection moves to Thursday, 10:00, in the small hall. Please bring the case file that you "
    "worked on in week three, and one question that your mission could not answer. Whoever is abroad joins by video; "
    "the address comes on Wednesday evening."
)


def _question() -> Question:
    return catalogue.built_in().lessons[1].questions[0]


_NO_BASELINE = (  # else the first tap of each would bring the offer of one
    "INSERT INTO measure(enrolment_id, kind, form, state, sent_on, done_at) "
    "SELECT id, 'baseline', 1, 'declined', first_on, joined_at FROM enrolment"
)


async def people(folder: Path, many: int, *, now: datetime = NOW) -> None:
    """So many people of the built-in course, each with the second lesson's question open; only where none are yet."""
    if folder.exists():
        return
    first, second = catalogue.built_in().lessons[:2]
    asked = _question()
    choices = [[choice.id, choice.text, choice.because] for choice in asked.choices]
    words = json.dumps({"stem": asked.stem, "key": asked.key, "choices": choices})
    folder.mkdir(parents=True)
    put = {"question": asked.id, "version": asked.version, "words": words}
    await enrolled.make(folder, many, lessons=(first.id, second.id), **put, now=now)
    async with await Store.open(url_of(None, folder)) as store:
        await store.change(lambda tx: tx.run(text(_NO_BASELINE)))


def taps(first: int, many: int) -> list[tuple[int, int, str]]:
    """People from `first` on choose the right answer."""
    key = _question().key
    each = range(first, first + many)
    return [(FIRST_CHAT + n, FIRST_MESSAGE + n, pack(Choose(asking=n, choice=key))) for n in each]


async def owe_broadcast(store: Store, first: int, many: int, now: datetime = NOW) -> None:
    """A confirmed broadcast to the people from `first` on, due now: what the coordinator's last tap writes."""

    async def owe(tx: Tx) -> None:
        number = await broadcasts.draft(tx, author_id=1, cohort_id=CohortId(1), words=WORDS, now=now)
        await broadcasts.move(tx, number, state="confirmed", confirmed_at=now, leaves_at=now)
        rows = [(broadcast_key(number, LearnerId(n)), LearnerId(n), now) for n in range(first, first + many)]
        await deliveries.add_many(tx, DeliveryKind.BROADCAST, rows, {"broadcast": number}, broadcast_id=number)

    await store.change(owe)


_WAITING = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "
    "INSERT INTO delivery(key, kind, lane, telegram_id, meaning, state, due_at) "
    "SELECT :name || i, :kind, :lane, i, '{}', 'pending', :first + i * :step FROM n"
)
_DUE = (
    "INSERT INTO delivery_due(lane, at, delivery_id) SELECT lane, due_at, id FROM delivery "
    "WHERE state = 'pending' AND id NOT IN (SELECT delivery_id FROM delivery_due UNION ALL "
    "SELECT delivery_id FROM delivery_lease)"
)
_MICRO = timedelta(microseconds=1)


async def owe_rows(store: Store, name: str, many: int, *, first: datetime, within: timedelta) -> None:
    """Deliveries to so many people, due one after the other; by SQL alone, so that a million takes seconds."""
    at = (first - datetime.fromtimestamp(0, first.tzinfo)) // _MICRO
    kind = DeliveryKind.BROADCAST
    bound = {"many": many, "name": f"{name}:", "kind": kind.value, "lane": int(lane_of(kind))}
    bound |= {"first": at, "step": within // _MICRO // many}

    async def owe(tx: Tx) -> None:
        await tx.run(text(_WAITING).bindparams(**bound))
        await tx.run(text(_DUE))

    await store.change(owe)
