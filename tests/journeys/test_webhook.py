"""The service lives by webhook as it does by polling, and a death between keeping and serving loses nothing."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import Service, running
from storage import inbox
from tests.bot.rim import free_port, until
from tests.support.world import World, a_world

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py

HOOK_SECRET = "hook_SECRET-0123456789abcdefghij"


def by_webhook() -> dict[str, Any]:
    """The settings."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/updates"
    return {"http_port": port, "webhook_url": url, "webhook_secret": SecretStr(HOOK_SECRET)}


async def methods(world: World) -> set[str]:
    return {call["method"] for call in (await world.journal())["calls"]}


async def ready(world: World) -> tuple[int, Any]:
    url = f"http://127.0.0.1:{world.settings.http_port}/readyz"
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.status, await answer.json()


async def test_from_the_invitation_to_the_first_feedback_without_a_poll(tmp_path: Path) -> None:
    async with a_world(tmp_path, **by_webhook()) as world, world.serving():
        asha = await world.enrolled("Asha Rahman", await world.cohort())
        assert await ready(world) == (200, {"ready": True, "troubles": []})
        await world.morning()
        await asha.sees("lesson 1 of ")
        await asha.taps("To the question")
        await asha.taps("B", times=3)
        await asha.sees("How sure are you")
        await asha.taps("Sure")
        await asha.sees("Source")
        assert "getUpdates" not in await methods(world)
        assert all(tap["answered"] for tap in (await world.journal())["taps"])


async def test_what_was_kept_before_a_death_is_served_after_it(tmp_path: Path) -> None:
    async with a_world(tmp_path, **by_webhook()) as world:
        async with world.serving():
            asha = await world.enrolled("Asha Rahman", await world.cohort())
            await world.morning()
            await asha.taps("To the question")
        question = await asha.last()
        async with running(world.settings) as service:
            await _online(service)
            await _dies("workers")
            target = {"message_id": question.message_id, "data": question.data[question.labels.index("B")]}
            await world.post(f"/sandbox/people/{asha.id}/taps", **target)

            async def kept() -> bool:
                return await service.store.read(inbox.undone) == 1

            await until(kept)
            assert (await asha.last()).labels == ("A", "B", "C"), "nobody has served the tap"
        assert (await world.get("/sandbox/pending"))["updates"] == 0, "Telegram will not send it again"
        async with world.serving():
            await asha.sees("How sure are you")
        assert all(tap["answered"] for tap in (await world.journal())["taps"])


async def test_what_was_tapped_while_the_service_was_down_is_delivered_when_it_is_back(tmp_path: Path) -> None:
    async with a_world(tmp_path, **by_webhook()) as world:
        async with world.serving():
            asha = await world.enrolled("Asha Rahman", await world.cohort())
            await world.morning()
        await asha.taps("To the question")
        async with world.serving():
            assert (await asha.last()).labels == ("A", "B", "C")


async def test_polling_takes_over_from_the_webhook_and_back(tmp_path: Path) -> None:
    async with a_world(tmp_path, **by_webhook()) as world:
        delivered, polled = world.settings, world.settings.model_copy(update={"webhook_url": None, "http_port": 0})
        asha = await world.phone("Asha Rahman")
        for settings in (delivered, polled, delivered):
            world.settings = settings
            before = len(await asha.bubbles())
            await asha.types("/start")  # while the service is down
            async with world.serving():
                assert len(await asha.bubbles()) == before + 1
                await asha.types("/start")
                assert len(await asha.bubbles()) == before + 2


async def _online(service: Service) -> None:
    async def online() -> bool:
        return service.health.unready() == []

    await until(online)


async def _dies(name: str) -> None:
    """One part of the service ends as by a kill; what it had in hand is left where it was."""
    (task,) = [task for task in asyncio.all_tasks() if task.get_name() == name]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
