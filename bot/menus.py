"""The command menus that Telegram shows beside the field for words; the guard is in the routes."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot import routes
from bot.call import Role
from bot.office import Office

log = structlog.get_logger()
Spawn = Callable[[Coroutine[Any, Any, None], str], None]


class Menus:
    """One for all private chats, and a longer one in a coordinator's chat, the first time that it is seen."""

    def __init__(
        self, bot: ExtBot[Any], office: Office, spawn: Callable[[Coroutine[Any, Any, None], str], None]
    ) -> None:
        self._bot = bot
        self._office = office
        self._spawn = spawn
        self._seen: set[int] = set()

    async def show(self) -> None:
        """To everybody."""
        await self._set(frozenset({Role.ANYONE, Role.LEARNER, Role.MEMBER}), BotCommandScopeAllPrivateChats())

    def coordinator_seen(self, telegram_id: int) -> None:
        """A coordinator wrote or tapped."""
        if telegram_id not in self._seen:
            self._seen.add(telegram_id)
            self._spawn(self._set(frozenset(Role), BotCommandScopeChat(telegram_id)), "menu")

    async def _set(self, roles: frozenset[Role], scope: Any) -> None:
        voice = self._office.phrases.voice(None)
        commands = [BotCommand(word, voice.label(line)) for word, line in routes.help_lines(roles)]
        try:
            await self._bot.set_my_commands(commands, scope=scope)
        except TelegramError as error:
            log.warning("menu.failed", kind=type(error).__name__)
