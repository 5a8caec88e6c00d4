"""The library's handlers, derived from the table of routes: which update goes to which route."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.callbacks import unpack
from bot.intake import Workers
from bot.route import Route
from bot.routes import COMMANDS, PRESSES, UNKNOWN
from bot.service_desk import ServiceDesk
from storage.errors import Unreachable

log = structlog.get_logger()

Context = ContextTypes.DEFAULT_TYPE
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


def connect(application: Application[Any, Any, Any, Any, Any, Any], desk: ServiceDesk, workers: Workers) -> None:
    """Register every route. Only private chats are served; inline queries come from any."""
    private = filters.ChatType.PRIVATE

    def to(route: Route | None) -> Callback:
        async def callback(update: Update, _: Context) -> None:
            message = update.effective_message
            text = (message.text or message.caption or "") if message else ""
            await desk.serve(update, route, _after_command(text) if text.startswith("/") else text)

        return callback

    async def tapped(update: Update, _: Context) -> None:
        data = update.callback_query.data if update.callback_query else None
        pressed = unpack(data) if data else None
        await desk.serve(update, PRESSES.get(type(pressed)) if pressed is not None else UNKNOWN)

    async def member(update: Update, _: Context) -> None:
        await desk.reach_changed(update)

    async def inline(update: Update, _: Context) -> None:
        await desk.asked_inline(update)

    async def rest(update: Update, _: Context) -> None:
        await desk.done(update.update_id)

    async def failed(update: object, context: Context) -> None:
        log.error("handler.failed", kind=type(context.error).__name__, exc_info=context.error)
        if isinstance(update, Update) and not isinstance(context.error, Unreachable):  # the update is not to blame
            workers.failed.add(update.update_id)

    application.add_handler(CallbackQueryHandler(tapped))  # first: the library asks one handler after the other
    for word, route in COMMANDS.items():
        application.add_handler(CommandHandler(word, to(route), filters=private))
    files = filters.PHOTO | filters.Document.ALL | filters.POLL
    application.add_handler(MessageHandler(private & (filters.TEXT & ~filters.COMMAND | files), to(None)))
    application.add_handler(MessageHandler(private, to(UNKNOWN)))
    application.add_handler(InlineQueryHandler(inline))
    application.add_handler(ChatMemberHandler(member, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(TypeHandler(Update, rest))
    application.add_error_handler(failed)


def _after_command(text: str) -> str:
    """Everything after the command's word, line breaks kept."""
    parts = text.split(maxsplit=1)
    return parts[1] if len(parts) > 1 else ""
