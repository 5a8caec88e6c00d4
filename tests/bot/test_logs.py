"""Logs: one JSON line an event, and never the token. In a process of its own, since logging is one for all."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.logs import redacted
from tests.bot.rim import SECRET, TOKEN

SCRIPT = """
import logging, sys
import structlog
from bot import logs

token = sys.argv[1]
address = f"https://api.telegram.org/bot{token}/sendMessage"
logs.set_up(10)
log = structlog.get_logger()
log.debug("event", words=token)
log.info(f"in the event {token}")
log.info("event", address=address)
log.info("event", coded=address.replace(":AA", "%3AAA"))
log.info("event", listed=[address, {"deep": token}])
log.info("event", error=ValueError(address))
log.info("event", **{token: 1})
try:
    raise ValueError(address)
except ValueError as error:
    log.exception("event")
    log.error("event", exc_info=error)
    logging.getLogger("library").exception("it broke: %s", "so")
logging.getLogger().setLevel(logging.DEBUG)
for name in ("aiohttp", "asyncio", "telegram", "telegram.ext.ExtBot", "uvicorn.error", "sqlalchemy"):
    logging.getLogger(name).debug("calling %s", address)
    logging.getLogger(name).warning('a "quoted" %s\\nand a second line', address)
    logging.getLogger(name).error("an object: %r", ValueError(address))
logging.getLogger("library").warning("ill-matched %d", token)
logging.getLogger("library").warning("too many", token)
"""


@pytest.fixture(scope="module")
def lines() -> list[str]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, TOKEN], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_the_token_is_in_no_line(lines: list[str]) -> None:
    assert not [line for line in lines if SECRET in line]


def test_every_line_is_one_json_object_that_names_its_event(lines: list[str]) -> None:
    told: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert len(told) == 30
    assert all(line["event"] and line["level"] for line in told)


def test_what_is_not_secret_is_told(lines: list[str]) -> None:
    text = "\n".join(lines)
    for words in ("in the event …", "api.telegram.org/bot…/sendMessage", "it broke: so", "Traceback", "second line"):
        assert words in text


DELIVERED = """
import asyncio, logging, sys, tempfile
from pathlib import Path
import aiohttp
from bot import logs
from bot.app import running
from tests.bot.rim import until
from tests.journeys.test_webhook import HOOK_SECRET, by_webhook
from tests.support.world import a_world

logs.set_up(10)
logging.getLogger().setLevel(logging.DEBUG)


async def main():
    async with a_world(Path(sys.argv[1]), **by_webhook()) as world:
        await world.post("/sandbox/faults", kind="cut-after", method="setWebhook")
        await world.post("/sandbox/faults", kind="502", method="getWebhookInfo")
        async with running(world.settings) as service, aiohttp.ClientSession() as client:
            async def ready():
                return service.health.unready() == []

            await until(ready, seconds=30)
            url, header = world.settings.webhook_url, "X-Telegram-Bot-Api-Secret-Token"
            await client.get(url, headers={header: HOOK_SECRET})
            for secret in (HOOK_SECRET, HOOK_SECRET + "x"):
                for body in (b"{", b'{"update_id": 1}', b" " * 2**20 + b"1"):
                    await client.post(url, data=body, headers={header: secret})
            await service.store.close()
            await client.post(url, data=b'{"update_id": 2}', headers={header: HOOK_SECRET})


asyncio.run(main())
"""


@pytest.mark.slow
def test_the_secret_of_the_webhook_is_in_no_line(tmp_path: Path) -> None:
    script = [sys.executable, "-c", DELIVERED, str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, check=True, timeout=100)
    told = {json.loads(line)["event"] for line in done.stderr.splitlines()}
    assert {"webhook.set", "webhook.not-set", "webhook.refused", "webhook.not-kept"} <= told
    assert "hook_SECRET" not in done.stdout + done.stderr


def test_our_debug_is_silent_unless_asked_for() -> None:
    script = "import structlog; from bot import logs; logs.set_up(); structlog.get_logger().debug('hidden')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""


@pytest.mark.parametrize(
    "words", [TOKEN, f"bot{TOKEN}", f"/bot{TOKEN}/getMe", f"x{TOKEN}", f"({TOKEN})", TOKEN.replace(":", "%3A")]
)
def test_a_token_is_blanked_wherever_it_stands(words: str) -> None:
    assert SECRET not in redacted(words)


@pytest.mark.parametrize("words", ["08:30", "2026-11-22T05:30:00+00:00", "127.0.0.1:8080/healthz", "asking:101:b"])
def test_other_numbers_are_left_alone(words: str) -> None:
    assert redacted(words) == words
