"""The clock over HTTP: for the people who watch, and for the service that follows it."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.control import read_json
from sandbox.errors import ImpossibleError
from sandbox.message import Json
from sandbox.virtual_clock import VirtualClock

MOST_WAIT = 60.0
MORNING = time(8, 30, 5)  # a few seconds after the usual hour of a lesson, so that the lesson has come


class ClockRoutes:
    """Routes under `/sandbox/clock`."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            web.get("/sandbox/clock", self.look),
            web.post("/sandbox/clock", self.turn),
            web.post("/sandbox/clock/service", self.report),
        ]

    async def look(self, request: web.Request) -> web.Response:
        if request.query.get("wait") == "1":
            await self._clock.wound(MOST_WAIT)
        return web.json_response(self._clock.value())

    async def turn(self, request: web.Request) -> web.Response:
        note = await self._turn(await read_json(request))
        if request.query.get("wait") == "1":
            await self._clock.wound(MOST_WAIT)
        return web.json_response(self._clock.value(note))

    async def report(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        due = body.get("next_due_at")
        return web.json_response(
            await self._clock.report(
                seen=_number(body, "seen", int),
                idle=bool(body.get("idle")),
                next_due_at=None if due is None else _instant(due),
                wait=min(MOST_WAIT, _number(body, "wait", float)),
            )
        )

    async def _turn(self, body: Json) -> str | None:
        match body:
            case {"rate": int() | float() as rate} if not isinstance(rate, bool) and rate >= 0:
                self._clock.set_rate(float(rate))
            case {"jump_to": at}:
                self._clock.jump_to(_instant(at))
            case {"wind_to": at}:
                self._clock.wind_to(_instant(at))
            case {"next": "event"}:
                return await self._clock.next_event()
            case {"next": "morning", "zone": str() as zone}:
                self._clock.wind_to(_morning_after(self._clock.now(), zone))
            case _:
                raise ImpossibleError(
                    400, "The clock takes rate, jump_to, wind_to, next event, or next morning with a zone."
                )
        return None


def _morning_after(now: datetime, zone: str) -> datetime:
    try:
        here = now.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        raise ImpossibleError(400, f'There is no time zone "{zone}".') from None
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(UTC)


def _instant(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise ImpossibleError(400, f"{value!r} is no instant.") from None
    if at.tzinfo is None:
        raise ImpossibleError(400, f"{value!r} has no zone.")
    return at.astimezone(UTC)


def _number(body: Json, name: str, kind: Callable[[Any], float]) -> Any:
    try:
        return kind(body.get(name, 0))
    except (TypeError, ValueError):
        raise ImpossibleError(400, f"`{name}` is a number.") from None
