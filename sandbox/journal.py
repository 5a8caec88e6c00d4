"""Every call the bot made and what became of it: the evidence that tests and the demo count from."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import monotonic, real_now

KEPT_CALLS = 200_000  # a week of a large simulation; older calls are dropped, the counts stay
UNREACHABLE = ("Forbidden: bot was blocked by the user", "Forbidden: user is deactivated")


@dataclass(slots=True)
class Call:
    """One call. `at` is people's time, `real_at` the machine's; `status` 0 means that no answer was sent."""

    n: int
    at: datetime
    real_at: datetime
    method: str
    params: dict[str, Any]
    chat_id: int | str | None = None
    lane: str | None = None
    status: int = 0
    description: str | None = None
    fault: str | None = None

    def shown(self) -> dict[str, Any]:
        """As JSON; an uploaded file shows its name and size."""
        shown: dict[str, Any] = {
            "n": self.n,
            "at": self.at.isoformat(),
            "real_at": self.real_at.isoformat(),
            "method": self.method,
            "chat_id": self.chat_id,
            "status": self.status,
            "description": self.description,
            "params": {
                name: value.shown() if hasattr(value, "shown") else value for name, value in self.params.items()
            },
        }
        for name in ("lane", "fault"):
            if (value := getattr(self, name)) is not None:
                shown[name] = value
        return shown


@dataclass(slots=True)
class Tap:
    """One tap of a person; answered once, or never. `at` is people's time; `real_at` and the delay are real."""

    callback_query_id: str
    person: int
    data: str
    at: datetime
    tapped: float = field(default_factory=monotonic)
    real_at: datetime = field(default_factory=real_now)
    answered_after_ms: float | None = None

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "callback_query_id": self.callback_query_id,
            "person": self.person,
            "data": self.data,
            "at": self.at.isoformat(),
            "real_at": self.real_at.isoformat(),
            "answered": self.answered_after_ms is not None,
            "answered_after_ms": self.answered_after_ms,
        }


class Journal:
    """Calls in order, sorted into what was the bot's fault and what was not."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=KEPT_CALLS)
        self.taps: deque[Tap] = deque(maxlen=KEPT_CALLS)
        self.counts: Counter[str] = Counter()
        self._sorted: dict[str, deque[Call]] = {
            name: deque(maxlen=KEPT_CALLS) for name in ("refusals", "unreachable", "unmodified")
        }
        self._n = 0

    def opened(self, method: str, params: dict[str, Any], *, at: datetime, lane: str | None) -> Call:
        """A call came in."""
        self._n += 1
        self.counts[method] += 1
        call = Call(self._n, at, real_now(), method, params, params.get("chat_id"), lane)
        self.calls.append(call)
        return call

    def closed(self, call: Call, *, status: int, description: str | None = None) -> None:
        """A call was answered; 429 and injected faults are nobody's mistake."""
        call.status, call.description = status, description
        if call.fault is not None or not 400 <= status < 500 or status == 429:
            return
        kind = "refusals"
        if description in UNREACHABLE:
            kind = "unreachable"
        elif description and "message is not modified" in description:
            kind = "unmodified"
        self._sorted[kind].append(call)

    def shown(self, *, calls: bool) -> dict[str, Any]:
        """As the contract shows it, without the counts of updates."""
        shown: dict[str, Any] = {"calls": [call.shown() for call in self.calls]} if calls else {}
        shown |= {name: [call.shown() for call in kept] for name, kept in self._sorted.items()}
        return shown | {"taps": [tap.shown() for tap in self.taps], "counts": dict(self.counts)}
