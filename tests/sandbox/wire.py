"""The two sides of a sandbox over real HTTP: the bot that calls, and the people with phones."""

from typing import Any

import aiohttp

from sandbox.server import Sandbox

Answer = tuple[int, dict[str, Any]]


class Wire:
    """One HTTP client. `call` is the bot, everything else the control."""

    def __init__(self, sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
        self.sandbox, self.client = sandbox, client
        self.bot_path = f"/bot{sandbox.token}"

    async def call(self, method: str, **params: Any) -> Answer:
        async with self.client.post(f"{self.bot_path}/{method}", json=params) as answer:
            return answer.status, await answer.json()

    async def done(self, method: str, **params: Any) -> Any:
        status, body = await self.call(method, **params)
        assert status == 200, body
        return body["result"]

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        status, body = await self.call(method, **params)
        assert body["ok"] is False, body
        assert body["error_code"] == status
        return status, body["description"]

    async def post(self, path: str, **body: Any) -> Any:
        async with self.client.post(f"/sandbox/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def impossible(self, path: str, **body: Any) -> tuple[int, str]:
        async with self.client.post(f"/sandbox/{path}", json=body) as answer:
            return answer.status, (await answer.json())["error"]

    async def get(self, path: str) -> Any:
        async with self.client.get(f"/sandbox/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def act(self, person: int, act: str, **body: Any) -> Any:
        return await self.post(f"people/{person}/{act}", **body)

    async def asha(self, *, started: bool = True) -> int:
        await self.post("people", id=101, first_name="Asha", language_code="en", started=started)
        return 101

    async def babu(self) -> int:
        await self.post("people", id=102, first_name="Babu", last_name="Rahman", started=True)
        return 102

    async def chat(self, person: int) -> Any:
        return await self.get(f"people/{person}/chat")

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.done("getUpdates", **params)
        return found
