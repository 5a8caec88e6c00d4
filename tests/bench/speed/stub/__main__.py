"""A Bot API that answers at once, so that whoever is measured against it waits for nobody but itself.

`python -m tests.bench.speed.stub [--port 0] [--delay 0.05] [--rate 30] [--chats]` prints `ready on http://…`.
It imports nothing but the standard library, and uvloop where that is installed. Beside the Bot API it serves

    POST /control/taps     {"taps": [[chat, message_id, data], …], "rate": taps a second, 0: all at once}
    POST /control/reset    counts from now on
    GET  /control/shown    how many taps have led to an edited message
    GET  /control/figures  what was counted (see Stub.figures)

Sends and edits count against the limits, answerCallbackQuery does not (Telegram does not publish which do).
"""

import argparse
import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from tests.bench.speed.stub import answers
from tests.bench.speed.stub.limits import Limits
from tests.bench.speed.stub.server import Connection
from tests.bench.speed.stub.taps import Taps

AT_ONCE = {b"getUpdates", b"taps", b"reset", b"shown", b"figures"}  # whatever the delay
CARD = Path(__file__).parents[1] / "peers" / "card.json"


class Stub:
    """One bot's server. `delay`: seconds each answer takes; `rate`: counted calls a second, 0 for no limit."""

    def __init__(self, *, delay: float, rate: float, chats: bool) -> None:
        self._loop = asyncio.get_running_loop()
        self._delay, self._rate, self._chats = delay, rate, chats
        self._card = json.loads(CARD.read_text("utf-8"))
        self._messages = answers.Messages()
        self._message_id = 1_000_000
        self._poll: tuple[Connection, asyncio.TimerHandle, int, int] | None = None
        self._coming: list[asyncio.TimerHandle] = []
        self._methods: dict[bytes, Callable[[Connection, bytes], bytes | None]] = {
            b"sendMessage": self._send,
            b"editMessageText": self._edit,
            b"answerCallbackQuery": self._answer,
            b"getUpdates": self._updates,
            b"getMe": lambda _c, _b: answers.result(answers.ME),
            b"getWebhookInfo": lambda _c, _b: answers.result(
                {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
            ),
            b"taps": self._tapped,
            b"reset": self._reset,
            b"shown": lambda _c, _b: answers.result(len(self._taps.shown)),
            b"figures": lambda _c, _b: answers.http(answers.encoded(self.figures())),
        }
        self._taps = Taps(self._card["text"], self._card["keyboard"])
        self._limits = Limits(rate, chats=chats)

    def handle(self, connection: Connection, method: bytes, body: bytes) -> None:
        """One request. Whatever it does not know it grants: deleteWebhook, setMyCommands and the like."""
        if body[:2] == b"--":
            return connection.answer(answers.refused("this stub takes no files"))
        does = self._methods.get(method)
        answer = does(connection, body) if does else answers.result(True)
        if answer is None:
            return None
        if self._delay and method not in AT_ONCE:
            self._loop.call_later(self._delay, connection.answer, answer)
            return None
        return connection.answer(answer)

    def _send(self, _connection: Connection, body: bytes) -> bytes:
        chat, rest = answers.cut(body, b"chat_id")
        if wait := self._limits.take(chat, monotonic()):
            return answers.too_many(wait)
        self._message_id += 1
        return self._messages.answer(body, rest, chat, self._message_id)

    def _edit(self, _connection: Connection, body: bytes) -> bytes:
        now = monotonic()
        message_id, rest = answers.cut(body, b"message_id")
        chat, rest = answers.cut(rest, b"chat_id")
        if wait := self._limits.take(chat, now):
            return answers.too_many(wait)
        self._taps.show(chat, message_id, now + self._delay)
        return self._messages.answer(body, rest, chat, message_id)

    def _answer(self, _connection: Connection, body: bytes) -> bytes:
        query_id = int(answers.parameters(body)["callback_query_id"])
        self._taps.answer(query_id, monotonic() + self._delay)
        return answers.result(True)

    def _updates(self, connection: Connection, body: bytes) -> bytes | None:
        given = answers.parameters(body) if body else {}
        offset, limit = int(given.get("offset") or 0), int(given.get("limit") or 100)
        found = self._taps.fetch(offset, limit)
        timeout = float(given.get("timeout") or 0)
        if found or not timeout:
            return answers.result(found)
        self._end_poll([])
        self._poll = (connection, self._loop.call_later(timeout, self._end_poll, []), offset, limit)
        return None

    def _end_poll(self, updates: list[dict[str, Any]]) -> None:
        if self._poll is not None:
            connection, timer, _, _ = self._poll
            self._poll = None
            timer.cancel()
            connection.answer(answers.result(updates))

    def _tapped(self, _connection: Connection, body: bytes) -> bytes:
        given = json.loads(body)
        rate = given["rate"]
        for n, tap in enumerate(given["taps"]):
            if rate:
                self._coming.append(self._loop.call_later(n / rate, self._tap, tuple(tap)))
            else:
                self._taps.tap(tuple(tap), monotonic())
        self._hand_out()
        return answers.result(True)

    def _tap(self, tap: tuple[int, int, str]) -> None:
        self._taps.tap(tap, monotonic())
        self._hand_out()

    def _hand_out(self) -> None:
        if self._poll is not None and (found := self._taps.fetch(self._poll[2], self._poll[3])):
            self._end_poll(found)

    def _reset(self, _connection: Connection, _body: bytes) -> bytes:
        """Counters only: the limits' buckets and the numbers of updates go on. Taps still to come are called off."""
        for tap in self._coming:
            tap.cancel()
        self._coming.clear()
        self._limits.begin()
        self._taps.begin()
        return answers.result(True)

    def figures(self) -> dict[str, Any]:
        """Counted calls let through and refused, most in a sliding second, and the waits of taps in seconds."""
        limits, taps = self._limits, self._taps
        return {
            "now": monotonic(),
            "accepted": limits.accepted,
            "refused": limits.refused,
            "most_in_a_second": limits.most,
            "first_at": limits.first_at,
            "last_at": limits.last_at,
            "taps": taps.many,
            "answered": taps.answered,
            "shown": taps.shown,
            "shown_at": taps.shown_at,
        }


async def serve(port: int, *, delay: float, rate: float, chats: bool) -> None:
    """Serve until SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    stub = Stub(delay=delay, rate=rate, chats=chats)
    server = await loop.create_server(lambda: Connection(stub.handle), "127.0.0.1", port, backlog=1024)
    print(f"ready on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await stop.wait()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.speed.stub", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that each answer takes")
    parser.add_argument("--rate", type=float, default=0.0, help="counted calls a second with a burst of as many")
    parser.add_argument("--chats", action="store_true", help="one counted call a second in a chat, three at once")
    chosen = parser.parse_args()
    work = serve(chosen.port, delay=chosen.delay, rate=chosen.rate, chats=chosen.chats)
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)


if __name__ == "__main__":
    main()
