"""People's time for the service, as the sandbox tells it, but asked seldom: a busy service would spend itself on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from time import monotonic

from aiohttp import web

PAUSE = 2.0  # seconds between two reports of the service


@asynccontextmanager
async def calm_clock(start: datetime) -> AsyncIterator[str]:
    """A clock that shows `start` now and runs as clocks do; its address."""
    began = monotonic()

    async def told(_: web.Request) -> web.Response:
        now = start + timedelta(seconds=monotonic() - began)
        return web.json_response({"now": now.isoformat(), "rate": 1.0, "stop_at": None, "revision": 0})

    async def reported(request: web.Request) -> web.Response:
        await asyncio.sleep(PAUSE)
        return await told(request)

    application = web.Application()
    application.add_routes([web.get("/clock", told), web.post("/clock/service", reported)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/clock"
    finally:
        await runner.cleanup()
