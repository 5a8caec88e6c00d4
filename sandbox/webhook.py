"""Pushing updates to the bot's own address, as WebhookActor.cpp of tdlib/telegram-bot-api does.

One queue a chat, so that one person's updates arrive in order while different people's run side by side. An
answer that is not 2xx, or none, is tried again after 1 s, doubling to 60 s; `Retry-After` is honoured up to
an hour.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from sandbox.clock import real_now
from sandbox.message import Json
from sandbox.updates import Update, Updates

FIRST_DELAY, LONGEST_DELAY, LONGEST_RETRY_AFTER = 1.0, 60.0, 3600.0
ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to."""

    url: str
    secret: str
    max_connections: int


class Webhook:
    """The pushing side; idle until `set`. `call` runs a method that an answer's body may carry."""

    def __init__(self, updates: Updates, call: Callable[[Json], Awaitable[None]]) -> None:
        self.hook: Hook | None = None
        self._updates, self._call = updates, call
        self._queues: dict[str, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None
        self._last_error: tuple[int, str] | None = None

    def set(self, hook: Hook | None) -> None:
        """Begin, change or end; what waits goes to the new address."""
        for task in self._tasks:
            task.cancel()
        self._queues.clear()
        self.hook, self._last_error = hook, None
        self._updates.pushed = self._push if hook else None
        if hook:
            self._slots = asyncio.Semaphore(hook.max_connections)
            for update in self._updates.waiting:
                self._push(update)

    def info(self, updates: Updates) -> Json:
        """Telegram's WebhookInfo."""
        info: Json = {
            "url": self.hook.url if self.hook else "",
            "has_custom_certificate": False,
            "pending_update_count": updates.pending,
        }
        if self.hook:
            info["max_connections"] = self.hook.max_connections
        if self._last_error:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if (allowed := updates.allowed()) is not None:
            info["allowed_updates"] = allowed
        return info

    async def close(self) -> None:
        """Stop pushing."""
        self.set(None)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def _push(self, update: Update) -> None:
        queue = self._queues.setdefault(update.key, deque())
        queue.append(update)
        if len(queue) == 1:
            task = asyncio.get_running_loop().create_task(self._drain(update.key, queue))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: str, queue: deque[Update]) -> None:
        delay = FIRST_DELAY
        while queue:
            async with self._slots:
                wait = await self._deliver(queue[0])
            if wait is None:
                self._updates.confirm(queue.popleft())
                delay = FIRST_DELAY
                continue
            await asyncio.sleep(max(wait, delay))
            delay = min(LONGEST_DELAY, delay * 2)
        self._queues.pop(key, None)

    async def _deliver(self, update: Update) -> float | None:
        """None when taken, else the least wait in seconds."""
        hook = self.hook
        if hook is None:
            return 0.0
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout)
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with self._session.post(hook.url, json=update.body, headers=headers) as answer:
                if answer.status // 100 == 2:
                    await self._obey(await answer.text())
                    return None
                words = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                self._last_error = (int(real_now().timestamp()), words)
                return _seconds(answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError) as error:
            words = f"Connection failed: {type(error).__name__}"
            self._last_error = (int(real_now().timestamp()), words)
            return 0.0

    async def _obey(self, body: str) -> None:
        """An answer may carry one method call; what is no JSON object is ignored."""
        with suppress(ValueError):
            carried = json.loads(body)
            if isinstance(carried, dict) and "method" in carried:
                await self._call(carried)


def _seconds(header: str) -> float:
    return min(LONGEST_RETRY_AFTER, float(header)) if header.isdecimal() else 0.0
