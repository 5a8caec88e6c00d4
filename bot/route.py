"""What a route is: a word, button, dialogue step or delivery, who handles it, and who may go there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.call import Call, Role
from bot.message import Message, Replies
from bot.office import Office
from storage.deliveries import Delivery
from storage.store import Tx

Handle = Callable[[Tx, Call, Office], Awaitable[Replies]]
RenderMany = Callable[[Tx, Sequence[Delivery], Office], Awaitable[Mapping[int, tuple[int, Message]]]]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a word or a button leads, and who may go there. `line` is the phrase of its line in /help, if any."""

    handle: Handle
    role: Role = Role.ANYONE
    line: str | None = None
    takes_files: bool = False  # of a dialogue step: photos, documents and polls too, not words alone


@dataclass(frozen=True, slots=True)
class Carrier:
    """How a kind of delivery is worded when it is sent, and what follows when it arrived or was dropped.

    `render` returns None when the reason no longer holds. `render_many` words a whole lot of rows in a few statements:
    row → (chat, words), without those whose reason no longer holds.
    """

    render: Callable[[Tx, Delivery, Office, datetime], Awaitable[Message | None]]
    arrived: Callable[[Tx, Delivery, Office, datetime], Awaitable[None]]
    dropped: Callable[[Tx, Delivery, Office, datetime], Awaitable[None]]
    render_many: RenderMany | None = None


Render = Callable[[Tx, Delivery, Office, datetime], Awaitable[Message | None]]


async def nothing(_tx: Tx, _row: Delivery, _office: Office, _now: datetime) -> None:
    """No consequence."""
