"""Faults put into a copy of the planner on purpose: the oracle must see each of them.

The packages are copied to a folder of their own, one line is changed, and a small year runs there in a process.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "lessons", "sandbox", "scheduler", "storage", "tests")


class Mutation(NamedTuple):
    """One line of a file, and what stands there instead; `rules` of which at least one must be found broken."""

    name: str
    file: str
    line: str
    instead: str
    rules: frozenset[str]


MUTATIONS = (
    Mutation(
        "a new lesson comes although one is open",
        "scheduler/studying.py",
        "    if standing.new_is_open:\n        return None, []\n",
        "",
        frozenset({"cap", "doubled"}),
    ),
    Mutation(
        "leave is worked through",
        "scheduler/calendar.py",
        "        return not self.away or not any(day in span for span in self.away)\n",
        "        return True\n",
        frozenset({"hours"}),
    ),
    Mutation(
        "what an outage held up waits a whole day more",
        "scheduler/slots.py",
        "        if found is not None and found.at <= now < found.closes_at:\n",
        "        if found is not None and found.at == now:\n",
        frozenset({"missed"}),
    ),
    Mutation(
        "a move is counted in the old zone",
        "scheduler/calendar.py",
        "            if move.from_on <= day:\n",
        "            if move.from_on < day - 5 * A_DAY:\n",
        frozenset({"hours", "missed", "doubled", "nudges"}),
    ),
    Mutation(
        "two reminders on one day",
        "scheduler/reminders.py",
        "        not_before = max(not_before, nudged_on + A_DAY)\n",
        "        not_before = max(not_before, nudged_on)\n",
        frozenset({"nudges"}),
    ),
)


def seen(mutation: Mutation, *, learners: int = 60, seed: int = 7) -> str | None:
    """The first finding that the mutation causes; None when the oracle is blind to it."""
    with TemporaryDirectory(prefix="attache-mutation-") as folder:
        for package in PACKAGES:
            shutil.copytree(ROOT / package, Path(folder) / package, ignore=shutil.ignore_patterns("__pycache__"))
        file = Path(folder) / mutation.file
        source = file.read_text("utf-8")
        assert source.count(mutation.line) == 1, f"{mutation.file} no longer has the line of {mutation.name!r}"
        file.write_text(source.replace(mutation.line, mutation.instead), "utf-8")
        told = f"for found in live(1, {learners}, {seed}).findings: print(found.rule, found.sentence)"
        code = f"from tests.year.running import live\n{told}"
        environment = os.environ | {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr[-2000:]
    return next((line for line in done.stdout.splitlines() if line.split()[0] in mutation.rules), None)
