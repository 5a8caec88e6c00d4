"""A sandbox on real HTTP, and the bot's rim wired to it: transport, gate, the library's bot, sender."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.limits import Limits
from sandbox.server import Sandbox
from storage.engine import url_of
from storage.store import Store
from tests.bot.rim import TOKEN, Rim, a_rim
from tests.sandbox.wire import Wire


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """The sandbox without rate limits, and one client that plays people and faults."""
    async with (
        Sandbox(token=TOKEN, limits=Limits.off()) as sandbox,
        aiohttp.ClientSession(sandbox.address) as client,
    ):
        yield Wire(sandbox, client)


@pytest.fixture
async def rim(wire: Wire) -> AsyncIterator[Rim]:
    """The rim, known to Telegram, with Asha's chat open."""
    await wire.asha()
    async with a_rim(wire) as made:
        yield made


@pytest.fixture
async def store(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Store]:
    """An empty database in a file."""
    async with await Store.open(url_of(None, tmp_path_factory.mktemp("data"))) as opened:
        yield opened
