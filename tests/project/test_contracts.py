"""The import contracts hold, and each has been seen to fail when it is broken."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "lessons", "scheduler", "storage", "sandbox")


@dataclass(frozen=True, slots=True)
class Breach:
    """An offending import in a file, and the contract that must tell of it."""

    contract: str
    file: str
    line: str

    def __str__(self) -> str:
        return f"{self.file}: {self.line}"


BREACHES = [
    Breach(
        "bot speaks, storage remembers, scheduler knows when, lessons know what",
        "lessons/grading.py",
        "import scheduler.spacing",
    ),
    Breach(
        "bot speaks, storage remembers, scheduler knows when, lessons know what",
        "scheduler/spacing.py",
        "import storage.store",
    ),
    Breach(
        "bot speaks, storage remembers, scheduler knows when, lessons know what",
        "storage/meta.py",
        "import bot.message",
    ),
    Breach("the sandbox imports none of the four", "sandbox/words.py", "import lessons.course"),
    Breach("nothing but the demo knows the sandbox", "bot/app.py", "import sandbox.server"),
    Breach("nothing but the command line knows the demo", "bot/desk.py", "import bot.demo"),
    Breach("inside bot", "bot/message.py", "import bot.gate"),
    Breach("inside bot", "bot/office.py", "import bot.sender"),
    Breach("inside bot", "bot/leftover.py", ""),
    Breach(
        "inside a feature: handler, view, usecase", "bot/features/study/view.py", "import bot.features.study.handler"
    ),
    Breach(
        "inside a feature: handler, view, usecase", "bot/features/enrol/usecase.py", "import bot.features.enrol.view"
    ),
    Breach("features meet only through buttons", "bot/features/study/view.py", "import bot.features.enrol.view"),
    Breach("only the rim speaks Telegram", "bot/features/study/view.py", "import telegram"),
    Breach("only the rim speaks Telegram", "storage/meta.py", "import aiohttp"),
    Breach("the core does no I/O", "lessons/grading.py", "import sqlite3"),
    Breach("the core does no I/O", "scheduler/planner.py", "import time"),
    Breach("only storage knows the database", "bot/agenda.py", "import sqlalchemy"),
    Breach("no cycles anywhere", "lessons/course.py", "import lessons.grading"),
]


def contracts() -> list[str]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [str(contract["name"]) for contract in table["tool"]["importlinter"]["contracts"]]


def broken(folder: Path) -> set[str]:
    """Names of the contracts that the linter finds broken in a checkout."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=110
    )
    told = re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE)
    assert [name for name, _ in told] == contracts(), done.stdout + done.stderr
    found = {name for name, verdict in told if verdict == "BROKEN"}
    assert (done.returncode != 0) is bool(found)
    return found


def test_every_contract_is_broken_once_below() -> None:
    assert {breach.contract for breach in BREACHES} == set(contracts())


@pytest.mark.slow
def test_the_contracts_hold() -> None:
    assert broken(ROOT) == set()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the packages' code, to be spoiled."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "content", "page")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("breach", BREACHES, ids=str)
def test_a_broken_contract_is_told(checkout: Path, breach: Breach) -> None:
    file = checkout / breach.file
    before = file.read_text("utf-8") if file.exists() else '"""Left over."""\n'
    file.write_text(f"{before}\n{breach.line}\n", "utf-8")
    assert breach.contract in broken(checkout)
