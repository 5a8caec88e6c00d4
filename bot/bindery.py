"""Papers that go out with a message: what they hold is read from the store when they are sent, then the worker process
makes the file."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.message import Paper
from bot.office import Office
from bot.pictures.studio import Studio
from storage.errors import StorageError
from storage.store import Store, Tx

log = structlog.get_logger()

PATIENCE = 45.0  # seconds for a file: an evidence pack with pictures takes ten
MOST = 20_000_000  # bytes; Telegram takes 50 MB


@dataclass(frozen=True, slots=True)
class Contents:
    """What a paper holds as plain values, and the name of the file."""

    file_name: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Binding:
    """How a paper is made: `load` reads its contents (None: the reason is gone), `press` names `module:function` of
    bot/papers, which turns the values into bytes in the worker process."""

    load: Callable[[Tx, dict[str, Any], Office], Awaitable[Contents | None]]
    press: str


class Bindery:
    """One for a process."""

    def __init__(self, store: Store, office: Office, studio: Studio, bindings: Mapping[str, Binding]) -> None:
        self._store = store
        self._office = office
        self._studio = studio
        self._bindings = bindings

    async def make(self, paper: Paper) -> tuple[str, bytes] | None:
        """(file name, bytes), or None where it cannot be made now."""
        binding = self._bindings.get(paper.name)
        if binding is None:
            return None
        try:
            contents = await self._store.read(lambda tx: binding.load(tx, paper.meaning, self._office))
        except StorageError:
            return None
        except Exception:
            log.exception("paper.failed", paper=paper.name)
            return None
        if contents is None:
            return None
        made = await self._studio.run(binding.press, contents.values, patience=PATIENCE)
        return (contents.file_name, made) if isinstance(made, bytes) and len(made) <= MOST else None
