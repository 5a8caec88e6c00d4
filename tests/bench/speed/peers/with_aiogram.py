"""aiogram 3 with aiosqlite, as its tutorials show it: its own aiohttp session, polling, a commit a message."""

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.bench.speed.peers import common
from tests.bench.speed.peers.common import CARD, TOKEN

COMMANDS = ("start", "help", "today", "progress", "settings", "pause", "resume")


def keyboard(rows: dict[str, Any]) -> InlineKeyboardMarkup:
    """Buttons as the library's objects."""
    made = [[InlineKeyboardButton(**each) for each in row] for row in rows["inline_keyboard"]]
    return InlineKeyboardMarkup(inline_keyboard=made)


def sending(bot: Bot) -> common.Send:
    """A quiz card."""

    async def send(chat: int, text: str) -> int:
        sent = await bot.send_message(chat, text, parse_mode="HTML", reply_markup=keyboard(CARD["keyboard"]))
        return int(sent.message_id)

    return send


def listening(answers: common.Answers) -> Dispatcher:
    """Seven commands and the press."""
    dispatcher = Dispatcher()

    async def said(message: Message) -> None:
        await message.answer("Hello.")

    async def pressed(query: CallbackQuery) -> None:
        card = query.message
        assert isinstance(card, Message)
        await query.answer()
        await card.edit_text(CARD["feedback"], parse_mode="HTML", reply_markup=keyboard(CARD["sure"]))
        await answers.record(card.chat.id, card.message_id, query.data or "")

    for word in COMMANDS:
        dispatcher.message.register(said, Command(word))
    dispatcher.callback_query.register(pressed)
    return dispatcher


async def press(chosen: argparse.Namespace, bot: Bot) -> None:
    """Poll while people tap."""
    with TemporaryDirectory(prefix="attache-peer-") as folder:
        path = Path(folder) / "peer.db"
        common.fill(path, 0)
        db = await common.opened(path)
        answers = common.Answers(db)
        dispatcher = listening(answers)
        how: dict[str, Any] = {"handle_signals": False, "close_bot_session": False, "tasks_concurrency_limit": 32}
        task = asyncio.create_task(dispatcher.start_polling(bot, **how))
        await common.press(chosen, answers)
        await dispatcher.stop_polling()
        await task
        await db.close()


async def main() -> None:
    """Run one of the two."""
    chosen = common.options("tests.bench.speed.peers.with_aiogram", __doc__)
    session = AiohttpSession(api=TelegramAPIServer.from_base(chosen.api))
    async with Bot(TOKEN, session=session) as bot:
        await (common.bulk(chosen, sending(bot)) if chosen.bench == "bulk" else press(chosen, bot))


if __name__ == "__main__":
    asyncio.run(main())
