"""Phones at the wire: what every chat was sent and shows, and answers as Telegram would give them, bad ones too."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.clock import SystemClock
from bot.gate import Pass
from bot.message import Message
from bot.office import Office
from bot.route import Carrier
from bot.routes import CARRIERS
from bot.sender import Sender
from scheduler.delivery import NotSent, Outcome, Reach, Refused, Sent, Unsure
from storage.deliveries import Delivery
from storage.store import Tx


class Killed(BaseException):
    """The program was killed while a message was on its way; no handler of ours may stop that."""


class StandingClock(SystemClock):
    """People's and the machine's time stand where they were put; monotonic time is real."""

    at: datetime

    def people_now(self) -> datetime:
        return self.at

    def machine_now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Call:
    """One sendMessage: to which chat, which delivery it carried (None for a reply at once), and what came of it."""

    chat: int
    row: Delivery | None
    at: datetime
    arrived: bool
    outcome: Outcome | None


class Phones(Sender):
    """Stands where the wire begins: keeps what every chat was sent and shows, and answers as Telegram would."""

    def __init__(self, clock: StandingClock) -> None:
        self._clock = clock
        self.calls: list[Call] = []
        self.screens: dict[int, dict[int, Message]] = defaultdict(dict)
        self.blocked: set[int] = set()
        self.trouble: dict[int, deque[str]] = defaultdict(deque)
        self.dead = False
        self.breath = 0.0  # seconds that a call waits at the gate, and as many for Telegram
        self.hushed: set[int] = set()  # chats that have just been promised silence
        self.intruders = 0  # deliveries to them that left after that
        self._rows: dict[int, tuple[Message, Delivery]] = {}

    def carriers(self) -> Mapping[Any, Carrier]:
        """The real ones, which tell the phones of each message which delivery it is."""
        return {kind: replace(carrier, render=self._noting(carrier)) for kind, carrier in CARRIERS.items()}

    def _noting(self, carrier: Carrier) -> Any:
        async def render(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
            message = await carrier.render(tx, row, office, now)
            if message is not None:
                self._rows[id(message)] = (message, row)  # the message is kept, so its id stays its own
            return message

        return render

    async def send(self, chat_id: int, message: Message, shown: Pass) -> Outcome:
        """A fresh message, or what went wrong with it."""
        if self.dead:
            raise Killed
        self.intruders += shown.slot and chat_id in self.hushed
        await self._breathe()
        row = self._rows[id(message)][1] if id(message) in self._rows else None
        outcome, arrived = self._answer(chat_id)
        self.calls.append(Call(chat_id, row, self._clock.at, arrived, outcome))
        if arrived:
            self.screens[chat_id][len(self.calls)] = message
        if outcome is None:
            self.dead = True
            raise Killed
        return outcome

    async def _breathe(self) -> None:
        if self.breath:
            await asyncio.sleep(self.breath)

    def _answer(self, chat: int) -> tuple[Outcome | None, bool]:
        """(outcome, whether the message stands on the phone); no outcome where the program is killed."""
        if chat in self.blocked:
            return Refused("bot was blocked by the user", Reach.BLOCKED), False
        match self.trouble[chat].popleft() if self.trouble[chat] else "":
            case "refused":
                return Refused("bad request"), False
            case "not sent":
                return NotSent("no connection"), False
            case "unsure, lost":
                return Unsure("read timeout"), False
            case "unsure, arrived":
                return Unsure("read timeout"), True
            case "killed before":
                return None, False
            case "killed after":
                return None, True
        return Sent(len(self.calls) + 1), True

    async def edit(self, chat_id: int, message_id: int, message: Message) -> bool:
        self.screens[chat_id][message_id] = message
        return True

    async def strip(self, chat_id: int, message_id: int) -> bool:
        if message_id in self.screens[chat_id]:
            self.screens[chat_id][message_id] = replace(self.screens[chat_id][message_id], rows=())
        return True

    async def acknowledge(self, callback_query_id: str, toast: str | None) -> None:
        pass
