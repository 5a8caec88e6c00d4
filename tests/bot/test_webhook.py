"""What Telegram delivers is kept before it is answered; whoever has no secret gets no further than the door."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs
from telegram.ext import ExtBot

from bot.app import office
from bot.clock import SystemClock
from bot.gate import Gate
from bot.health import SILENT, Health
from bot.intake import WANTED, Poller
from bot.outbox import Outbox
from bot.sender import Sender
from bot.settings import Settings, TokenRefused
from bot.transport import Transport
from bot.web.registration import Registration, leave_webhook, same_place
from bot.web.server import WebSide
from bot.web.webhook import MOST_BYTES, Webhook
from scheduler.pacing import Rates
from storage import inbox
from storage.inbox import Waiting
from storage.store import Store
from tests.bot.rim import TOKEN, Rim, free_port, until
from tests.bot.test_intake import Office
from tests.sandbox.wire import Wire

pytestmark = pytest.mark.slow  # a web server each

CLOCK = SystemClock()
ASHA, BABU = 101, 102
HOOK_SECRET = "hook_SECRET-0123456789abcdefghij"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
GOOD = {HEADER: HOOK_SECRET}


class Door:
    """A web side with a webhook on it."""

    def __init__(self, store: Store, folder: Path, port: int | None = None) -> None:
        self.store = store
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/updates"
        self.woken = 0
        secret = SecretStr(HOOK_SECRET)
        self.webhook = Webhook("/updates", secret, store, CLOCK, wake=self._wake)
        self.transport = Transport(connections=2)
        settings = Settings(bot_api="http://127.0.0.1:1", http_port=self.port, data=folder)
        self.gate = Gate(CLOCK, Rates(25))
        bot: ExtBot[Any] = ExtBot(TOKEN)
        outbox = Outbox(store, Sender(bot), office(settings), CLOCK, {})
        self.registration = self.registered_at("http://127.0.0.1:1")
        self.health = Health(CLOCK, self.registration)
        self.web = WebSide(settings, store, self.health, outbox, self.gate, self.webhook)

    def _wake(self) -> None:
        self.woken += 1

    def registered_at(self, api: str) -> Registration:
        secret = SecretStr(HOOK_SECRET)
        return Registration(self.transport, api, self.url, secret, CLOCK, listening=self.webhook.listening, every=0.05)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Door"]:
        await self.transport.initialize()
        task = asyncio.create_task(self.web.run())
        async with asyncio.timeout(10):
            await self.webhook.listening.wait()
        try:
            yield self
        finally:
            await cut_off(task)
            await self.transport.shutdown()

    async def post(self, body: Any, headers: Any = GOOD, *, method: str = "POST", path: str = "") -> tuple[int, str]:
        data = body if not isinstance(body, dict) else json.dumps(body).encode()
        url = f"{self.url}{path}"
        async with aiohttp.ClientSession() as client, client.request(method, url, data=data, headers=headers) as answer:
            return answer.status, await answer.text()

    async def get(self, page: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/{page}"
        async with aiohttp.ClientSession() as client, client.get(url) as answer:
            return answer.status, await answer.json()

    async def kept(self) -> list[Waiting]:
        """The undone updates, one of each person."""
        return await self.store.read(lambda tx: inbox.next_of_each(tx, busy=[], limit=100))


async def cut_off(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def door(store: Store, tmp_path: Path) -> AsyncIterator[Door]:
    async with Door(store, tmp_path).open() as opened:
        yield opened


@asynccontextmanager
async def registered(door: Door, wire: Wire) -> AsyncIterator[Registration]:
    """The webhook set at the sandbox, and looked after."""
    registration = door.registered_at(f"{wire.sandbox.address}/bot{TOKEN}")
    task = asyncio.create_task(registration.run())
    try:
        yield registration
    finally:
        await cut_off(task)


def an_update(number: int = 7, who: int = ASHA, words: str = "Good day") -> dict[str, Any]:
    person = {"id": who, "first_name": "Asha", "is_bot": False}
    chat = {"id": who, "type": "private", "first_name": "Asha"}
    message = {"message_id": number, "date": 0, "chat": chat, "from": person, "text": words}
    return {"update_id": number, "message": message}


async def test_an_update_stands_in_the_inbox_when_it_is_answered(door: Door) -> None:
    assert await door.post(an_update()) == (200, "")
    (row,) = await door.kept()
    assert (row.update_id, row.telegram_id, row.payload) == (7, ASHA, an_update())
    assert door.woken == 1


async def test_an_update_that_comes_again_is_kept_once_and_as_it_was(door: Door) -> None:
    await door.post(an_update(words="first"))
    assert await door.post(an_update(words="second")) == (200, "")
    (row,) = await door.kept()
    assert row.payload["message"]["text"] == "first"


async def test_an_update_that_was_done_and_comes_again_is_not_open_again(door: Door) -> None:
    await door.post(an_update())
    await door.store.change(lambda tx: inbox.done(tx, 7, now=CLOCK.machine_now()))
    assert await door.post(an_update()) == (200, "")
    assert await door.kept() == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: ""},
        {HEADER: HOOK_SECRET[:-1]},
        {HEADER: HOOK_SECRET + "x"},
        {HEADER: HOOK_SECRET.lower()},
        {HEADER: "hook_SECRÉT-0123456789abcdefghij"},
        [(HEADER, HOOK_SECRET), (HEADER, HOOK_SECRET)],
        {"Authorization": HOOK_SECRET},
    ],
    ids=["none", "empty", "shorter", "longer", "other case", "not ASCII", "twice", "other header"],
)
async def test_without_the_secret_nothing_is_taken_and_nothing_said(door: Door, headers: Any) -> None:
    assert await door.post(an_update(), headers) == (401, "")
    assert await door.kept() == []
    assert door.woken == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"update_id=7",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"7",
        b"null",
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": 7.0}',
        b'{"update_id": true}',
        b'{"update_id": null}',
        b'{"update_id": -7}',
        b'{"update_id": 9223372036854775808}',
        b'{"update_id": 7',
    ],
)
async def test_what_is_no_update_is_refused(door: Door, body: bytes) -> None:
    assert await door.post(body) == (400, "")
    assert await door.kept() == []


@pytest.mark.parametrize("body", [{"message": []}, {"message": {"from": "Asha"}}, {"message": {"from": {"id": "x"}}}])
async def test_an_update_of_odd_shape_is_kept_for_the_workers_to_put_aside(door: Door, body: dict[str, Any]) -> None:
    assert await door.post({"update_id": 7} | body) == (200, "")
    (row,) = await door.kept()
    assert row.telegram_id is None


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_no_other_method_is_served(door: Door, method: str) -> None:
    status, _ = await door.post(b"", method=method)
    assert status == 405


async def test_another_path_is_not_there(door: Door) -> None:
    status, _ = await door.post(an_update(), path="/more")
    assert status == 404
    assert await door.kept() == []


async def raw(door: Door, *lines: str, body: bytes = b"") -> bytes:
    """What is answered to bytes as they are; the sender stays on the line until then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    head = "\r\n".join(["POST /updates HTTP/1.1", "Host: x", *lines, "", ""])
    writer.write(head.encode() + body)
    async with asyncio.timeout(10):
        answer = await reader.read()  # to the end: the door hangs up
    writer.close()
    return answer.split(b"\r\n")[0]


