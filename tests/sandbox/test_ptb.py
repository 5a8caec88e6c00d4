"""python-telegram-bot itself talks to the sandbox over HTTP and finds everything it insists on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputPollOption,
    InputTextMessageContent,
    LinkPreviewOptions,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    filters,
)

from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.sandbox.wire import Wire

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000400000002008060000") + b"\0" * 20
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="a:1")]])


def bot_for(sandbox: Sandbox, token: str | None = None) -> Bot:
    address = sandbox.address
    return Bot(token or sandbox.token, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot")


@pytest_asyncio.fixture
async def bot(wire: Wire) -> AsyncIterator[Bot]:
    await wire.asha()
    async with bot_for(wire.sandbox) as bot:
        yield bot


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.username, me.is_bot, me.id) == ("attache_demo_bot", True, 7000000001)


async def test_a_message_with_markup_keyboard_and_reply_is_sent_and_edited(bot: Bot) -> None:
    first = await bot.send_message(101, "<b>One</b>", parse_mode="HTML", reply_markup=KEYS)
    assert (first.text, first.text_html, first.reply_markup) == ("One", "<b>One</b>", KEYS)
    answer = await bot.send_message(
        101,
        "Two",
        reply_parameters=ReplyParameters(first.message_id),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
        disable_notification=True,
    )
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "One"
    edited = await first.edit_text("Three")
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup, edited.edit_date is not None) == ("Three", None, True)
    assert await first.delete()


async def test_photos_documents_and_new_media_go_through(bot: Bot) -> None:
    photo = await bot.send_photo(101, PNG, caption="A map")
    assert (photo.photo[-1].width, photo.caption) == (64, "A map")
    document = await bot.send_document(101, b"a,b", filename="roster.csv")
    assert document.document is not None
    assert document.document.file_name == "roster.csv"
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b"
    changed = await bot.edit_message_media(
        InputMediaPhoto(PNG, caption="New"), chat_id=101, message_id=document.message_id
    )
    assert not isinstance(changed, bool)
    assert (changed.caption, changed.document, len(changed.photo)) == ("New", None, 1)
    captioned = await bot.edit_message_caption(101, photo.message_id, caption="Newer")
    assert not isinstance(captioned, bool)
    assert captioned.caption == "Newer"


async def test_a_quiz_goes_out_and_is_stopped(bot: Bot) -> None:
    sent = await bot.send_poll(
        101,
        "Which?",
        [InputPollOption("a"), InputPollOption("b")],
        type="quiz",
        is_anonymous=False,
        api_kwargs={"correct_option_ids": [1]},
    )
    assert sent.poll is not None
    assert [option.text for option in sent.poll.options] == ["a", "b"]
    assert (await bot.stop_poll(101, sent.message_id)).is_closed


async def test_the_bot_introduces_itself(bot: Bot) -> None:
    scope = BotCommandScopeAllPrivateChats()
    assert await bot.set_my_commands([BotCommand("today", "The lesson")], scope=scope, language_code="en")
    (command,) = await bot.get_my_commands(scope=scope, language_code="en")
    assert command.command == "today"
    assert await bot.delete_my_commands(scope=scope, language_code="en")
    assert await bot.set_my_name("Attaché")
    assert (await bot.get_my_name()).name == "Attaché"
    assert await bot.set_my_description("Teaches.")
    assert (await bot.get_my_description()).description == "Teaches."
    assert await bot.set_my_short_description("Short.")
    assert (await bot.get_my_short_description()).short_description == "Short."
    assert await bot.set_chat_menu_button(chat_id=101)
    assert (await bot.get_chat_menu_button()).type == "commands"
    assert (await bot.get_chat(101)).first_name == "Asha"
    assert await bot.send_chat_action(101, "typing")
    assert (await bot.get_webhook_info()).url == ""


# RetryAfter warns of a change in its type at each raise.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_errors_come_as_their_own_classes(wire: Wire, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await (await bot.send_message(101, "x")).edit_text("x")
    await wire.post("faults", kind="429", retry_after=3)
    with pytest.raises(RetryAfter):
        await bot.send_message(101, "x")
    await wire.act(101, "blocks")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(101, "x")
    await wire.done("setWebhook", url="http://127.0.0.1:1/hook")
    with pytest.raises(Conflict):
        await bot.get_updates()
    with pytest.raises(InvalidToken):
        await bot_for(wire.sandbox, "1:wrong-token-of-right-shape").__aenter__()


class Heard:
    """What the handlers of an application were called with."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._bell = asyncio.Event()

    def note(self, words: str) -> None:
        self.words.append(words)
        self._bell.set()

    async def wait(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.words) < count:
                self._bell.clear()
                await self._bell.wait()
        return self.words


