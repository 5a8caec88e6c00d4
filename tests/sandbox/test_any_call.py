"""No call, however mad, breaks the sandbox: it is served or refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.methods.table import METHODS
from sandbox.server import Sandbox

NAMES = [
    *("text", "offset", "length", "type", "url", "user", "callback_data", "inline_keyboard", "keyboard", "force_reply"),
    *("message_id", "chat_id", "web_app", "scope", "command", "description", "media", "id", "title", "quote"),
    *("input_message_content", "message_text", "is_disabled", "copy_text"),
]
WORDS = st.sampled_from(
    ["", "x", "101", "--5", "<b>", "&#xD800;", "\ud800", "😀", "{", "[[]]", "photo", "chat", "web_app", "https://x:y"]
)
NUMBERS = st.sampled_from([0, 1, 2, -1, 5, 101, 2**31, 2**63, 10**20, 1.5])
PLAIN = WORDS | NUMBERS | st.booleans() | st.none()
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)


BROKEN_DATA = {"inline_keyboard": [[{"text": "x", "callback_data": "\ud800"}]]}


async def statuses(calls: list[dict[str, Any]]) -> list[int]:
    async with Sandbox() as sandbox:
        sandbox.world.meet({"id": 101, "first_name": "Asha", "started": True})
        await sandbox.telegram.carried({"method": "sendMessage", "chat_id": 101, "text": "x"})
        for call in calls:
            await sandbox.telegram.carried(call)
        return [call.status for call in sandbox.world.journal.calls]


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    method = draw(st.sampled_from(sorted(set(METHODS) - {"getUpdates"})))
    fields = sandbox_fields(method)
    sensible = {"chat_id": 101, "text": "y", "message_id": 1, "from_chat_id": 101}
    body = {name: value for name, value in sensible.items() if name in fields}
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), max_size=3)) if fields else []
    return body | {name: draw(ANYTHING) for name in chosen} | {"method": method}


def sandbox_fields(method: str) -> list[str]:
    return list(Sandbox().schema.methods[method])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(calls(), min_size=5, max_size=15))
async def test_a_mad_call_is_served_or_refused(mad: list[dict[str, Any]]) -> None:
    assert set(await statuses(mad)) <= {200, 400, 403, 404, 409, 429}


@pytest.mark.parametrize(
    "mad",
    [
        {"method": "sendMessage", "chat_id": "--5", "text": "x"},
        {"method": "sendMessage", "chat_id": 101, "text": "\ud800"},
        {"method": "sendMessage", "chat_id": 101, "text": "x", "reply_markup": {"inline_keyboard": [[{}]]}},
        {"method": "sendMessage", "chat_id": 101, "text": "x", "reply_markup": BROKEN_DATA},
        {"method": "sendPoll", "chat_id": 101, "question": "x", "options": [{"text": "x"}], "close_date": 10**20},
        {"method": "sendPoll", "chat_id": 101, "question": "x", "options": [{"text": "x"}], "open_period": 10**20},
        {"method": "setWebhook", "url": "https://x:y"},
        {"method": "setMyCommands", "commands": [], "scope": {"type": "chat"}},
        {"method": "setMyCommands", "commands": [], "scope": {"type": "moon"}},
        {"method": "setChatMenuButton", "menu_button": {"type": "web_app"}},
        {"method": "deleteMessages", "chat_id": 101, "message_ids": "[[]]"},
        {"method": "answerInlineQuery", "inline_query_id": "1", "results": [{}]},
    ],
    ids=lambda mad: str(mad)[:60],
)
async def test_a_call_that_once_broke_it_is_refused(mad: dict[str, Any]) -> None:
    assert (await statuses([mad]))[-1] == 400
