"""A sandbox without rate limits, and one client that plays both sides."""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.sandbox.wire import Wire


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Sandbox(limits=Limits.off()) as sandbox, aiohttp.ClientSession(sandbox.address) as client:
        yield Wire(sandbox, client)
