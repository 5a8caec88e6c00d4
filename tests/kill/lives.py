"""The service as a process that is started and killed, and the log it leaves."""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

SLOWEST_START = 60.0  # seconds until it must be online, on a machine that is busy
LOOK = 0.02


class EndedByItself(AssertionError):
    """The service ended although nobody had killed it."""


class Lives:
    """One service at a time, its output in one log."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self._env = env
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._began = 0
        self.started = 0
        self._since = 0.0

    @property
    def pid(self) -> int:
        """Of the process that lives now."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """A new life; returns at once."""
        with self._log.open("ab") as out:
            self._began = out.tell()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self._env, stdout=out, stderr=out, stdin=-3
            )
        self.started += 1
        self._since = time.monotonic()

    async def online(self) -> None:
        """Wait until it receives and sends."""
        async with asyncio.timeout(SLOWEST_START):
            while b'"service.online"' not in self._since_start():
                self.still_there()
                await asyncio.sleep(LOOK)

    def still_there(self) -> None:
        """Raises EndedByItself when it is not."""
        if self._process is None or self._process.returncode is not None:
            status = self._process.returncode if self._process else None
            last = self._since_start()[-2000:].decode(errors="replace")
            raise EndedByItself(f"the service ended by itself with status {status}: {last}")

    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._since

    async def kill(self) -> None:
        """SIGKILL."""
        self.still_there()
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        self._process = None

    async def stop(self) -> int:
        """SIGTERM; its exit status."""
        self.still_there()
        assert self._process is not None
        self._process.terminate()
        async with asyncio.timeout(40):
            status = await self._process.wait()
        self._process = None
        return status

    async def end(self) -> None:
        """Whatever happened: nothing is left running."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def troubles(self) -> Counter[str]:
        """Events of the log that say something broke: how often each."""
        found: Counter[str] = Counter()
        for line in self._log.read_text(errors="replace").splitlines():
            try:
                event = json.loads(line)
            except ValueError:  # a traceback, or a line that the kill cut short
                if line.startswith("Traceback"):
                    found["a traceback"] += 1
                continue
            if isinstance(event, dict) and event.get("level") in ("error", "critical"):
                found[f"{event['event']} {event.get('kind', '')}".strip()] += 1
        return found

    def _since_start(self) -> bytes:
        with self._log.open("rb") as log:
            log.seek(self._began)
            return log.read()
