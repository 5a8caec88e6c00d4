"""The transport against real HTTP: every bad day of a network has its own error, and none tells the token."""

import logging
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.transport import NotConnected, Transport, Unsettled
from tests.bot.rim import READ, SECRET, TOKEN, Rim, free_port

HELLO = {"chat_id": 101, "text": "Good day"}


async def call(rim: Rim, url: str | None = None, **parameters: Any) -> Any:
    return await rim.transport.call(url or rim.url, HELLO | parameters, read=READ)


async def test_a_call_returns_the_result(rim: Rim) -> None:
    assert (await call(rim))["text"] == "Good day"
    assert await rim.texts() == ["Good day"]


FAULTS = [
    ({"kind": "429", "retry_after": 7}, RetryAfter),
    ({"kind": "429-bare"}, NetworkError),
    ({"kind": "500"}, NetworkError),
    ({"kind": "502"}, NetworkError),
    ({"kind": "slow", "seconds": 0.7}, Unsettled),
    ({"kind": "cut-before"}, Unsettled),
    ({"kind": "cut-after"}, Unsettled),
    ({"kind": "timeout-after", "seconds": 0.7}, Unsettled),
    ({"kind": "outage", "seconds": 0.2}, Unsettled),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
async def test_each_bad_day_has_its_error_without_the_token(
    rim: Rim, fault: dict[str, Any], kind: type[TelegramError], caplog: pytest.LogCaptureFixture
) -> None:
    await rim.wire.post("faults", **fault)
    with caplog.at_level(logging.DEBUG), pytest.raises(kind) as told:
        await call(rim)
    assert type(told.value) is kind
    assert_untold(told.value, caplog)


def assert_untold(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    """The token stands in no text, repr, traceback or log."""
    shown = [str(error), repr(error), *traceback.format_exception(error), caplog.text]
    assert SECRET not in "\n".join(shown)


async def test_a_slow_answer_within_the_time_is_an_answer(rim: Rim) -> None:
    await rim.wire.post("faults", kind="slow", seconds=READ / 2)
    assert (await call(rim))["text"] == "Good day"


async def test_nobody_listening_means_not_connected(rim: Rim, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(NotConnected) as told:
        await call(rim, f"http://127.0.0.1:{free_port()}/bot{TOKEN}/sendMessage")
    assert_untold(told.value, caplog)


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port whose queue of connections is full: whoever knocks is not heard."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            knock = stack.enter_context(socket.socket())
            knock.setblocking(False)
            knock.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


async def test_a_connection_that_takes_too_long_means_not_connected(
    deaf: int, caplog: pytest.LogCaptureFixture
) -> None:
    transport = Transport(connect=0.2, read=5)
    await transport.initialize()
    try:
        with caplog.at_level(logging.DEBUG), pytest.raises(NotConnected) as told:
            await transport.call(f"http://127.0.0.1:{deaf}/bot{TOKEN}/getMe", {}, read=5)
    finally:
        await transport.shutdown()
    assert_untold(told.value, caplog)


async def test_an_address_that_is_none_does_not_tell_the_token(rim: Rim, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(NetworkError) as told:
        await call(rim, f"http://127.0.0.1:99999/bot{TOKEN}/sendMessage")
    assert_untold(told.value, caplog)


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [({"chat_id": 999}, BadRequest), ({"text": ""}, BadRequest), ({"chat_id": 102}, Forbidden)],
)
async def test_refusals_are_the_librarys(rim: Rim, parameters: dict[str, Any], kind: type[TelegramError]) -> None:
    await rim.wire.post("people", id=102, first_name="Babu")
    with pytest.raises(kind):
        await call(rim, **parameters)


async def test_a_wrong_token_is_told_without_showing_it(rim: Rim, caplog: pytest.LogCaptureFixture) -> None:
    address = rim.wire.sandbox.address
    with caplog.at_level(logging.DEBUG), pytest.raises(InvalidToken) as told:
        await call(rim, f"{address}/bot1{TOKEN}/sendMessage")
    assert_untold(told.value, caplog)


async def test_a_file_goes_up_as_a_form(rim: Rim) -> None:
    sent = await rim.bot.send_document(101, b"name,posting\n", filename="roster.csv", caption="The <roster>")
    assert sent.document is not None
    assert sent.document.file_name == "roster.csv"
    found = await rim.bot.get_file(sent.document.file_id)
    assert bytes(await found.download_as_bytearray()) == b"name,posting\n"


async def test_opening_twice_is_once_and_closing_twice_does_no_harm(rim: Rim) -> None:
    await rim.transport.initialize()
    assert (await call(rim))["text"] == "Good day"
    await rim.transport.shutdown()
    await rim.transport.shutdown()
    with pytest.raises(NotConnected, match="closed"):
        await call(rim)


@asynccontextmanager
async def answering(body: str, status: int) -> AsyncIterator[str]:
    """A server that answers everything alike."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, status=status, content_type="text/html")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot{TOKEN}/getUpdates"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(("body", "status"), [("<html>", 200), ("[]", 200), ('{"ok":true}', 200), ("<html>", 503)])
async def test_a_proxys_page_is_an_error_of_the_network(
    body: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    transport = Transport(read=READ)
    await transport.initialize()
    try:
        async with answering(body, status) as url:
            with pytest.raises(NetworkError) as told:
                await transport.call(url, {}, read=READ)
    finally:
        await transport.shutdown()
    assert_untold(told.value, caplog)
