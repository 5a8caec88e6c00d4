"""One writer for SQLite: changes that wait together share one physical transaction (group commit).

A commit costs an fsync, a switch of threads about 0.2 ms: a whole group runs on the writer's thread and costs
two switches and one fsync. Each change has its own savepoint: one that fails is undone alone. Nobody is
answered before the commit they share is on the disk.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection, Engine

from storage.errors import Closed

MOST = 256  # changes in one transaction
Change = Callable[[Connection], Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change, the future of whoever waits for it, and her context (for logs)."""

    change: Change
    answer: asyncio.Future[Any]
    context: Context = field(default_factory=copy_context)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change came to inside the transaction: not to be told before the commit."""

    value: Any = None
    error: BaseException | None = None


class GroupCommit:
    """The queue of changes and the task that commits them, first come first served."""

    def __init__(self, engine: Engine) -> None:
        self.commits = 0
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")
        self._engine = engine
        self._queue: asyncio.Queue[Waiting | None] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    async def join(self, change: Change) -> Any:
        """Wait for the commit that holds `change`; its value or its exception."""
        if self._writer is None:
            self._writer = asyncio.create_task(self._write(), name="storage writer")
        elif self._writer.done():
            raise Closed("The store is closed: this change was not made.")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(Waiting(change, answer))
        return await answer

    async def close(self) -> None:
        """Commit what waits, then end the writer and its thread."""
        if self._writer is not None and not self._writer.done():
            self._queue.put_nowait(None)
            await asyncio.wait([self._writer])
        self.thread.shutdown()

    async def _write(self) -> None:
        group: list[Waiting] = []
        loop = asyncio.get_running_loop()
        try:
            last = False
            while not last:
                taken = [await self._queue.get()]
                while len(taken) < MOST and not self._queue.empty():
                    taken.append(self._queue.get_nowait())
                last = None in taken
                # Those whose answer is done gave up before they began.
                group = [one for one in taken if one is not None and not one.answer.done()]
                if group:
                    _answer(group, await loop.run_in_executor(self.thread, self._commit, group))
        finally:  # the writer itself was cancelled: nobody may wait for ever
            while not self._queue.empty():
                if (one := self._queue.get_nowait()) is not None:
                    group.append(one)
            for one in group:
                one.answer.cancel()  # no effect on one that has been answered

    def _commit(self, group: list[Waiting]) -> list[Outcome]:
        try:
            with self._engine.begin() as connection:
                outcomes = [_alone(connection, one) for one in group]
        except (Exception, asyncio.CancelledError) as error:  # whatever it is, every caller of the group hears it
            return [Outcome(error=error)] * len(group)
        self.commits += 1
        return outcomes


def _alone(connection: Connection, one: Waiting) -> Outcome:
    """Run one change in a savepoint; a failure undoes that and nothing else."""
    driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    driver.execute("SAVEPOINT one")  # beneath SQLAlchemy, whose own costs more than a small change
    try:
        value = one.context.run(one.change, connection)
        outcome = Outcome(value)
    except (Exception, asyncio.CancelledError) as error:
        if not driver.in_transaction:  # a full disk or the like has undone the whole group: nobody's change stands
            raise
        driver.execute("ROLLBACK TO one")
        outcome = Outcome(error=error)
    driver.execute("RELEASE one")
    return outcome


def _answer(group: list[Waiting], outcomes: list[Outcome]) -> None:
    for one, outcome in zip(group, outcomes, strict=True):
        if one.answer.done():
            continue
        if outcome.error is not None:
            one.answer.set_exception(outcome.error)
        else:
            one.answer.set_result(outcome.value)
