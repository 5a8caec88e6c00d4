"""Taps, ticks and sends of one learner in any order and truly at once: one delivery a key, one attempt, one verdict."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import callbacks as b
from scheduler.delivery import Sent
from tests.year.parts import IN_MEMORY, Kept, Parts, Rows
from tests.year.watching import nothing_new

START_AT = datetime(2027, 2, 14, 5, tzinfo=UTC)
ASHA = 100
Does = Callable[[Parts], Awaitable[object]]
How = Callable[[Parts, list[str]], Awaitable[None]]


async def _pauses(parts: Parts) -> None:
    await parts.taps(ASHA, b.Pause())
    parts.phones.hushed.add(ASHA)


async def _resumes(parts: Parts) -> None:
    parts.phones.hushed.discard(ASHA)
    await parts.taps(ASHA, b.Resume())


OPERATIONS: dict[str, Does] = {
    "chooses rightly": lambda parts: parts.taps(ASHA, b.Choose(1, "good")),
    "chooses wrongly": lambda parts: parts.taps(ASHA, b.Choose(1, "bad")),
    "is sure": lambda parts: parts.taps(ASHA, b.Sure(1, 1)),
    "is not sure": lambda parts: parts.taps(ASHA, b.Sure(1, 0)),
    "opens the question": lambda parts: parts.taps(ASHA, b.OpenQuestion(1)),
    "/today": lambda parts: parts.types(ASHA, "/today"),
    "/more": lambda parts: parts.types(ASHA, "/more"),
    "leave": lambda parts: parts.types(ASHA, "/leave 15 Feb 2027 - 19 Feb 2027"),
    "back": lambda parts: parts.taps(ASHA, b.BackFromLeave()),
    "pause": _pauses,
    "resume": _resumes,
    "tick": lambda parts: parts.planning.tick(),
    "tick again": lambda parts: parts.planning.tick(),
    "drain": lambda parts: parts.outbox.drain(),
    "drain again": lambda parts: parts.outbox.drain(),
}
MOMENTS = {  # after her first slot, in hours, and whether she has chosen by then
    "as the first lesson is due": (0, False),
    "as the first reminder is due": (4, False),
    "as the next lesson is due and the sure tap is missing": (24, True),
}


KEPT: dict[str, Kept] = {}


async def _made(moment: str, folder: Path) -> Kept:
    hours, chosen = MOMENTS[moment]
    parts = Parts(folder, START_AT)
    await parts.open()
    await parts.joins(ASHA, "London UK")
    first_at = await parts.next_at()
    assert first_at is not None
    if hours:
        parts.clock.at = first_at
        await parts.serve()
    if chosen:
        parts.clock.at = first_at + timedelta(hours=23)  # an hour before the next slot
        await parts.taps(ASHA, b.Choose(1, "good"))
    parts.clock.at = first_at + timedelta(hours=hours)
    return await parts.kept()


@asynccontextmanager
async def at(moment: str) -> AsyncIterator[Parts]:
    """Asha in London, at that moment of Monday or Tuesday; what is due then has not been looked at."""
    with TemporaryDirectory(prefix="attache-orders-", dir=IN_MEMORY) as folder:
        if moment not in KEPT:
            KEPT[moment] = await _made(moment, Path(folder))
        parts = Parts(Path(folder), START_AT)
        await parts.begin(KEPT[moment])
        try:
            yield parts
        finally:
            await parts.close()


def holds(parts: Parts, rows: Rows) -> None:
    """What no order may change."""
    came = Counter(call.row.key for call in parts.phones.calls if call.row is not None and call.arrived)
    assert all(n == 1 for n in came.values()), f"came twice: {came}"
    assert not parts.phones.intruders, "something left after the pause was confirmed"
    assert all(isinstance(call.outcome, Sent) for call in parts.phones.calls)
    sent = {row["key"] for row in rows["delivery"] if row["state"] == "sent" and row["kind"] != "reply"}
    assert sent == set(came), "what was sent and what came differ"
    left = [row["delivery_id"] for row in rows["delivery_lease"]]
    assert not left, f"still in hand: {left}"
    waiting = [r["key"] for r in rows["delivery"] if r["state"] == "pending" and r["due_at"] <= parts.clock.at]
    assert not waiting, f"due and not sent: {waiting}"
    _holds_of_answers(rows)
    _holds_of_lessons(rows)


def _holds_of_answers(rows: Rows) -> None:
    attempts = Counter(row["asking_id"] for row in rows["attempt"])
    assert all(n == 1 for n in attempts.values())
    ladder = {row["lesson_id"]: (row["right_in_a_row"], row["retired"]) for row in rows["ladder"]}
    for row in rows["attempt"]:
        asking = next(each for each in rows["asking"] if each["id"] == row["asking_id"])
        settled = row["sure"] is not None
        assert asking["state"] == ("settled" if settled else "chosen")
        assert row["correct"] == (row["choice_id"] == "good")
        if settled:
            assert ladder[asking["lesson_id"]] == (int(row["correct"] and row["sure"]), 0)


def _holds_of_lessons(rows: Rows) -> None:
    live = [row for row in rows["asking"] if row["state"] != "cancelled"]
    opened = [row for row in live if row["kind"] == "day" and row["state"] in ("planned", "put", "chosen")]
    assert len(opened) <= 1, "two lessons are open"
    by_day = Counter[date](row["planned_on"] for row in live)
    assert all(n <= 2 for n in by_day.values()), f"more than two questions a day: {by_day}"
    (enrolment,) = rows["enrolment"]
    looks = [row["at"] for row in rows["due"]]
    assert looks == [at_ for at_ in [enrolment["look_at"]] if at_ is not None]
    nudges = Counter(row["due_at"].date() for row in rows["delivery"] if row["kind"] in ("reminder", "pause"))
    assert all(n <= 1 for n in nudges.values())


async def in_order(parts: Parts, order: list[str]) -> None:
    """One after the other."""
    for name in order:
        await OPERATIONS[name](parts)


async def at_once(parts: Parts, order: list[str]) -> None:
    """All in flight together, begun in that order."""
    await asyncio.gather(*(OPERATIONS[name](parts) for name in order))


async def led_in(parts: Parts, order: list[str]) -> None:
    """The planner has looked; then all at once."""
    await parts.planning.tick()
    await at_once(parts, ["drain", *order])


async def tried(moment: str, order: list[str], how: How, breath: float) -> Rows:
    """What is stored once everything that was due has been done."""
    async with at(moment) as parts:
        parts.phones.breath = breath
        await how(parts, order)
        await parts.serve()
        rows = await parts.rows()
        holds(parts, rows)
        await parts.plan_all_again()
        nothing_new(rows, await parts.rows())
        return rows


orders = st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=2, max_size=8)
moments = st.sampled_from(sorted(MOMENTS))
breaths = st.sampled_from([0.0, 0.003, 0.01, 0.02])  # a change takes a few thousandths of a second
ways = st.sampled_from([in_order, at_once, led_in])


def every(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


@every(8)
@given(moments, orders, ways, breaths)
def test_taps_ticks_and_sends_in_any_order_come_to_one_of_each(
    moment: str, order: list[str], how: How, breath: float
) -> None:
    asyncio.run(tried(moment, order, how, breath))


@pytest.mark.slow
@every(120)
@given(moments, orders, ways, breaths)
def test_taps_ticks_and_sends_in_a_great_many_orders_come_to_one_of_each(
    moment: str, order: list[str], how: How, breath: float
) -> None:
    asyncio.run(tried(moment, order, how, breath))


async def test_a_pause_reaches_what_waits_at_the_gate() -> None:
    rows = await tried("as the first lesson is due", ["pause"], led_in, 0.05)
    assert [row["state"] for row in rows["delivery"] if row["kind"] == "lesson"] == ["cancelled"]


@pytest.mark.parametrize("moment", sorted(MOMENTS))
async def test_four_choices_and_four_confidences_at_once_are_one_answer(moment: str) -> None:
    taps = ["chooses wrongly", "chooses rightly", "is not sure", "is sure"] * 2
    rows = await tried(moment, ["tick", "drain", *taps, "drain again"], at_once, 0.003)
    assert len([row for row in rows["attempt"] if row["asking_id"] == 1]) <= 1
