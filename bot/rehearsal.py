"""A course played in a terminal: the real features, planner and outbox on a store that is thrown away.

The author taps by number and moves the clock; Telegram is not asked, and nothing is kept.
"""

import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from textwrap import shorten
from typing import Any, TextIO

from telegram import Update

from bot import agenda, app, seat
from bot import settings as configuration
from bot.callbacks import unpack
from bot.clock import SystemClock
from bot.desk import DeskError
from bot.office import Office
from bot.outbox import Outbox
from bot.phrases import Voice
from bot.planning import Planning
from bot.route import Route
from bot.routes import CARRIERS, COMMANDS, PRESSES, UNKNOWN
from bot.service_desk import ServiceDesk
from bot.settings import Settings
from bot.terminal import Terminal
from lessons import catalogue
from lessons.course import Course, CourseId, LessonId
from lessons.parsing import COURSE_FILE
from scheduler.places import Place
from scheduler.quiet_hours import QuietHours
from scheduler.slots import next_slot
from storage import cohorts, conversations, deliveries, enrolments, ladders, people
from storage.engine import url_of
from storage.store import Store, Tx

SELF = 1  # the author's Telegram id here
AUTHOR = {"id": SELF, "is_bot": False, "first_name": "Author"}
CHAT = {"id": SELF, "type": "private"}
DHAKA = Place("Dhaka", "BD", "Bangladesh", None, "Asia/Dhaka")
MOST_ROUNDS = 20  # of planning and sending at one instant; one or two are usual
MOST_LOOKS = 200  # of the planner without a message; then nothing more is coming
KEYS = """\
A number taps · n: the next event · +4h, +1d, +2w: move the clock · q: quit
Commands work as on the phone: today, progress, settings, help"""
_STEPS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_WINDING = re.compile(r"\+ ?([0-9]{1,3}) ?([mhdw])")
_NUMBER = re.compile(r"[0-9]{1,3}")
_WORD = re.compile(r"/?([a-z]+)( .*)?", re.DOTALL)


def course_named(name: str, content: Path | None = None) -> Course:
    """The course of a folder or of an id (`content` holds further courses). DeskError or CourseError otherwise."""
    folder = Path(name)
    if (folder / COURSE_FILE).is_file():
        return catalogue.load(folder)
    if folder.is_dir():
        raise DeskError(f"{folder} holds no {COURSE_FILE}; give the folder of a course, not one inside or above it.")
    taught, _ = catalogue.courses(content)
    if (course := taught.get(CourseId(name))) is not None:
        return course
    raise DeskError(f"{name!r} is neither a folder nor a course taught here; there is {', '.join(taught)}.")


async def rehearse(
    course: Course,
    *,
    lesson: str | None = None,
    lines: TextIO,
    out: TextIO,
    now: datetime | None = None,
    settings: Settings | None = None,
) -> None:
    """Play the course until `q` or the end of `lines`, from its first lesson or straight from that one.

    Begins at the first working morning after `now` (the system's clock for None). Raises DeskError for a lesson
    that the course does not have.
    """
    if lesson is not None and course.lesson(lesson) is None:
        close = get_close_matches(lesson, [each.id for each in course.lessons], n=1)
        mend = f"did you mean {close[0]}?" if close else f"they begin with {course.lessons[0].id}."
        raise DeskError(f"--lesson {lesson!r} is none of the lessons of {course.id}; {mend}")
    async with _stage(course, out, now, settings) as play:
        await play.begin(lesson)
        while (line := play.ask(lines)) not in ("q", "quit"):
            await play.do(line)
        play.terminal.say("Nothing was kept.")


