"""What Telegram allows: so many counted calls a second for the whole bot, and one a second in a chat."""

from collections import deque

CHAT_BURST = 3  # messages that one chat may get at once
CHAT_PACE = 1.0  # seconds between messages in one chat after that


class Limits:
    """Token buckets, one for the bot and one for each chat. Instants are monotonic seconds.

    `most` is the greatest number of calls let through in any sliding second.
    """

    def __init__(self, rate: float, *, chats: bool) -> None:
        self._rate = rate  # calls a second, with a burst of as many; 0: no limit
        self._chats_limited = chats
        self._tokens = rate
        self._since = 0.0
        self._chats: dict[int, float] = {}  # chat → when its bucket is full again
        self.begin()

    def begin(self) -> None:
        """Count from now on; the buckets stay as full as they are."""
        self._second: deque[float] = deque()
        self.most = 0
        self.accepted = 0
        self.refused = 0
        self.first_at = 0.0
        self.last_at = 0.0

    def take(self, chat: int, now: float) -> float:
        """0.0 when the call may pass, else the seconds after which it may be tried again."""
        wait = self._wait(chat, now)
        if wait > 0:
            self.refused += 1
            return wait
        if self._rate:
            self._tokens -= 1
        if self._chats_limited:
            self._chats[chat] = max(self._chats.get(chat, 0.0), now) + CHAT_PACE
        self._count(now)
        return 0.0

    def _wait(self, chat: int, now: float) -> float:
        wait = 0.0
        if self._rate:
            self._tokens = min(self._rate, self._tokens + (now - self._since) * self._rate)
            self._since = now
            wait = (1 - self._tokens) / self._rate
        if self._chats_limited:
            wait = max(wait, self._chats.get(chat, 0.0) - CHAT_PACE * (CHAT_BURST - 1) - now)
        return wait

    def _count(self, now: float) -> None:
        self.accepted += 1
        self.first_at = self.first_at or now
        self.last_at = now
        self._second.append(now)
        while self._second[0] <= now - 1:
            self._second.popleft()
        self.most = max(self.most, len(self._second))
