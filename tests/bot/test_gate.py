"""The gate: order, pace, pauses. Time passes at once here, so that every instant is exact."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.gate import BARE_PAUSE, CHAT_PACE, SHORT_BURST, Gate, Pass
from scheduler.delivery import Lane
from tests.bot.swift_time import LoopClock, swiftly

BULK = (Lane.LESSON, Lane.REMINDER, Lane.BROADCAST)
Passed = list[tuple[float, Any]]


def now() -> float:
    return asyncio.get_running_loop().time()


class Queue:
    """Calls that go through a gate, and when each did."""

    def __init__(self, rate: float = 10) -> None:
        self.gate = Gate(LoopClock(), rate)
        self.passed: Passed = []

    async def __aenter__(self) -> "Queue":
        await self.gate.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gate.shutdown()

    async def call(
        self,
        lane: Lane,
        name: Any = None,
        *,
        chat: int | None = None,
        endpoint: str = "sendMessage",
        fails: TelegramError | None = None,
    ) -> None:
        """One call to Telegram."""

        async def callback() -> None:
            self.passed.append((now(), lane if name is None else name))
            if fails is not None:
                raise fails

        data = {} if chat is None else {"chat_id": chat}
        await self.gate.process_request(callback, (), {}, endpoint, data, Pass(lane))

    async def all(self, lanes: Iterable[Lane]) -> None:
        """Many at once."""
        await asyncio.gather(*(self.call(lane) for lane in lanes))

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.passed]

    @property
    def names(self) -> list[Any]:
        return [name for _, name in self.passed]


def gaps(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


def test_the_higher_lane_goes_first() -> None:
    async def story() -> list[Any]:
        async with Queue() as queue:
            await queue.all([*reversed(BULK)] * 3)
            return queue.names

    assert swiftly(story()) == [lane for lane in BULK for _ in range(3)]


def test_within_a_lane_the_longest_waiting_goes_first() -> None:
    async def story() -> list[Any]:
        async with Queue() as queue:
            await asyncio.gather(*(queue.call(Lane.LESSON, n) for n in range(8)))
            return queue.names

    assert swiftly(story()) == list(range(8))


def test_a_later_lesson_overtakes_waiting_broadcasts() -> None:
    async def story() -> list[Any]:
        async with Queue() as queue:
            bulk = asyncio.gather(*(queue.call(Lane.BROADCAST) for _ in range(5)))
            await asyncio.sleep(0.25)
            await queue.call(Lane.LESSON)
            await bulk
            return queue.names

    assert swiftly(story()).index(Lane.LESSON) == 3


def test_the_lowest_lane_gets_every_tenth_slot() -> None:
    async def story() -> list[Any]:
        async with Queue(rate=100) as queue:
            await queue.all([Lane.LESSON] * 90 + [Lane.BROADCAST] * 20)
            return queue.names

    served = swiftly(story())
    assert Counter(served[:100])[Lane.BROADCAST] == 10
    assert all(served[n] is Lane.BROADCAST for n in range(9, 100, 10))


def test_taps_do_not_wait_for_bulk() -> None:
    async def story() -> list[float]:
        async with Queue(rate=1) as queue:
            bulk = asyncio.gather(*(queue.call(Lane.BROADCAST) for _ in range(5)))
            await queue.all([Lane.INTERACTIVE] * 20)
            taps = [at for at, lane in queue.passed if lane is Lane.INTERACTIVE]
            bulk.cancel()
            await asyncio.gather(bulk, return_exceptions=True)
            return taps

    assert swiftly(story()) == [0.0] * 20


@pytest.mark.parametrize("rate", [1, 7, 25])
def test_no_sliding_second_holds_more_than_the_rate(rate: int) -> None:
    async def story() -> list[float]:
        async with Queue(rate) as queue:
            await queue.all([Lane.BROADCAST] * rate * 2)
            await asyncio.sleep(60)  # a quiet minute saves nothing up
            await queue.all([Lane.LESSON] * rate * 2)
            return queue.times

    times = swiftly(story())
    assert len(times) == rate * 4
    assert max(sum(start <= at < start + 0.999 for at in times) for start in times) <= rate


def test_bulk_uses_its_whole_rate() -> None:
    async def story() -> float:
        async with Queue(rate=25) as queue:
            await queue.all([Lane.BROADCAST] * 251)
            return now()

    assert swiftly(story()) == pytest.approx(10, rel=0.01)


@pytest.mark.parametrize("lane", Lane)
def test_one_chat_gets_a_short_burst_and_then_one_message_a_second(lane: Lane) -> None:
    async def story() -> list[float]:
        async with Queue(rate=1000) as queue:
            await asyncio.gather(*(queue.call(lane, chat=101) for _ in range(SHORT_BURST + 4)))
            return queue.times

    times = swiftly(story())
    assert times[SHORT_BURST - 1] < 0.1
    assert gaps(times[SHORT_BURST - 1 :]) == pytest.approx([CHAT_PACE] * 4, abs=0.01)


def test_another_chat_is_not_held_up() -> None:
    async def story() -> Passed:
        async with Queue() as queue:
            await asyncio.gather(*(queue.call(Lane.INTERACTIVE, chat, chat=chat) for chat in [101] * 6 + [102]))
            return queue.passed

    assert (0.0, 102) in swiftly(story())


@pytest.mark.parametrize("endpoint", ["editMessageText", "answerCallbackQuery", "editMessageReplyMarkup"])
def test_edits_and_answers_have_no_pace(endpoint: str) -> None:
    async def story() -> float:
        async with Queue() as queue:
            await asyncio.gather(*(queue.call(Lane.INTERACTIVE, chat=101, endpoint=endpoint) for _ in range(20)))
            return now()

    assert swiftly(story()) == 0.0


def test_a_chat_that_was_quiet_may_burst_again() -> None:
    async def story() -> float:
        async with Queue() as queue:
            for _ in range(2):
                before = now()
                await asyncio.gather(*(queue.call(Lane.INTERACTIVE, chat=101) for _ in range(SHORT_BURST)))
                took = now() - before
                await asyncio.sleep(SHORT_BURST * CHAT_PACE)
            return took

    assert swiftly(story()) == pytest.approx(0)


@pytest.mark.parametrize(("refusal", "seconds"), [(RetryAfter(7), 7), (NetworkError("Too Many Requests"), BARE_PAUSE)])
def test_a_429_closes_the_gate_for_everybody(refusal: TelegramError, seconds: float) -> None:
    async def story() -> Passed:
        async with Queue() as queue:
            with pytest.raises(type(refusal)):
                await queue.call(Lane.INTERACTIVE, "refused", fails=refusal)
            await queue.all(Lane)
            assert queue.gate.pauses == 1
            return queue.passed

    (at, name), *others = swiftly(story())
    assert (at, name) == (0, "refused")
    assert sorted(lane for _, lane in others) == sorted(Lane)
    assert all(at >= seconds for at, _ in others)


def test_what_waits_already_waits_out_a_pause() -> None:
    async def story() -> list[float]:
        async with Queue(rate=2) as queue:
            waiting = asyncio.gather(
                *(queue.call(Lane.BROADCAST) for _ in range(4)),
                *(queue.call(Lane.INTERACTIVE, chat=101) for _ in range(5)),
            )
            await asyncio.sleep(0.6)
            queue.gate.pause(10)
            await waiting
            return queue.times

    times = swiftly(story())
    assert not [at for at in times if 0.6 < at < 10.6]
    assert len(times) == 9


def test_bulk_that_waited_out_a_pause_does_not_burst() -> None:
    async def story() -> list[float]:
        async with Queue(rate=2) as queue:
            waiting = asyncio.gather(*(queue.call(Lane.BROADCAST) for _ in range(6)))
            await asyncio.sleep(0.6)
            queue.gate.pause(10)
            await waiting
            return [at for at in queue.times if at > 0.6]

    times = swiftly(story())
    assert times[0] >= 10.6
    assert min(gaps(times)) > 0.5


def test_a_shorter_pause_does_not_open_the_gate_sooner() -> None:
    async def story() -> float:
        async with Queue() as queue:
            queue.gate.pause(10)
            queue.gate.pause(1)
            await queue.call(Lane.INTERACTIVE)
            return now()

    assert swiftly(story()) == pytest.approx(10)


def test_after_a_pause_bulk_starts_at_half_its_rate_and_climbs_back() -> None:
    async def story() -> list[float]:
        async with Queue(rate=10) as queue:
            queue.gate.pause(5)
            await queue.all([Lane.BROADCAST] * 140)
            return gaps(queue.times)

    waited = swiftly(story())
    assert waited[0] == pytest.approx(0.2, rel=0.02)
    assert waited == sorted(waited, reverse=True)
    assert waited[-1] == pytest.approx(0.1)


def test_many_pauses_slow_bulk_down_but_never_stop_it() -> None:
    async def story() -> list[float]:
        async with Queue(rate=16) as queue:
            for _ in range(20):
                queue.gate.pause(1)
            await queue.all([Lane.BROADCAST] * 2)
            return gaps(queue.times)

    assert swiftly(story()) == pytest.approx([1.0], rel=0.05)


def test_another_refusal_closes_nothing() -> None:
    async def story() -> float:
        async with Queue() as queue:
            with pytest.raises(BadRequest):
                await queue.call(Lane.INTERACTIVE, fails=BadRequest("Chat not found"))
            await queue.call(Lane.INTERACTIVE)
            return now()

    assert swiftly(story()) == 0.0


def test_starting_twice_gives_one_dispatcher() -> None:
    async def story() -> int:
        async with Queue() as queue:
            await asyncio.gather(queue.gate.initialize(), queue.gate.initialize())
            return sum(task.get_name() == "gate" for task in asyncio.all_tasks())

    assert swiftly(story()) == 1


def test_a_stopped_gate_leaves_no_task_and_starts_again() -> None:
    async def story() -> tuple[int, list[Any]]:
        queue = Queue()
        async with queue:
            pass
        await queue.gate.shutdown()
        left = len(asyncio.all_tasks())
        async with queue:
            await queue.call(Lane.LESSON)
        return left, queue.names

    assert swiftly(story()) == (1, [Lane.LESSON])


def test_who_gave_up_waiting_takes_no_slot() -> None:
    async def story() -> Passed:
        async with Queue(rate=1) as queue:
            calls = [asyncio.create_task(queue.call(Lane.LESSON, n)) for n in range(4)]
            await asyncio.sleep(0.5)
            calls[1].cancel()
            calls[2].cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            return queue.passed

    (first, _), (second, name) = swiftly(story())
    assert name == 3
    assert second - first == pytest.approx(1, rel=0.02)


def test_before_runs_between_the_slot_and_the_call() -> None:
    async def story() -> list[tuple[float, str]]:
        seen: list[tuple[float, str]] = []
        async with Queue(rate=1) as queue:

            async def before() -> None:
                seen.append((now(), "before"))
                await asyncio.sleep(0.25)

            async def callback() -> None:
                seen.append((now(), "call"))

            await queue.call(Lane.LESSON)
            await queue.gate.process_request(callback, (), {}, "sendMessage", {}, Pass(Lane.LESSON, before))
        return seen

    (at, before), (then, call) = swiftly(story())
    assert (before, call) == ("before", "call")
    assert [at, then] == pytest.approx([1, 1.25], rel=0.02)


def test_what_before_raises_keeps_the_call_from_going_out() -> None:
    async def story() -> list[Any]:
        async with Queue() as queue:

            async def before() -> None:
                raise LookupError

            async def callback() -> None:
                queue.passed.append((now(), "called"))

            with pytest.raises(LookupError):
                await queue.gate.process_request(callback, (), {}, "sendMessage", {}, Pass(before=before))
            return queue.passed

    assert swiftly(story()) == []


def test_a_call_that_shows_nothing_is_interactive() -> None:
    async def story() -> float:
        async with Queue(rate=1) as queue:
            await queue.call(Lane.LESSON)

            async def callback() -> str:
                return "me"

            assert await queue.gate.process_request(callback, (), {}, "getMe", {}, None) == "me"
            return now()

    assert swiftly(story()) == 0.0
