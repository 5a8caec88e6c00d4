"""People write, tap, vote, block and clear; the bot hears of it as from Telegram."""

import asyncio
from typing import Any

import aiohttp
import pytest

from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.sandbox.wire import Wire

GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "a:1"}, {"text": "Stop", "callback_data": "a:2"}]]}
MAIL = {
    "from": "Academy",
    "subject": "Welcome",
    "text": "Open it.",
    "link": "https://t.me/attache_demo_bot?start=C",
}
NO_BUTTON = (409, "This phone shows no such button.")


async def message_with_button(wire: Wire) -> int:
    await wire.asha()
    sent = await wire.done("sendMessage", chat_id=101, text="Ready?", reply_markup=GO)
    return int(sent["message_id"])


async def test_a_person_is_made_once_and_then_changed(wire: Wire) -> None:
    await wire.post("people", id=101, first_name="Asha", zone="Asia/Riyadh", mail=MAIL)
    await wire.post("people", id=101, place="Riyadh")
    (person,) = await wire.get("people")
    assert (person["first_name"], person["place"], person["mail"]) == ("Asha", "Riyadh", MAIL)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first_name": "Asha"}, "A person needs `id`, a whole number above 0."),
        ({"id": 5}, "A person needs `first_name`."),
        ({"id": 5, "first_name": "Asha", "nick": "A"}, "A person has no field 'nick'."),
        ({"id": 5, "first_name": "Asha", "zone": 3}, "`zone` of a person is a text."),
        ({"id": 5, "first_name": "Asha", "mail": {}}, "`mail` needs from, subject, text, link."),
    ],
)
async def test_a_person_who_cannot_be_is_refused_with_a_sentence(
    wire: Wire, fields: dict[str, Any], words: str
) -> None:
    assert await wire.impossible("people", **fields) == (400, words)


async def test_nobody_has_an_unknown_id(wire: Wire) -> None:
    assert await wire.impossible("people/404/says", text="x") == (404, "Nobody has the id 404.")


async def test_a_command_is_marked_and_carries_its_payload(wire: Wire) -> None:
    await wire.asha(started=False)
    await wire.act(101, "says", text="/start CODE")
    message = (await wire.updates())[0]["message"]
    assert message["text"] == "/start CODE"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"] == {"id": 101, "is_bot": False, "first_name": "Asha", "language_code": "en"}
    assert message["chat"] == {"id": 101, "type": "private", "first_name": "Asha"}


async def test_the_bot_may_not_write_before_start(wire: Wire) -> None:
    await wire.asha(started=False)
    cannot = (403, "Forbidden: bot can't initiate conversation with a user")
    assert await wire.refused("sendMessage", chat_id=101, text="x") == cannot
    await wire.act(101, "says", text="/start")
    await wire.done("sendMessage", chat_id=101, text="x")


@pytest.mark.parametrize("how", [{"data": "a:2"}, {"label": "Stop"}])
async def test_a_tap_names_the_button_by_data_or_label(wire: Wire, how: dict[str, str]) -> None:
    message_id = await message_with_button(wire)
    tap = await wire.act(101, "taps", message_id=message_id, **how)
    (update,) = await wire.updates()
    query = update["callback_query"]
    assert update["update_id"] == tap["update_id"]
    assert (query["id"], query["data"]) == (tap["callback_query_id"], "a:2")
    assert query["message"]["message_id"] == message_id
    assert query["chat_instance"]


async def test_a_label_alone_finds_the_newest_message_that_shows_it(wire: Wire) -> None:
    await message_with_button(wire)
    newest = await message_with_button(wire)
    await wire.act(101, "taps", label="Go")
    assert (await wire.updates())[0]["callback_query"]["message"]["message_id"] == newest


async def test_a_button_that_is_not_there_cannot_be_tapped(wire: Wire) -> None:
    message_id = await message_with_button(wire)
    tap = f"people/{101}/taps"
    assert await wire.impossible(tap, message_id=message_id, data="a:3") == NO_BUTTON
    assert await wire.impossible(tap, message_id=99, data="a:1") == NO_BUTTON
    await wire.done("editMessageText", chat_id=101, message_id=message_id, text="gone")
    assert await wire.impossible(tap, label="Go") == NO_BUTTON


