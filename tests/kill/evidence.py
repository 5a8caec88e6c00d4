"""What both sides remember after the last life: our tables, the phones and the sandbox's journal."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import aiohttp
from sqlalchemy import select

from storage.schema import asking, attempt, delivery, inbox, ladder
from storage.store import Store, Tx
from tests.kill.placing import Placed
from tests.kill.script import Act
from tests.support.processes import Remote

TOO_OLD = "query is too old"


class Done(NamedTuple):
    """An act as the sandbox took it: `who` by place for learners; `query` is the tap's id."""

    update_id: int
    telegram_id: int
    who: int
    act: Act
    query: str | None


class Row(NamedTuple):
    """A row of `delivery`."""

    key: str
    kind: str
    state: str
    tries: int
    message_id: int | None
    learner_id: int | None
    telegram_id: int | None
    enrolment_id: int | None
    meaning: dict[str, Any]
    due_at: datetime


class Answer(NamedTuple):
    """A row of `attempt`."""

    choice_id: str
    correct: int
    sure: int | None
    update_id: int | None
    sure_update_id: int | None


class Bubble(NamedTuple):
    """A message of the bot on a phone, and the data of its buttons."""

    message_id: int
    text: str
    data: tuple[str, ...]


@dataclass
class Evidence:
    """All of it. `rungs`: rights in a row by (enrolment, lesson); `now`: people's time when it was gathered."""

    placed: Placed
    done: list[Done]
    now: datetime
    inbox: dict[int, str] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)
    askings: dict[int, str] = field(default_factory=dict)
    rungs: dict[tuple[int, str], int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    phones: dict[int, list[Bubble]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)  # taps
    too_old: set[str] = field(default_factory=set)  # taps that were answered after their life
    refused: list[str] = field(default_factory=list)  # calls that were our own mistake


async def gather(
    store: Store, remote: Remote, session: aiohttp.ClientSession, placed: Placed, done: list[Done]
) -> Evidence:
    """Look everything up."""
    async with session.get(f"{remote.address}/sandbox/clock") as answer:
        now = datetime.fromisoformat((await answer.json())["now"])
    evidence = Evidence(placed, done, now)
    await store.read(lambda tx: _tables(tx, evidence))
    for who in {each.telegram_id for each in done} | set(placed.learners.values()):
        async with session.get(f"{remote.address}/sandbox/people/{who}/chat") as answer:
            evidence.phones[who] = [_bubble(m) for m in (await answer.json())["messages"] if m["from"] == "bot"]
    async with session.get(f"{remote.address}/sandbox/journal?calls=0") as answer:
        _journal(evidence, json.loads(await answer.text()))
    return evidence


async def _tables(tx: Tx, evidence: Evidence) -> None:
    evidence.inbox = {r.update_id: r.state for r in await tx.all(select(inbox.c.update_id, inbox.c.state))}
    told = await tx.all(select(attempt.c.asking_id, *[attempt.c[name] for name in Answer._fields]))
    evidence.answers = {r[0]: Answer(*r[1:]) for r in told}
    evidence.askings = {r.id: r.state for r in await tx.all(select(asking.c.id, asking.c.state))}
    for r in await tx.all(select(ladder.c.enrolment_id, ladder.c.lesson_id, ladder.c.right_in_a_row)):
        evidence.rungs[r.enrolment_id, r.lesson_id] = r.right_in_a_row
    evidence.rows = [Row(*r) for r in await tx.all(select(*[delivery.c[name] for name in Row._fields]))]


def _bubble(message: dict[str, Any]) -> Bubble:
    data = tuple(button.get("data") or "" for row in message["keyboard"] or [] for button in row)
    return Bubble(message["message_id"], message["text"], data)


def _journal(evidence: Evidence, journal: dict[str, Any]) -> None:
    evidence.unanswered = {tap["callback_query_id"] for tap in journal["taps"] if not tap["answered"]}
    for call in journal["refusals"]:
        if TOO_OLD in (call["description"] or ""):
            evidence.too_old.add(str(call["params"].get("callback_query_id")))
        else:
            evidence.refused.append(f"{call['method']}: {call['description']}")
