"""The Bot API's answers, made fast: what stays the same from call to call is encoded once."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

BOT = {"id": 4200000001, "is_bot": True, "first_name": "Attaché", "username": "attache_bot"}
ME = BOT | {"can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": True}
DATE = 1790000000
REMEMBERED = 4096  # different texts, after which it begins anew

_NUMBER = re.compile(rb'(?:=|"\s*:\s*)"?(-?\d+)"?')
Parts = tuple[bytes, bytes]


def encoded(value: object) -> bytes:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def http(body: bytes, status: bytes = b"200 OK") -> bytes:
    """An answer that keeps the connection."""
    head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


def result(value: object) -> bytes:
    """An answer that says ok."""
    return http(encoded({"ok": True, "result": value}))


def too_many(wait: float) -> bytes:
    """429: seconds are whole and at least one."""
    after = max(1, int(wait + 0.999))
    told = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {after}"}
    return http(encoded(told | {"parameters": {"retry_after": after}}), b"429 Too Many Requests")


def refused(why: str) -> bytes:
    """400: this stub cannot do it."""
    return http(encoded({"ok": False, "error_code": 400, "description": f"Bad Request: {why}"}), b"400 Bad Request")


def parameters(body: bytes) -> dict[str, Any]:
    """JSON or form, by its first letter."""
    found = json.loads(body) if body[:1] == b"{" else dict(parse_qsl(body.decode()))
    return dict(found)


def cut(body: bytes, name: bytes) -> tuple[int, bytes]:
    """A whole number out of JSON or form without reading the rest: (number, the body without it)."""
    at = body.find(name)
    while at >= 0:
        if found := _NUMBER.match(body, at + len(name)):
            return int(found[1]), body[:at] + body[found.end() :]
        at = body.find(name, at + 1)
    raise ValueError(f"no {name.decode()}")


class Messages:
    """Message objects with text and keyboard echoed."""

    def __init__(self) -> None:
        self._known: dict[bytes, Parts] = {}

    def answer(self, body: bytes, rest: bytes, chat: int, message_id: int) -> bytes:
        """What sendMessage and editMessageText return for this body; `rest` is what is left of it without ids."""
        parts = self._known.get(rest)
        if parts is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            parts = self._known[rest] = _parts(parameters(body))
        return http(b'{"ok":true,"result":{"message_id":%d,%s%d%s' % (message_id, parts[0], chat, parts[1]))


def _parts(given: dict[str, Any]) -> Parts:
    """The message's JSON before and after the chat's id."""
    text, keyboard = given["text"], given.get("reply_markup")
    rest: dict[str, Any] = {"first_name": "Official", "type": "private"}
    message: dict[str, Any] = {"date": DATE, "text": text}
    if text.startswith("<b>"):
        message["entities"] = [{"type": "bold", "offset": 0, "length": text.find("</b>") - 3}]
    if keyboard:
        message["reply_markup"] = json.loads(keyboard) if isinstance(keyboard, str) else keyboard
    before = b'"from":' + encoded(BOT) + b',"chat":{"id":'
    after = b"," + encoded(rest)[1:] + b"," + encoded(message)[1:] + b"}"
    return before, after
