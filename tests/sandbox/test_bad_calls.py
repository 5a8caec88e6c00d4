"""What Telegram refuses, the sandbox refuses in Telegram's words."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.sandbox.wire import Wire

ASHA = 101
HTML = {"parse_mode": "HTML"}
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


def text(words: Any, **more: Any) -> dict[str, Any]:
    return {"chat_id": ASHA, "text": words, **more}


def entity(**fields: Any) -> dict[str, Any]:
    return text("hello", entities=[{"offset": 0, "length": 5, **fields}])


def poll(**more: Any) -> dict[str, Any]:
    return {"chat_id": ASHA, "question": "Q?", "options": [{"text": "a"}, {"text": "b"}], **more}


def quiz(**more: Any) -> dict[str, Any]:
    return poll(**{"type": "quiz", "correct_option_ids": [0], **more})


def labelled(label: str, count: int) -> list[dict[str, Any]]:
    return [{"text": label, "callback_data": "x"}] * count


MARKUP = "can't parse entities: "
BUTTON = "can't parse inline keyboard button: "
BAD: list[tuple[str, dict[str, Any], str]] = [
    # Texts and their length, in code points after parsing.
    ("sendMessage", {"chat_id": ASHA}, "message text is empty"),
    ("sendMessage", text(""), "message text is empty"),
    ("sendMessage", text("  \n "), "text must be non-empty"),
    ("sendMessage", text("<b></b>", **HTML), "text must be non-empty"),
    ("sendMessage", text("x" * 4097), "message is too long"),
    ("sendMessage", text("😀" * 4097), "message is too long"),
    ("sendMessage", text("<b>" + "x" * 4097 + "</b>", **HTML), "message is too long"),
    ("sendMessage", text("x" * 32_769), "text is too long"),
    ("sendMessage", text("x", parse_mode="BBCode"), "unsupported parse_mode"),
    # Where to.
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"text": "x", "chat_id": ""}, "chat_id is empty"),
    ("sendMessage", {"text": "x", "chat_id": 999}, "chat not found"),
    ("sendMessage", {"text": "x", "chat_id": -1}, "chat not found"),
    ("sendMessage", {"text": "x", "chat_id": "@nobody_at_all"}, "chat not found"),
    ("sendMessage", text("x", message_thread_id=5), "message thread not found"),
    ("sendMessage", text("x", business_connection_id="b"), "business connection not found"),
    ("sendMessage", text("x", message_effect_id="9"), "EFFECT_ID_INVALID"),
    ("sendMessage", text("x", allow_paid_broadcast=True), "FLOODSKIP_NOT_ALLOWED"),
    ("sendMessage", text("x", link_preview_options={"url": "no-url"}), "WEBPAGE_URL_INVALID"),
    ("sendMessage", text("x", reply_parameters={"message_id": 9}), "message to be replied not found"),
    ("sendMessage", text("x", reply_parameters={"quote": "y"}), 'can\'t find field "message_id"'),
    # HTML.
    ("sendMessage", text("<b>x", **HTML), MARKUP + 'Can\'t find end tag corresponding to start tag "b"'),
    ("sendMessage", text("<p>x</p>", **HTML), MARKUP + 'Unsupported start tag "p" at byte offset 0'),
    ("sendMessage", text("é a < b", **HTML), MARKUP + 'Unsupported start tag "" at byte offset 5'),
    ("sendMessage", text("ab <b", **HTML), MARKUP + "Unclosed start tag at byte offset 3"),
    (
        "sendMessage",
        text("<b><i>x</b></i>", **HTML),
        MARKUP + 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("sendMessage", text("x</b>", **HTML), MARKUP + "Unexpected end tag at byte offset 1"),
    ("sendMessage", text("<b>x</b", **HTML), MARKUP + "Unclosed end tag at byte offset 4"),
    (
        "sendMessage",
        text("<span>x</span>", **HTML),
        MARKUP + 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
    (
        "sendMessage",
        text("<i =a>x</i>", **HTML),
        MARKUP + 'Empty attribute name in the tag "i" at byte offset 0',
    ),
    (
        "sendMessage",
        text("&#xDFDF;", **HTML),
        MARKUP + "Text contains invalid Unicode characters after decoding "
        "HTML entities, check for unmatched surrogate code units",
    ),
    # Entities.
    ("sendMessage", entity(type="loud"), "can't parse MessageEntity: Unsupported type specified"),
    ("sendMessage", entity(type="bold", offset=-1), "receive an entity with incorrect offset -1"),
    (
        "sendMessage",
        entity(type="bold", offset=100),
        "entity begins after the end of the text at UTF-16 offset 100",
    ),
    (
        "sendMessage",
        entity(type="bold", length=9),
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
    ),
    ("sendMessage", entity(type="text_link", url="no-url"), "entity URL 'no-url' is invalid: Wrong HTTP URL"),
    ("sendMessage", entity(type="text_link"), "can't parse MessageEntity: Can't find field \"url\""),
    # Keyboards.
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", callback_data="x" * 65)),
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", callback_data="é" * 33)),
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a")),
        BUTTON + "Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", callback_data="")),
        BUTTON + "Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", callback_data="b", url="https://x.org")),
        BUTTON + "only one of url and callback_data can be used",
    ),
    ("sendMessage", text("x", reply_markup=keyboard(callback_data="b")), BUTTON + 'Can\'t find field "text"'),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text=5, callback_data="b")),
        BUTTON + 'Field "text" must be of type String',
    ),
    ("sendMessage", text("x", reply_markup=keyboard(text=" ", callback_data="b")), "REPLY_MARKUP_INVALID"),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", callback_dat="b")),
        BUTTON + 'unknown field "callback_dat" in InlineKeyboardButton',
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", url="no-url")),
        "inline keyboard button URL 'no-url' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", url="http://localhost:8080")),
        "inline keyboard button URL 'http://localhost:8080' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", url="ftp://x.org")),
        "inline keyboard button URL 'ftp://x.org' is invalid: Unsupported URL protocol",
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", web_app={"url": "http://x.org"})),
        "inline keyboard button Web App URL 'http://x.org' is invalid: Only HTTPS links are allowed",
    ),
    (
        "sendMessage",
        text("x", reply_markup=keyboard(text="a", copy_text={"text": "x" * 257})),
        "BUTTON_COPY_TEXT_INVALID",
    ),
    ("sendMessage", text("x", reply_markup=keyboard(text="a", pay=True)), "BUTTON_TYPE_INVALID"),
    (
        "sendMessage",
        text("x", reply_markup={"inline_keyboard": [labelled("a", 9)]}),
        "reply markup is too long",
    ),
    (
        "sendMessage",
        text("x", reply_markup={"inline_keyboard": [labelled("a", 1)] * 101}),
        "reply markup is too long",
    ),
    (
        "sendMessage",
        text("x", reply_markup={"inline_keyboard": "bad"}),
        'field "inline_keyboard" must be of type Array',
    ),
    (
        "sendMessage",
        text("x", reply_markup={"force_reply": "yes"}),
        'field "force_reply" must be of type Boolean',
    ),
    ("sendMessage", text("x", reply_markup="{broken"), "can't parse reply keyboard markup JSON object"),
    ("sendMessage", text("x", reply_markup=[1]), "object expected as reply markup"),
    # The schema. (Telegram ignores unknown names: that strictness is ours.)
    ("sendMessage", text("x", txt="y"), 'unknown parameter "txt" for method sendMessage'),
    (
        "sendMessage",
        text("x", disable_notification="maybe"),
        'parameter "disable_notification" must be of type Boolean',
    ),
    ("getUpdates", {"limit": "many"}, 'parameter "limit" must be of type Number'),
    ("getUpdates", {"allowed_updates": {}}, 'parameter "allowed_updates" must be of type Array of String'),
    # Edits and deletes. Message 1 is Asha's, 2 the bot's text, 3 the bot's poll.
    ("editMessageText", text("y", message_id=99), "message to edit not found"),
    ("editMessageText", text("y", message_id=1), "message can't be edited"),
    ("editMessageText", text("y"), "message identifier is not specified"),
    ("editMessageText", text("y", inline_message_id="i"), "MESSAGE_ID_INVALID"),
    ("editMessageText", text("y", message_id=3), "there is no text in the message to edit"),
    (
        "editMessageCaption",
        {"chat_id": ASHA, "message_id": 2, "caption": "y"},
        "there is no caption in the message to edit",
    ),
    (
        "editMessageCaption",
        {"chat_id": ASHA, "message_id": 2, "caption": "y" * 1025},
        "message caption is too long",
    ),
    (
        "editMessageText",
        text("hello", message_id=2),
        "message is not modified: specified new message content and "
        "reply markup are exactly the same as a current content and reply markup of the message",
    ),
    (
        "editMessageReplyMarkup",
        {"chat_id": ASHA, "message_id": 2},
        "message is not modified: specified new message "
        "content and reply markup are exactly the same as a current content and reply markup of the message",
    ),
    ("deleteMessage", {"chat_id": ASHA, "message_id": 99}, "message to delete not found"),
    ("deleteMessages", {"chat_id": ASHA, "message_ids": []}, "message identifiers are not specified"),
    ("copyMessage", {"chat_id": ASHA, "from_chat_id": ASHA, "message_id": 99}, "message to copy not found"),
    (
        "forwardMessage",
        {"chat_id": ASHA, "from_chat_id": ASHA, "message_id": 99},
        "message to forward not found",
    ),
    # Answers.
    ("answerCallbackQuery", {"callback_query_id": "1"}, OLD_QUERY),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("answerInlineQuery", {"inline_query_id": "1", "results": []}, OLD_QUERY),
    # Files.
    ("sendPhoto", {"chat_id": ASHA}, "there is no photo in the request"),
    ("sendDocument", {"chat_id": ASHA, "document": "nonsense"}, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"chat_id": ASHA, "photo": "https://x.org/a.png"}, "failed to get HTTP URL content"),
    ("getFile", {"file_id": "nonsense"}, "invalid file_id"),
    # Polls.
    ("sendPoll", poll(options=[]), "poll must have at least one answer option"),
    ("sendPoll", poll(options=[{"text": str(i)} for i in range(13)]), "poll can't have more than 12 options"),
    ("sendPoll", poll(question=""), "poll question must be non-empty"),
    ("sendPoll", poll(question="x" * 301), "poll question length must not exceed 300"),
    ("sendPoll", poll(options=[{"text": "x" * 101}]), "poll options length must not exceed 100"),
    ("sendPoll", poll(type="exam"), "unsupported poll type specified"),
    ("sendPoll", quiz(correct_option_ids=[]), "correct quiz option list must be non-empty"),
    ("sendPoll", quiz(correct_option_ids=[1, 0]), "correct quiz option list must be increasing"),
    ("sendPoll", quiz(correct_option_ids=[2]), "wrong correct option ID specified"),
    ("sendPoll", quiz(explanation="x" * 201), "poll explanation length must not exceed 200"),
    ("sendPoll", quiz(correct_option_id=0), 'unknown parameter "correct_option_id" for method sendPoll'),
    ("stopPoll", {"chat_id": ASHA, "message_id": 99}, "message with poll to stop not found"),
    # The bot about itself.
    ("sendChatAction", {"chat_id": ASHA, "action": "dancing"}, "wrong parameter action in request"),
    ("setMyCommands", {"commands": [{"command": "Start!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    (
        "setMyCommands",
        {"commands": [{"command": "start", "description": ""}]},
        "BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", {"commands": [], "language_code": "english"}, "invalid language code specified"),
    (
        "setWebhook",
        {"url": "http://example.com/hook"},
        "bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "https://example.com:9999/hook"},
        "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    (
        "setWebhook",
        {"url": "https://example.com/", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prepared() -> AsyncIterator[Wire]:
    async with Sandbox(limits=Limits.off()) as sandbox, aiohttp.ClientSession(sandbox.address) as client:
        wire = Wire(sandbox, client)
        await wire.asha(started=False)
        await wire.act(ASHA, "says", text="/start")
        await wire.done("sendMessage", chat_id=ASHA, text="hello")
        await wire.done("sendPoll", **poll())
        yield wire


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("method", "params", "words"), BAD, ids=lambda value: str(value)[:60])
async def test_a_bad_call_is_refused_in_telegrams_words(
    prepared: Wire, method: str, params: dict[str, Any], words: str
) -> None:
    assert await prepared.refused(method, **params) == (400, f"Bad Request: {words}")


def test_the_table_of_bad_calls_is_long() -> None:
    assert len(BAD) >= 60


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("method", ["sendDice", "nonsense", "getme2"])
async def test_an_unknown_method_is_404_and_never_true(prepared: Wire, method: str) -> None:
    assert await prepared.refused(method) == (404, "Not Found: method not found")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("token", "code", "words"),
    [("123:wrong-token-of-right-shape", 401, "Unauthorized"), ("nonsense", 404, "Not Found")],
)
async def test_a_wrong_token_opens_nothing(prepared: Wire, token: str, code: int, words: str) -> None:
    async with prepared.client.get(f"/bot{token}/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (code, words)
    async with prepared.client.get(f"/file/bot{token}/documents/file_1") as answer:
        assert answer.status == code
