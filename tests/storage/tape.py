"""A tape of what statements answered, to lay two engines side by side."""

import inspect
import pkgutil
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, TypeVar

from sqlalchemy import select

import storage
from storage import schema
from storage.store import Store

T = TypeVar("T")

# They promise no order, and the engines take their own.
UNORDERED = {
    "broadcasts.under_way",
    "calendars.crisis_weeks",
    "calendars.enrolments_of",
    "calendars.learners_at",
    "dispatch.lapsed",
    "enrolments.learners_of",
    "ladders.settled_days",
    "measures.done_in",
    "people.coordinators",
}


def statements() -> set[str]:
    """Every public function of the package that takes a transaction first, but those that serve any table."""
    names = [found.name for found in pkgutil.iter_modules(storage.__path__) if found.name != "rows"]
    modules = [import_module(f"storage.{name}") for name in names]
    return {
        name_of(fn)
        for module in modules
        for name, fn in inspect.getmembers(module, inspect.iscoroutinefunction)
        if fn.__module__ == module.__name__ and not name.startswith("_") and "tx" in inspect.signature(fn).parameters
    }


def name_of(fn: Callable[..., Any]) -> str:
    """As in `askings.plan`."""
    return f"{fn.__module__.rpartition('.')[2]}.{fn.__name__}"


class Tape:
    """Calls statements and keeps what they answered, in order."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.told: list[tuple[str, Any]] = []

    async def change(self, fn: Callable[..., Awaitable[T]], *given: Any, **named: Any) -> T:
        """Call in a transaction of its own."""
        return self._keep(fn, await self._store.change(lambda tx: fn(tx, *given, **named)))

    async def read(self, fn: Callable[..., Awaitable[T]], *given: Any, **named: Any) -> T:
        """Call on a snapshot."""
        return self._keep(fn, await self._store.read(lambda tx: fn(tx, *given, **named)))

    def _keep(self, fn: Callable[..., Any], answer: T) -> T:
        name = name_of(fn)
        if name == "paces.standing":  # whose clock it goes by is the engine's
            self.told.append((name, answer[0]))  # type: ignore[index]  # it is a tuple
            return answer
        self.told.append((name, sorted(answer, key=repr) if name in UNORDERED else answer))  # type: ignore[call-overload]  # these are lists
        return answer

    async def everything(self) -> None:
        """Every row of every table, as it stands now."""
        for table in schema.metadata.sorted_tables:
            rows = await self._store.read(lambda tx, t=table: tx.all(select(t).order_by(*t.primary_key)))  # type: ignore[misc]  # bound now
            self.told.append((table.name, [row._asdict() for row in rows]))
