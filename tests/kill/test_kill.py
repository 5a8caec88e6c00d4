"""The quick form of `make kill`: a few kills on each engine, and a ledger that would see what went wrong."""

import asyncio
from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.kill.evidence import Evidence
from tests.kill.ledger import judge
from tests.kill.places import in_folder, on_server
from tests.kill.running import Plan, Told, run
from tests.support.postgres import Server

pytestmark = [pytest.mark.slow, pytest.mark.first]
KILLS, UPDATES, SENDS, SEED = 3, 160, 80, 1


@pytest.fixture(scope="module")
def told(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """SQLite by polling and PostgreSQL by webhook, side by side."""

    async def both() -> list[Told]:
        runs = []
        for name, way, fresh in (("sqlite", "polling", in_folder), ("postgres", "webhook", on_server(postgres))):
            plan = Plan(name, way, KILLS, UPDATES, SENDS, SEED, hurried=True)  # type: ignore[arg-type]  # a closed set
            runs.append(run(plan, fresh, tmp_path_factory.mktemp(name)))
        return await asyncio.gather(*runs)

    return asyncio.run(both())


def test_kills_lose_nothing_double_nothing_and_leave_nothing_over(told: list[Told]) -> None:
    for each in told:
        assert {rule: found for rule, found in each.verdict.faults.items() if found} == {}, each.plan.name
        assert each.kills.total() == KILLS
        assert each.verdict.counts["updates"] >= UPDATES
        assert each.verdict.counts["sends"] >= SENDS


def _answer_lost(evidence: Evidence) -> None:
    evidence.answers.popitem()


def _later_choice_won(evidence: Evidence) -> None:
    asking, answer = evidence.answers.popitem()
    evidence.answers[asking] = answer._replace(update_id=(answer.update_id or 0) + 1)


def _counted_twice(evidence: Evidence) -> None:
    place = next(iter(evidence.rungs))
    evidence.rungs[place] += 1


def _answer_of_nobody(evidence: Evidence) -> None:
    evidence.answers[10**9] = next(iter(evidence.answers.values()))


def _update_undone(evidence: Evidence) -> None:
    evidence.inbox[evidence.done[0].update_id] = "applied"


def _update_lost(evidence: Evidence) -> None:
    del evidence.inbox[evidence.done[0].update_id]


def _send_left_over(evidence: Evidence) -> None:
    evidence.rows[0] = evidence.rows[0]._replace(state="sending")


def _broadcast_row_missing(evidence: Evidence) -> None:
    evidence.rows.remove(next(row for row in evidence.rows if row.kind == "broadcast"))


def _broadcast_doubled(evidence: Evidence) -> None:
    for bubbles in evidence.phones.values():
        bubbles += [bubble for bubble in bubbles if "Word 0000" in bubble.text]


def _message_lost(evidence: Evidence) -> None:
    for bubbles in evidence.phones.values():
        bubbles[:] = [bubble for bubble in bubbles if "Word 0000" not in bubble.text]


def _reply_missing(evidence: Evidence) -> None:
    evidence.rows.remove(next(row for row in evidence.rows if row.kind == "reply"))


def _feedback_missing(evidence: Evidence) -> None:
    asked = evidence.placed.questions[0][0]
    bubbles = evidence.phones[asked.who]
    bubbles[:] = [each._replace(data=()) if each.message_id == asked.message_id else each for each in bubbles]


def _tap_unanswered(evidence: Evidence) -> None:
    in_time = (each.query for each in evidence.done if each.query and each.query not in evidence.too_old)
    evidence.unanswered.add(next(in_time))


def _lesson_twice(evidence: Evidence) -> None:
    lesson = next(row for row in evidence.rows if row.kind == "lesson")
    evidence.rows.append(lesson._replace(key=f"{lesson.key}-again"))


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (_answer_lost, "answers lost or counted twice"),
        (_later_choice_won, "answers lost or counted twice"),
        (_counted_twice, "answers lost or counted twice"),
        (_answer_of_nobody, "answers lost or counted twice"),
        (_update_undone, "updates lost"),
        (_update_lost, "updates lost"),
        (_send_left_over, "sends not accounted for"),
        (_broadcast_row_missing, "broadcasts"),
        (_broadcast_doubled, "messages missing or doubled"),
        (_message_lost, "messages missing or doubled"),
        (_reply_missing, "replies missing"),
        (_feedback_missing, "feedback not shown"),
        (_tap_unanswered, "taps never answered"),
        (_lesson_twice, "lessons"),
    ],
)
def test_the_ledger_sees_what_is_wrong(told: list[Told], broken: Callable[[Evidence], None], rule: str) -> None:
    evidence = deepcopy(told[0].evidence)
    assert evidence is not None
    broken(evidence)
    assert judge(evidence).faults[rule]
