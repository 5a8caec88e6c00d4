"""Whether the service is alive and ready, by our own heartbeats and not by what a library believes of itself."""

from dataclasses import dataclass, field

import structlog

from bot.clock import Clock
from bot.intake import Poller

log = structlog.get_logger()

SILENT = 60.0  # seconds without a poll or a beat that count as dead


@dataclass(slots=True)
class Health:
    """Beats as they are heard."""

    clock: Clock
    poller: Poller
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
        if now - self.poller.last_at > SILENT:
            found.append("Telegram has not answered a poll for a minute")
        found += [
            f"the {name} beat is silent" for name in ("plan", "drain") if now - self.beats.get(name, now) > SILENT
        ]
        return found
