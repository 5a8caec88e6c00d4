"""Where a life ends: the boundaries it crosses are counted, and at one of them it dies."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple

PATIENCE = 0.5  # seconds for a task to end that was cancelled; then it is cancelled again


class Died(BaseException):
    """The process was killed at a boundary; no handler of ours may stop that."""


class Crossing(NamedTuple):
    """The nth time (from 1) that a life crosses a boundary of that name."""

    boundary: str
    n: int


class Begun(NamedTuple):
    """A sendMessage as it was handed to the wire."""

    chat: int
    text: str
    data: tuple[str, ...]  # of its buttons


class Fuse:
    """Notes crossings from the moment it is lit; at the one named `at` the life that holds it is over.

    From then on every crossing ends whoever crosses. What was asked of the store before is `given_up` where it has not
    begun, or else comes to its end: a real kill may do either. What is being committed comes to its end in any case.
    """

    def __init__(self, at: Crossing | None = None, *, given_up: bool = True) -> None:
        self.at = at
        self._given_up = given_up
        self.lit = False
        self.died = asyncio.Event()
        self.crossings: list[Crossing] = []
        self._counts: Counter[str] = Counter()
        self.begun: list[Begun] = []
        self.tasks: set[asyncio.Task[Any]] = set()

    def crossed(self, point: str) -> None:
        """The hook of store and transport. Raises Died."""
        if self.died.is_set():
            raise Died
        if not self.lit:
            return
        around = sys._getframe(1).f_locals
        name = f"{point} {_named(around)}"
        self._counts[name] += 1
        self.crossings.append(Crossing(name, self._counts[name]))
        if self.crossings[-1] == self.at:
            self.died.set()
            if self._given_up:
                self.stop()
            raise Died
        if point == "http:before" and around["url"].endswith("/sendMessage"):
            self.begun.append(_begun(around["body"]))

    def stop(self) -> None:
        """Cancel everything that this life does; the writer of the store ends when the store is closed."""
        for task in self._alive():
            if task is not asyncio.current_task():
                task.cancel()

    async def buried(self) -> None:
        """Return when nothing of this life moves any more."""
        while left := self._alive():
            _, unmoved = await asyncio.wait(left, timeout=PATIENCE)
            if unmoved:
                self.stop()
        await asyncio.gather(*(task for task in self.tasks if task.done()), return_exceptions=True)

    def _alive(self) -> list[asyncio.Task[Any]]:
        return [task for task in self.tasks if not task.done() and task.get_name() != "storage writer"]


LIFE: ContextVar[Fuse | None] = ContextVar("life", default=None)


def tracked(loop: asyncio.AbstractEventLoop) -> None:
    """From now on every task of a life is known to its fuse."""

    def made(loop: asyncio.AbstractEventLoop, coro: Any, **more: Any) -> "asyncio.Task[Any]":
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, **more)
        life = LIFE.get()
        if life is not None:
            life.tasks.add(task)
        return task

    loop.set_task_factory(made)


def _named(around: dict[str, Any]) -> str:
    """What was crossed, from the variables of whoever calls the hook: the change, or the method of the Bot API."""
    fn: Callable[..., Any] | None = around.get("fn")
    if fn is not None:
        return fn.__qualname__.partition(".<locals>")[0]
    return str(around["url"]).rpartition("/")[2]


def _begun(body: bytes) -> Begun:
    said = json.loads(body)
    rows = (said.get("reply_markup") or {}).get("inline_keyboard", [])
    data = tuple(button.get("callback_data", "") for row in rows for button in row)
    return Begun(int(said["chat_id"]), said["text"], data)
