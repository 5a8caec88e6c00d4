"""All that the sandbox remembers, and the few acts that touch several parts of it at once."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sandbox.chat import Chat
from sandbox.clock import real_now
from sandbox.errors import ImpossibleError, RefusalError, bad_request
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.journal import Journal, Tap
from sandbox.limits import Limits
from sandbox.message import Json, Message, as_telegram
from sandbox.people import Person, person_from
from sandbox.polls import Poll
from sandbox.profile import Profile
from sandbox.stream import Stream
from sandbox.updates import Updates
from sandbox.virtual_clock import VirtualClock
from sandbox.webhook import Webhook

DEFAULT_TOKEN = "7000000001:sandbox-token-that-opens-nothing"  # noqa: S105  not a secret: it opens only a sandbox
DEFAULT_USERNAME = "attache_demo_bot"
_ID_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?")


@dataclass(slots=True)
class InlineQuery:
    """Asked by a person in the text box of any chat."""

    person: int
    asked: float


@dataclass
class World:
    """The state of one sandbox: one bot, its people, their chats."""

    token: str
    username: str
    limits: Limits
    start_at: datetime | None = None
    chats: dict[int, Chat] = field(default_factory=dict)
    polls: dict[str, Poll] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    inline_queries: dict[str, InlineQuery] = field(default_factory=dict)
    webhook: Webhook = field(init=False)

    def __post_init__(self) -> None:
        # Ids of updates, taps and polls grow over restarts, so that a bot which remembers an earlier sandbox
        # never takes a new update for an old one.
        first_id = int((real_now() - _ID_EPOCH).total_seconds()) * 10
        self.updates = Updates(first_id=first_id)
        self.stream = Stream()
        self.clock = VirtualClock(
            start_at=self.start_at,
            pending=lambda: self.updates.pending,
            confirmed_at=lambda: self.updates.confirmed_at,
            changed=self.stream.clock_changed,
        )
        self.updates.told = self.clock.poke
        self.stream.clock = self.clock.value
        self.journal = Journal()
        self.faults = Faults()
        self.files = Files()
        self.profile = Profile(username=self.username)
        self._message_id = 0

    @property
    def bot(self) -> Json:
        """The bot as the sender of its messages."""
        bot_id = self.token.partition(":")[0]
        return {
            "id": int(bot_id) if bot_id.isdecimal() else 7_000_000_001,
            "is_bot": True,
            "first_name": self.profile.name(""),
            "username": self.username,
        }

    def chat(self, person_id: int) -> Chat:
        """The chat of a person, for the control. Raises ImpossibleError 404."""
        if person_id not in self.chats:
            raise ImpossibleError(404, f"Nobody has the id {person_id}.")
        return self.chats[person_id]

    def meet(self, fields: dict[str, Any]) -> Person:
        """Make or change a person."""
        known = self.chats.get(fields["id"]) if isinstance(fields.get("id"), int) else None
        person = person_from(fields, known.person if known else None)
        chat = self.chats.setdefault(person.id, Chat(person))
        chat.person = person
        chat.started = bool(fields.get("started", chat.started))
        self.touched(chat)
        return person

    def chat_to_write(self, chat_id: int | str) -> Chat:
        """Where a message may go. Raises RefusalError 400 or 403 as Telegram words it."""
        chat = self.chat_to_read(chat_id)
        if chat.deactivated:
            raise RefusalError(403, "Forbidden: user is deactivated")
        if chat.blocked:
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        if not chat.started:
            raise RefusalError(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def chat_to_read(self, chat_id: int | str | None) -> Chat:
        """A chat the bot names. Raises RefusalError 400."""
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str):
            chat_id = int(chat_id) if _WHOLE.fullmatch(chat_id) else 0
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[chat_id]

    def next_message_id(self) -> int:
        """Ids of private messages run over all chats of one account."""
        self._message_id += 1
        return self._message_id

    def touched(self, chat: Chat) -> None:
        """Something the phone shows has changed."""
        chat.seq += 1
        self.stream.chat_changed(chat.person.id, chat.seq)

    def store(self, message: Message) -> Message:
        """Put a new or edited message into its chat."""
        chat = self.chats[message.chat_id]
        stored = chat.put(message)
        self.stream.chat_changed(message.chat_id, chat.seq)
        return stored

    def telegram(self, message: Message) -> Json:
        """Telegram's Message object, with the one it replies to."""
        chat = self.chats[message.chat_id]
        sender = self.bot if message.from_bot else chat.person.user()
        poll = self.polls[message.poll_id].telegram(self.clock.now()) if message.poll_id else None
        body = as_telegram(message, sender=sender, chat=chat.person.chat(), poll=poll)
        if message.reply_to is not None and (original := chat.messages.get(message.reply_to)):
            body["reply_to_message"] = self.telegram(replace(original, reply_to=None))
        return body

    def received(self, chat: Chat, message: Message) -> int | None:
        """A person wrote: the message stands in the chat and goes to the bot. The update's id."""
        chat.started = True
        stored = self.store(message)
        body = self.telegram(stored)
        if command := _COMMAND.match(stored.words.text):
            entity = {"type": "bot_command", "offset": 0, "length": command.end()}
            body["entities"] = [entity, *body.get("entities", [])]
        return self.updates.add("message", body, key=str(chat.person.id))

    def membership(self, chat: Chat, *, blocked: bool) -> int | None:
        """The person blocked or unblocked the bot: `my_chat_member`."""
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        chat.blocked = blocked
        self.touched(chat)
        body = {
            "chat": chat.person.chat(),
            "from": chat.person.user(),
            "date": int(self.clock.now().timestamp()),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }
        return self.updates.add("my_chat_member", body, key=str(chat.person.id))

    def _member(self, status: str) -> Json:
        member = {"status": status, "user": self.bot}
        return member | {"until_date": 0} if status == "kicked" else member

    def close(self) -> None:
        """End watches and timers."""
        self.stream.close()
        self.updates.close()
        self.clock.close()
