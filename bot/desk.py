"""The operator's work beside a running service: each verb reads, or makes one short change, and lets go."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Any

from telegram.error import TelegramError

from bot.clock import Clock, FollowedClock, SystemClock
from bot.settings import Settings
from bot.transport import Transport
from storage import backups, cohorts, migrations
from storage import doctor as examination
from storage.cohorts import Cohort
from storage.doctor import Finding
from storage.engine import file_of, place_of, url_of
from storage.lock import service_lock
from storage.store import Tx


class DeskError(Exception):
    """The verb could not be carried out; the message names the place and the mend."""


async def clock_of(settings: Settings) -> Clock:
    """The clock that the people of this installation live by."""
    if settings.clock is None:
        return SystemClock()
    followed = FollowedClock(settings.clock)
    await followed.first_look()
    return followed


def database(settings: Settings) -> str:
    """The address of the database."""
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


async def named(tx: Tx, name: str) -> Cohort:
    """The cohort of that name. Raises DeskError."""
    cohort = await cohorts.by_name(tx, name)
    if cohort is None:
        raise DeskError(f"There is no cohort named {name!r}; `attache cohort list` shows their names.")
    return cohort


async def migrate(settings: Settings) -> str:
    """Bring the schema up to date."""
    url = database(settings)
    with service_lock(file_of(url), "migrate"):
        await migrations.migrate(url)
    return f"{place_of(url)} is at schema {migrations.head()}."


async def backup(settings: Settings, to: Path, *, force: bool) -> Path:
    """Copy and check."""
    return await backups.backup(database(settings), to, force=force)


async def restore(settings: Settings, file: Path) -> str:
    """Put a backup in place."""
    stamp = SystemClock().machine_now().strftime("%Y%m%d-%H%M%S")
    done = await backups.restore(file, database(settings), stamp=stamp)
    return str(done)


async def examine(settings: Settings) -> list[Finding]:
    """What the doctor sees."""
    now = SystemClock().machine_now()
    return await examination.examine(database(settings), settings.data, now=now, token_file=settings.bot_token_file)


def as_json(value: Any) -> dict[str, Any]:
    """A dataclass as plain values."""
    return {key: str(each) if isinstance(each, StrEnum) else each for key, each in asdict(value).items()}
