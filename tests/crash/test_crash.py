"""The quick form of `make crash`: every boundary on SQLite, some on PostgreSQL, a ledger that sees what is wrong."""

import asyncio
from collections.abc import Callable
from copy import copy
from dataclasses import replace

import pytest

from tests.crash.evidence import Evidence
from tests.crash.fuse import Begun
from tests.crash.ledger import judge
from tests.crash.places import in_memory, on_server
from tests.crash.placing import NEWCOMER, SILENT
from tests.crash.playing import stage
from tests.crash.running import At, Told, pairs_of, sampled, told, undisturbed
from tests.support.postgres import Server

pytestmark = [pytest.mark.slow, pytest.mark.first]
ON_POSTGRES, SEED = 4, 7


async def _singles() -> tuple[list[Told], Evidence, frozenset[str]]:
    """Every single on SQLite; what an undisturbed run leaves behind, and the keys that it owes."""
    async with stage(in_memory()) as ready:
        found = [told(await ready.play(crossing)) for crossing in await undisturbed(ready)]
        evidence = (await ready.play()).evidence
        assert evidence is not None
        return found, evidence, ready.usual


@pytest.fixture(scope="module")
def singles() -> tuple[list[Told], Evidence, frozenset[str]]:
    return asyncio.run(_singles())


def _at_fault(found: list[Told]) -> dict[At, dict[str, list[str]]]:
    return {each.at: each.faults for each in found if each.faults}


def test_whoever_dies_at_any_boundary_loses_nothing_and_doubles_only_what_it_must(
    singles: tuple[list[Told], Evidence, frozenset[str]],
) -> None:
    found, _, _ = singles
    assert _at_fault(found) == {}
    assert sum(each.reached for each in found) >= len(found) - 4  # a look at the queue more or less
    twice = {kind for each in found for kind in each.twice}
    doubted = {kind for each in found for kind in each.doubted}
    assert twice == {"lesson", "reply"}  # the deaths did fall where they hurt
    assert doubted == {"broadcast", "notice", "reminder"}


def test_the_same_holds_on_postgresql_and_for_two_deaths(postgres: Server) -> None:
    async def some() -> list[Told]:
        async with stage(on_server(postgres)) as ready:
            once = [(crossing,) for crossing in await undisturbed(ready)]
            singles = [told(await ready.play(*at)) for at in sampled(once, ON_POSTGRES, SEED)]
            pairs = [told(await ready.play(*at)) for at in sampled(pairs_of(singles), ON_POSTGRES, SEED)]
            return singles + pairs

    found = asyncio.run(some())
    assert _at_fault(found) == {}
    assert sum(each.reached for each in found) >= len(found) - 2


def _state(evidence: Evidence, prefix: str, state: str) -> None:
    evidence.rows = [row._replace(state=state) if row.key.startswith(prefix) else row for row in evidence.rows]


def _row_missing(evidence: Evidence) -> None:
    evidence.rows = [row for row in evidence.rows if row.kind != "reminder"]


def _broadcast_doubled(evidence: Evidence) -> None:
    evidence.arrived = [*evidence.arrived, *[sent for sent in evidence.arrived if "seminar" in sent.text]]


def _lesson_doubled(evidence: Evidence) -> None:
    evidence.arrived = [*evidence.arrived, evidence.arrived[0]]


def _message_missing(evidence: Evidence) -> None:
    evidence.arrived = evidence.arrived[1:]


def _message_of_nobody(evidence: Evidence) -> None:
    evidence.arrived = [*evidence.arrived, Begun(SILENT, "Who says so?", ())]


def _never_in_the_air(evidence: Evidence) -> None:
    _state(evidence, "broadcast:", "unknown")


def _left_over(evidence: Evidence) -> None:
    _state(evidence, "lesson:", "sending")


def _not_in_the_queue(evidence: Evidence) -> None:
    evidence.waiting = {evidence.rows[0].id}


def _report_forgotten(evidence: Evidence) -> None:
    evidence.broadcasts = dict.fromkeys(evidence.broadcasts, "confirmed")


def _update_undone(evidence: Evidence) -> None:
    evidence.inbox = evidence.inbox | {evidence.phones.done["help"].update_id: "applied"}


def _update_lost(evidence: Evidence) -> None:
    evidence.inbox = {}


def _answer_lost(evidence: Evidence) -> None:
    evidence.answers = {}


def _counted_twice(evidence: Evidence) -> None:
    evidence.rungs = {place: 2 * rungs for place, rungs in evidence.rungs.items()}


def _tap_unanswered(evidence: Evidence) -> None:
    evidence.unanswered = {evidence.phones.done["sure"].query or ""}


def _button_missing(evidence: Evidence) -> None:
    evidence.phones = replace(evidence.phones, done={k: v for k, v in evidence.phones.done.items() if k != "sure"})


def _feedback_missing(evidence: Evidence) -> None:
    elsewhere = evidence.phones.done["sure"]._replace(message_id=min(evidence.phones.world.chat(NEWCOMER).messages))
    evidence.phones = replace(evidence.phones, done=evidence.phones.done | {"sure": elsewhere})


def _refused(evidence: Evidence) -> None:
    evidence.refused = ["sendMessage: Bad Request"]


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (_row_missing, "owed too little or too much"),
        (_broadcast_doubled, "messages missing or doubled"),
        (_lesson_doubled, "messages missing or doubled"),
        (_message_missing, "messages missing or doubled"),
        (_message_of_nobody, "messages missing or doubled"),
        (_never_in_the_air, "lost in silence"),
        (_left_over, "stuck"),
        (_not_in_the_queue, "stuck"),
        (_report_forgotten, "stuck"),
        (_update_undone, "updates lost"),
        (_update_lost, "updates lost"),
        (_answer_lost, "answers lost or counted twice"),
        (_counted_twice, "answers lost or counted twice"),
        (_tap_unanswered, "taps never answered"),
        (_button_missing, "feedback not shown"),
        (_feedback_missing, "feedback not shown"),
        (_refused, "refused calls"),
    ],
)
def test_the_ledger_sees_what_is_wrong(
    singles: tuple[list[Told], Evidence, frozenset[str]], broken: Callable[[Evidence], None], rule: str
) -> None:
    _, evidence, usual = singles
    wrong = copy(evidence)
    assert judge(wrong, usual, []).sound
    broken(wrong)
    assert judge(wrong, usual, []).faults[rule]
