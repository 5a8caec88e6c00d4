"""Receiving: nothing is lost, nothing is done twice, and one person's updates go in order."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Update
from telegram.ext import Application, TypeHandler

from bot.clock import SystemClock
from bot.intake import Poller, Workers, sender_of
from bot.settings import TokenRefused
from bot.transport import Transport
from storage import inbox, replicas
from storage.errors import Closed
from storage.inbox import POISONED_AFTER, Waiting
from storage.store import Store
from tests.bot.rim import SECRET, TOKEN, Rim, free_port, until
from tests.sandbox.wire import Wire

pytestmark = pytest.mark.slow  # polls wait in real time

CLOCK = SystemClock()
ASHA, BABU = 101, 102


@asynccontextmanager
async def a_poller(address: str, store: Store, wake: Any = lambda: None) -> AsyncIterator[Poller]:
    transport = Transport(connections=2)
    await transport.initialize()
    try:
        yield Poller(transport, address, store, CLOCK, wake=wake)
    finally:
        await transport.shutdown()


def address_of(wire: Wire) -> str:
    return f"{wire.sandbox.address}/bot{TOKEN}"


def dies() -> None:
    """Instead of waking anybody: the end of the process, right after the updates were kept."""
    raise asyncio.CancelledError


@asynccontextmanager
async def polling(wire: Wire, store: Store) -> AsyncIterator[asyncio.Task[None]]:
    """A poller at work; cut off at the end, as by a kill."""
    async with a_poller(address_of(wire), store) as poller:
        task = asyncio.create_task(poller.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def kept(store: Store) -> list[Waiting]:
    """What stands in the inbox undone, one of each person."""
    return await store.read(lambda tx: inbox.next_of_each(tx, busy=[], limit=100))


async def has(store: Store, n: int) -> None:
    async def enough() -> bool:
        return await store.read(inbox.undone) == n

    await until(enough)


async def says(wire: Wire, *words: str, who: int = ASHA) -> list[int]:
    return [(await wire.act(who, "says", text=text))["update_id"] for text in words]


async def test_what_arrives_is_kept_and_then_confirmed(wire: Wire, store: Store) -> None:
    await wire.asha()
    async with polling(wire, store):
        (update_id,) = await says(wire, "Good day")
        await has(store, 1)

        async def confirmed() -> bool:
            return bool((await wire.get("pending"))["updates"] == 0)

        await until(confirmed)
    (row,) = await kept(store)
    assert (row.update_id, row.telegram_id, row.payload["message"]["text"]) == (update_id, ASHA, "Good day")


@pytest.mark.parametrize(
    "fault",
    [{"kind": "500"}, {"kind": "cut-after"}, {"kind": "429-bare"}],
    ids=lambda fault: fault["kind"],
)
async def test_polling_goes_on_after_a_bad_day(wire: Wire, store: Store, fault: dict[str, Any]) -> None:
    await wire.asha()
    await says(wire, "one", "two")
    await wire.post("faults", method="getUpdates", **fault)
    async with polling(wire, store):
        await has(store, 2)


async def test_polling_begins_before_telegram_can_be_reached(wire: Wire, store: Store) -> None:
    await wire.asha()
    await says(wire, "one")
    await wire.post("faults", kind="outage", seconds=0.5)
    async with polling(wire, store) as task:
        await has(store, 1)
        assert not task.done()


@pytest.mark.slow
async def test_polling_goes_on_after_another_poller_took_its_place(wire: Wire, store: Store) -> None:
    await wire.asha()
    async with polling(wire, store) as task:
        await says(wire, "one")
        await has(store, 1)
        await asyncio.sleep(0.1)  # it waits in its next poll
        assert await wire.updates(offset=0) == []
        await says(wire, "two")
        await has(store, 2)
        assert not task.done()


async def test_a_token_that_telegram_refuses_ends_polling_with_a_sentence(wire: Wire, store: Store) -> None:
    async with a_poller(f"{wire.sandbox.address}/bot1{TOKEN}", store) as poller:
        with pytest.raises(TokenRefused, match="ATTACHE_BOT_TOKEN") as told:
            await poller.run()
    assert SECRET not in f"{told.value}{told.value!r}"


async def test_a_death_after_keeping_and_before_confirming_doubles_nothing(wire: Wire, store: Store) -> None:
    await wire.asha()
    sent = await says(wire, "one", "two")
    async with a_poller(address_of(wire), store, wake=dies) as poller:
        task = asyncio.create_task(poller.run())
        await asyncio.wait([task])
    assert (await wire.get("pending"))["updates"] == 2, "not yet confirmed: both will come again"
    async with polling(wire, store):
        sent += await says(wire, "three")
        await has(store, 3)
    journal = await wire.get("journal")
    assert [call["params"].get("offset") for call in journal["calls"]][:2] == [None, None]


async def test_what_could_not_be_kept_is_not_confirmed(wire: Wire, store: Store, tmp_path: Path) -> None:
    await wire.asha()
    await says(wire, "one", "two")
    other = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite3'}")
    await other.close()
    async with a_poller(address_of(wire), other) as poller:
        with pytest.raises(Closed):
            await poller.run()
    async with polling(wire, store):
        await has(store, 2)


async def test_an_update_done_before_a_death_is_not_open_again(wire: Wire, store: Store) -> None:
    await wire.asha()
    (update_id,) = await says(wire, "one")
    async with a_poller(address_of(wire), store, wake=dies) as poller:
        task = asyncio.create_task(poller.run())
        await asyncio.wait([task])
    await store.change(lambda tx: inbox.done(tx, update_id, now=CLOCK.machine_now()))
    async with polling(wire, store):
        await says(wire, "two")
        await has(store, 1)
    (row,) = await kept(store)
    assert row.payload["message"]["text"] == "two"


async def test_polling_asks_only_for_what_is_served(wire: Wire, store: Store) -> None:
    await wire.asha()
    async with polling(wire, store):
        await says(wire, "one")
        await has(store, 1)
    (first, *_) = (await wire.get("journal"))["calls"]
    assert first["params"]["allowed_updates"] == ["message", "callback_query", "my_chat_member", "inline_query"]


@pytest.mark.parametrize(
    ("update", "who"),
    [
        ({"message": {"from": {"id": ASHA}}}, ASHA),
        ({"callback_query": {"from": {"id": ASHA}}}, ASHA),
        ({"my_chat_member": {"from": {"id": ASHA}}}, ASHA),
        ({"inline_query": {"from": {"id": ASHA}}}, ASHA),
        ({"message": {}}, None),
        ({"poll": {}}, None),
    ],
)
def test_an_update_belongs_to_whom_it_comes_from(update: dict[str, Any], who: int | None) -> None:
    assert sender_of({"update_id": 1} | update) == who


def a_message(update_id: int, who: int, words: str) -> tuple[int, int, dict[str, Any]]:
    person = {"id": who, "first_name": "Asha", "is_bot": False}
    chat = {"id": who, "type": "private", "first_name": "Asha"}
    message = {"message_id": update_id, "date": 0, "chat": chat, "from": person, "text": words}
    return update_id, who, {"update_id": update_id, "message": message}


class Office:
    """Workers with one handler, which a test writes."""

    def __init__(self, rim: Rim, store: Store) -> None:
        self.store = store
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder().bot(rim.bot).updater(None).build()
        )
        self.workers = Workers(self.application, store, CLOCK, "here")
        self.workers.apologise = self._apologise
        self.apologies: list[int | None] = []
        self.seen: list[str] = []
        self.application.add_handler(TypeHandler(Update, self._handle))
        self.application.add_error_handler(self._failed)

    async def _apologise(self, waiting: Waiting) -> None:
        self.apologies.append(waiting.telegram_id)

    async def _failed(self, update: object, _: Any) -> None:
        assert isinstance(update, Update)
        self.workers.failed.add(update.update_id)

    async def _handle(self, update: Update, _: Any) -> None:
        assert update.message is not None
        words = update.message.text or ""
        self.seen.append(f"{words} begins")
        if words == "poison":
            raise ValueError(words)
        await asyncio.sleep(0.05)
        self.seen.append(f"{words} ends")
        await self.store.change(lambda tx: inbox.done(tx, update.update_id, now=CLOCK.machine_now()))

    async def keep(self, *rows: tuple[int, int, dict[str, Any]]) -> None:
        await self.store.change(lambda tx: inbox.keep(tx, rows, now=CLOCK.machine_now()))
        self.workers.wake()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Office"]:
        await self.application.initialize()
        task = asyncio.create_task(self.workers.run())
        try:
            yield self
        finally:
            await self.workers.stop()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_one_persons_updates_wait_for_each_other_and_nobody_elses(rim: Rim, store: Store) -> None:
    async with Office(rim, store).open() as office:
        await office.keep(
            a_message(1, ASHA, "a1"), a_message(2, ASHA, "a2"), a_message(3, BABU, "b1"), a_message(4, ASHA, "a3")
        )
        await has(store, 0)
    ashas = [words for words in office.seen if words.startswith("a")]
    assert ashas == [f"a{n} {what}" for n in (1, 2, 3) for what in ("begins", "ends")]
    assert office.seen.index("b1 begins") < office.seen.index("a1 ends")


async def test_many_people_are_served_at_the_same_time(rim: Rim, store: Store) -> None:
    async with Office(rim, store).open() as office:
        await office.keep(*(a_message(n, 1000 + n, f"w{n}") for n in range(20)))
        await has(store, 0)
    begun = [n for n, words in enumerate(office.seen) if words.endswith("begins")]
    ended = [n for n, words in enumerate(office.seen) if words.endswith("ends")]
    assert max(begun) < min(ended)


async def test_what_was_kept_before_a_start_is_served_after_it(rim: Rim, store: Store) -> None:
    office = Office(rim, store)
    await office.keep(a_message(1, ASHA, "left over"))
    async with office.open():
        await has(store, 0)
    assert office.seen == ["left over begins", "left over ends"]


async def test_what_a_dead_process_left_is_served_and_what_a_living_one_holds_is_waited_for(
    rim: Rim, store: Store
) -> None:
    await store.change(lambda tx: replicas.renew(tx, "alive"))
    for owner, row in (
        ("alive", a_message(1, ASHA, "a1")),
        ("here", a_message(2, ASHA, "a2")),
        ("dead", a_message(3, BABU, "b1")),
    ):
        await store.change(lambda tx, o=owner, r=row: inbox.keep(tx, [r], now=CLOCK.machine_now(), owner=o))  # type: ignore[misc]  # bound now
    async with Office(rim, store).open() as office:
        await has(store, 2)
        assert office.seen == ["b1 begins", "b1 ends"]
        await store.change(lambda tx: inbox.done(tx, 1, now=CLOCK.machine_now()))
        await has(store, 0)
    assert office.seen[2:] == ["a2 begins", "a2 ends"]


async def test_stopping_finishes_what_is_in_hand_and_takes_no_more(rim: Rim, store: Store) -> None:
    office = Office(rim, store)
    await office.keep(a_message(1, ASHA, "a1"), a_message(2, ASHA, "a2"))

    async def begun() -> bool:
        return bool(office.seen)

    async with office.open():
        await until(begun)
    assert office.seen == ["a1 begins", "a1 ends"]
    assert await store.read(inbox.undone) == 1


@pytest.mark.slow
async def test_a_poisoned_update_is_put_aside_and_the_person_is_told(rim: Rim, store: Store) -> None:
    async with Office(rim, store).open() as office:
        unreadable = (3, BABU, {"update_id": 3, "message": {"message_id": "none of ours"}})
        await office.keep(
            a_message(1, ASHA, "poison"), a_message(2, ASHA, "after"), unreadable, a_message(4, BABU, "later")
        )
        await has(store, 0)
    assert office.seen.count("poison begins") == POISONED_AFTER
    assert sorted(office.apologies, key=str) == [ASHA, BABU]
    assert {"after ends", "later ends"} <= set(office.seen)
    assert office.seen.index("after begins") > office.seen.index("poison begins") + POISONED_AFTER - 1


@asynccontextmanager
async def another_server(journal: Path) -> AsyncIterator[str]:
    """An emulator that others wrote, in a process of its own."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("lo-bot-api-emulator")), "--port", str(port), "--enable-control"]
    process = subprocess.Popen([*command, "--journal", str(journal)], stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession() as client:

            async def up() -> bool:
                try:
                    async with client.post(f"{address}/bot{TOKEN}/getMe") as answer:
                        return answer.status == 200
                except aiohttp.ClientError:
                    return False

            await until(up)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.slow
async def test_a_server_that_others_wrote_finds_nothing_wrong_with_our_polls(store: Store, tmp_path: Path) -> None:
    journal = tmp_path / "requests.jsonl"
    async with another_server(journal) as address, aiohttp.ClientSession() as client:

        async def arrives(words: str) -> int:
            _, _, update = a_message(0, ASHA, words)
            body = {"token": TOKEN, "update": {"message": update["message"]}}
            async with client.post(f"{address}/__fixture/updates", json=body) as answer:
                return int((await answer.json())["result"]["update_id"])

        first = await arrives("one")
        async with a_poller(f"{address}/bot{TOKEN}", store, wake=dies) as poller:
            task = asyncio.create_task(poller.run())
            await asyncio.wait([task])
        await asyncio.sleep(0.3)  # it notices that we hung up
        async with a_poller(f"{address}/bot{TOKEN}", store) as poller:
            task = asyncio.create_task(poller.run())
            second = await arrives("two")
            await has(store, 2)
            third = await arrives("three")
            await has(store, 3)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    assert [first, second, third] == sorted({first, second, third})
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    polls = [event for event in events if event.get("method") == "getUpdates"]
    assert polls
    assert all(event["status"] == 200 for event in polls)
