"""Whether the service is alive and ready, by our own heartbeats and not by what a library believes of itself."""

from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.clock import Clock

log = structlog.get_logger()

SILENT = 60.0  # seconds without a poll or a beat that count as dead


class Receiving(Protocol):
    """By polling or by webhook: when Telegram last showed that updates come here, and what its silence is called."""

    last_at: float
    silence: str
    leads: bool | None  # None: there is nothing to lead; False: another process polls, and this one stands by

    @property
    def unready(self) -> str | None:
        """Why nothing can be received yet."""


@dataclass(slots=True)
class Health:
    """Beats as they are heard."""

    clock: Clock
    receiving: Receiving
    online: bool = False
    stopping: bool = False
    beats: dict[str, float] = field(default_factory=dict)
    stumbles: int = 0

    def beat(self, name: str) -> None:
        """A job of the heartbeat has run."""
        self.beats[name] = self.clock.monotonic()

    def stumbled(self, name: str, error: BaseException) -> None:
        """A job of the heartbeat raised; it goes on beating."""
        self.stumbles += 1
        log.error("beat.failed", beat=name, kind=type(error).__name__, exc_info=error)

    def troubles(self) -> list[str]:
        """What is wrong, in words; empty when alive."""
        now = self.clock.monotonic()
        found = []
        if self.receiving.leads is not False and now - self.receiving.last_at > SILENT:
            found.append(self.receiving.silence)
        found += [
            f"the {name} beat is silent" for name in ("plan", "drain") if now - self.beats.get(name, now) > SILENT
        ]
        return found

    def unready(self) -> list[str]:
        """Why nobody should be sent here, in words; empty when ready. The database is not looked at."""
        reached = None if self.online else "Telegram has not been reached yet"
        found = ["stopping" if self.stopping else None, reached, self.receiving.unready]
        return [words for words in found if words]
