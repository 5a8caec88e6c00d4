"""Restarts in the middle of everything lose nothing and double nothing."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import running
from lessons.enrolment import CohortId
from scheduler.delivery import DeliveryKind
from storage import broadcasts, cohorts, deliveries, people
from storage.engine import url_of
from storage.schema import attempt, delivery, delivery_lease
from storage.store import Store, Tx
from tests.support.world import COORDINATOR, Phone, World, a_world

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py


async def test_what_was_tapped_while_the_service_was_down_is_answered_when_it_is_back(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            asha = await world.enrolled("Asha Rahman", await world.cohort())
            await world.morning()
        await asha.taps("To the question")
        async with world.serving():
            question = await asha.last()
            assert question.labels == ("A", "B", "C")
        await asha.taps("B")
        async with world.serving():
            await asha.sees("How sure are you")
            await asha.taps("Sure")
            await asha.sees("Source")


async def test_a_lesson_due_during_an_outage_comes_once(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            asha = await world.enrolled("Asha Rahman", await world.cohort())
        await world.post("/sandbox/clock", jump_to="2026-11-22T09:00:00+00:00")  # 12:00 in Riyadh
        async with world.serving():
            await asha.sees("lesson 1 of ")
        async with world.serving():
            await asha.sees("lesson 1 of ")
        assert sum("lesson 1 of " in b.text for b in await asha.bubbles()) == 1


async def test_a_lesson_missed_by_a_whole_day_waits_for_the_next_window(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            asha = await world.enrolled("Asha Rahman", await world.cohort())
        await world.post("/sandbox/clock", jump_to="2026-11-23T00:00:00+00:00")  # 03:00 in Riyadh
        async with world.serving():
            before = len(await asha.bubbles())
            await world.morning()
            assert len(await asha.bubbles()) == before + 2, "the lesson, and the baseline above it"
            await asha.sees("lesson 1 of ")


async def test_a_service_cut_off_at_any_moment_of_a_tap_answers_it_once(tmp_path: Path) -> None:
    """Cancelled, as by a kill, at growing delays after the tap: always one attempt and one feedback."""
    async with a_world(tmp_path) as world:
        async with world.serving():
            asha = await world.enrolled("Asha Rahman", await world.cohort())
            await world.morning()
            await asha.taps("To the question")
        question = await asha.last()
        for n in range(12):
            await _tap_without_waiting(asha, "A" if n % 2 else "B", question.message_id)
            await _serve_for(world, seconds=0.004 * n)
        async with world.serving() as service:
            rows = await service.store.read(_attempts)
            assert len(rows) == 1
            await asha.sees("How sure are you")
        taps = (await world.journal())["taps"]
        assert all(tap["answered"] for tap in taps[-12:])


async def _tap_without_waiting(phone: Phone, label: str, message_id: int) -> None:
    shown = next(b for b in await phone.bubbles() if b.message_id == message_id)
    data = shown.data[shown.labels.index(label)] if label in shown.labels else "a:1:none"
    await phone.world.post(f"/sandbox/people/{phone.id}/taps", message_id=message_id, data=data, forged=True)


async def _serve_for(world: World, *, seconds: float) -> None:
    async with running(world.settings):
        await asyncio.sleep(0.05 + seconds)
        for task in asyncio.all_tasks():
            if task.get_name() in ("receiving", "workers", "gate"):
                task.cancel()


async def _attempts(tx: Tx) -> Sequence[object]:
    return await tx.all(select(attempt))


async def test_a_broadcast_stopped_half_way_goes_on_at_once_and_reaches_everybody_once(tmp_path: Path) -> None:
    """SIGTERM waits for the calls under way and for no more; what had not left is given back."""
    many = 40
    async with a_world(tmp_path, send_rate=10) as world:
        async with world.serving() as service:
            code = await world.cohort()
            asha = await world.enrolled("Asha Rahman", code)
            cohort_id = (await service.store.read(cohorts.every))[0].id
            phones = [await world.phone(f"Official {n}", 5000 + n) for n in range(many)]
            for phone in phones:
                await world.post(f"/sandbox/people/{phone.id}/says", text="/help")
            await world.settled()
            before = [len(await phone.bubbles()) for phone in phones]
            await service.store.change(lambda tx: _owe_broadcast(tx, cohort_id, [phone.id for phone in phones]))
            service.heartbeat.nudge("drain")
            async with asyncio.timeout(20):
                while len(await phones[2].bubbles()) == before[2]:
                    await asyncio.sleep(0.02)
            began = time.monotonic()
        stopped_in = time.monotonic() - began
        async with await Store.open(url_of(None, tmp_path)) as store:
            states = {row.state for row in await store.read(lambda tx: tx.all(select(delivery.c.state)))}
            held = await store.read(lambda tx: tx.all(select(delivery_lease)))
        assert not held
        assert "sending" not in states
        assert "pending" in states
        async with world.serving():
            pass
        assert [len(await phone.bubbles()) for phone in phones] == [n + 1 for n in before]
        assert asha
    assert stopped_in < 5


async def _owe_broadcast(tx: Tx, cohort_id: CohortId, chats: list[int]) -> None:
    now = datetime(2026, 11, 21, 16, tzinfo=UTC)
    number = await broadcasts.draft(tx, author_id=COORDINATOR, cohort_id=cohort_id, words="To all missions", now=now)
    await broadcasts.move(tx, number, state="confirmed", confirmed_at=now, leaves_at=now)
    rows = []
    for chat in chats:
        who = await people.welcome(tx, telegram_id=chat, name="A", language="en", consent="1", now=now)
        rows.append((f"broadcast:{number}:{who}", who, now))
    await deliveries.add_many(tx, DeliveryKind.BROADCAST, rows, {"broadcast": number}, broadcast_id=number)