async def test_a_forged_tap_arrives_all_the_same(wire: Wire) -> None:
    message_id = await message_with_button(wire)
    await wire.act(101, "taps", message_id=message_id, data="z:9", forged=True)
    await wire.act(101, "taps", message_id=999, data="z:9", forged=True)
    first, second = [update["callback_query"] for update in await wire.updates()]
    assert (first["data"], first["message"]["text"]) == ("z:9", "Ready?")
    assert second["message"]["date"] == 0


async def test_an_answer_shows_as_a_toast_and_is_counted(wire: Wire) -> None:
    await message_with_button(wire)
    tap = await wire.act(101, "taps", label="Go")
    assert (await wire.chat(101))["unanswered_taps"] == 1
    await wire.done("answerCallbackQuery", callback_query_id=tap["callback_query_id"], text="Noted", show_alert=True)
    chat = await wire.chat(101)
    assert (chat["unanswered_taps"], chat["toast"]["text"], chat["toast"]["alert"]) == (0, "Noted", True)
    (journaled,) = (await wire.get("journal"))["taps"]
    assert journaled["answered"] is True
    assert journaled["answered_after_ms"] >= 0


async def test_a_tap_is_answered_once_only(wire: Wire) -> None:
    await message_with_button(wire)
    tap = await wire.act(101, "taps", label="Go")
    await wire.done("answerCallbackQuery", callback_query_id=tap["callback_query_id"])
    assert (await wire.refused("answerCallbackQuery", callback_query_id=tap["callback_query_id"]))[0] == 400


async def test_a_tap_cannot_be_answered_after_its_time(wire: Wire) -> None:
    await message_with_button(wire)
    await wire.post("limits", callback_seconds=0.05)
    tap = await wire.act(101, "taps", label="Go")
    await asyncio.sleep(0.1)
    assert await wire.refused("answerCallbackQuery", callback_query_id=tap["callback_query_id"]) == (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )


async def test_blocking_and_unblocking_reach_the_bot(wire: Wire) -> None:
    await wire.asha()
    await wire.act(101, "blocks")
    assert await wire.refused("sendMessage", chat_id=101, text="x") == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    await wire.act(101, "unblocks")
    await wire.done("sendMessage", chat_id=101, text="x")
    changes = [update["my_chat_member"] for update in await wire.updates()]
    statuses = [(c["old_chat_member"]["status"], c["new_chat_member"]["status"]) for c in changes]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    journal = await wire.get("journal")
    assert (len(journal["unreachable"]), journal["refusals"]) == (1, [])


async def test_a_blocked_bot_cannot_be_written_to(wire: Wire) -> None:
    await wire.asha()
    await wire.act(101, "blocks")
    assert await wire.impossible("people/101/says", text="x") == (409, "The bot is blocked on this phone.")


async def test_a_deactivated_account_is_gone(wire: Wire) -> None:
    await wire.asha()
    await wire.act(101, "deactivates")
    assert await wire.refused("sendMessage", chat_id=101, text="x") == (403, "Forbidden: user is deactivated")
    assert await wire.impossible("people/101/says", text="x") == (409, "This account is deleted.")


async def test_a_cleared_chat_is_empty_and_its_messages_still_editable(wire: Wire) -> None:
    message_id = await message_with_button(wire)
    await wire.act(101, "clears")
    assert (await wire.chat(101))["messages"] == []
    await wire.done("editMessageText", chat_id=101, message_id=message_id, text="edited unseen")
    assert (await wire.chat(101))["messages"] == []


async def quiz(wire: Wire, **more: Any) -> dict[str, Any]:
    await wire.asha()
    fields: dict[str, Any] = {
        "chat_id": 101,
        "question": "Which?",
        "options": [{"text": "a"}, {"text": "b"}, {"text": "c"}],
        "type": "quiz",
        "correct_option_ids": [1],
        "is_anonymous": False,
        "explanation": "Because.",
    }
    message: dict[str, Any] = await wire.done("sendPoll", **fields | more)
    return message


async def test_a_vote_reaches_the_bot_with_lasting_option_ids(wire: Wire) -> None:
    poll = (await quiz(wire))["poll"]
    await wire.act(101, "votes", poll_id=poll["id"], option_ids=[1])
    answer, state = await wire.updates()
    assert answer["poll_answer"]["option_persistent_ids"] == [poll["options"][1]["persistent_id"]]
    assert state["poll"]["total_voter_count"] == 1
    assert await wire.impossible("people/101/votes", poll_id=poll["id"], option_ids=[2]) == (
        409,
        "This poll was answered already.",
    )


