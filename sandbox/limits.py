"""How fast a bot may send: so many a second in all, about one a second in one chat.

Real time. Telegram publishes no exact numbers (its FAQ: 1 a second in one chat, about 30 a second in bulk)
and answers 429 with `retry_after`; during a global wait every message is refused, and whoever goes on waits
longer.
"""

import math
from collections import deque
from dataclasses import dataclass, field

from sandbox.clock import monotonic
from sandbox.errors import ImpossibleError, RefusalError

WINDOW = 1.0
GRACE = 0.5  # calls that were on their way when the gate fell do not make it worse
LONGEST_WAIT = 60


@dataclass(slots=True)
class _Gate:
    """A wait that was ordered."""

    closed_at: float = 0.0
    open_at: float = 0.0
    wait: int = 0

    def refuse(self, now: float) -> RefusalError:
        """A wait begins, or one that is being ignored doubles."""
        ignored = now < self.open_at and now > self.closed_at + GRACE
        if now >= self.open_at or ignored:
            recent = ignored or now < self.open_at + LONGEST_WAIT / 10
            self.wait = min(LONGEST_WAIT, self.wait * 2) if recent and self.wait else 1
            self.closed_at, self.open_at = now, now + self.wait
        left = max(1, math.ceil(self.open_at - now))
        return RefusalError(429, f"Too Many Requests: retry after {left}", retry_after=left)


@dataclass(slots=True)
class _Bucket:
    """Short bursts pass: `burst` messages at once, then one each 1/rate s."""

    tokens: float
    filled_at: float
    gate: _Gate = field(default_factory=_Gate)


@dataclass
class Limits:
    """None switches a limit off. `callback_seconds`: how long a tap can be answered."""

    global_per_second: int | None = 30
    chat_burst: int | None = 3
    chat_per_second: float | None = 1.0
    callback_seconds: float | None = 15.0
    _sent: deque[float] = field(default_factory=deque, repr=False)
    _gate: _Gate = field(default_factory=_Gate, repr=False)
    _chats: dict[int, _Bucket] = field(default_factory=dict, repr=False)

    @classmethod
    def off(cls) -> "Limits":
        """No limit but the life of a tap."""
        return cls(global_per_second=None, chat_burst=None, chat_per_second=None)

    def change(self, values: dict[str, object]) -> None:
        """Set what is named. Raises ImpossibleError 400."""
        for name, value in values.items():
            if name not in ("global_per_second", "chat_burst", "chat_per_second", "callback_seconds"):
                raise ImpossibleError(400, f"There is no limit {name!r}.")
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value <= 0):
                raise ImpossibleError(400, f"{name} is a number above 0, or null for none.")
            setattr(self, name, value)
        self._sent.clear()
        self._chats.clear()
        self._gate = _Gate()

    def shown(self) -> dict[str, object]:
        """As set."""
        return {
            "global_per_second": self.global_per_second,
            "chat_burst": self.chat_burst,
            "chat_per_second": self.chat_per_second,
            "callback_seconds": self.callback_seconds,
        }

    def take(self, chat_id: int) -> None:
        """Room for one message. Raises RefusalError 429."""
        now = monotonic()
        if self.global_per_second is not None:
            while self._sent and self._sent[0] <= now - WINDOW:
                self._sent.popleft()
            if now < self._gate.open_at or len(self._sent) >= self.global_per_second:
                raise self._gate.refuse(now)
        if self.chat_per_second is not None:
            self._take_chat(chat_id, now)
        if self.global_per_second is not None:
            self._sent.append(now)

    def _take_chat(self, chat_id: int, now: float) -> None:
        rate, burst = self.chat_per_second or 1.0, self.chat_burst or 1
        bucket = self._chats.setdefault(chat_id, _Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.filled_at) * rate)
        bucket.filled_at = now
        if now < bucket.gate.open_at or bucket.tokens < 1:
            raise bucket.gate.refuse(now)
        bucket.tokens -= 1