async def test_a_body_that_says_it_is_too_long_is_not_waited_for(door: Door) -> None:
    secret = f"{HEADER}: {HOOK_SECRET}"
    assert await raw(door, secret, f"Content-Length: {MOST_BYTES + 1}") == b"HTTP/1.1 413 Request Entity Too Large"


async def test_a_body_without_a_length_is_read_no_further_than_allowed(door: Door) -> None:
    chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    endless = chunk * (MOST_BYTES // 0x8000 + 1)  # and no end of it comes
    answer = await raw(door, f"{HEADER}: {HOOK_SECRET}", "Transfer-Encoding: chunked", body=endless)
    assert answer == b"HTTP/1.1 413 Request Entity Too Large"


async def test_a_body_longer_than_it_says_is_cut_there(door: Door) -> None:
    body = json.dumps(an_update()).encode()
    lines = (f"{HEADER}: {HOOK_SECRET}", f"Content-Length: {len(body) - 1}", "Connection: close")
    assert await raw(door, *lines, body=body) == b"HTTP/1.1 400 Bad Request"
    assert await door.kept() == []


async def test_who_has_no_secret_is_answered_before_the_body_comes(door: Door) -> None:
    assert await raw(door, f"Content-Length: {MOST_BYTES}") == b"HTTP/1.1 401 Unauthorized"


async def test_the_largest_body_is_taken(door: Door) -> None:
    body = json.dumps(an_update()).encode()
    assert await door.post(body + b" " * (MOST_BYTES - len(body))) == (200, "")
    assert len(await door.kept()) == 1


async def test_while_the_database_is_away_telegram_is_told_to_come_again(door: Door) -> None:
    await door.store.close()
    assert await door.post(an_update()) == (500, "")
    assert door.woken == 0


async def test_telegram_comes_again_after_a_500(wire: Wire, store: Store, tmp_path: Path) -> None:
    away = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'away.sqlite3'}")
    await away.close()
    await wire.asha()
    async with Door(away, tmp_path).open() as closed, registered(closed, wire):
        with capture_logs() as told:
            await wire.act(ASHA, "says", text="Good day")

            async def looked() -> bool:
                return any(line["event"] == "webhook.not-delivered" for line in told)

            await until(looked)
    (words,) = {line["words"] for line in told if line["event"] == "webhook.not-delivered"}
    assert words == "Wrong response from the webhook: 500 Internal Server Error"
    async with Door(store, tmp_path, closed.port).open() as opened:

        async def confirmed() -> bool:
            return bool((await wire.get("pending"))["updates"] == 0)

        await until(confirmed)
        (row,) = await opened.kept()
    assert row.payload["message"]["text"] == "Good day"