async def test_an_anonymous_poll_tells_nobody(wire: Wire) -> None:
    poll = (await quiz(wire, is_anonymous=True))["poll"]
    await wire.act(101, "votes", poll_id=poll["id"], option_ids=[1])
    assert [set(update) - {"update_id"} for update in await wire.updates()] == [{"poll"}]


async def test_a_quiz_with_two_right_answers_takes_both(wire: Wire) -> None:
    poll = (await quiz(wire, correct_option_ids=[0, 2], allows_multiple_answers=True))["poll"]
    await wire.act(101, "votes", poll_id=poll["id"], option_ids=[2, 0])
    assert (await wire.updates())[0]["poll_answer"]["option_ids"] == [0, 2]


async def test_the_phone_learns_the_right_answer_only_after_the_vote(wire: Wire) -> None:
    poll = (await quiz(wire))["poll"]
    assert "correct_option_ids" not in (await wire.chat(101))["messages"][0]["poll"]
    await wire.act(101, "votes", poll_id=poll["id"], option_ids=[0])
    assert (await wire.chat(101))["messages"][0]["poll"]["correct_option_ids"] == [1]


async def test_a_stopped_poll_takes_no_vote_and_stops_once(wire: Wire) -> None:
    sent = await quiz(wire)
    assert (await wire.done("stopPoll", chat_id=101, message_id=sent["message_id"]))["is_closed"] is True
    vote = await wire.impossible("people/101/votes", poll_id=sent["poll"]["id"], option_ids=[0])
    assert vote == (409, "This poll is closed.")
    assert await wire.refused("stopPoll", chat_id=101, message_id=sent["message_id"]) == (
        400,
        "Bad Request: poll has already been closed",
    )


async def test_a_poll_closes_by_peoples_time(wire: Wire) -> None:
    poll = (await quiz(wire, open_period=600))["poll"]
    await wire.post("clock", jump_to="2100-01-01T00:00:00+00:00")
    vote = await wire.impossible("people/101/votes", poll_id=poll["id"], option_ids=[0])
    assert vote == (409, "This poll is closed.")


async def test_an_inline_query_is_answered_on_the_phone(wire: Wire) -> None:
    await wire.asha()
    asked = await wire.act(101, "asks-inline", query="kafala")
    assert (await wire.updates())[0]["inline_query"]["query"] == "kafala"
    article = {
        "type": "article",
        "id": "1",
        "title": "Kafala",
        "input_message_content": {"message_text": "A system."},
    }
    await wire.done("answerInlineQuery", inline_query_id=asked["inline_query_id"], results=[article])
    assert (await wire.chat(101))["inline"]["results"][0]["title"] == "Kafala"


async def test_the_narrowest_command_menu_wins(wire: Wire) -> None:
    await wire.asha()

    async def menu(word: str, **where: Any) -> None:
        await wire.done("setMyCommands", commands=[{"command": word, "description": "x"}], **where)

    async def shown() -> list[str]:
        return [command["command"] for command in (await wire.chat(101))["commands"]]

    await menu("default")
    assert await shown() == ["default"]
    await menu("private", scope={"type": "all_private_chats"})
    await menu("english", scope={"type": "all_private_chats"}, language_code="en")
    assert await shown() == ["english"]
    await menu("own", scope={"type": "chat", "chat_id": 101})
    assert await shown() == ["own"]
    await wire.done("deleteMyCommands", scope={"type": "chat", "chat_id": 101})
    assert await shown() == ["english"]
    assert (await wire.done("getMyCommands"))[0]["command"] == "default"


async def test_names_are_kept_by_language(wire: Wire) -> None:
    await wire.done("setMyName", name="Attaché BN", language_code="bn")
    assert await wire.done("getMyName", language_code="bn") == {"name": "Attaché BN"}
    assert await wire.done("getMyName") == {"name": "Attaché"}


async def test_the_stream_tells_which_chat_changed(wire: Wire) -> None:
    await wire.asha()
    async with wire.client.get("/sandbox/stream") as stream:
        assert await stream.content.readline() == b"event: clock\n"
        await wire.done("sendMessage", chat_id=101, text="x")
        async with asyncio.timeout(2):
            while await stream.content.readline() != b"event: chat\n":
                pass
            assert b'"id": 101' in await stream.content.readline()


async def test_limits_are_telegrams_unless_told_otherwise() -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession(sandbox.address) as client:
        wire = Wire(sandbox, client)
        assert (await wire.get("limits"))["global_per_second"] == Limits().global_per_second == 30
