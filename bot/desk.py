"""The operator's work beside a running service: each verb reads, or makes one short change, and lets go."""

import csv
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from telegram.error import TelegramError

from bot.clock import Clock, FollowedClock, SystemClock
from bot.settings import Settings
from bot.shelf import Shelf
from bot.transport import Transport
from lessons.course import CourseId
from scheduler.calendar import Calendar, weekend_of
from scheduler.public_holidays import holidays_in
from storage import answers, backups, cohorts, meta, migrations
from storage import doctor as examination
from storage.cohorts import Cohort
from storage.doctor import Finding
from storage.engine import file_of, place_of, url_of
from storage.lock import service_lock
from storage.store import Store, Tx

VALID = timedelta(days=90)  # how long an invitation serves


class DeskError(Exception):
    """The verb could not be carried out; the message names the place and the mend."""


class Form(StrEnum):
    """How rows are printed."""

    JSONL = "jsonl"
    CSV = "csv"


async def _clock(settings: Settings) -> Clock:
    if settings.clock is None:
        return SystemClock()
    followed = FollowedClock(settings.clock)
    await followed.first_look()
    return followed


def _url(settings: Settings) -> str:
    return url_of(settings.database_url, settings.data)


async def bot_username(settings: Settings, tx_value: str | None) -> str | None:
    """The bot's name: from the database, else by one getMe, else None."""
    if tx_value is not None or settings.bot_token is None:
        return tx_value
    transport = Transport(connections=1)
    await transport.initialize()
    try:
        token = settings.bot_token.get_secret_value()
        me = await transport.call(f"{settings.bot_api}/bot{token}/getMe", {}, read=5)
        return str(me["username"])
    except TelegramError:
        return None
    finally:
        await transport.shutdown()


