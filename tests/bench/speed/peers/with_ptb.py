"""Stock python-telegram-bot with aiosqlite, as the tutorials show it: HTTPXRequest, polling, a commit a message."""

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import AIORateLimiter, Application, CallbackQueryHandler, CommandHandler

from tests.bench.speed.peers import common
from tests.bench.speed.peers.common import CARD, TOKEN

COMMANDS = ("start", "help", "today", "progress", "settings", "pause", "resume")
WORKERS = 30


def keyboard(rows: dict[str, Any]) -> InlineKeyboardMarkup:
    """Buttons as the library's objects."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(**each) for each in row] for row in rows["inline_keyboard"]])


def application(chosen: argparse.Namespace, *, limited: bool) -> Application[Any, Any, Any, Any, Any, Any]:
    """Everything at its default but for presses served at the same time."""
    builder = Application.builder().token(TOKEN).base_url(f"{chosen.api}/bot").concurrent_updates(32)
    return (builder.rate_limiter(AIORateLimiter(max_retries=5)) if limited else builder).build()


def sending(bot: Any) -> common.Send:
    """A quiz card."""

    async def send(chat: int, text: str) -> int:
        sent = await bot.send_message(chat, text, parse_mode="HTML", reply_markup=keyboard(CARD["keyboard"]))
        return int(sent.message_id)

    return send


def listen(app: Application[Any, Any, Any, Any, Any, Any], answers: common.Answers) -> None:
    """Seven commands and the press."""

    async def pressed(update: Update, _context: Any) -> None:
        query = update.callback_query
        assert query is not None
        assert query.message is not None
        assert query.data is not None
        await query.answer()
        await query.edit_message_text(CARD["feedback"], parse_mode="HTML", reply_markup=keyboard(CARD["sure"]))
        await answers.record(query.message.chat.id, query.message.message_id, query.data)

    async def said(update: Update, _context: Any) -> None:
        assert update.message is not None
        await update.message.reply_text("Hello.")

    for word in COMMANDS:
        app.add_handler(CommandHandler(word, said))
    app.add_handler(CallbackQueryHandler(pressed))


async def polling(chosen: argparse.Namespace, folder: Path) -> None:
    """Presses, alone or beside a broadcast."""
    under_way = chosen.bench == "broadcast"
    common.fill(folder / "peer.db", int(chosen.rate * (chosen.seconds + 5)) if under_way else 0)
    db = await common.opened(folder / "peer.db")
    answers = common.Answers(db)
    async with application(chosen, limited=under_way) as app:
        listen(app, answers)
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling()
        if under_way:
            await common.broadcast(chosen, db, sending(app.bot), WORKERS)
        else:
            await common.press(chosen, answers)
        await app.updater.stop()
        await app.stop()
    await db.close()


async def main() -> None:
    """Run one of the three."""
    chosen = common.options("tests.bench.speed.peers.with_ptb", __doc__)
    if chosen.bench == "bulk":
        app = application(chosen, limited=False)
        await app.initialize()
        await common.bulk(chosen, sending(app.bot))
        return
    with TemporaryDirectory(prefix="attache-peer-") as folder:
        await polling(chosen, Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
