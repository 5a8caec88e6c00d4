"""The chapters of the walk in which something goes out or comes in: deliveries, broadcasts, dialogues, updates."""

from datetime import time
from typing import Any

from lessons.enrolment import CohortId, EnrolmentId, LearnerId
from scheduler.delivery import DeliveryKind, DeliveryState
from scheduler.pacing import Pace
from storage import (
    audiences,
    broadcasts,
    conversations,
    deliveries,
    dispatch,
    inbox,
    paces,
    people,
    replicas,
    threads,
    unknowns,
)
from tests.storage.arrivals import DAY, HOUR, NOW, TODAY
from tests.storage.tape import Tape


async def deliver(tape: Tape, asha: LearnerId, hers: EnrolmentId) -> None:
    """A delivery of every fate."""
    who: dict[str, Any] = {"learner_id": asha, "enrolment_id": hers}
    for n, kind in enumerate((DeliveryKind.REMINDER, DeliveryKind.LESSON, DeliveryKind.REVIEW)):
        due_at = NOW + n * HOUR
        await tape.change(
            deliveries.add, kind, f"l:{hers}:{n}", meaning={"asking": n, "ক": [1.5]}, due_at=due_at, **who
        )
    held = {"owner": "one", "due_at": NOW, "now": NOW}
    reply = await tape.change(deliveries.add_in_hand, "r:1", telegram_id=102, meaning={"say": "hi"}, **held)
    await tape.change(dispatch.settle, reply, DeliveryState.SENT, now=NOW, owner="one", message_id=12)
    await tape.change(dispatch.claim, people_now=NOW - HOUR, now=NOW, owner="one", limit=9)
    await tape.change(dispatch.claim, people_now=NOW + HOUR, now=NOW, owner="one", limit=1)
    first, *_ = await tape.change(dispatch.claim, people_now=NOW + HOUR, now=NOW, owner="one", limit=9)
    for owner in ("two", "one"):
        await tape.change(dispatch.sending, [first.id], owner=owner, now=NOW)
    for owner in ("two", "one"):
        await tape.change(
            dispatch.settle, first.id, DeliveryState.PENDING, now=NOW, owner=owner, retry_at=NOW + HOUR, reason="429"
        )
    await tape.change(dispatch.claim, people_now=NOW + HOUR, now=NOW, owner="one", limit=9)
    await tape.change(dispatch.claim, people_now=NOW + HOUR, now=NOW + HOUR, owner="two", limit=9)
    await tape.read(dispatch.lapsed, NOW + 2 * HOUR, me="three")
    await tape.read(dispatch.lapsed, NOW, me="two")
    await tape.read(deliveries.next_due)
    await tape.read(deliveries.busy, NOW + 9 * HOUR)
    await tape.read(deliveries.leaving, hers)
    await tape.change(deliveries.wait_no_more, [first.id])
    for ids in ([], [first.id]):
        await tape.change(deliveries.put_back, ids, retry_at=NOW + HOUR)
    await tape.read(deliveries.count_of, hers, "l:")
    await tape.read(deliveries.count_of, hers, "l_")
    await tape.change(deliveries.cancel, hers, now=NOW)
    await tape.read(deliveries.next_due)
    for pending in ([], [first.id]):
        await tape.change(deliveries.stop, pending, now=NOW, reason="forgotten")


async def doubt(tape: Tape, asha: LearnerId, hers: EnrolmentId) -> None:
    """Four deliveries of which nobody knows: one sent again, one left, one proved by a tap, one nobody looks at."""
    who: dict[str, Any] = {"learner_id": asha, "enrolment_id": hers}
    for n in range(4):
        await tape.change(deliveries.add, DeliveryKind.LESSON, f"d:{n}", meaning={"asking": n}, due_at=NOW, **who)
    for row in await tape.change(dispatch.claim, people_now=NOW, now=NOW, owner="one", limit=9):
        await tape.change(dispatch.settle, row.id, DeliveryState.UNKNOWN, now=NOW, owner="one")
    await tape.read(unknowns.count)
    again, left, *_ = await tape.read(unknowns.in_doubt)
    for kind in (DeliveryKind.LESSON, DeliveryKind.NOTICE):
        await tape.read(unknowns.in_doubt, kind, seen_at=NOW)
    for _ in range(2):
        await tape.change(unknowns.send_again, again, due_at=NOW + HOUR)
        await tape.change(unknowns.leave, left)
    for key in (again.key, left.key, "d:9"):
        await tape.read(unknowns.waits, key)
    for asking in (1, 9):
        about = {"asking": asking}
        await tape.change(unknowns.arrived, asha, [DeliveryKind.LESSON], about, message_id=50 + asking, now=NOW)


