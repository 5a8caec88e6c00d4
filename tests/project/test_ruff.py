"""Clocks and dice are banned where they would make the code impure, and only there."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BANNED = [
    "import datetime\nx = datetime.datetime.now(datetime.UTC)\n",
    "from datetime import UTC, datetime\nx = datetime.now(UTC)\n",
    "import datetime as dt\nx = dt.datetime.now(dt.UTC)\n",
    "from datetime import datetime\nx = datetime.utcnow()\n",
    "from datetime import datetime\nx = datetime.today()\n",
    "from datetime import date\nx = date.today()\n",
    "import time\nx = time.time()\n",
    "from time import time\nx = time()\n",
    "import time\nx = time.monotonic()\n",
    "from time import monotonic\nx = monotonic()\n",
    "import random\nx = random.random()\n",
    "from random import choice\nx = choice([1])\n",
    "from unittest import mock\nx = mock.patch\n",
    "from unittest.mock import patch\nx = patch\n",
]
ALLOWED = [
    "from datetime import UTC, datetime\nx = datetime(2026, 11, 22, tzinfo=UTC)\n",
    "from datetime import date\nx = date.fromisoformat('2026-11-22')\n",
    "import secrets\nx = secrets.token_urlsafe(16)\n",
]


def told(file: str, code: str) -> list[str]:
    """The rules that a snippet breaks at that place."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", "--quiet"]
    done = subprocess.run(
        [*command, "--stdin-filename", file, "-"],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in (0, 1), done.stderr
    return [line.split(" ")[1] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("code", BANNED)
@pytest.mark.parametrize("file", ["bot/agenda.py", "lessons/grading.py"])
def test_reading_a_clock_or_rolling_dice_is_told(file: str, code: str) -> None:
    assert "TID251" in told(file, code)


@pytest.mark.parametrize(
    "file", ["scheduler/planner.py", "storage/inbox.py", "sandbox/world.py", "bot/features/study/usecase.py"]
)
def test_the_ban_holds_in_every_package(file: str) -> None:
    assert "TID251" in told(file, "import time\nx = time.time()\n")


@pytest.mark.parametrize("file", ["bot/clock.py", "sandbox/clock.py"])
def test_the_clocks_may_read_the_clock(file: str) -> None:
    assert "TID251" not in told(file, "".join(BANNED[:1]))


@pytest.mark.parametrize("code", ALLOWED)
def test_what_is_pure_is_not_told(code: str) -> None:
    assert "TID251" not in told("bot/agenda.py", code)
