"""The bot's rim against a sandbox, and waiting for what must come."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram.ext import ExtBot

from bot.clock import SystemClock
from bot.gate import Gate
from bot.sender import Sender
from bot.transport import Transport
from scheduler.pacing import Rates
from tests.sandbox.wire import Wire

TOKEN = "4200000002:AAmarkMARKmarkMARKmarkMARKmarkMARK000"
SECRET = TOKEN.split(":")[1]
READ = 0.4  # seconds that an answer may take here


@dataclass(frozen=True, slots=True)
class Rim:
    """Everything between a message and the wire."""

    wire: Wire
    transport: Transport
    gate: Gate
    bot: ExtBot[Any]
    sender: Sender

    @property
    def url(self) -> str:
        """Where sendMessage goes."""
        return f"{self.wire.sandbox.address}/bot{TOKEN}/sendMessage"

    async def texts(self) -> list[str]:
        """What stands on Asha's phone."""
        return [message["text"] for message in (await self.wire.chat(101))["messages"]]


@asynccontextmanager
async def a_rim(wire: Wire) -> AsyncIterator[Rim]:
    """Started, and shut down at the end."""
    transport = Transport(read=READ)
    gate = Gate(SystemClock(), Rates(1000), chat_pace=0.0)
    address = wire.sandbox.address
    bot: ExtBot[Any] = ExtBot(
        TOKEN,
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=transport,
        get_updates_request=Transport(connections=1),
        rate_limiter=gate,
    )
    await gate.initialize()
    try:
        async with bot:
            yield Rim(wire, transport, gate, bot, Sender(bot))
    finally:
        await gate.shutdown()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def until(holds: Callable[[], Awaitable[bool]], *, seconds: float = 10) -> None:
    """Wait for something that must come."""
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.02)
