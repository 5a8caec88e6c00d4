"""`python -m sandbox` as a process: one line when it listens, a clean end, a sentence when it cannot."""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process

import aiohttp
import pytest

pytestmark = pytest.mark.slow


async def started(*options: str) -> tuple[Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", *options, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 10)).decode()
    assert line.startswith("sandbox ready on http://127.0.0.1:")
    return process, line.split()[-1]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_when_it_listens_and_ends_cleanly(how: signal.Signals) -> None:
    process, address = await started("--token", "77:abc", "--start", "2026-11-22T04:00:00+00:00")
    async with aiohttp.ClientSession(address) as client:
        async with client.get("/bot77:abc/getMe") as answer:
            assert (await answer.json())["result"]["id"] == 77
        async with client.get("/sandbox/clock") as answer:
            assert (await answer.json())["now"].startswith("2026-11-22T04:00")
        stream = await client.get("/sandbox/stream")  # a page that watches must not hold up the end
        process.send_signal(how)
        _, errors = await asyncio.wait_for(process.communicate(), 5)
        stream.close()
    assert (process.returncode, errors) == (0, b"")


async def test_a_taken_port_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sandbox", "--port", str(port), stdout=PIPE, stderr=PIPE
        )
        _, errors = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 1
    assert errors.decode() == f"Port {port} of 127.0.0.1 is taken; choose another.\n"
