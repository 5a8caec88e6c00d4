"""APScheduler as a ticker of a handful of beats; the only impure module of this package.

What is due stands in the database: a beat that was late, doubled or lost in a restart changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.errors import SchedulerError


@dataclass(frozen=True, slots=True)
class Beat:
    """What is run, and how many seconds lie between the starts of two runs."""

    every_seconds: float
    run: Callable[[], Awaitable[None]]


class Heartbeat:
    """Runs each beat at start, every so many seconds, and when nudged; never twice at once.

    `on_beat(name)` is called after each run that ended well, `on_error(name, error)` after each that did not; the
    beat goes on either way.
    """

    def __init__(
        self,
        beats: Mapping[str, Beat],
        *,
        on_beat: Callable[[str], None] | None = None,
        on_error: Callable[[str, Exception], None] | None = None,
    ) -> None:
        self._beats = dict(beats)
        self._on_beat = on_beat
        self._on_error = on_error
        self._running: dict[str, asyncio.Task[object] | None] = {}
        self._again: set[str] = set()
        self._stopping = False
        self._ticker = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin; to be called once, inside the running event loop."""
        for name, beat in self._beats.items():
            self._ticker.add_job(self._beat, "interval", seconds=beat.every_seconds, args=[name], id=name)
        self._ticker.start()
        for name in self._beats:
            self.nudge(name)

    def nudge(self, name: str) -> None:
        """Run a beat as soon as possible: now, or once more when the present run ends. Nudges do not pile up."""
        if name not in self._beats:
            raise SchedulerError(f"there is no beat {name!r}; there are {', '.join(self._beats)}")
        if self._stopping or not self._ticker.running:
            return
        if name in self._running:
            self._again.add(name)
        else:
            self._ticker.add_job(self._beat, args=[name], id=f"nudge {name}", replace_existing=True)

    async def stop(self) -> None:
        """Start no more beats and wait for those that run. Cancelling it cancels them."""
        if self._stopping or not self._ticker.running:
            return
        self._stopping = True
        self._ticker.pause()
        try:
            await asyncio.gather(*(task for task in self._running.values() if task), return_exceptions=True)
        finally:
            self._ticker.shutdown(wait=False)
            await asyncio.sleep(0)  # it shuts down in the next turn of the loop

    async def _beat(self, name: str) -> None:
        if self._stopping or name in self._running:
            return
        self._running[name] = asyncio.current_task()
        try:
            await self._run(name)
            while name in self._again and not self._stopping:
                self._again.discard(name)
                await self._run(name)
        finally:
            del self._running[name]

    async def _run(self, name: str) -> None:
        try:
            await self._beats[name].run()
        except Exception as error:  # whatever it is, the next beat must come
            if self._on_error:
                self._on_error(name, error)
        else:
            if self._on_beat:
                self._on_beat(name)
