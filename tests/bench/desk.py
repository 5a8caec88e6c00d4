"""What each screen of the coordinators' desk costs in a cohort of 10,000 on SQLite: `python -m tests.bench.desk`.

Everybody has a mission on the roster, has answered forty-three questions and has decided one case. Each screen is
served five times by its route, inside one change, as a tap does; medians and the slowest in milliseconds, beside the
limit of 300.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from bot import app
from bot import callbacks as b
from bot.call import HELD, Call, Caller
from bot.callbacks import broadcasting, desk, inviting, questioning, reporting, simulating, whereabouts
from bot.office import Office
from bot.routes import COMMANDS, PRESSES
from bot.settings import Settings
from lessons.catalogue import built_in
from lessons.simulation_play import begin, ending_of, open_moves, take
from storage import broadcasts
from storage.engine import url_of
from storage.store import Store, Tx
from tests.bench.enrolled import NOW, make

MANY, TIMES, LIMIT, WAYS = 10_000, 5, 300.0, 5
COURSE = built_in()
CASE = COURSE.simulations[0]
_PEOPLE = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "
_ROSTER = (
    "INSERT INTO invitee(cohort_id, same, name, mission, rank, sex, enrolment_id, added_at) "
    "SELECT 1, 'same ' || i, 'Official ' || i, 'Mission ' || (i % 77), 'Counsellor', 'female', i, 0 FROM n"
)
_COUNTRY = (
    "UPDATE posting SET country = CASE learner_id % 4 WHEN 0 THEN 'SA' WHEN 1 THEN 'QA' WHEN 2 THEN 'IT' ELSE 'JP' END"
)
_ASKED = (
    "INSERT INTO asking(enrolment_id, lesson_id, question_id, kind, number, version, state, planned_on, settled_at) "
    "SELECT i, :lesson, :question, 'day', 1, 'v', 'settled', '2026-10-01', 1790000000000000 FROM n"
)
_RUNGS = "INSERT INTO ladder(enrolment_id, lesson_id, right_in_a_row, retired) SELECT i, :lesson, 2, 1 FROM n"
_ATTEMPTS = (
    "INSERT INTO attempt(asking_id, choice_id, correct, sure, answered_at) "
    "SELECT id, CASE WHEN (id * 7919) % 10 < 7 THEN 'key' ELSE 'lure' END, (id * 7919) % 10 < 7, (id * 31) % 3 > 0, "
    "1790000000000000 FROM asking WHERE state = 'settled'"
)
_PLAYS = (
    _PEOPLE + "INSERT INTO play(enrolment_id, simulation_id, begun_from, started_at) "
    "SELECT i, :case, :state, 1790000000000000 FROM n"
)
_MOVES = (
    "INSERT INTO play_move(play_id, n, scene, move, leads_to, before, after, moved_at) "
    f"SELECT id, :n, :scene, :move, :to, :before, :after, 1790000000000000 FROM play WHERE id % {WAYS} = :way"
)
_ENDS = f"UPDATE play SET ending = :ending, ended_at = 1790000300000000 WHERE id % {WAYS} = :way"


async def _fill(tx: Tx) -> None:
    await tx.run(text(_PEOPLE + _ROSTER).bindparams(many=MANY))
    await tx.run(text(_COUNTRY))
    for lesson in COURSE.lessons[2:]:
        about = {"many": MANY, "lesson": lesson.id, "question": lesson.questions[0].id}
        await tx.run(text(_PEOPLE + _ASKED).bindparams(**about))
        await tx.run(text(_PEOPLE + _RUNGS).bindparams(many=MANY, lesson=lesson.id))
    await tx.run(text(_ATTEMPTS))
    await _decide(tx)


async def _decide(tx: Tx) -> None:
    """Everybody has gone through the first case by one of five ways."""
    await tx.run(text(_PLAYS).bindparams(many=MANY, case=CASE.id, state=json.dumps(begin(CASE).as_json())))
    ends = dict[int, str]()
    for way in range(WAYS):
        state, n = begin(CASE), 0
        while ending_of(CASE, state) is None:
            moves = open_moves(CASE, state)
            step = take(CASE, state, moves[(way + n) % len(moves)].id)
            assert step is not None
            about = {"way": way, "n": n, "scene": state.at, "move": step.move.id, "to": step.state.at}
            states = {"before": json.dumps(state.as_json()), "after": json.dumps(step.state.as_json())}
            await tx.run(text(_MOVES).bindparams(**about, **states))
            state, n = step.state, n + 1
        ends[way] = state.at
    for way, ending in ends.items():
        await tx.run(text(_ENDS).bindparams(way=way, ending=ending))


def _screens(draft: int) -> dict[str, tuple[str | None, Any]]:
    """Name → (command, None) or (None, button)."""
    question = COURSE.lessons[5].questions[0].id
    return {
        "/cohort": ("cohort", None),
        "missions": (None, whereabouts.ShowMissions(1, 1)),
        "who is active": (None, whereabouts.ShowGroup(1, "active", 30)),
        "one person": (None, whereabouts.ShowPerson(77)),
        "picture over time": (None, whereabouts.ShowPicture(1, "over-time")),
        "picture by mission": (None, whereabouts.ShowPicture(1, "missions")),
        "picture by module": (None, whereabouts.ShowPicture(1, "modules")),
        "terms": (None, desk.EditCohort(1)),
        "calendar": (None, b.ShowCalendar(1)),
        "/invite": ("invite", None),
        "links": (None, inviting.OfferLinks(1, "sheet")),
        "broadcast: preview": (None, broadcasting.ShowDraft(draft)),
        "broadcast: to whom": (None, broadcasting.Aim(draft)),
        "broadcast: by mission": (None, broadcasting.AimBy(draft, "mission", 1)),
        "broadcast: when": (None, broadcasting.AskWhen(draft)),
        "/inbox": ("inbox", None),
        "/questions": ("questions", None),
        "one question": (None, questioning.ShowItem(1, question)),
        "correcting it": (None, questioning.Correct(1, question)),
        "/reports": ("reports", None),
        "cases": (None, simulating.ShowFlows(1)),
        "one case": (None, simulating.ShowFlow(1, COURSE.simulations.index(CASE))),
        "a report": (None, reporting.EvidencePack(1)),
        "/results": (None, b.CohortResults(1)),
        "/audit": ("audit", None),
        "/lost": ("lost", None),
    }


async def _measured(store: Store, office: Office) -> dict[str, list[float]]:
    roles = HELD["owner"]
    caller = Caller(9001, None, frozenset(roles), office.phrases.voice(None, "Asia/Dhaka"))
    draft = await store.change(
        lambda tx: broadcasts.draft(tx, author_id=9001, cohort_id=1, words="Hello", now=NOW)  # type: ignore[arg-type]
    )
    found: dict[str, list[float]] = {}
    for turn in range(TIMES):
        for name, (word, pressed) in _screens(draft).items():
            call = Call(turn, caller, NOW + timedelta(seconds=turn), pressed=pressed, tapped=None if word else 5)
            route = COMMANDS[word] if word else PRESSES[type(pressed)]
            began = time.perf_counter()
            await store.change(lambda tx, r=route, c=call: r.handle(tx, c, office))  # type: ignore[misc]
            found.setdefault(name, []).append(1000 * (time.perf_counter() - began))
    return found


async def measure(folder: Path) -> dict[str, list[float]]:
    """Milliseconds by screen, a figure each time."""
    lessons = (COURSE.lessons[0].id, COURSE.lessons[1].id)
    await make(folder, MANY, lessons=lessons, question=COURSE.lessons[1].questions[0].id)
    settings = Settings(data=folder, http_port=0)
    async with await Store.open(url_of(None, folder)) as store:
        await store.change(_fill)
        return await _measured(store, app.office(settings))


def show(found: dict[str, list[float]], console: Console) -> bool:
    """The table; whether every screen keeps the limit."""
    table = Table("screen", "median ms", "slowest ms", title=f"Screens of a cohort of {MANY:,} on SQLite")
    for name, times in found.items():
        table.add_row(name, f"{median(times):.0f}", f"{max(times):.0f}")
    console.print(table)
    late = [name for name, times in found.items() if median(times) > LIMIT]
    console.print(f"Over {LIMIT:.0f} ms: {', '.join(late) or 'none'}")
    return not late


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write every figure there")
    chosen = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory() as folder, console.status("Ten thousand people answer ..."):
        found = asyncio.run(measure(Path(folder)))
    if chosen.json:
        chosen.json.write_text(json.dumps(found))
    return 0 if show(found, console) else 1


if __name__ == "__main__":
    sys.exit(main())
