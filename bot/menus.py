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
EVERYBODY = frozenset({Role.ANYONE, Role.LEARNER, Role.MEMBER})
Spawn = Callable[[Coroutine[Any, Any, None], str], None]


class Menus:
    """One for all private chats, and a longer one in a colleague's chat, when it is seen first or with another role."""

    def __init__(
        self, bot: ExtBot[Any], office: Office, spawn: Callable[[Coroutine[Any, Any, None], str], None]
    ) -> None:
        self._bot = bot
        self._office = office
        self._spawn = spawn
        self._seen: dict[int, frozenset[Role]] = {}

    async def show(self) -> None:
        """To everybody."""
        await self._set(EVERYBODY, BotCommandScopeAllPrivateChats())

    def colleague_seen(self, telegram_id: int, roles: frozenset[Role]) -> None:
        """Somebody wrote or tapped; of learners without a role at the desk nothing is kept."""
        if telegram_id not in self._seen and roles <= EVERYBODY:
            return
        if self._seen.get(telegram_id) != roles:
            self._seen[telegram_id] = roles
            self._spawn(self._set(roles | EVERYBODY, BotCommandScopeChat(telegram_id)), "menu")

    async def _set(self, roles: frozenset[Role], scope: Any) -> None:
        voice = self._office.phrases.voice(None)
        commands = [BotCommand(word, voice.label(line)) for word, line in routes.help_lines(roles)]
        try:
            await self._bot.set_my_commands(commands, scope=scope)
        except TelegramError as error:
            log.warning("menu.failed", kind=type(error).__name__)
