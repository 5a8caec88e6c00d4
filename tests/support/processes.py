"""Real processes in tests: `attache` and `python -m sandbox`, started, watched and ended."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

TOKEN = "4200000001:AAtestTESTtestTESTtestTESTtestTEST000"


def environment(folder: Path, sandbox: str | None = None, **more: str) -> dict[str, str]:
    """A clean environment for `attache`; nothing of the caller's settings leaks in."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("ATTACHE_")}
    ours = {"ATTACHE_DATA": str(folder), "ATTACHE_HTTP_PORT": "0", "COLUMNS": "200"}
    if sandbox:
        ours |= {
            "ATTACHE_BOT_TOKEN": TOKEN,
            "ATTACHE_BOT_API": sandbox,
            "ATTACHE_UNDO_SECONDS": "0",
            "ATTACHE_APPROVAL_ABOVE": "1000000",
            "ATTACHE_TYPING_SECONDS": "0",
            "ATTACHE_CLOCK": f"{sandbox}/sandbox/clock",
        }
    return inherited | ours | more


async def attache(*arguments: str, env: Mapping[str, str], timeout: float = 60) -> tuple[int, str, str]:
    """Run a verb to its end: (exit status, stdout, stderr)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, env=env, stdout=-1, stderr=-1, stdin=-3
    )
    async with asyncio.timeout(timeout):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def started(*command: str, env: Mapping[str, str], log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that runs while the block does, its output in `log`; ended with SIGTERM, then with SIGKILL."""
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", *command, env=env, stdout=out, stderr=out)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 20)
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def sandbox_process(folder: Path, start: str) -> AsyncIterator[str]:
    """The sandbox on a free port; its address."""
    log = folder / "sandbox.log"
    async with started("sandbox", "--port", "0", "--token", TOKEN, "--start", start, env=os.environ, log=log):
        async with asyncio.timeout(20):
            while not (found := re.search(r"ready on (http\S+)", log.read_text())):
                await asyncio.sleep(0.05)
        yield found[1]


class Remote:
    """The sandbox's control over HTTP."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self.address = address

    async def post(self, path: str, **body: object) -> dict[str, object]:
        async with self._session.post(f"{self.address}{path}", json=body) as answer:
            told: dict[str, object] = await answer.json()
            assert answer.status == 200, told
            return told

    async def texts(self, person: int) -> list[str]:
        """What the bot has written to a person, oldest first."""
        async with self._session.get(f"{self.address}/sandbox/people/{person}/chat") as answer:
            return [m["text"] for m in (await answer.json())["messages"] if m["from"] == "bot"]

    async def until(self, person: int, words: str, *, seconds: float = 20) -> str:
        """Wait until the newest message of the bot holds these words."""
        texts: list[str] = []
        for _ in range(int(seconds / 0.05)):
            texts = await self.texts(person)
            if texts and words in texts[-1]:
                return texts[-1]
            await asyncio.sleep(0.05)
        raise AssertionError(f"{words!r} did not come; last: {texts[-1:]}")

    async def journal(self) -> dict[str, list[dict[str, object]]]:
        async with self._session.get(f"{self.address}/sandbox/journal") as answer:
            told: dict[str, list[dict[str, object]]] = await answer.json()
            return told
