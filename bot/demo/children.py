"""The demo's child processes: each with its log, ended in order, and a sentence for one that ends by itself."""

import asyncio
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import bot
from bot.desk import DeskError

PATIENCE = 12.0  # seconds from SIGTERM to SIGKILL
TAIL = 12  # lines of a log that are shown


class StageError(DeskError):
    """The demo cannot go on; the message says why and what to do."""


class Child:
    """A running process. `leaving` once its end is meant."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.process = process
        self.log = log
        self.leaving = False

    async def first_line(self) -> str:
        """What it says first on stdout; "" when it ended without a word."""
        assert self.process.stdout is not None  # noqa: S101 - started with a pipe
        return (await self.process.stdout.readline()).decode().strip()

    async def end(self) -> None:
        """SIGTERM, and SIGKILL for one that does not listen."""
        self.leaving = True
        if self.process.returncode is None:
            self.process.terminate()
        try:
            async with asyncio.timeout(PATIENCE):
                await self.process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """As a power cut would."""
        self.leaving = True
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    def obituary(self) -> str:
        """One sentence and the tail of the log."""
        told = f"The {self.name} ended by itself (status {self.process.returncode})"
        lines = self.log.read_text("utf-8", "replace").splitlines()[-TAIL:]
        return f"{told}; its log ends so:\n" + "\n".join(lines) if lines else f"{told} without a word in its log."


async def start(name: str, *arguments: str, folder: Path, env: Mapping[str, str], pipe: bool = False) -> Child:
    """`python arguments…` with this Python, this code and this environment; `pipe` keeps stdout to be read."""
    log = folder / f"{name}.log"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=folder,
            env=dict(env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if pipe else out,
            stderr=out,
            start_new_session=True,  # Ctrl-C reaches us alone: we end the service before its Telegram
        )
    return Child(name, process, log)


def surroundings() -> dict[str, str]:
    """The environment without anybody's own settings of Attaché, and with the code that runs here."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ATTACHE_")}
    here = str(Path(bot.__file__).parent.parent)
    path = os.pathsep.join([here, *filter(None, [inherited.get("PYTHONPATH")])])
    return inherited | {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
