"""What both sides remember after a run: our tables, the phones and the sandbox's journal."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from bot import callbacks as b
from bot.callbacks import pack
from scheduler.delivery import DeliveryKind
from storage.schema import asking, attempt, broadcast, delivery, delivery_due, delivery_lease, due, inbox, ladder
from storage.store import Store, Tx
from storage.unknowns import IN_DOUBT
from tests.crash.fuse import Begun
from tests.crash.placing import COORDINATOR, WORDS
from tests.crash.script import Phones


class Row(NamedTuple):
    """A row of `delivery`."""

    id: int
    key: str
    kind: str
    state: str
    learner_id: int | None
    telegram_id: int | None
    enrolment_id: int | None
    meaning: dict[str, Any]
    due_at: datetime


class Death(NamedTuple):
    """Keys that were `sending` on the disk when a life ended, and what it had begun to send."""

    sending: frozenset[str]
    begun: tuple[Begun, ...]


@dataclass
class Evidence:
    """All of it; `now` is when it was gathered."""

    phones: Phones
    deaths: list[Death] = field(default_factory=list)
    half_done: list[str] = field(default_factory=list)  # steps after which a question was still only planned
    now: datetime | None = None
    inbox: dict[int, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    waiting: set[int] = field(default_factory=set)  # deliveries in `delivery_due`
    doubted: set[int] = field(default_factory=set)  # deliveries that /lost shows
    looks: list[datetime] = field(default_factory=list)
    answers: dict[int, Any] = field(default_factory=dict)
    askings: dict[int, Any] = field(default_factory=dict)
    rungs: dict[tuple[int, str], int] = field(default_factory=dict)
    broadcasts: dict[int, str] = field(default_factory=dict)
    arrived: list[Begun] = field(default_factory=list)  # messages that stand on the phones, as they came
    refused: list[str] = field(default_factory=list)
    unanswered: set[str] = field(default_factory=set)  # taps

    def named(self) -> frozenset[str]:
        """Keys of the deliveries; of a reply with the act's name in place of the update's number."""
        names = {done.update_id: name for name, done in self.phones.done.items()}
        return frozenset(_named(row, names) for row in self.rows)

    def is_of(self, row: Row, sent: Begun) -> bool:
        """Whether a message is this row's."""
        return sent.chat == self.receiver(row) and self._sign(row, sent)

    def receiver(self, row: Row) -> int:
        """Telegram's number."""
        if row.kind == DeliveryKind.REPLY:
            n = int(row.key.split(":")[1])
            name = next((name for name, done in self.phones.done.items() if done.update_id == n), "")
            return self.phones.receiver(name)
        learners = {learner: who for who, learner in self.phones.placed.learners.items()}
        return learners[row.learner_id] if row.learner_id is not None else COORDINATOR

    def _sign(self, row: Row, sent: Begun) -> bool:
        match row.kind, row.meaning:
            case "lesson", {"asking": n}:
                return pack(b.OpenQuestion(n)) in sent.data
            case "review", {"asking": n}:
                return any(data.startswith(pack(b.Choose(n, ""))) for data in sent.data)
            case "reminder", {"asking": n}:
                return pack(b.ReadLesson(n)) in sent.data
            case "broadcast", _:
                return WORDS in sent.text
            case "notice", {"what": what}:
                return ("Your message to" in sent.text) == (what == "broadcast") and WORDS not in sent.text
        return self._of_reply(row, sent)

    def _of_reply(self, row: Row, sent: Begun) -> bool:
        opened = self.phones.done.get("open")
        if opened is not None and row.key.startswith(f"reply:{opened.update_id}:"):
            start = pack(b.Choose(opened.pressed.asking, ""))
            return any(data.startswith(start) for data in sent.data)
        return row.kind == DeliveryKind.REPLY and "/privacy" in sent.text


def _named(row: Row, names: dict[int, str]) -> str:
    if row.kind != DeliveryKind.REPLY:
        return row.key
    _, update_id, n = row.key.split(":")
    return f"reply:{names.get(int(update_id), update_id)}:{n}"


async def in_doubt(store: Store, owner: str, begun: list[Begun]) -> Death:
    """Of which sends the life that has just ended had not written down what became of them."""
    held = select(delivery_lease.c.delivery_id).where(delivery_lease.c.owner == owner)
    sending = select(delivery.c.key).where(delivery.c.state == "sending", delivery.c.id.in_(held))
    keys = await store.read(lambda tx: tx.all(sending))
    return Death(frozenset(row.key for row in keys), tuple(begun))


async def half_done(store: Store) -> bool:
    """Whether a question is only planned. At rest each of this morning is out, and counts as put."""
    planned = select(asking.c.id).where(asking.c.state == "planned")
    return await store.read(lambda tx: tx.first(planned)) is not None


async def gather(store: Store, evidence: Evidence, now: datetime) -> None:
    """Look everything up."""
    evidence.now = now
    await store.read(lambda tx: _tables(tx, evidence))
    world = evidence.phones.world
    for call in world.journal.calls:
        if call.method == "sendMessage" and call.status == 200:
            evidence.arrived.append(_message(call.params))
        elif 400 <= call.status < 500 and call.status != 429 and not _done_before(call.description or ""):
            evidence.refused.append(f"{call.method}: {call.description}")
    evidence.unanswered = {n for n, tap in world.taps.items() if tap.answered_after_ms is None}


async def _tables(tx: Tx, evidence: Evidence) -> None:
    evidence.inbox = {r.update_id: r.state for r in await tx.all(select(inbox.c.update_id, inbox.c.state))}
    evidence.rows = [Row(*r) for r in await tx.all(select(*[delivery.c[name] for name in Row._fields]))]
    evidence.waiting = {r.delivery_id for r in await tx.all(select(delivery_due.c.delivery_id))}
    evidence.doubted = {r.id for r in await tx.all(select(delivery.c.id).where(IN_DOUBT))}
    evidence.looks = [r.at for r in await tx.all(select(due.c.at))]
    evidence.answers = {r.asking_id: r for r in await tx.all(select(attempt))}
    evidence.askings = {r.id: r for r in await tx.all(select(asking))}
    for r in await tx.all(select(ladder)):
        evidence.rungs[r.enrolment_id, r.lesson_id] = r.right_in_a_row
    evidence.broadcasts = {r.id: r.state for r in await tx.all(select(broadcast.c.id, broadcast.c.state))}


def _done_before(refusal: str) -> bool:
    """Edits and answers to taps are repeated when nobody knows of them; Telegram says that it has them already."""
    return "not modified" in refusal or "query is too old" in refusal


def _message(params: dict[str, Any]) -> Begun:
    markup = params.get("reply_markup") or {}
    markup = json.loads(markup) if isinstance(markup, str) else markup
    rows = markup.get("inline_keyboard", [])
    return Begun(int(params["chat_id"]), params["text"], tuple(b_.get("callback_data", "") for r in rows for b_ in r))
