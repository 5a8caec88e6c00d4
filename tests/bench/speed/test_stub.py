"""The stub measures others, so it is measured first: a process, spoken to over HTTP."""

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.bench.speed.rounds import stub
from tests.bench.speed.stub.control import Control
from tests.bench.speed.stub.limits import Limits
from tests.bench.speed.tools import Tools

TOOLS = Tools(sys.executable, None, None, "", {})
KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "a:1"}]]}


def call(address: str, method: str, body: dict[str, Any], *, form: bool = False) -> dict[str, Any]:
    """One Bot API call; what the server said, refusals too."""
    sent = urlencode(body) if form else json.dumps(body)
    try:
        with urllib.request.urlopen(f"{address}/bot42:x/{method}", sent.encode(), timeout=10) as answer:  # noqa: S310 - http on loopback
            return dict(json.loads(answer.read()))
    except urllib.error.HTTPError as refusal:
        return dict(json.loads(refusal.read()))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with stub(TOOLS, ()) as started:
        yield started


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """One call a second, a fifth of a second until each answer, chats limited too."""
    with stub(TOOLS, ("--rate", "1", "--chats", "--delay", "0.2")) as started:
        yield started


@pytest.mark.parametrize("form", [False, True])
def test_a_message_comes_back_with_its_text_and_its_keyboard(address: str, form: bool) -> None:
    keyboard: Any = json.dumps(KEYBOARD) if form else KEYBOARD
    for chat in (7, 8):  # the second comes out of what was remembered of the first
        words = '<b>Yes</b> & "chat_id": 3'
        sent = call(address, "sendMessage", {"text": words, "chat_id": chat, "reply_markup": keyboard}, form=form)
        message = sent["result"]
        assert (message["chat"]["id"], message["text"], message["reply_markup"]) == (chat, words, KEYBOARD)
        edit = {"text": "No", "chat_id": chat, "message_id": message["message_id"]}
        edited = call(address, "editMessageText", edit, form=form)["result"]
        assert (edited["message_id"], edited["text"]) == (message["message_id"], "No")
        assert "reply_markup" not in edited


def test_a_tap_is_handed_out_until_it_is_confirmed_and_timed_until_the_message_is_edited(address: str) -> None:
    control = Control(address)
    control.reset()
    control.taps([(11, 110, "a:1"), (12, 120, "a:2")])
    first = call(address, "getUpdates", {"timeout": 5})["result"]
    assert call(address, "getUpdates", {"timeout": 5, "offset": first[0]["update_id"]})["result"] == first
    assert [each["callback_query"]["data"] for each in first] == ["a:1", "a:2"]
    left = call(address, "getUpdates", {"offset": first[1]["update_id"], "timeout": 5})["result"]
    assert left == first[1:]
    time.sleep(0.1)
    call(address, "answerCallbackQuery", {"callback_query_id": first[0]["callback_query"]["id"]})
    call(address, "editMessageText", {"chat_id": 11, "message_id": 110, "text": "Right."})
    figures = control.figures()
    assert control.shown() == len(figures["shown"]) == len(figures["answered"]) == 1
    assert 0.1 <= figures["shown"][0] < 2
    assert figures["taps"] == 2
    assert figures["accepted"] == 1, "an edit counts, an answer to a tap does not"


def test_people_tap_at_the_rate_that_was_asked_for(address: str) -> None:
    control = Control(address)
    control.reset()
    began = time.monotonic()
    control.taps([(n, n, "a:1") for n in range(20, 25)], rate=10)
    offset, got = 0, 0
    while got < 5:
        for each in call(address, "getUpdates", {"timeout": 5, "offset": offset})["result"]:
            offset, got = each["update_id"] + 1, got + (each["callback_query"]["from"]["id"] >= 20)
    assert 0.35 <= time.monotonic() - began < 2


def test_more_than_the_rate_is_refused_with_the_time_to_wait_and_answers_take_their_time(strict: str) -> None:
    began = time.monotonic()
    answers = [call(strict, "sendMessage", {"chat_id": n, "text": "x"}) for n in range(1, 9)]
    assert time.monotonic() - began >= 8 * 0.2
    refused = [each for each in answers if not each["ok"]]
    assert len(refused) >= 4
    assert all(each["error_code"] == 429 and each["parameters"]["retry_after"] >= 1 for each in refused)
    figures = Control(strict).figures()
    assert figures["refused"] == len(refused)
    assert figures["accepted"] + len(refused) == 8
    assert figures["accepted"] <= 1 + time.monotonic() - began


def test_the_bucket_lets_a_burst_through_and_the_sliding_second_sees_it() -> None:
    limits = Limits(30, chats=False)
    let_through = [n for n in range(300) if limits.take(n, 100 + n / 100) == 0.0]
    assert len([n for n in let_through if n < 100]) == limits.most == 59
    assert len(let_through) == limits.accepted == 300 - limits.refused
    assert 118 <= limits.accepted <= 120


def test_a_chat_takes_three_at_once_and_then_one_a_second() -> None:
    limits = Limits(0, chats=True)
    assert [limits.take(5, 100.0) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]
    assert limits.take(6, 100.0) == 0.0
    assert limits.take(5, 101.0) == 0.0
