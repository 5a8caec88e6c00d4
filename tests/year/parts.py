"""The service's real parts on one file: store, desk, planner's tick, outbox, and a clock that stands still."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Select, Table, select
from telegram import Update

from bot import agenda, app
from bot import callbacks as b
from bot.callbacks import pack, unpack
from bot.message import Message
from bot.office import Office
from bot.outbox import Outbox
from bot.planning import Planning
from bot.route import Route
from bot.routes import COMMANDS, PRESSES
from bot.service_desk import ServiceDesk
from bot.settings import Settings
from lessons.course import CourseId
from lessons.enrolment import CohortId, EnrolmentId
from storage import cohorts, inbox, people, schema
from storage.engine import FILE, url_of
from storage.store import Store, Tx
from tests.year.few_lessons import course
from tests.year.phones import Call, Killed, Phones, StandingClock

_SHARED = Path("/dev/shm")  # noqa: S108 - folders of our own below it
IN_MEMORY = _SHARED if _SHARED.is_dir() else None  # a commit waits for no disk here
COORDINATOR = 1
CODE = "together"
TABLES: tuple[Table, ...] = (
    schema.learner,
    schema.person,
    schema.posting,
    schema.leave,
    schema.crisis_week,
    schema.enrolment,
    schema.due,
    schema.given,
    schema.asking,
    schema.attempt,
    schema.ladder,
    schema.delivery,
    schema.delivery_lease,
)
ALL = {table.name: select(table).order_by(*table.primary_key) for table in TABLES}
OF_LEARNING = {name: ALL[name] for name in ("learner", "leave", "enrolment", "due", "asking", "attempt", "ladder")}
Rows = dict[str, list[dict[str, Any]]]


@cache
def _office() -> Office:
    return replace(app.office(Settings(http_port=0)), courses={"few": course()})


_EMPTY: list[bytes] = []  # a database of today's schema, made once: each example takes a copy


async def _empty() -> bytes:
    if not _EMPTY:
        with TemporaryDirectory(prefix="attache-empty-") as folder:
            await (await Store.open(url_of(None, Path(folder)))).close()
            _EMPTY.append((Path(folder) / FILE).read_bytes())
    return _EMPTY[0]


@dataclass(frozen=True, slots=True)
class Kept:
    """A database with the hour and the phones that belong to it."""

    file: bytes
    at: datetime
    calls: tuple[Call, ...]
    screens: dict[int, dict[int, Message]]
    updates: int


class Parts:
    """Everything but Telegram, and the time of day."""

    def __init__(self, folder: Path, at: datetime) -> None:
        self.folder = folder
        self.clock = StandingClock()
        self.clock.at = at
        self.phones = Phones(self.clock)
        self.updates = 0
        self.lives = 0
        self._routed: dict[int, tuple[Route | None, str]] = {}

    async def kept(self) -> Kept:
        """Everything as it stands, to begin from more than once; these parts are closed."""
        await self.close()
        screens = {chat: dict(shown) for chat, shown in self.phones.screens.items()}
        return Kept((self.folder / FILE).read_bytes(), self.clock.at, tuple(self.phones.calls), screens, self.updates)

    async def begin(self, kept: Kept) -> None:
        """From where other parts were left."""
        (self.folder / FILE).write_bytes(kept.file)
        self.clock.at, self.phones.calls, self.updates = kept.at, list(kept.calls), kept.updates
        for chat, shown in kept.screens.items():
            self.phones.screens[chat] = dict(shown)
        await self._build()

    async def open(self) -> None:
        """An empty database with a cohort into which one is invited."""
        (self.folder / FILE).write_bytes(await _empty())
        await self._build()
        now = self.clock.at

        async def found(tx: Tx) -> CohortId | None:
            await people.own_cohorts(tx, [COORDINATOR], now=now)
            slot = course().cadence.slot
            made = await cohorts.create(
                tx, course_id=CourseId("few"), name="C", start_on=now.date(), slot=slot, now=now
            )
            assert made is not None
            expires_at = now + timedelta(days=3650)
            await cohorts.invite(tx, made, code=CODE, uses=100, expires_at=expires_at, now=now)
            return made

        await self.store.change(found)

    async def _build(self) -> None:
        self.lives += 1
        self.phones.dead = False
        self.office = replace(_office(), owner=f"life {self.lives}")
        self.store = await Store.open(url_of(None, self.folder), migrate=False)
        self.outbox = Outbox(self.store, self.phones, self.office, self.clock, self.phones.carriers())
        self.planning = Planning(self.store, self.office, self.clock)
        self.desk = ServiceDesk(self.office, self.store, self.phones, self.outbox, self.clock)

    async def close(self) -> None:
        """Whatever is on its way comes to its end first."""
        await _others_end()
        await self.store.close()

    async def restart(self, later: timedelta = timedelta()) -> None:
        """Close the store and build everything anew on the same file; what was not answered is served again."""
        await _others_end()
        before = await self.rows()
        await self.close()
        self.clock.at += later
        await self._build()
        assert await self.rows() == before, "a restart changed what is stored"
        for waiting in await self.store.read(lambda tx: inbox.next_of_each(tx, busy=(), limit=100)):
            await self._served(waiting.update_id, waiting.payload)

    async def rows(self, wanted: Mapping[str, Select[Any]] = ALL) -> Rows:
        """Every row that matters, by table."""

        async def look(tx: Tx) -> Rows:
            return {name: [row._asdict() for row in await tx.all(found)] for name, found in wanted.items()}

        return await self.store.read(look)

    # What people do

    async def types(self, chat: int, text: str) -> None:
        """Words or a command."""
        word, _, words = text.removeprefix("/").partition(" ")
        route = COMMANDS[word] if text.startswith("/") else None
        await self._update(chat, "message", {"text": text}, route, words if route else text)

    async def taps(self, chat: int, pressed: Any) -> None:
        """A button, on whichever message shows it, be it an old one."""
        data = pack(pressed)
        shown = (
            n for n, m in self.phones.screens[chat].items() if any(each.data == data for row in m.rows for each in row)
        )
        message = {"message_id": max(shown, default=1), "date": 1, "chat": {"id": chat, "type": "private"}}
        query = {"id": "1", "chat_instance": "1", "data": data, "message": message}
        await self._update(chat, "callback_query", query, PRESSES[type(pressed)], "")

    async def joins(self, chat: int, place: str) -> None:
        """The whole dialogue, from the invitation to the last yes."""
        await self.types(chat, f"/start {CODE}")
        for pressed in (b.Begin(), b.Agree(), b.UseShownName()):
            await self.taps(chat, pressed)
        await self.types(chat, place)
        await self.taps(chat, b.ConfirmEnrolment())

    def button(self, chat: int, kind: type[Any]) -> Any:
        """The newest button of that kind in a chat."""
        shown = [button.data for m in self.phones.screens[chat].values() for row in m.rows for button in row]
        return [found for data in shown if data and isinstance(found := unpack(data), kind)][-1]

    async def _update(self, chat: int, kind: str, value: dict[str, Any], route: Route | None, words: str) -> None:
        self.updates += 1
        n = self.updates
        who = {"id": chat, "is_bot": False, "first_name": name_of(chat)}
        if kind == "message":
            value = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}} | value
        update = {"update_id": n, kind: value | {"from": who}}
        self._routed[n] = route, words
        kept, now = (n, chat, update), self.clock.at
        await self.store.change(lambda tx: inbox.keep(tx, [kept], now=now))
        try:
            await self._served(n, update)
        except Killed:
            await self.restart()

    async def _served(self, update_id: int, update: dict[str, Any]) -> None:
        read = Update.de_json(update, None)
        if read.my_chat_member is not None:
            return await self.desk.reach_changed(read)
        return await self.desk.serve(read, *self._routed[update_id])

    async def tells_reach(self, chat: int, *, blocked: bool) -> None:
        """Telegram tells that somebody blocked the bot, or took it back."""
        user = {"id": 7, "is_bot": True, "first_name": "Bot"}
        member: dict[str, Any] = {"status": "member", "user": user}
        kicked = {"status": "kicked", "user": user, "until_date": 0}
        was, is_ = (member, kicked) if blocked else (kicked, member)
        chat_member = {"chat": {"id": chat, "type": "private"}, "date": 1, "old_chat_member": was}
        await self._update(chat, "my_chat_member", chat_member | {"new_chat_member": is_}, None, "")

    # What time brings

    async def next_at(self) -> datetime | None:
        """The next instant at which anything is due: a look, a delivery, or the end of a lease."""

        async def look(tx: Tx) -> list[datetime]:
            at = [max(r.at, r.retry_at or r.at) for r in await tx.all(select(schema.delivery_due))]
            held = await tx.all(select(schema.delivery_lease.c.lease_until))
            at += [r.lease_until + timedelta(seconds=1) for r in held]
            return at + [row.at for row in await tx.all(select(schema.due.c.at))]

        return min(await self.store.read(look), default=None)

    async def serve(self) -> None:
        """The beats of the service until nothing more is due at this instant."""
        for _ in range(10):
            at = await self.next_at()
            if at is None or at > self.clock.at:
                return
            try:
                await self.planning.tick()
                await self.outbox.drain()
            except Killed:
                await self.restart()
        raise AssertionError("what is due at an instant does not come to an end")

    async def plan_all_again(self) -> None:
        """The planner's look at everybody, due or not, twice."""
        now = self.clock.at

        async def again(tx: Tx) -> None:
            for row in await tx.all(select(schema.enrolment.c.id)):
                for _ in range(2):
                    await agenda.replan(tx, self.office.courses, EnrolmentId(row.id), now=now)

        await self.store.change(again)


async def _others_end() -> None:
    others = {task for task in asyncio.all_tasks() if task.get_name() != "storage writer"} - {asyncio.current_task()}
    if others:
        await asyncio.wait(others)


def name_of(chat: int) -> str:
    """What a person is called: letters only, no two alike."""
    return f"Official {chr(ord('A') + chat % 26)}{chr(ord('a') + chat // 26)}"
