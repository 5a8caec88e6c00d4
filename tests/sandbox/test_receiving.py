"""Updates are given until they are confirmed; two pollers, or a poller and a webhook, do not go together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from tests.sandbox.wire import Wire

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def say(wire: Wire, *texts: str) -> list[int]:
    return [(await wire.act(101, "says", text=text))["update_id"] for text in texts]


async def test_an_update_comes_again_until_a_later_offset_confirms_it(wire: Wire) -> None:
    await wire.asha()
    first, second = await say(wire, "one", "two")
    assert [update["update_id"] for update in await wire.updates()] == [first, second]
    assert [update["update_id"] for update in await wire.updates()] == [first, second]
    assert [update["update_id"] for update in await wire.updates(offset=first + 1)] == [second]
    assert await wire.updates(offset=second + 1) == []
    assert await wire.get("pending") == {"updates": 0}


async def test_the_journal_counts_updates_sent_confirmed_and_pending(wire: Wire) -> None:
    await wire.asha()
    first, _, _ = await say(wire, "one", "two", "three")
    await wire.updates(offset=first + 1)
    journal = await wire.get("journal?calls=0")
    assert journal["updates"] == {"sent": 3, "confirmed": 1, "pending": 2}
    assert "calls" not in journal


async def test_a_negative_offset_gives_the_last_and_forgets_the_rest(wire: Wire) -> None:
    await wire.asha()
    ids = await say(wire, "one", "two", "three")
    assert [update["update_id"] for update in await wire.updates(offset=-1)] == ids[-1:]
    assert [update["update_id"] for update in await wire.updates()] == ids[-1:]


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (100, 100), (1000, 100), (0, 100)])
async def test_at_most_a_hundred_updates_come_at_once(wire: Wire, limit: int, count: int) -> None:
    await wire.asha()
    await say(wire, *(f"text {n}" for n in range(101)))
    assert len(await wire.updates(limit=limit)) == count


async def test_a_long_poll_wakes_when_something_happens(wire: Wire) -> None:
    await wire.asha()
    poll = asyncio.create_task(wire.updates(timeout=30))
    await asyncio.sleep(0.05)
    ids = await say(wire, "hello")
    assert [update["update_id"] for update in await asyncio.wait_for(poll, 1)] == ids


async def test_a_long_poll_ends_empty_after_its_time(wire: Wire) -> None:
    started = asyncio.get_running_loop().time()
    assert await wire.updates(timeout=1) == []
    assert 0.9 < asyncio.get_running_loop().time() - started < 2


async def test_the_older_of_two_pollers_is_told_of_the_conflict(wire: Wire) -> None:
    await wire.asha()
    older = asyncio.create_task(wire.refused("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    younger = asyncio.create_task(wire.updates(timeout=30))
    assert await asyncio.wait_for(older, 1) == (409, CONFLICT)
    await say(wire, "hello")
    assert len(await asyncio.wait_for(younger, 1)) == 1
    assert [call["status"] for call in (await wire.get("journal"))["refusals"]] == [409]


async def test_a_poller_that_died_is_no_refusal(wire: Wire) -> None:
    dead = asyncio.create_task(wire.updates(timeout=30))
    await asyncio.sleep(0.05)
    dead.cancel()
    await asyncio.gather(dead, return_exceptions=True)
    await asyncio.sleep(0.05)
    assert await wire.updates() == []
    await asyncio.sleep(0.05)
    assert (await wire.get("journal"))["refusals"] == []


async def test_allowed_updates_stick_until_they_are_changed(wire: Wire) -> None:
    await wire.asha()
    await wire.updates(allowed_updates=["callback_query"])
    assert await say(wire, "unheard") == [None]
    await wire.updates()
    assert await say(wire, "unheard still") == [None]
    await wire.updates(allowed_updates=[])
    assert [u["message"]["text"] for u in await wire.updates()] == []
    await say(wire, "heard")
    assert [u["message"]["text"] for u in await wire.updates()] == ["heard"]


@asynccontextmanager
async def receiver(answers: list[web.Response]) -> AsyncIterator[tuple[str, list[Any]]]:
    """A bot's own web address; it answers as listed, then 200."""
    got: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        return answers.pop(0) if answers else web.Response()

    application = web.Application()
    application.router.add_post("/hook", take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", got
    finally:
        await runner.cleanup()


async def until(holds: Callable[[], bool], seconds: float = 3) -> None:
    for _ in range(int(seconds * 100)):
        if holds():
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"waited {seconds} s in vain")


async def test_a_webhook_gets_each_update_with_the_secret(wire: Wire) -> None:
    await wire.asha()
    async with receiver([]) as (url, got):
        await say(wire, "before")
        await wire.done("setWebhook", url=url, secret_token="s3cret")
        await say(wire, "after")
        await until(lambda: len(got) == 2)
        assert [(secret, update["message"]["text"]) for secret, update in got] == [
            ("s3cret", "before"),
            ("s3cret", "after"),
        ]
        await asyncio.sleep(0.02)
        assert await wire.get("pending") == {"updates": 0}


async def test_polling_beside_a_webhook_is_a_conflict(wire: Wire) -> None:
    await wire.done("setWebhook", url="http://127.0.0.1:1/hook")
    assert await wire.refused("getUpdates") == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    await wire.done("deleteWebhook")
    assert await wire.updates() == []


async def test_a_webhook_that_fails_is_tried_again_and_keeps_the_order(wire: Wire) -> None:
    await wire.asha()
    async with receiver([web.Response(status=500)]) as (url, got):
        await wire.done("setWebhook", url=url)
        await say(wire, "one", "two")
        await until(lambda: len(got) == 1)
        await asyncio.sleep(0.05)
        info = await wire.done("getWebhookInfo")
        assert info["pending_update_count"] == 2
        assert "500" in info["last_error_message"]
        await until(lambda: len(got) == 3)
        assert [update["message"]["text"] for _, update in got] == ["one", "one", "two"]


async def test_one_persons_failing_update_does_not_hold_up_another_person(wire: Wire) -> None:
    await wire.asha()
    await wire.babu()
    async with receiver([web.Response(status=500)]) as (url, got):
        await wire.done("setWebhook", url=url)
        await say(wire, "from Asha")
        await until(lambda: len(got) == 1)
        await wire.act(102, "says", text="from Babu")
        await until(lambda: len(got) == 2, 0.5)
        assert got[1][1]["message"]["text"] == "from Babu"


async def test_the_answer_of_a_webhook_may_carry_a_call(wire: Wire) -> None:
    await wire.asha()
    carried = web.json_response({"method": "sendMessage", "chat_id": 101, "text": "carried"})
    async with receiver([carried]) as (url, got):
        await wire.done("setWebhook", url=url)
        await say(wire, "hello")
        await until(lambda: len(got) == 1)
        await asyncio.sleep(0.05)
        assert [m["text"] for m in (await wire.chat(101))["messages"]] == ["hello", "carried"]