def _start(text: str | None, now: datetime) -> date:
    """The first day: as given, else the next working day in Dhaka."""
    if text is None:
        calendar = Calendar("Asia/Dhaka", weekend_of("BD"))
        return calendar.add_working(calendar.day(now), 1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DeskError(f"--start {text!r} is no date; write it as 2026-11-29.") from None


@dataclass(frozen=True, slots=True)
class Terms:
    """A cohort's own deadline (as 2027-04-30), pace in working days, mastery bar in per cent, and home country."""

    deadline: str | None = None
    pace: int = 1
    bar: int = 80
    home: str = "BD"

    def checked(self, start_on: date) -> dict[str, Any]:
        """As the store keeps them. Raises DeskError."""
        try:
            deadline_on = None if self.deadline is None else date.fromisoformat(self.deadline)
        except ValueError:
            raise DeskError(f"--deadline {self.deadline!r} is no date; write it as 2027-04-30.") from None
        if deadline_on is not None and deadline_on < start_on:
            raise DeskError(f"--deadline {deadline_on} comes before the start, {start_on}; choose a later date.")
        home = self.home.strip().upper()
        if not holidays_in(home, None, start_on.year):
            raise DeskError(f"--home {self.home!r} is no country whose holidays are known; write it as BD.")
        return {"deadline_on": deadline_on, "pace": self.pace, "bar": self.bar, "home": home}


async def create_cohort(
    settings: Settings, *, course: str, name: str, start: str | None, uses: int, terms: Terms = Terms()
) -> dict[str, str | None]:
    """A new cohort with an invitation: {"cohort", "code", "link"}."""
    shelf = Shelf(settings.content)
    if course not in shelf:
        raise DeskError(f"--course {course!r} is not taught here; there is {', '.join(shelf)}.")
    taught = shelf[course]
    if not name.strip():
        raise DeskError("--name is empty; give the cohort a name such as 'Gulf 2026'.")
    now = (await _clock(settings)).people_now()
    start_on = _start(start, now)
    slot: time = taught.cadence.slot
    kept = terms.checked(start_on)

    async def change(tx: Tx) -> tuple[str, str | None]:
        made = await cohorts.create(
            tx, course_id=CourseId(course), name=name.strip(), start_on=start_on, slot=slot, now=now
        )
        if made is None:
            raise DeskError(f"--name {name!r} is taken; choose another, or use `attache cohort invite`.")
        await cohorts.set_calendar(tx, made, **kept)
        return await _invite(tx, Cohort(made, CourseId(course), name, start_on, slot), uses, now)

    async with await Store.open(_url(settings)) as store:
        code, known = await store.change(change)
    return await _told(settings, name.strip(), code, known)


async def _invite(tx: Tx, cohort: Cohort, uses: int, now: datetime) -> tuple[str, str | None]:
    code = secrets.token_urlsafe(16)  # 128 bits in 22 of the 64 characters that a deep link may carry
    expires_at = max(now, datetime.combine(cohort.start_on, time(), UTC)) + VALID
    await cohorts.invite(tx, cohort.id, code=code, uses=uses, expires_at=expires_at, now=now)
    return code, await meta.get(tx, meta.BOT_USERNAME)


async def _told(settings: Settings, name: str, code: str, known: str | None) -> dict[str, str | None]:
    bot = await bot_username(settings, known)
    return {"cohort": name, "code": code, "link": f"https://t.me/{bot}?start={code}" if bot else None}


async def invite(settings: Settings, *, name: str, uses: int) -> dict[str, str | None]:
    """Another invitation into a cohort."""
    now = (await _clock(settings)).people_now()

    async def change(tx: Tx) -> tuple[str, str | None]:
        return await _invite(tx, await _named(tx, name), uses, now)

    async with await Store.open(_url(settings)) as store:
        code, known = await store.change(change)
    return await _told(settings, name, code, known)


async def _named(tx: Tx, name: str) -> Cohort:
    cohort = await cohorts.by_name(tx, name)
    if cohort is None:
        raise DeskError(f"There is no cohort named {name!r}; `attache cohort list` shows their names.")
    return cohort


async def list_cohorts(settings: Settings) -> list[dict[str, str]]:
    """Every cohort, the newest first."""
    async with await Store.open(_url(settings)) as store:
        every = await store.read(cohorts.every)
    return [{"cohort": c.name, "course": c.course_id, "start": c.start_on.isoformat()} for c in every]


async def show_cohort(settings: Settings, *, name: str) -> dict[str, Any]:
    """A cohort's calendar and census; `deadline` is None where the course's number of weeks holds."""

    async def look(tx: Tx) -> dict[str, Any]:
        cohort = await _named(tx, name)
        deadline = cohort.deadline_on and cohort.deadline_on.isoformat()
        terms: dict[str, Any] = {"start": cohort.start_on.isoformat(), "deadline": deadline}
        terms |= {"pace": cohort.pace, "bar": cohort.bar, "home": cohort.home}
        return {"cohort": cohort.name} | terms | (await cohorts.census(tx, cohort.id))._asdict()

    async with await Store.open(_url(settings)) as store:
        return await store.read(look)


async def export_answers(settings: Settings, *, cohort: str, form: Form, out: TextIO) -> None:
    """One line an attempt, oldest first, page by page."""
    writer = csv.DictWriter(out, answers.COLUMNS, lineterminator="\n")
    async with await Store.open(_url(settings)) as store:
        found = await store.read(lambda tx: _named(tx, cohort))
        if form is Form.CSV:
            writer.writeheader()
        after = 0
        while rows := await store.read(lambda tx, last=after: answers.of_cohort(tx, found.id, after=last)):  # type: ignore[misc]  # the default binds the page
            after = rows[-1][0]
            _write([values for _, values in rows], form, writer, out)


def _write(rows: Sequence[dict[str, Any]], form: Form, writer: "csv.DictWriter[str]", out: TextIO) -> None:
    for values in rows:
        if form is Form.JSONL:
            out.write(json.dumps(values, ensure_ascii=False) + "\n")
        else:
            writer.writerow({key: _inert(value) for key, value in values.items()})


def _inert(value: Any) -> Any:
    """No cell may come alive as a formula in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


async def migrate(settings: Settings) -> str:
    """Bring the schema up to date."""
    url = _url(settings)
    with service_lock(file_of(url), "migrate"):
        await migrations.migrate(url)
    return f"{place_of(url)} is at schema {migrations.head()}."


async def backup(settings: Settings, to: Path, *, force: bool) -> Path:
    """Copy and check."""
    return await backups.backup(_url(settings), to, force=force)


async def restore(settings: Settings, file: Path) -> str:
    """Put a backup in place."""
    stamp = SystemClock().machine_now().strftime("%Y%m%d-%H%M%S")
    done = await backups.restore(file, _url(settings), stamp=stamp)
    return str(done)


async def examine(settings: Settings) -> list[Finding]:
    """What the doctor sees."""
    now = SystemClock().machine_now()
    return await examination.examine(_url(settings), settings.data, now=now, token_file=settings.bot_token_file)


def as_json(value: Any) -> dict[str, Any]:
    """A dataclass as plain values."""
    return {key: str(each) if isinstance(each, StrEnum) else each for key, each in asdict(value).items()}
