"""A lesson that cannot be sent does not spin the service: it rests for an hour."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import office
from bot.ledger import FAILED_REST
from bot.outbox import Outbox
from bot.route import Carrier, nothing
from bot.routes import CARRIERS
from bot.sender import Sender
from scheduler.delivery import DeliveryKind
from storage import enrolments
from tests.support.world import World

pytestmark = pytest.mark.slow
SUNDAY_MORNING = datetime(2026, 11, 22, 5, 30, 1, tzinfo=UTC)  # 08:30 in Riyadh


async def unspeakable(*_: object) -> None:
    raise ValueError("no words for this")


async def test_a_lesson_that_cannot_be_rendered_is_looked_at_again_an_hour_later(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    service = world.running
    await service.heartbeat.stop()
    await world.post("/sandbox/clock", jump_to=SUNDAY_MORNING.isoformat())
    async with asyncio.timeout(5):
        while service.clock.people_now() < SUNDAY_MORNING:
            await asyncio.sleep(0.01)
    broken = CARRIERS[DeliveryKind.LESSON]
    carriers = {**CARRIERS, DeliveryKind.LESSON: Carrier(unspeakable, nothing, broken.dropped)}
    sender = Sender(service.application.bot)
    outbox = Outbox(service.store, sender, office(world.settings), service.clock, carriers)
    async with asyncio.timeout(5):
        assert await service.planning.tick() == 1
        assert await outbox.drain() == 2, "the baseline and the lesson: once, and not for ever"
        assert await service.planning.tick() == 0
    look = await service.store.read(enrolments.next_look)
    assert look is not None
    assert abs(look - SUNDAY_MORNING - FAILED_REST) < timedelta(minutes=1)
    assert "before the first lesson" in (await asha.last()).text