async def keep_pace(tape: Tape) -> None:
    """The budget before the first message and after some."""
    for stands in (Pace(NOW, NOW, NOW, 25.0), Pace(NOW, NOW + HOUR, NOW, 12.5, TODAY, 7)):
        await tape.change(paces.standing, NOW)
        await tape.change(paces.keep, stands)
    await tape.change(paces.standing, NOW)


async def owe_twice(tape: Tape, asha: LearnerId) -> None:
    """Keys that stand already: last, for PostgreSQL spends an id on each."""
    rows = [("b:1:1", asha, NOW), ("b:1:2", asha, NOW), ("b:1:1", asha, NOW)]
    await tape.change(deliveries.add_many, DeliveryKind.BROADCAST, rows, {"broadcast": 1})
    await tape.change(deliveries.add_many, DeliveryKind.BROADCAST, [], {})
    await tape.change(deliveries.add, DeliveryKind.NOTICE, "b:1:1", meaning={}, due_at=NOW)


async def broadcast(tape: Tape, cohort_id: CohortId, asha: LearnerId) -> None:
    made = [
        await tape.change(broadcasts.draft, author_id=9001, cohort_id=cohort_id, words=words, now=NOW)
        for words in ("Eid Mubarak 🌙", "2nd")
    ]
    await tape.change(broadcasts.change, made[0], cohort_id=CohortId(cohort_id + 1), hour=time(9))
    rows = [(f"broadcast:{made[0]}:{n}", asha, NOW) for n in range(3)]
    await tape.change(deliveries.add_many, DeliveryKind.BROADCAST, rows, {"broadcast": 1}, broadcast_id=made[0])
    await tape.read(people.addresses, [asha, LearnerId(4_000)])
    await tape.read(people.by_ids, [LearnerId(4_000), asha], now=NOW)
    await tape.change(dispatch.claim, people_now=NOW, now=NOW, owner="two", limit=2)
    for _ in range(2):
        await tape.change(dispatch.give_back, owner="two")
    taken = await tape.change(dispatch.claim, people_now=NOW, now=NOW, owner="one", limit=3)
    messages = [(row.id, 70 + n) for n, row in enumerate(taken)]
    for owner in ("two", "one"):
        await tape.change(dispatch.sent, messages, owner=owner, now=NOW)
    await tape.change(dispatch.forget_words, [messages[0][0]])
    await tape.read(deliveries.counts, made[0])
    await tape.change(broadcasts.move, made[0], state="confirmed", confirmed_at=NOW, leaves_at=NOW)
    await tape.change(broadcasts.move, made[0], state="confirmed", confirmed_at=NOW, leaves_at=NOW)
    await tape.change(broadcasts.change, made[0], cohort_id=cohort_id)
    await tape.change(broadcasts.move, made[1], state="cancelled")
    for each in (*made, 4_000):
        await tape.read(broadcasts.get, each)
    await tape.read(broadcasts.under_way)
    await _hold(tape, made[0], asha)
    await _write_back(tape, made[0], cohort_id, asha)
    await tape.change(conversations.put, 102, "name", {"so": "far"}, now=NOW)
    await tape.change(conversations.put, 102, "place", {"name": "Babu আলী"}, now=NOW + HOUR)
    await tape.change(conversations.put, 103, "name", {}, now=NOW - 9 * DAY)
    await tape.change(conversations.tidy, now=NOW)
    for number in (102, 103):
        await tape.read(conversations.get, number)
        await tape.change(conversations.end, number)
    await tape.change(conversations.put, 102, "place", {}, now=NOW)


