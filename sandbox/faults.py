"""Faults on request: network and server fail before, during or after a call, as often as a test asks."""

from dataclasses import dataclass
from typing import Any

from sandbox.clock import monotonic
from sandbox.errors import ImpossibleError

KINDS = ("429", "429-bare", "500", "502", "slow", "cut-before", "cut-after", "timeout-after")
FIELDS = ("method", "kind", "count", "every", "retry_after", "seconds", "chat_id")


@dataclass(slots=True)
class Fault:
    """Hits each `every`-th matching call until `count` were hit (None: for ever)."""

    kind: str
    method: str = "*"
    count: int | None = 1
    every: int = 1
    retry_after: int = 1
    seconds: float = 1.0
    chat_id: int | None = None
    seen: int = 0

    def hits(self, method: str, chat_id: object) -> bool:
        """Whether this call is one of those."""
        if self.method not in ("*", method) or self.count == 0:
            return False
        if self.chat_id is not None and str(chat_id) != str(self.chat_id):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        if self.count is not None:
            self.count -= 1
        return True


class Faults:
    """What is to go wrong."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._out_until = 0.0

    @property
    def outage(self) -> bool:
        """No request is answered at all."""
        return monotonic() < self._out_until

    def add(self, fields: dict[str, Any]) -> None:
        """Plan a fault. Raises ImpossibleError 400."""
        kind = str(fields.get("kind"))
        if kind == "outage":
            self._out_until = monotonic() + float(fields.get("seconds", 1.0))
            return
        if kind not in KINDS:
            raise ImpossibleError(400, f"A fault is one of {', '.join((*KINDS, 'outage'))}.")
        strange = set(fields) - set(FIELDS)
        if strange:
            raise ImpossibleError(400, f"A fault has no field {sorted(strange)[0]!r}.")
        self._planned.append(Fault(**(fields | {"kind": kind})))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()
        self._out_until = 0.0

    def hit(self, method: str, chat_id: object) -> Fault | None:
        """The fault that strikes this call."""
        if not self._planned:
            return None
        self._planned = [fault for fault in self._planned if fault.count != 0]
        return next((fault for fault in self._planned if fault.hits(method, chat_id)), None)