async def test_one_persons_updates_keep_their_order_and_others_do_not_wait(
    wire: Wire, rim: Rim, store: Store, tmp_path: Path
) -> None:
    await wire.babu()
    desk = Office(rim, store)
    async with Door(store, tmp_path).open() as door, registered(door, wire), desk.open():
        for words in ("a1", "a2", "a3"):
            await wire.act(ASHA, "says", text=words)
        await wire.act(BABU, "says", text="b1")

        async def served() -> bool:
            return len([words for words in desk.seen if words.endswith("ends") and "start" not in words]) == 4

        await until(served)
    ashas = [words for words in desk.seen if words.startswith("a")]
    assert ashas == [f"a{n} {what}" for n in (1, 2, 3) for what in ("begins", "ends")]
    assert desk.seen.index("b1 begins") < desk.seen.index("a3 begins")


async def test_telegram_is_told_address_secret_and_what_is_served(wire: Wire, door: Door) -> None:
    async with registered(door, wire) as registration:
        assert registration.unready == "Telegram does not know the webhook yet"

        async def known() -> bool:
            return registration.unready is None

        await until(known)
    (params,) = [c["params"] for c in (await wire.get("journal"))["calls"] if c["method"] == "setWebhook"]
    assert params == {
        "url": door.url,
        "secret_token": HOOK_SECRET,
        "allowed_updates": WANTED,
        "max_connections": 40,
        "drop_pending_updates": False,
    }


async def test_the_webhook_is_set_when_telegram_can_be_reached_again(wire: Wire, door: Door) -> None:
    await wire.asha()
    await wire.act(ASHA, "says", text="Good day")
    await wire.post("faults", kind="outage", seconds=0.5)
    async with registered(door, wire):

        async def arrived() -> bool:
            return bool(await door.kept())

        await until(arrived)


async def test_a_webhook_that_somebody_removed_is_set_again(wire: Wire, door: Door) -> None:
    async with registered(door, wire) as registration:

        async def known() -> bool:
            return bool((await wire.done("getWebhookInfo"))["url"] == door.url)

        async def ready() -> bool:
            return registration.unready is None

        await until(known)
        await until(ready)
        for other in ({"url": ""}, {"url": "http://127.0.0.1:1/elsewhere"}):
            await wire.done("setWebhook", **other)
            await until(known)
        await until(ready)


