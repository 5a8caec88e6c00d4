"""The gate: turns, pace, pauses. Time passes at once here, so that every instant is exact."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.gate import AHEAD, BARE_PAUSE, CHAT_PACE, JITTER, PATIENCE, SHORT_BURST, STALE, Gate, Pass
from scheduler.delivery import Lane
from scheduler.pacing import Rates
from tests.bot.swift_time import LoopClock, swiftly

Passed = list[tuple[float, Any]]
MARGIN = JITTER / 1000


def now() -> float:
    return asyncio.get_running_loop().time()


class Queue:
    """Calls that go through a gate, and when each did."""

    def __init__(self, rate: float = 10) -> None:
        self.gate = Gate(LoopClock(), Rates(rate))
        self.passed: Passed = []

    async def call(
        self,
        name: Any = None,
        *,
        chat: int | None = None,
        endpoint: str = "sendMessage",
        fails: TelegramError | None = None,
        shown: Pass | None = None,
    ) -> None:
        """One call to Telegram."""

        async def callback() -> None:
            self.passed.append((now(), name))
            if fails is not None:
                raise fails

        data = {} if chat is None else {"chat_id": chat}
        await self.gate.process_request(callback, (), {}, endpoint, data, shown)

    async def many(self, n: int, **how: Any) -> None:
        """Many at once."""
        await asyncio.gather(*(self.call(each, **how) for each in range(n)))

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.passed]

    @property
    def names(self) -> list[Any]:
        return [name for _, name in self.passed]


def gaps(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


def test_answers_go_at_once_a_few_ahead_of_the_budget_and_then_at_the_rate() -> None:
    async def story() -> list[float]:
        queue = Queue(rate=25)
        await queue.many(50)
        return queue.times

    times = swiftly(story())
    at_once = [at for at in times if at < 0.001]
    assert len(at_once) == 1 + int(AHEAD * 25)
    assert gaps(times[len(at_once) :]) == pytest.approx([0.04] * (49 - len(at_once)), rel=0.01)


def test_no_sliding_second_of_answers_holds_more_than_the_rate_and_what_may_go_ahead() -> None:
    async def story() -> list[float]:
        queue = Queue(rate=25)
        await queue.many(60)
        await asyncio.sleep(60)  # a quiet minute saves nothing up
        await queue.many(60)
        return queue.times

    times = swiftly(story())
    assert max(sum(start <= at < start + 0.999 for at in times) for start in times) <= 25 + AHEAD * 25 + 1


def test_answers_go_in_the_order_in_which_they_came() -> None:
    async def story() -> list[Any]:
        queue = Queue()
        await queue.many(20)
        return queue.names

    assert swiftly(story()) == list(range(20))


@pytest.mark.parametrize("endpoint", ["answerCallbackQuery", "sendChatAction"])
def test_acknowledging_a_tap_takes_nothing_of_the_budget(endpoint: str) -> None:
    async def story() -> tuple[float, int]:
        queue = Queue(rate=1)
        await queue.many(100, endpoint=endpoint)
        return now(), queue.gate.ahead

    assert swiftly(story()) == (0.0, 0)


def test_a_call_with_a_slot_of_its_own_waits_for_nothing_else() -> None:
    async def story() -> float:
        queue = Queue(rate=1)
        await queue.many(20, shown=Pass(Lane.BROADCAST, slot=True), chat=101)
        return now()

    assert swiftly(story()) == 0.0


def test_what_went_ahead_is_counted_until_the_others_know_it_or_it_is_made_up_for() -> None:
    async def story() -> list[int]:
        queue = Queue(rate=100)
        await queue.many(3)
        counts = [queue.gate.ahead]
        queue.gate.learn(next_at=now(), open_at=0.0, rate=100, told=2)
        counts.append(queue.gate.ahead)
        await asyncio.sleep(STALE + 0.01)
        return [*counts, queue.gate.ahead]

    assert swiftly(story()) == [3, 1, 0]


def test_answers_queue_behind_what_the_others_have_reserved() -> None:
    async def story() -> float:
        queue = Queue(rate=10)
        queue.gate.learn(next_at=now() + 1.0, open_at=0.0, rate=10, told=0)
        await queue.call()
        return now()

    assert swiftly(story()) == pytest.approx(1.0 - AHEAD)


def test_one_chat_gets_a_short_burst_and_then_one_message_a_second() -> None:
    async def story() -> list[float]:
        queue = Queue(rate=1000)
        await queue.many(SHORT_BURST + 4, chat=101)
        return queue.times

    times = swiftly(story())
    assert times[SHORT_BURST - 1] < 0.1
    assert gaps(times[SHORT_BURST - 1 :]) == pytest.approx([CHAT_PACE] * 4, abs=0.01)


def test_another_chat_is_not_held_up() -> None:
    async def story() -> Passed:
        queue = Queue(rate=1000)
        await asyncio.gather(*(queue.call(chat, chat=chat) for chat in [101] * 6 + [102]))
        return queue.passed

    assert (0.0, 102) in swiftly(story())


@pytest.mark.parametrize("endpoint", ["editMessageText", "answerCallbackQuery", "editMessageReplyMarkup"])
def test_edits_and_acknowledgements_do_not_wait_for_the_chat(endpoint: str) -> None:
    async def story() -> float:
        queue = Queue(rate=1000)
        await queue.many(20, chat=101, endpoint=endpoint)
        return now()

    assert swiftly(story()) == 0.0


def test_a_chat_that_was_quiet_may_burst_again() -> None:
    async def story() -> float:
        queue = Queue(rate=1000)
        for _ in range(2):
            before = now()
            await queue.many(SHORT_BURST, chat=101)
            took = now() - before
            await asyncio.sleep(SHORT_BURST * CHAT_PACE)
        return took

    assert swiftly(story()) == pytest.approx(0)


@pytest.mark.parametrize(("refusal", "seconds"), [(RetryAfter(7), 7), (NetworkError("Too Many Requests"), BARE_PAUSE)])
def test_a_429_closes_the_gate_for_everybody(refusal: TelegramError, seconds: float) -> None:
    async def story() -> tuple[Passed, int]:
        queue = Queue()
        with pytest.raises(type(refusal)):
            await queue.call("refused", fails=refusal)
        await queue.many(3)
        await queue.call("acknowledged", endpoint="answerCallbackQuery")
        return queue.passed, queue.gate.pauses

    (first, *others), pauses = swiftly(story())
    assert (first, pauses) == ((0, "refused"), 1)
    assert len(others) == 4
    assert all(seconds <= at for at, _ in others)


def test_others_hear_of_a_429() -> None:
    async def story() -> list[float]:
        queue, heard = Queue(), list[float]()
        queue.gate.on_pause = heard.append
        with pytest.raises(RetryAfter):
            await queue.call(fails=RetryAfter(7))
        return heard

    (seconds,) = swiftly(story())
    assert 7 <= seconds <= 7 + MARGIN


def test_what_waits_already_waits_out_a_pause_and_does_not_burst_after_it() -> None:
    async def story() -> list[float]:
        queue = Queue(rate=2)
        waiting = asyncio.gather(queue.many(6))
        await asyncio.sleep(0.6)
        queue.gate.pause(10)
        await waiting
        return queue.times

    times = swiftly(story())
    after = [at for at in times if at > 0.6]
    assert len(times) == 6
    assert after[0] >= 10.6
    assert min(gaps(after)) > 0.45


def test_a_shorter_pause_does_not_open_the_gate_sooner() -> None:
    async def story() -> float:
        queue = Queue()
        queue.gate.pause(10)
        queue.gate.pause(1)
        await queue.call()
        return now()

    assert 10 <= swiftly(story()) <= 10 + MARGIN


def test_after_a_pause_answers_start_at_half_the_rate_and_climb_back() -> None:
    async def story() -> list[float]:
        queue = Queue(rate=10)
        queue.gate.pause(5)
        await queue.many(140)
        return gaps(queue.times)

    _, *waited = (round(gap, 9) for gap in swiftly(story()) if gap > 0.001)  # the first goes ahead of its place
    assert waited[0] == pytest.approx(0.2, rel=0.05)
    assert waited == sorted(waited, reverse=True)
    assert waited[-1] == pytest.approx(0.1)


def test_a_storm_of_429s_halves_the_rate_once() -> None:
    async def story() -> float:
        queue = Queue(rate=16)
        for _ in range(20):
            queue.gate.pause(1)
        return queue.gate.rate

    assert swiftly(story()) == 8


def test_a_pause_longer_than_a_call_may_wait_is_told_at_once() -> None:
    async def story() -> tuple[float, Passed]:
        queue = Queue()
        queue.gate.pause(PATIENCE + 40)
        with pytest.raises(RetryAfter, match="Flood control"):
            await queue.call()
        return now(), queue.passed

    assert swiftly(story()) == (0.0, [])


def test_whoever_had_a_slot_when_the_gate_fell_is_told_so_and_not_let_through_later() -> None:
    async def story() -> Passed:
        queue = Queue()
        queue.gate.pause(2)
        with pytest.raises(RetryAfter):
            await queue.call(shown=Pass(Lane.BROADCAST, slot=True))
        return queue.passed

    assert swiftly(story()) == []


def test_another_refusal_closes_nothing() -> None:
    async def story() -> float:
        queue = Queue()
        with pytest.raises(BadRequest):
            await queue.call(fails=BadRequest("Chat not found"))
        await queue.call()
        return now()

    assert swiftly(story()) == 0.0


def test_a_gate_that_is_wide_open_never_waits() -> None:
    async def story() -> float:
        gate = Gate.wide_open(LoopClock())
        for _ in range(1000):
            await gate.through(_at_once, "sendMessage", 101)
        return now()

    assert swiftly(story()) == 0.0


async def _at_once() -> None:
    return None
