"""One Bot API call from the wire to its answer: token, method, faults, schema, the act, the journal."""

import asyncio
import hmac
import inspect
import json
import re
from typing import Any

from aiohttp import web

from sandbox.calls import read_call
from sandbox.errors import RefusalError, bad_request
from sandbox.faults import Fault
from sandbox.files import Upload
from sandbox.journal import Call
from sandbox.message import Json
from sandbox.methods.table import BY_LOWER, METHODS
from sandbox.schema import Schema
from sandbox.world import World

LANE_HEADER = "X-Attache-Lane"  # a service may name the lane of a call, for the journal
HANG_SECONDS = 60.0
_SHAPE = re.compile(r"\d+:[\w-]+")
_WORDS = {500: "Internal Server Error", 502: "Bad Gateway"}


class Telegram:
    """The side of the sandbox that the bot sees."""

    def __init__(self, world: World, schema: Schema) -> None:
        self._world, self._schema = world, schema

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`/bot{token}/{method}`."""
        if self._world.faults.outage:
            return _cut(request)
        if refusal := self._wrong_token(request.match_info["token"]):
            return _answer(refusal)
        named = request.match_info["method"]
        method = BY_LOWER.get(named.lower())
        try:
            raw, uploads = await read_call(request)
        except RefusalError as refusal:
            raw, uploads = {}, {}
            call = self._open(method or named, raw, request)
            return self._refused(call, refusal)
        call = self._open(method or named, raw | uploads, request)
        if method is None:
            return self._refused(call, RefusalError(404, "Not Found: method not found"))
        fault = self._world.faults.hit(method, raw.get("chat_id"))
        if fault is None:
            return await self._done(call, raw, uploads, request)
        call.fault = fault.kind
        return await self._faulty(fault, call, raw, uploads, request)

    async def handle_file(self, request: web.Request) -> web.StreamResponse:
        """`/file/bot{token}/{path}`."""
        if self._world.faults.outage:
            return _cut(request)
        if refusal := self._wrong_token(request.match_info["token"]):
            return _answer(refusal)
        upload = self._world.files.at(request.match_info["path"])
        if upload is None:
            return _answer(RefusalError(404, "Not Found"))
        return web.Response(body=upload.content, content_type="application/octet-stream")

    async def carried(self, body: Json) -> None:
        """A call in the answer of a webhook; nobody hears what became of it but the journal."""
        raw = {name: value for name, value in body.items() if name != "method"}
        method = BY_LOWER.get(str(body["method"]).lower())
        call = self._world.journal.opened(method or str(body["method"]), raw, at=self._world.clock.now(), lane=None)
        if method is None:
            self._refused(call, RefusalError(404, "Not Found: method not found"))
            return
        await self._done(call, raw, {}, None)

    def _wrong_token(self, token: str) -> RefusalError | None:
        if hmac.compare_digest(token.encode(), self._world.token.encode()):
            return None
        return RefusalError(401, "Unauthorized") if _SHAPE.fullmatch(token) else RefusalError(404, "Not Found")

    def _open(self, method: str, params: Json, request: web.Request) -> Call:
        lane = request.headers.get(LANE_HEADER)
        return self._world.journal.opened(method, params, at=self._world.clock.now(), lane=lane)

    async def _done(
        self, call: Call, raw: Json, uploads: dict[str, Upload], request: web.Request | None
    ) -> web.Response:
        try:
            call.params = params = self._schema.read(call.method, raw, uploads)
            call.chat_id = params.get("chat_id", call.chat_id)
            result: Any = METHODS[call.method](self._world, params)
            if inspect.isawaitable(result):
                result = await result
        except RefusalError as refusal:
            return self._refused(call, refusal, gone=_gone(request))
        except UnicodeEncodeError:
            return self._refused(call, bad_request("strings must be encoded in UTF-8"))
        except Exception:
            self._world.journal.closed(call, status=500, description="Internal Server Error")
            raise
        self._world.journal.closed(call, status=200)
        return _json({"ok": True, "result": result})

    def _refused(self, call: Call, refusal: RefusalError, *, gone: bool = False) -> web.Response:
        # A poll whose caller died is ended by the next one; that is nobody's mistake.
        status = 0 if gone and refusal.code == 409 else refusal.code
        self._world.journal.closed(call, status=status, description=refusal.description)
        return _answer(refusal)

    async def _faulty(
        self, fault: Fault, call: Call, raw: Json, uploads: dict[str, Upload], request: web.Request
    ) -> web.StreamResponse:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return await self._done(call, raw, uploads, request)
        if fault.kind == "cut-before":
            self._world.journal.closed(call, status=0)
            return _cut(request)
        if fault.kind in ("cut-after", "timeout-after"):
            await self._done(call, raw, uploads, request)
            if fault.kind == "timeout-after":
                await asyncio.sleep(HANG_SECONDS if fault.seconds == 1.0 else fault.seconds)
            return _cut(request)
        refusal = RefusalError(int(fault.kind[:3]), _WORDS.get(int(fault.kind[:3]), "Too Many Requests"))
        if fault.kind == "429":
            words = f"Too Many Requests: retry after {fault.retry_after}"
            refusal = RefusalError(429, words, retry_after=fault.retry_after)
        return self._refused(call, refusal)


def _gone(request: web.Request | None) -> bool:
    return request is not None and (request.transport is None or request.transport.is_closing())


def _cut(request: web.Request) -> web.Response:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _json(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(
        body=text.encode("utf-8", "surrogatepass"),
        status=status,
        content_type="application/json",
        headers=headers,
    )


def _answer(refusal: RefusalError) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    headers = None
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
        headers = {"Retry-After": str(refusal.retry_after)}
    return _json(body, refusal.code, headers)