async def test_nothing_is_delivered_before_the_web_side_listens(wire: Wire, store: Store, tmp_path: Path) -> None:
    door = Door(store, tmp_path)
    await door.transport.initialize()
    async with registered(door, wire) as registration:
        await asyncio.sleep(0.2)
        assert registration.unready == "the web side does not listen"
        assert (await wire.get("journal"))["calls"] == []
        async with door.open():

            async def known() -> bool:
                return registration.unready is None

            await until(known)
        assert registration.unready == "the web side does not listen"


async def test_a_token_that_telegram_refuses_ends_it_with_a_sentence(wire: Wire, door: Door) -> None:
    with pytest.raises(TokenRefused, match="ATTACHE_BOT_TOKEN"):
        await door.registered_at(f"{wire.sandbox.address}/bot1{TOKEN}").run()


async def test_ready_means_that_telegram_knows_the_webhook(wire: Wire, door: Door) -> None:
    door.health.online = True
    words = "Telegram does not know the webhook yet"
    assert await door.get("readyz") == (503, {"ready": False, "troubles": [words]})
    async with registered(door, wire) as registration:
        door.health.receiving = registration

        async def ready() -> bool:
            return bool(await door.get("readyz") == (200, {"ready": True, "troubles": []}))

        await until(ready)


async def test_a_minute_without_a_confirmed_webhook_is_told(door: Door) -> None:
    door.registration.last_at -= SILENT + 1
    words = "Telegram has not confirmed the webhook for a minute"
    assert await door.get("healthz") == (503, {"alive": False, "troubles": [words]})


async def test_looking_after_the_webhook_keeps_the_service_alive(wire: Wire, door: Door) -> None:
    registration = door.registered_at(f"{wire.sandbox.address}/bot{TOKEN}")
    registration.last_at -= SILENT + 1
    task = asyncio.create_task(registration.run())

    async def confirmed() -> bool:
        return CLOCK.monotonic() - registration.last_at < 1

    await until(confirmed)
    await cut_off(task)


async def test_polling_begins_where_a_webhook_left_off(wire: Wire, store: Store) -> None:
    await wire.asha()
    await wire.done("setWebhook", url="http://127.0.0.1:1/elsewhere")
    await wire.act(ASHA, "says", text="Good day")
    transport, api = Transport(connections=2), f"{wire.sandbox.address}/bot{TOKEN}"
    await transport.initialize()
    await leave_webhook(transport, api)
    task = asyncio.create_task(Poller(transport, api, store, CLOCK, wake=lambda: None).run())

    async def arrived() -> bool:
        return await store.read(inbox.undone) == 1

    await until(arrived)
    await cut_off(task)
    await transport.shutdown()


async def test_where_there_is_no_webhook_none_is_removed(wire: Wire) -> None:
    transport = Transport(connections=2)
    await transport.initialize()
    await leave_webhook(transport, f"{wire.sandbox.address}/bot{TOKEN}")
    await transport.shutdown()
    assert [call["method"] for call in (await wire.get("journal"))["calls"]] == ["getWebhookInfo"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://Attache.example", "https://attache.example:443/", True),
        ("http://127.0.0.1/a", "http://127.0.0.1:80/a", True),
        ("https://attache.example/a", "https://attache.example/b", False),
        ("https://attache.example/a", "https://attache.example:8443/a", False),
        ("https://attache.example/", "", False),
    ],
)
def test_an_address_is_known_again_however_telegram_writes_it(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) is same


async def test_a_poll_that_a_webhook_ends_says_what_to_stop(wire: Wire, store: Store) -> None:
    transport, api = Transport(connections=2), f"{wire.sandbox.address}/bot{TOKEN}"
    await transport.initialize()
    with capture_logs() as told:
        task = asyncio.create_task(Poller(transport, api, store, CLOCK, wake=lambda: None).run())
        await asyncio.sleep(0.1)
        await wire.done("setWebhook", url="http://127.0.0.1:1/elsewhere")

        async def conflict() -> bool:
            return any(line["event"] == "poll.conflict" for line in told)

        await until(conflict)
    await cut_off(task)
    await transport.shutdown()
    assert "has set a webhook" in told[-1]["mend"]
