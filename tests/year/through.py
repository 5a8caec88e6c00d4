"""A whole year through the real parts: they are put together here, started against a sandbox, and read at the end."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr
from telegram.ext import ExtBot

from bot import app
from bot.gate import Gate
from bot.sender import Sender
from bot.settings import Settings
from bot.transport import Transport
from lessons.course import Course, CourseId
from sandbox.server import Sandbox
from storage.engine import url_of
from storage.store import Store
from tests.year.records import ClockStep, Down, Record, Story
from tests.year.working import Year, YearClock

TOKEN = "4200000003:AAyearYEARyearYEARyearYEARyearYEAR000"


@dataclass(frozen=True, slots=True)
class Worked:
    """What a year through the real parts left: records, messages on phones beside deliveries sent, refusals, sends."""

    records: tuple[Record, ...]
    on_phones: int
    sent: int
    refusals: int
    instants: int


@asynccontextmanager
async def _parts(
    folder: Path,
    courses: dict[CourseId, Course],
    start_at: datetime,
    down: tuple[Down, ...],
    steps: tuple[ClockStep, ...],
) -> AsyncIterator[Year]:
    clock = YearClock()
    clock.at = start_at
    async with (
        Sandbox(port=0, token=TOKEN, start_at=start_at) as sandbox,
        aiohttp.ClientSession() as session,
        await Store.open(url_of(None, folder)) as store,
    ):
        settings = Settings(
            bot_token=SecretStr(TOKEN), bot_api=sandbox.address, data=folder, http_port=0, typing_seconds=0
        )
        office = replace(app.office(settings), courses={str(id_): each for id_, each in courses.items()})
        gate = Gate.wide_open(clock)
        bot: ExtBot[Any] = ExtBot(
            TOKEN,
            base_url=f"{sandbox.address}/bot",
            base_file_url=f"{sandbox.address}/file/bot",
            request=Transport(),
            get_updates_request=Transport(connections=1),
            rate_limiter=gate,
        )
        await gate.initialize()
        try:
            async with bot:
                year = Year(store, office, Sender(bot), clock, sandbox, session, down, steps)
                await year.post("limits", global_per_second=None, chat_burst=None, chat_per_second=None)
                yield year
        finally:
            await gate.shutdown()


async def worked(
    folder: Path,
    stories: tuple[Story, ...],
    course: Course,
    until_at: datetime,
    *,
    down: tuple[Down, ...] = (),
    steps: tuple[ClockStep, ...] = (),
    progress: Callable[[datetime], None] = lambda _: None,
) -> Worked:
    """The year of these people; `folder` holds the database."""
    courses = {}
    for weeks in {story.weeks_to_deadline for story in stories}:
        id_ = CourseId(f"{course.id}-{weeks}")
        courses[id_] = replace(course, id=id_, cadence=replace(course.cadence, weeks_to_deadline=weeks))
    start_at = min(story.joined_at for story in stories)
    async with _parts(folder, courses, start_at, down, steps) as year:
        for story in stories:
            await year.join(story, courses[CourseId(f"{course.id}-{story.weeks_to_deadline}")], until_at)
        await year.live(until_at, progress)
        journal = await _json(year, "journal")
        on_phones = Counter[int]()
        for person in year.people.values():
            chat = await _json(year, f"people/{person.telegram_id}/chat")
            on_phones[person.story.id] = sum(m["from"] == "bot" for m in chat["messages"])
        cases = frozenset(one.id for one in course.simulations)
        records = tuple(
            Record(each.story, tuple(each.events), course.order, until_at, cases=cases) for each in year.people.values()
        )
        return Worked(records, on_phones.total(), len(year.seen_deliveries), len(journal["refusals"]), year.instants)


async def _json(year: Year, path: str) -> Any:
    async with year.session.get(f"{year.sandbox.address}/sandbox/{path}") as answer:
        return await answer.json()
