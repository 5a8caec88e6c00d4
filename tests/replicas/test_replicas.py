"""The quick form of `make replicas`: two replicas, one budget, one pause; and a judge who sees what is wrong."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.replicas.judge import Act, Asked, Call, Verdict, busiest, judge
from tests.replicas.running import Plan, run
from tests.replicas.stage import Crowd
from tests.support.postgres import Server

RATE, PEOPLE, RETRY_AFTER = 20.0, 110, 2  # people for more than the four seconds that one replica claims
PEACE = 4_000  # milliseconds: other tests run beside this one


@pytest.mark.slow
async def test_two_replicas_share_one_budget_and_one_pause(postgres: Server, tmp_path: Path) -> None:
    plan = Plan("postgres", "webhook", 2, PEOPLE, RATE, calm=1.0, retry_after=RETRY_AFTER, brisk=3.0)
    receivers = Crowd(plan.people, plan.others).receiving
    asked = Asked(RATE, receivers, RETRY_AFTER, least_used=0.3, p95=PEACE, p99=PEACE)
    async with asyncio.timeout(60):
        told = await run(plan, postgres, tmp_path, asked=asked)
    assert {rule: found for rule, found in told.verdict.faults.items() if found} == {}
    assert told.verdict.figures["429 provoked"] == 1
    assert told.verdict.figures["receivers"] == sum(told.shares) == PEOPLE
    assert told.verdict.delays["during"]["tap to screen"].n > 5


CROWD = range(1, 201)
AT_429 = 4.0


def calm(rate: float = 20.0) -> list[Call]:
    """A broadcast as it should be: a 429 after 4 s that asks for 2 s, then half the rate for a second."""
    calls, at = [], 0.0
    for who in CROWD:
        if AT_429 - 0.5 / rate < at < AT_429 + 2:
            calls.append(Call(AT_429, "sendMessage", who, 429, "429"))
            at = AT_429 + 2.1
        calls.append(Call(at, "sendMessage", who, 200))
        at += 2 / rate if AT_429 < at < AT_429 + 3.1 else 1 / rate
    return calls


TAPS = [Act(n / 2, 1000 + n, True, 20.0, 30.0) for n in range(20)]
ASKED = Asked(20.0, CROWD, 2.0, least_used=0.9)


def faults(calls: list[Call], acts: list[Act] | None = None, shares: tuple[int, ...] = (100, 100)) -> list[str]:
    verdict: Verdict = judge(sorted(calls), TAPS if acts is None else acts, ASKED, shares)
    return [rule for rule, found in verdict.faults.items() if found]


def test_the_busiest_second_slides() -> None:
    assert busiest([0.0, 0.9, 1.0, 1.1, 1.89, 2.5]) == (4, 0.9)
    assert busiest([0.0, 1.0, 2.0]) == (1, 0.0), "a second ends before the next begins"


def test_a_run_as_it_should_be_breaks_no_rule() -> None:
    assert faults(calm()) == []


def _burst(calls: list[Call]) -> list[Call]:
    return [*calls, *(Call(2.0, "sendMessage", 5000 + n, 200) for n in range(12))]


def _refused(calls: list[Call]) -> list[Call]:
    return [*calls, Call(2.0, "sendMessage", 5000, 429)]


def _half_used(calls: list[Call]) -> list[Call]:
    return [call._replace(at=2 * call.at) if call.at < AT_429 else call._replace(at=call.at + AT_429) for call in calls]


def _in_the_pause(calls: list[Call]) -> list[Call]:
    return [*calls, Call(AT_429 + 1, "sendMessage", 3, 429, "429")]


def _at_once_after_it(calls: list[Call]) -> list[Call]:
    before = [call for call in calls if call.at <= AT_429 + 2]
    late = calls[len(before) :]
    return [*before, *(call._replace(at=AT_429 + 2.1 + 0.04 * n) for n, call in enumerate(late))]


def _one_twice(calls: list[Call]) -> list[Call]:
    return [*calls, calls[-1]]


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (_burst, "30 in any second"),
        (_refused, "no 429 in calm weather"),
        (_half_used, "the budget is used"),
        (_in_the_pause, "nothing in a pause"),
        (_at_once_after_it, "half the rate after a pause"),
        (_one_twice, "each receiver once"),
    ],
)
def test_the_judge_sees_what_is_wrong(broken: Callable[[list[Call]], list[Call]], rule: str) -> None:
    assert rule in faults(broken(calm()))


def test_the_judge_sees_who_waits_and_who_sends_nothing() -> None:
    slow = [act._replace(shown=200.0) for act in TAPS[:3]]
    assert faults(calm(), [*slow, *TAPS[3:]]) == ["nobody waits"]
    assert faults(calm(), [TAPS[0]._replace(answered=None), *TAPS[1:]]) == ["every tap is answered"]
    assert faults(calm(), shares=(200, 0)) == ["each replica sends"]
