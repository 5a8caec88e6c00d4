"""The page's files are served strictly, and nothing beside them is."""

import pytest

from tests.sandbox.wire import Wire


@pytest.mark.parametrize("path", ["/", "/page/nonsense.js"])
async def test_a_page_may_load_nothing_from_elsewhere(wire: Wire, path: str) -> None:
    async with wire.client.get(path) as answer:
        assert answer.headers["Content-Security-Policy"] == "default-src 'self'"


@pytest.mark.parametrize("path", ["/page/nonsense.js", "/page/..%2fserver.py", "/page/.hidden"])
async def test_only_files_of_the_page_are_served(wire: Wire, path: str) -> None:
    async with wire.client.get(path) as answer:
        assert answer.status == 404


async def test_a_body_that_is_no_json_is_refused_with_a_sentence(wire: Wire) -> None:
    async with wire.client.post("/sandbox/people", data=b"{") as answer:
        assert (answer.status, await answer.json()) == (400, {"error": "The body is not JSON."})
    async with wire.client.post("/sandbox/clock", json=[1]) as answer:
        assert (answer.status, await answer.json()) == (400, {"error": "The body is a JSON object."})


async def test_a_call_with_broken_json_is_refused_as_telegram_does(wire: Wire) -> None:
    headers = {"Content-Type": "application/json"}
    async with wire.client.post(f"{wire.bot_path}/getMe", data=b"{", headers=headers) as answer:
        assert (answer.status, (await answer.json())["description"]) == (
            400,
            "Bad Request: can't parse JSON object",
        )
