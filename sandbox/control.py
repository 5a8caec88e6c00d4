"""The control over HTTP: people and their phones, journal, faults, limits, stream. JSON in and out."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.acts import ACTS
from sandbox.chat import shown
from sandbox.errors import ImpossibleError
from sandbox.message import Json
from sandbox.world import World


class Control:
    """Routes under `/sandbox/` but the clock's."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        person = "/sandbox/people/{id}"
        return [
            web.get("/sandbox/people", self.people),
            web.post("/sandbox/people", self.meet),
            web.get(f"{person}/chat", self.chat),
            web.post(f"{person}/{{act}}", self.act),
            web.get("/sandbox/stream", self.stream),
            web.get("/sandbox/journal", self.journal),
            web.get("/sandbox/pending", self.pending),
            web.post("/sandbox/faults", self.fault),
            web.delete("/sandbox/faults", self.no_faults),
            web.get("/sandbox/limits", self.limits),
            web.post("/sandbox/limits", self.limit),
            web.get("/sandbox/files/{file_id}", self.file),
        ]

    async def people(self, _request: web.Request) -> web.Response:
        return web.json_response([chat.person.shown() for chat in self._world.chats.values()])

    async def meet(self, request: web.Request) -> web.Response:
        return web.json_response(self._world.meet(await read_json(request)).shown())

    async def chat(self, request: web.Request) -> web.Response:
        chat = self._world.chat(_id(request))
        person, now = chat.person, self._world.clock.now()
        commands = self._world.profile.commands_for(person.id, (person.language_code or "")[:2])
        polls = {
            message.poll_id: self._world.polls[message.poll_id].shown(person.id, now)
            for message in chat.visible()
            if message.poll_id
        }
        return web.json_response(shown(chat, commands=commands, polls=polls))

    async def act(self, request: web.Request) -> web.Response:
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise ImpossibleError(404, f"A person can: {', '.join(ACTS)}.")
        return web.json_response(act(self._world, self._world.chat(_id(request)), await read_json(request)))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        async for events in self._world.stream.events():
            try:
                await response.write(events.encode())
            except ConnectionError:
                break
        return response

    async def journal(self, request: web.Request) -> web.Response:
        updates = self._world.updates
        body = self._world.journal.shown(calls=request.query.get("calls") != "0")
        body["updates"] = {"sent": updates.sent, "confirmed": updates.confirmed, "pending": updates.pending}
        return web.json_response(body)

    async def pending(self, _request: web.Request) -> web.Response:
        return web.json_response({"updates": self._world.updates.pending})

    async def fault(self, request: web.Request) -> web.Response:
        self._world.faults.add(await read_json(request))
        return web.json_response({"ok": True})

    async def no_faults(self, _request: web.Request) -> web.Response:
        self._world.faults.clear()
        return web.json_response({"ok": True})

    async def limits(self, _request: web.Request) -> web.Response:
        return web.json_response(self._world.limits.shown())

    async def limit(self, request: web.Request) -> web.Response:
        self._world.limits.change(await read_json(request))
        return web.json_response(self._world.limits.shown())

    async def file(self, request: web.Request) -> web.Response:
        upload = self._world.files.by_id(request.match_info["file_id"])
        if upload is None:
            raise ImpossibleError(404, "There is no such file.")
        kind = "image/png" if upload.content.startswith(b"\x89PNG") else "image/jpeg"
        if not request.match_info["file_id"].startswith("SbxFilePhoto"):
            kind = "application/octet-stream"
        return web.Response(body=upload.content, content_type=kind)


async def read_json(request: web.Request) -> Json:
    """The body as an object; no body is an empty one. Raises ImpossibleError 400."""
    body = await request.read()
    try:
        whole = json.loads(body) if body else {}
    except ValueError:
        raise ImpossibleError(400, "The body is not JSON.") from None
    if not isinstance(whole, dict):
        raise ImpossibleError(400, "The body is a JSON object.")
    return whole


@web.middleware
async def sentences(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """What cannot be done is answered with a sentence."""
    try:
        return await handler(request)
    except ImpossibleError as impossible:
        return web.json_response({"error": impossible.sentence}, status=impossible.status)


def _id(request: web.Request) -> int:
    try:
        return int(request.match_info["id"])
    except ValueError:
        raise ImpossibleError(404, "An id is a number.") from None