class _Winding(SystemClock):
    """People's time stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def people_now(self) -> datetime:
        """Where the author has put it."""
        return self.at


@asynccontextmanager
async def _stage(
    course: Course, out: TextIO, now: datetime | None, settings: Settings | None
) -> AsyncIterator["_Rehearsal"]:
    clock = _Winding(now or SystemClock().people_now())
    known = settings or configuration.read()
    office = app.office(known.model_copy(update={"content": None}))
    office = replace(office, courses={course.id: course})
    with tempfile.TemporaryDirectory(prefix="attache-rehearsal-") as folder:
        async with await Store.open(url_of(None, Path(folder))) as store:
            yield _Rehearsal(course, store, office, clock, out)


class _Rehearsal:
    """One learner, one cohort, one clock."""

    def __init__(self, course: Course, store: Store, office: Office, clock: _Winding, out: TextIO) -> None:
        self._course, self._store, self._office, self._clock = course, store, office, clock
        self._voice: Voice = office.phrases.voice(course.language, DHAKA.zone)
        self._updates = 0
        self.terminal = Terminal(out, self._hour)
        self._outbox = Outbox(store, self.terminal, office, clock, CARRIERS)
        self._planning = Planning(store, office, clock)
        self._desk = ServiceDesk(office, store, self.terminal, self._outbox, clock)

    def _hour(self) -> str:
        return self._voice.when(self._clock.at)

    async def begin(self, lesson: str | None) -> None:
        """Take a seat, and let the clock stand at the first lesson."""
        calendar, slot = seat.calendar_at(DHAKA), self._course.cadence.slot
        now = self._clock.at
        first_at = next_slot(calendar, slot, after=now, not_before=calendar.day(now), quiet=QuietHours())
        ids = [each.id for each in self._course.lessons]
        skipped = ids[: ids.index(LessonId(lesson))] if lesson else []
        on = calendar.day(first_at)
        await self._store.change(lambda tx: _enrol(tx, self._office, self._course, skipped, on=on, now=now))
        self.terminal.say(f"{self._course.title}, as an official in {DHAKA.name} meets it.\n{KEYS}")
        self._clock.at = first_at
        await self._settle()

    def ask(self, lines: TextIO) -> str:
        """The author's next line."""
        return self.terminal.ask(lines, f"{DHAKA.name}, {self._hour()} > ")

    async def do(self, line: str) -> None:
        """One line of the author's."""
        word, number = _WORD.fullmatch(line), _NUMBER.fullmatch(line)
        if number:
            await self._tap(int(line))
        elif line == "n":
            await self._wind(None)
        elif winding := _WINDING.fullmatch(line):
            await self._wind(self._clock.at + int(winding[1]) * _STEPS[winding[2]])
        elif word and word[1] in COMMANDS:
            await self._type(f"/{line.lstrip('/')}", COMMANDS[word[1]], (word[2] or "").strip())
        elif await self._store.read(lambda tx: conversations.get(tx, SELF)):
            await self._type(line, None, line)
        elif line:
            self.terminal.say(f"“{shorten(line, 40, placeholder='…')}” means nothing here.\n{KEYS}")

    async def _tap(self, number: int) -> None:
        found = self.terminal.button(number)
        if found is None:
            return self.terminal.say(f"There is no [{number}] to tap now.")
        message_id, button = found
        if button.data is None:
            return self.terminal.say(f"This opens {button.url}")
        query = {"id": "1", "chat_instance": "1", "data": button.data, "from": AUTHOR}
        query["message"] = self._message(message_id)
        return await self._serve_update("callback_query", query, PRESSES.get(type(unpack(button.data)), UNKNOWN), "")

    async def _type(self, text: str, route: Route | None, words: str) -> None:
        message = self._message(0) | {"text": text, "from": AUTHOR}
        await self._serve_update("message", message, route, words)

    def _message(self, message_id: int) -> dict[str, Any]:
        return {"message_id": message_id, "date": int(self._clock.at.timestamp()), "chat": CHAT}

    async def _serve_update(self, kind: str, value: dict[str, Any], route: Route | None, words: str) -> None:
        self._updates += 1
        self.terminal.taken()
        update = Update.de_json({"update_id": self._updates, kind: value}, None)
        await self._desk.serve(update, route, words)
        await self._settle()

    async def _settle(self) -> None:
        """Everything that is due at this instant."""
        for _ in range(MOST_ROUNDS):
            if not await self._planning.tick() + await self._outbox.drain():
                return
        raise DeskError("A message is due and cannot be shown; this is a fault of the program, told above.")

    async def _wind(self, to: datetime | None) -> None:
        """Move the clock, stopping at all that is due on the way; for None, until something is shown."""
        before = self.terminal.shown
        self.terminal.taken()
        for _ in range(MOST_LOOKS):
            due = await self._store.read(_next_due)
            if due is None or (to is not None and due > to) or (to is None and self.terminal.shown > before):
                break
            self._clock.at = max(due, self._clock.at)
            await self._settle()
        self._clock.at = to or self._clock.at
        if self.terminal.shown == before:
            told = "Nothing happened until then." if to else "Nothing more comes by itself."
            self.terminal.say(told)


async def _next_due(tx: Tx) -> datetime | None:
    looks = (await enrolments.next_look(tx), await deliveries.next_due(tx))
    return min((at for at in looks if at is not None), default=None)


async def _enrol(
    tx: Tx, office: Office, course: Course, skipped: Sequence[LessonId], *, on: date, now: datetime
) -> None:
    """The author's seat; lessons before the one that is wanted count as given the day before."""
    slot, language = course.cadence.slot, office.phrases.choose(course.language)
    cohort = await cohorts.create(tx, course_id=course.id, name="Rehearsal", start_on=on, slot=slot, now=now)
    assert cohort is not None  # noqa: S101 - the database was empty
    who = await people.welcome(tx, telegram_id=SELF, name="Author", language=language, consent="", now=now)
    await people.post(tx, who, DHAKA, from_on=on)
    enrolment, _ = await enrolments.enrol(tx, who, cohort, first_on=on, now=now)
    for lesson in skipped:
        await ladders.give(tx, enrolment, lesson, on=on - timedelta(days=1))
        await ladders.mark_given(tx, enrolment, lesson, sent_at=now)
    await agenda.replan(tx, office.courses, enrolment, now=now)
