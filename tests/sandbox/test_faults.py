"""Limits and faults: the bad days of a network, on request."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.sandbox.wire import Wire


async def send(wire: Wire, chat_id: int = 101, text: str = "x") -> tuple[int, dict[str, Any]]:
    return await wire.call("sendMessage", chat_id=chat_id, text=text)


async def sent(wire: Wire) -> int:
    return len((await wire.chat(101))["messages"])


async def test_a_burst_in_one_chat_is_told_to_wait(wire: Wire) -> None:
    await wire.asha()
    await wire.babu()
    await wire.post("limits", chat_burst=2, chat_per_second=1)
    assert [(await send(wire))[0] for _ in range(3)] == [200, 200, 429]
    assert (await send(wire, 102))[0] == 200


async def test_a_429_says_how_long_in_the_body_and_in_a_header(wire: Wire) -> None:
    await wire.asha()
    await wire.post("limits", chat_burst=1, chat_per_second=1)
    await send(wire)
    async with wire.client.post(f"{wire.bot_path}/sendMessage", json={"chat_id": 101, "text": "x"}) as answer:
        body = await answer.json()
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.slow
async def test_whoever_waits_as_told_is_served(wire: Wire) -> None:
    await wire.asha()
    await wire.post("limits", chat_burst=1, chat_per_second=1)
    await send(wire)
    await send(wire)
    await asyncio.sleep(1.05)
    assert (await send(wire))[0] == 200


async def test_whoever_goes_on_sending_waits_longer(wire: Wire) -> None:
    await wire.asha()
    await wire.post("limits", chat_burst=1, chat_per_second=1)
    await send(wire)
    await send(wire)
    await asyncio.sleep(0.6)
    assert (await send(wire))[1]["parameters"]["retry_after"] == 2


async def test_the_limit_over_all_chats_stops_every_chat(wire: Wire) -> None:
    for person in range(201, 212):
        await wire.post("people", id=person, first_name="Chitra", started=True)
    await wire.post("limits", global_per_second=10)
    statuses = [(await send(wire, person))[0] for person in range(201, 212)]
    assert statuses == [200] * 10 + [429]


async def test_edits_and_answers_are_not_limited(wire: Wire) -> None:
    await wire.asha()
    await wire.post("limits", chat_burst=1, chat_per_second=1)
    _, body = await send(wire)
    for n in range(5):
        await wire.done("editMessageText", chat_id=101, message_id=body["result"]["message_id"], text=f"{n}")


async def test_a_429_is_not_counted_as_a_refusal(wire: Wire) -> None:
    await wire.asha()
    await wire.post("limits", chat_burst=1, chat_per_second=1)
    await send(wire)
    await send(wire)
    assert (await wire.get("journal"))["refusals"] == []


@pytest.mark.parametrize("values", [{"global_per_minute": 3}, {"global_per_second": 0}, {"chat_burst": "two"}])
async def test_a_limit_that_cannot_be_is_refused_with_a_sentence(wire: Wire, values: dict[str, Any]) -> None:
    assert (await wire.impossible("limits", **values))[0] == 400


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("429", 429, "Too Many Requests: retry after 7"),
        ("429-bare", 429, "Too Many Requests"),
        ("500", 500, "Internal Server Error"),
        ("502", 502, "Bad Gateway"),
    ],
)
async def test_a_fault_answers_once_and_nothing_is_sent(wire: Wire, kind: str, status: int, words: str) -> None:
    await wire.asha()
    await wire.post("faults", method="sendMessage", kind=kind, count=1, retry_after=7)
    code, body = await send(wire)
    assert (code, body["description"], await sent(wire)) == (status, words, 0)
    assert ("parameters" in body) is (kind == "429")
    assert (await send(wire))[0] == 200
    journal = await wire.get("journal")
    assert [call.get("fault") for call in journal["calls"]] == [kind, None]
    assert journal["refusals"] == []


@pytest.mark.parametrize(("kind", "arrived"), [("cut-before", 0), ("cut-after", 1)])
async def test_a_cut_connection_leaves_the_caller_unsure(wire: Wire, kind: str, arrived: int) -> None:
    await wire.asha()
    await wire.post("faults", method="sendMessage", kind=kind)
    with pytest.raises(aiohttp.ClientError):
        await send(wire)
    assert await sent(wire) == arrived


async def test_an_answer_can_fail_to_come_although_the_message_went(wire: Wire) -> None:
    await wire.asha()
    await wire.post("faults", method="sendMessage", kind="timeout-after", seconds=5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await send(wire)
    assert await sent(wire) == 1


async def test_a_slow_answer_comes_in_the_end(wire: Wire) -> None:
    await wire.asha()
    await wire.post("faults", kind="slow", seconds=0.3)
    started = asyncio.get_running_loop().time()
    assert (await send(wire))[0] == 200
    assert asyncio.get_running_loop().time() - started > 0.29


async def test_a_fault_can_hit_each_third_call_of_one_chat(wire: Wire) -> None:
    await wire.asha()
    await wire.babu()
    await wire.post("faults", method="sendMessage", kind="500", every=3, count=2, chat_id=101)
    assert [(await send(wire))[0] for _ in range(9)] == [200, 200, 500, 200, 200, 500, 200, 200, 200]
    assert (await send(wire, 102))[0] == 200


async def test_cleared_faults_strike_no_more(wire: Wire) -> None:
    await wire.asha()
    await wire.post("faults", kind="500", count=None)
    assert (await send(wire))[0] == 500
    async with wire.client.delete("/sandbox/faults"):
        pass
    assert (await send(wire))[0] == 200


@pytest.mark.parametrize("fault", [{"kind": "plague"}, {"kind": "500", "severity": 3}])
async def test_a_fault_that_cannot_be_is_refused_with_a_sentence(wire: Wire, fault: dict[str, Any]) -> None:
    assert (await wire.impossible("faults", **fault))[0] == 400


@pytest_asyncio.fixture
async def other_client(wire: Wire) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(wire.sandbox.address) as client:
        yield client


async def test_an_outage_closes_every_call_and_ends(wire: Wire, other_client: aiohttp.ClientSession) -> None:
    await wire.asha()
    await wire.post("faults", kind="outage", seconds=0.2)
    with pytest.raises(aiohttp.ClientError):
        await other_client.get(f"{wire.bot_path}/getMe")
    await asyncio.sleep(0.25)
    assert (await send(wire))[0] == 200


async def test_the_default_limits_let_thirty_messages_pass_in_a_second() -> None:
    async with (
        Sandbox(limits=Limits(chat_per_second=None)) as sandbox,
        aiohttp.ClientSession(sandbox.address) as client,
    ):
        wire = Wire(sandbox, client)
        await wire.asha()
        statuses = await asyncio.gather(*(send(wire) for _ in range(40)))
    assert sorted(status for status, _ in statuses) == [200] * 30 + [429] * 10
