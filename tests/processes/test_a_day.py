"""`attache run` and the sandbox as processes: a day is studied through HTTP, with a kill in the middle."""

import json
import signal
from pathlib import Path

import aiohttp
import pytest

from tests.support.processes import Remote, attache, environment, sandbox_process, started

pytestmark = pytest.mark.slow
START = "2026-11-21T16:40:00+00:00"
ASHA = 501


async def test_a_day_is_studied_and_a_kill_loses_nothing(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    async with sandbox_process(tmp_path, START) as address, aiohttp.ClientSession() as session:
        env = environment(tmp_path / "data", address)
        phone = Remote(session, address)
        async with started("bot", "run", env=env, log=log) as service:
            status, out, err = await attache("cohort", "create", "--name", "Gulf", "--uses", "3", "--json", env=env)
            assert status == 0, err
            made = json.loads(out)
            assert made["cohort"] == "Gulf"
            assert made["link"] == f"https://t.me/attache_demo_bot?start={made['code']}"
            await _enrol(phone, made["code"])
            await phone.post("/sandbox/clock?wait=1", next="morning", zone="Asia/Riyadh")
            await phone.until(ASHA, "lesson 1 of")
            await phone.post(f"/sandbox/people/{ASHA}/taps", label="To the question")
            await phone.until(ASHA, "A  ")
            await phone.post(f"/sandbox/people/{ASHA}/taps", label="A")
            service.send_signal(signal.SIGKILL)
            await service.wait()
        async with started("bot", "run", env=env, log=log) as service:
            await phone.until(ASHA, "How sure are you")
            await phone.post(f"/sandbox/people/{ASHA}/taps", label="Sure")
            await phone.until(ASHA, "Next lesson: Monday 08:30, Riyadh")
            status, out, err = await attache("export", "answers", "--cohort", "Gulf", "--format", "jsonl", env=env)
            assert status == 0, err
            service.terminate()
            assert await service.wait() == 0, "SIGTERM ends cleanly"
        answers = [json.loads(line) for line in out.splitlines()]
        assert [(a["telegram_id"], a["cohort"], a["sure"], a["asking"]) for a in answers] == [(ASHA, "Gulf", True, 1)]
        journal = await phone.journal()
        assert journal["refusals"] == []
        assert all(tap["answered"] for tap in journal["taps"])
    assert "AAtest" not in log.read_text(), "the token stands in no log"
    assert "Asha" not in log.read_text(), "nor does a name"


async def _enrol(phone: Remote, code: str) -> None:
    await phone.post("/sandbox/people", id=ASHA, first_name="Asha", last_name="Rahman")
    await phone.post(f"/sandbox/people/{ASHA}/says", text=f"/start {code}")
    for words, label in (
        ("welcome", "Continue"),
        ("What is kept", "I agree"),
        ("Which name", "Asha Rahman"),
    ):
        await phone.until(ASHA, words)
        await phone.post(f"/sandbox/people/{ASHA}/taps", label=label)
    await phone.until(ASHA, "Where are you posted")
    await phone.post(f"/sandbox/people/{ASHA}/says", text="Riyadh")
    await phone.until(ASHA, "Is this right")
    await phone.post(f"/sandbox/people/{ASHA}/taps", label="Yes, that is right")
    await phone.until(ASHA, "Sunday 08:30, Riyadh")