async def _hold(tape: Tape, number: int, asha: LearnerId) -> None:
    """A broadcast that rests, goes on and is stopped; who answers it."""
    rows = [(f"broadcast:{number}:{n}", asha, NOW + DAY) for n in range(7, 9)]
    await tape.change(deliveries.add_many, DeliveryKind.BROADCAST, rows, {"broadcast": number}, broadcast_id=number)
    await tape.change(broadcasts.stop, number, reason=broadcasts.HELD, now=NOW)
    held = await tape.read(broadcasts.held, number)
    await tape.change(broadcasts.go_on, {row: due_at + HOUR for row, _, due_at in held})
    await tape.change(broadcasts.go_on, {})
    await tape.read(broadcasts.reasons, number)
    await tape.change(broadcasts.stop, number, reason="stopped", now=NOW)
    await tape.change(broadcasts.show_in, number, 88)
    await tape.read(broadcasts.recent, asha)
    for message in (70, 7_000):
        await tape.read(broadcasts.arrived_as, [f"broadcast:{number}:{n}" for n in range(3)], message)


async def _write_back(tape: Tape, number: int, cohort_id: CohortId, asha: LearnerId) -> None:
    """A thread from its first word to the last."""
    await tape.read(audiences.readers, cohort_id, TODAY)
    for _ in range(2):
        thread = await tape.change(threads.about, asha, cohort_id, number, now=NOW)
    hers = await tape.change(threads.say, thread, "আমি 🙂", author_id=None, now=NOW)
    for state in ("waiting", "waiting"):
        await tape.change(threads.move, thread, state=state, now=NOW)
    for cohorts in (None, [cohort_id], []):
        await tape.read(threads.waiting, cohorts)
    await tape.change(threads.say, thread, "Good", author_id=9001, now=NOW + HOUR)
    for line in (hers, 4_000):
        await tape.read(threads.line, line)
    for which in (thread, 4_000):
        await tape.read(threads.get, which)
        await tape.read(threads.lines, which)
    await tape.change(threads.move, thread, state="closed", now=NOW - 91 * DAY)
    await tape.change(threads.tidy, now=NOW)
    await tape.read(threads.lines, thread)
    await tape.change(threads.forget, asha)


async def receive(tape: Tape) -> None:
    updates = [
        (n, who, {"update_id": n, "text": "হ্যাঁ"}) for n, who in ((5, 102), (3, None), (4, 102), (9, None), (8, 7))
    ]
    await tape.change(inbox.keep, updates, now=NOW)
    await tape.change(inbox.keep, [*updates, (10, 7, {})], now=NOW + HOUR)
    await tape.change(inbox.keep, [], now=NOW)
    for busy in ((), (102,), (None,), (102, 7, None)):
        await tape.read(inbox.next_of_each, busy=busy, limit=9)
    await tape.read(inbox.next_of_each, busy=(), limit=2)
    await _share(tape)
    await tape.change(inbox.applied, 4, owed={"text": "done"})
    for update_id in (4, 5, 77):
        await tape.read(inbox.state_of, update_id)
    await tape.change(inbox.done, 4, now=NOW - 8 * DAY)
    await tape.change(inbox.done, 3, now=NOW, of_stranger=True)
    await tape.change(inbox.done, 9, now=NOW - 31 * DAY)
    for _ in range(inbox.POISONED_AFTER):
        await tape.change(inbox.stumbled, 8, now=NOW)
    await tape.read(inbox.undone)
    await tape.read(inbox.oldest)
    await tape.change(inbox.tidy, now=NOW)


async def _share(tape: Tape) -> None:
    """Two processes: one lives and has the first of two people, the other is late; then both are gone."""
    await tape.change(replicas.join, "one")
    await tape.change(replicas.renew, "two", lease=-HOUR)
    for n, owner in ((11, "one"), (12, "two"), (13, "one")):
        await tape.change(inbox.keep, [(n, 201 + n % 2, {})], now=NOW, owner=owner)
    for owner in ("one", "two", "three"):
        await tape.read(inbox.next_of_each, busy=(), limit=9, owner=owner)
        for busy in ((), (201, None)):
            await tape.read(inbox.held_up, owner, busy=busy)
    for owner in ("three", "one"):
        await tape.change(inbox.take_over, owner)
    await tape.change(replicas.tidy)
    for owner in ("one", "two"):
        await tape.change(replicas.leave, owner)
    await tape.change(inbox.take_over, "three")
