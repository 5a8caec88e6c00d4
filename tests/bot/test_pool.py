"""The pool of connections against a server that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.pool import KEEP, NoAnswer, NoConnection, Pool
from tests.bot.rim import free_port

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Answer = Callable[[asyncio.StreamWriter, bytes], bool]  # whether the connection stays


class Server:
    """Counts connections and requests; `answer` decides what each request gets."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.connections = 0
        self.open = 0
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                if not self.answer(writer, self.requests[-1]):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.open -= 1
            writer.transport.abort()


@asynccontextmanager
async def a_server(answer: Answer) -> AsyncIterator[tuple[Server, str]]:
    made = Server(answer)
    listening = await asyncio.start_server(made.serve, "127.0.0.1", port := free_port())
    try:
        yield made, f"http://127.0.0.1:{port}/bot42:secret/sendMessage"
    finally:
        listening.close()


@asynccontextmanager
async def a_pool(connections: int = 4, keep: float = KEEP) -> AsyncIterator[Pool]:
    made = Pool(connections=connections, connect=1, keep=keep)
    try:
        yield made
    finally:
        made.close()


async def post(pool: Pool, url: str, body: bytes = b"{}", seconds: float = 2) -> tuple[int, bytes]:
    return await pool.exchange("POST", url, body, "application/json", seconds=seconds)


def writes(answer: bytes, *, stays: bool = True) -> Answer:
    def answered(writer: asyncio.StreamWriter, _request: bytes) -> bool:
        writer.write(answer)
        return stays

    return answered


def silent(_writer: asyncio.StreamWriter, _request: bytes) -> bool:
    return True


async def test_one_connection_serves_one_request_after_the_other() -> None:
    async with a_server(writes(OK)) as (server, url), a_pool() as pool:
        assert [await post(pool, url, b'{"n":%d}' % n) for n in range(5)] == [(200, b"ok")] * 5
    assert server.connections == 1
    assert server.requests[3].endswith(b'\r\n\r\n{"n":3}')
    assert b"\r\nHost: 127.0.0.1:" in server.requests[0]


async def test_requests_at_once_have_a_connection_each_up_to_the_limit() -> None:
    async with a_server(writes(OK)) as (server, url), a_pool(3) as pool:
        await asyncio.gather(*(post(pool, url) for _ in range(12)))
    assert server.connections == 3


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nok",
    ],
)
async def test_every_way_of_telling_the_length_is_understood(answer: bytes) -> None:
    async with a_server(writes(answer)) as (_, url), a_pool() as pool:
        assert await post(pool, url) == (200, b"ok")
        assert await post(pool, url) == (200, b"ok")


async def test_an_answer_in_pieces_is_put_together() -> None:
    def drip(writer: asyncio.StreamWriter, _request: bytes) -> bool:
        for n, byte in enumerate(OK):
            asyncio.get_running_loop().call_later(n * 0.002, writer.write, bytes([byte]))
        return True

    async with a_server(drip) as (_, url), a_pool() as pool:
        assert await post(pool, url) == (200, b"ok")


async def test_a_connection_that_the_server_closes_is_not_used_again() -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
    async with a_server(writes(closing)) as (server, url), a_pool() as pool:
        assert [(await post(pool, url))[0] for _ in range(3)] == [200] * 3
    assert server.connections == 3


async def test_a_connection_that_was_closed_while_idle_is_not_used_again() -> None:
    async with a_server(writes(OK, stays=False)) as (server, url), a_pool() as pool:
        await post(pool, url)
        await asyncio.sleep(0.05)
        assert await post(pool, url) == (200, b"ok")
    assert server.connections == 2


async def test_a_connection_that_was_idle_for_long_is_not_trusted() -> None:
    async with a_server(writes(OK)) as (server, url), a_pool(keep=0.01) as pool:
        await post(pool, url)
        await asyncio.sleep(0.05)
        await post(pool, url)
    assert server.connections == 2


async def test_nobody_listens() -> None:
    async with a_pool() as pool:
        with pytest.raises(NoConnection):
            await post(pool, f"http://127.0.0.1:{free_port()}/bot42:secret/getMe")


@pytest.mark.parametrize("told", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", b"HTTP/1.1 2"])
async def test_a_connection_that_is_cut_after_the_request_leaves_it_in_doubt(told: bytes) -> None:
    async with a_server(writes(told, stays=False)) as (_, url), a_pool() as pool:
        with pytest.raises(NoAnswer, match="cut"):
            await post(pool, url)


async def test_what_is_no_http_leaves_it_in_doubt() -> None:
    async with a_server(writes(b"SSH-2.0-OpenSSH_9.2\r\n")) as (_, url), a_pool() as pool:
        with pytest.raises(NoAnswer, match="no HTTP"):
            await post(pool, url)


async def test_an_answer_that_takes_too_long_leaves_it_in_doubt_and_its_connection_goes() -> None:
    async with a_server(silent) as (server, url), a_pool() as pool:
        with pytest.raises(NoAnswer, match="too long"):
            await post(pool, url, seconds=0.2)
        await asyncio.sleep(0.05)
        assert server.open == 0


async def test_whoever_gives_up_takes_the_connection_along() -> None:
    async with a_server(silent) as (server, url), a_pool(1) as pool:
        waiting = asyncio.create_task(post(pool, url))
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        server.answer = writes(OK)
        assert await post(pool, url) == (200, b"ok"), "its place in the pool is free again"
    assert server.connections == 2


async def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next() -> None:
    async with (
        a_server(writes(OK + b"HTTP/1.1 500 Late\r\nContent-Length: 0\r\n\r\n")) as (server, url),
        a_pool() as pool,
    ):
        assert await post(pool, url) == (200, b"ok")
        await asyncio.sleep(0.05)
        assert await post(pool, url) == (200, b"ok")
    assert server.connections == 2


async def test_a_closed_pool_sends_nothing() -> None:
    async with a_server(writes(OK)) as (server, url):
        async with a_pool() as pool:
            await post(pool, url)
        with pytest.raises(NoConnection):
            await post(pool, url)
        await asyncio.sleep(0.05)
    assert (len(server.requests), server.open) == (1, 0)


async def test_no_error_says_where_it_went() -> None:
    """The address holds the token."""
    async with a_server(writes(b"", stays=False)) as (_, url), a_pool() as pool:
        with pytest.raises(NoAnswer) as cut:
            await post(pool, url)
        with pytest.raises(NoConnection) as refused:
            await post(pool, f"http://127.0.0.1:{free_port()}/bot42:secret/getMe")
    assert "secret" not in f"{cut.value!r}{refused.value!r}{cut.value.__cause__!r}{refused.value.__cause__!r}"
