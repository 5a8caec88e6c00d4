"""What the bot says about itself by language: names, descriptions, command lists by scope, menu button."""

import json

from sandbox.message import Json

DEFAULT_NAME = "Attaché"


class Profile:
    """Later words replace earlier ones; an empty text goes back to the default."""

    def __init__(self, *, username: str) -> None:
        self.username = username
        self.texts: dict[tuple[str, str], str] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.menu_button: Json = {"type": "commands"}

    def name(self, language: str) -> str:
        """The bot's name in a language, else the default one."""
        return self.text("name", language) or DEFAULT_NAME

    def text(self, what: str, language: str) -> str:
        """`what` is name, description or short_description."""
        return self.texts.get((what, language)) or self.texts.get((what, "")) or ""

    def set_text(self, what: str, language: str, words: str) -> None:
        """Set, or drop with an empty text."""
        if words:
            self.texts[(what, language)] = words
        else:
            self.texts.pop((what, language), None)

    def commands_for(self, person: int, language: str) -> list[Json]:
        """The menu a person sees: the narrowest scope first, each by language first."""
        for scope in (
            {"type": "chat", "chat_id": person},
            {"type": "all_private_chats"},
            {"type": "default"},
        ):
            for code in (language, ""):
                if found := self.commands.get((scope_key(scope), code)):
                    return found
        return []


def scope_key(scope: Json) -> str:
    """A scope as a key."""
    return json.dumps({name: str(value) for name, value in scope.items()}, sort_keys=True)
