"""Inline keyboards as Telegram takes them: one action a button, 64 bytes of data, 8 in a row, 100 in all."""

from typing import Any

from sandbox.errors import bad_request
from sandbox.links import checked_url
from sandbox.message import Json

MOST_DATA_BYTES = 64
MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
MOST_COPY_TEXT = 256
STYLES = ("danger", "success", "primary")
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def inline_keyboard(markup: Json | None) -> Json | None:
    """The keyboard to store, or None when there is none. Raises RefusalError 400."""
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows: list[list[Json]] = [row for row in markup["inline_keyboard"] if row]
    for row in rows:
        for button in row:
            _check(button)
    if sum(len(row) for row in rows) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _check(button: Json) -> None:
    actions = [name for name in ACTIONS if _given(button.get(name), name)]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # Telegram takes the first and drops the others; we are stricter, because it is always a mistake.
        raise bad_request(f"can't parse inline keyboard button: only one of {' and '.join(actions)} can be used")
    if not button["text"].strip():
        raise bad_request("REPLY_MARKUP_INVALID")
    if button.get("style", STYLES[0]) not in STYLES:
        raise bad_request("can't parse inline keyboard button: Invalid button style specified")
    _check_action(actions[0], button[actions[0]])


def _given(value: Any, name: str) -> bool:
    if name in ("switch_inline_query", "switch_inline_query_current_chat", "callback_game"):
        return value is not None  # empty means something here
    return bool(value)


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data" and len(value.encode()) > MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and (wrong := checked_url(value).wrong):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: {wrong}")
    if action == "web_app" and not value["url"].lower().startswith("https://"):
        raise bad_request(
            f"inline keyboard button Web App URL '{value['url']}' is invalid: Only HTTPS links are allowed"
        )
    if action == "login_url":
        raise bad_request("BOT_DOMAIN_INVALID")  # no domain is linked to the bot
    if action == "copy_text" and not 1 <= len(value["text"]) <= MOST_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action in ("pay", "callback_game"):
        raise bad_request("BUTTON_TYPE_INVALID")  # only under an invoice or a game
