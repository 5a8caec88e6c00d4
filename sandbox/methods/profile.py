"""Who the bot is, its command menus, names and descriptions, and what it knows of a chat."""

import re

from sandbox.errors import bad_request
from sandbox.message import Json
from sandbox.profile import scope_key
from sandbox.world import World

MOST_COMMANDS = 100
LENGTHS = {"name": 64, "description": 512, "short_description": 120}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
MOST_DESCRIPTION = 256
SCOPES = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
)


def get_me(world: World, _params: Json) -> Json:
    """getMe."""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_commands(world: World, params: Json) -> bool:
    """setMyCommands."""
    commands: list[Json] = params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= MOST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.commands[_place(world, params)] = [
        {"command": c["command"].removeprefix("/"), "description": c["description"].strip()} for c in commands
    ]
    _menus_changed(world)
    return True


def get_commands(world: World, params: Json) -> list[Json]:
    """getMyCommands."""
    return world.profile.commands.get(_place(world, params), [])


def delete_commands(world: World, params: Json) -> bool:
    """deleteMyCommands."""
    world.profile.commands.pop(_place(world, params), None)
    _menus_changed(world)
    return True


def set_text(what: str, world: World, params: Json) -> bool:
    """setMyName, setMyDescription, setMyShortDescription."""
    words: str = (params.get(what) or "").strip()
    if len(words) > LENGTHS[what]:
        raise bad_request(f"{what.replace('_', ' ')} is too long")
    world.profile.set_text(what, _language(params), words)
    return True


def get_text(what: str, world: World, params: Json) -> Json:
    """getMyName, getMyDescription, getMyShortDescription."""
    language = _language(params)
    return {what: world.profile.name(language) if what == "name" else world.profile.text(what, language)}


def set_menu_button(world: World, params: Json) -> bool:
    """setChatMenuButton."""
    button = params.get("menu_button") or {"type": "default"}
    if button["type"] not in ("commands", "default", "web_app"):
        raise bad_request("MenuButton has unsupported type")
    address = (button.get("web_app") or {}).get("url", "")
    if button["type"] == "web_app" and not address.startswith("https://"):
        raise bad_request(f"menu button Web App URL '{address}' is invalid: Only HTTPS links are allowed")
    if "chat_id" in params:
        world.chat_to_read(params["chat_id"]).menu_button = button
    else:
        world.profile.menu_button = button
    return True


def get_menu_button(world: World, params: Json) -> Json:
    """getChatMenuButton."""
    if "chat_id" in params and (own := world.chat_to_read(params["chat_id"]).menu_button):
        return own
    return world.profile.menu_button


def get_chat(world: World, params: Json) -> Json:
    """getChat: Telegram's ChatFullInfo."""
    person = world.chat_to_read(params["chat_id"]).person
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return person.chat() | {
        "accent_color_id": person.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
    }


def _place(world: World, params: Json) -> tuple[str, str]:
    scope: Json = params.get("scope") or {"type": "default"}
    if scope["type"] not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if scope["type"] in ("chat", "chat_administrators", "chat_member"):
        world.chat_to_read(scope.get("chat_id"))
    return scope_key(scope), _language(params)


def _language(params: Json) -> str:
    language: str = params.get("language_code") or ""
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _menus_changed(world: World) -> None:
    for chat in world.chats.values():
        world.touched(chat)