def application(sandbox: Sandbox, heard: Heard) -> Application[Any, Any, Any, Any, Any, Any]:
    async def start(update: Update, context: Any) -> None:
        assert update.message is not None
        await update.message.reply_html("<b>Welcome</b>", reply_markup=KEYS)
        heard.note(f"start {context.args}")

    async def tapped(update: Update, _context: Any) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer("Noted")
        await query.edit_message_text("Thank you")
        heard.note(f"tap {query.data}")

    async def voted(update: Update, _context: Any) -> None:
        assert update.poll_answer is not None
        heard.note(f"vote {update.poll_answer.option_ids}")

    async def moved(update: Update, _context: Any) -> None:
        assert update.my_chat_member is not None
        heard.note(update.my_chat_member.new_chat_member.status)

    async def asked(update: Update, _context: Any) -> None:
        assert update.inline_query is not None
        words = InputTextMessageContent("A system.")
        await update.inline_query.answer([InlineQueryResultArticle("1", "Kafala", words)])
        heard.note(f"asked {update.inline_query.query}")

    async def filed(update: Update, _context: Any) -> None:
        assert update.message is not None
        assert update.message.document is not None
        heard.note(f"file {update.message.document.file_name}")

    built = Application.builder().bot(bot_for(sandbox)).build()
    built.add_handlers(
        [
            CommandHandler("start", start),
            CallbackQueryHandler(tapped),
            PollAnswerHandler(voted),
            ChatMemberHandler(moved),
            InlineQueryHandler(asked),
            MessageHandler(filters.Document.ALL, filed),
        ]
    )
    return built


async def test_an_application_hears_everything_a_phone_does(wire: Wire) -> None:
    await wire.asha(started=False)
    heard = Heard()
    async with application(wire.sandbox, heard) as running:
        assert running.updater is not None
        await running.updater.start_polling(timeout=1, allowed_updates=Update.ALL_TYPES)
        await running.start()
        await wire.act(101, "says", text="/start CODE")
        await heard.wait(1)
        await wire.act(101, "taps", label="Go")
        await heard.wait(2)
        poll = await running.bot.send_poll(101, "Which?", ["a", "b"], is_anonymous=False)
        assert poll.poll is not None
        await wire.act(101, "votes", poll_id=poll.poll.id, option_ids=[1])
        await wire.act(101, "asks-inline", query="kafala")
        await wire.act(101, "sends", document={"file_name": "r.csv", "base64": "YSxi"})
        await wire.act(101, "blocks")
        words = await heard.wait(6)
        await running.updater.stop()
        await running.stop()
    assert sorted(words) == sorted(["start ['CODE']", "tap a:1", "vote (1,)", "asked kafala", "file r.csv", "kicked"])
    chat = await wire.chat(101)
    assert [(m["from"], m["text"]) for m in chat["messages"]][:2] == [("person", "/start CODE"), ("bot", "Thank you")]
    journal = await wire.get("journal")
    assert journal["refusals"] == []
    assert [tap["answered"] for tap in journal["taps"]] == [True]


async def test_every_result_has_the_fields_the_schema_requires(wire: Wire) -> None:
    await wire.asha()
    schema = wire.sandbox.schema
    sent = await wire.done("sendMessage", chat_id=101, text="<b>x</b>", parse_mode="HTML", reply_markup=KEYS.to_dict())
    poll = await wire.done("sendPoll", chat_id=101, question="Q?", options=[{"text": "a"}])
    chat = await wire.done("getChat", chat_id=101)
    me = await wire.done("getMe")
    await wire.act(101, "taps", label="Go")
    await wire.act(101, "blocks")
    for kind, value in [("Message", sent), ("Message", poll), ("ChatFullInfo", chat), ("User", me)]:
        schema.check(value, kind)
    for update in await wire.updates():
        schema.check(update, "Update")


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_burst_through_the_limits_is_a_retry_after() -> None:
    async with (
        Sandbox(limits=Limits(chat_burst=1)) as sandbox,
        aiohttp.ClientSession(sandbox.address) as client,
    ):
        await Wire(sandbox, client).asha()
        async with bot_for(sandbox) as bot:
            await bot.send_message(101, "x")
            with pytest.raises(RetryAfter):
                await bot.send_message(101, "x")
