"""What people do in a run: a morning of study, a broadcast, and then nothing until the reminders."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot import callbacks as b
from bot.callbacks import pack, unpack
from sandbox import acts
from sandbox.journal import Journal
from sandbox.message import Formatted, Message
from sandbox.world import World
from tests.crash.placing import COORDINATOR, EVERYBODY, MORNING, NEWCOMER, SILENT, Placed

LAST = "the afternoon"


class Done(NamedTuple):
    """An act as the sandbox took it; `query` and `message_id` are of a tap."""

    update_id: int
    query: str | None = None
    message_id: int | None = None
    pressed: Any = None


@dataclass
class Phones:
    """The people and what they have done. An act whose button is nowhere to be seen is not done."""

    world: World
    placed: Placed
    desk: int = 0  # the message in the coordinator's chat on which the broadcast is confirmed
    done: dict[str, Done] = field(default_factory=dict)

    def begin(self) -> None:
        """Everybody has pressed START; nobody has heard anything yet."""
        world = self.world
        world.chats.clear()
        world.taps.clear()
        world.updates.clear()
        world.faults.clear()
        world.journal = Journal()
        for who in EVERYBODY:
            world.meet({"id": who, "first_name": "Official", "started": True})
        self.desk = world.next_message_id()
        stood = Message(message_id=self.desk, chat_id=COORDINATOR, from_bot=True, at=MORNING, words=Formatted("Draft"))
        world.store(stood)

    def steps(self) -> Iterator[str]:
        """Each is done when the service has come to rest after the one before."""
        yield "the morning"
        self._taps("open", NEWCOMER, b.OpenQuestion)
        self._says("help", SILENT, "/help")
        yield "a question is opened, and a command"
        self._taps("choose", NEWCOMER, b.Choose, choice="good")
        yield "a choice"
        self._taps("sure", NEWCOMER, b.Sure, sure=1)
        too_many = {"kind": "429", "method": "sendMessage", "chat_id": SILENT, "count": 1, "retry_after": 1}
        self.world.faults.add(too_many)
        self._forges("send", COORDINATOR, self.desk, b.SendBroadcast(self.placed.broadcast))
        yield "sure, and a broadcast"
        yield LAST

    def receiver(self, name: str) -> int:
        """Whose act that is."""
        return {"help": SILENT, "send": COORDINATOR}.get(name, NEWCOMER)

    def _says(self, name: str, who: int, words: str) -> None:
        told = acts.says(self.world, self.world.chat(who), {"text": words})
        self.done[name] = Done(told["update_id"])

    def _taps(self, name: str, who: int, kind: type[Any], **like: Any) -> None:
        found = self._button(who, kind, like)
        if found is not None:
            self._forges(name, who, *found)

    def _forges(self, name: str, who: int, message_id: int, pressed: Any) -> None:
        body = {"forged": True, "message_id": message_id, "data": pack(pressed)}
        told = acts.taps(self.world, self.world.chat(who), body)
        self.done[name] = Done(told["update_id"], told["callback_query_id"], message_id, pressed)

    def _button(self, who: int, kind: type[Any], like: dict[str, Any]) -> tuple[int, Any] | None:
        """The newest button of that kind on a phone: (message, what it means)."""
        for message in reversed(self.world.chat(who).visible()):
            for pressed in buttons(message):
                if isinstance(pressed, kind) and all(getattr(pressed, name) == value for name, value in like.items()):
                    return message.message_id, pressed
        return None


def buttons(message: Message) -> list[Any]:
    """What the buttons of a message mean."""
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [unpack(button["callback_data"]) for row in rows for button in row if "callback_data" in button]
