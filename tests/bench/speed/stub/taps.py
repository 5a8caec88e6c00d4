"""Taps on buttons: handed out by getUpdates, and how long each waited for its answer and for the edited message."""

import time
from collections import deque
from typing import Any

Tap = tuple[int, int, str]  # chat, message id, the button's data


class Taps:
    """Instants are monotonic seconds; a wait is counted from the tap, not from when a client came to fetch it."""

    def __init__(self, text: str, keyboard: dict[str, Any]) -> None:
        self._text = text
        self._keyboard = keyboard
        self._updates: deque[dict[str, Any]] = deque()
        self._number = time.time_ns() // 1_000_000  # of updates: higher than those of any stub before this one
        self._waiting: dict[tuple[int, int], float] = {}
        self._tapped: dict[int, float] = {}
        self.begin()

    def begin(self) -> None:
        """Count from now on."""
        self.many = 0
        self.answered: list[float] = []  # seconds from tap to answerCallbackQuery
        self.shown: list[float] = []  # seconds from tap to the edited message
        self.shown_at = 0.0

    def tap(self, tap: Tap, now: float) -> None:
        """Somebody taps."""
        chat, message_id, data = tap
        self._number += 1
        self.many += 1
        self._tapped[self._number] = self._waiting[chat, message_id] = now
        person = {"id": chat, "is_bot": False, "first_name": "Official", "language_code": "en"}
        message = {
            "message_id": message_id,
            "from": {"id": 4200000001, "is_bot": True, "first_name": "Attaché", "username": "attache_bot"},
            "chat": {"id": chat, "first_name": "Official", "type": "private"},
            "date": 1790000000,
            "text": self._text,
            "reply_markup": self._keyboard,
        }
        query = {"id": str(self._number), "from": person, "message": message, "chat_instance": "1", "data": data}
        self._updates.append({"update_id": self._number, "callback_query": query})

    def fetch(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """Updates from `offset` on; earlier ones are confirmed and go."""
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        return [self._updates[n] for n in range(min(limit, len(self._updates)))]

    def answer(self, query_id: int, now: float) -> None:
        """The button's spinner stops."""
        if (tapped := self._tapped.pop(query_id, None)) is not None:
            self.answered.append(now - tapped)

    def show(self, chat: int, message_id: int, now: float) -> None:
        """The message is edited: the first edit after the tap counts."""
        if (tapped := self._waiting.pop((chat, message_id), None)) is not None:
            self.shown.append(now - tapped)
            self.shown_at = now
