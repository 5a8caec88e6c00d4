"""What comes with a message: photos, documents and polls by Telegram's id; a colleague's CSV or XLSX file as cells.

The file is fetched and read before the change, in which no network may be used; reading runs in the worker process.
"""

from typing import Any

import structlog
from telegram import Message
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.call import Attached
from bot.gate import Pass
from bot.pictures.studio import Studio

log = structlog.get_logger()

MOST = 2_000_000  # bytes of a sheet
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
READING = "bot.papers.reading:cells"  # (bytes, file name) → ("rows", cells) or ("trouble", which)
TOO_BIG, UNFETCHED, UNREAD = "too-big", "unfetched", "unread"


def attached(message: Message | None) -> Attached | None:
    """What came with it, unread."""
    if message is None:
        return None
    if message.poll is not None:
        options = tuple(option.text for option in message.poll.options)
        return Attached("poll", poll=(message.poll.question, options))
    if message.photo:
        return Attached("photo", message.photo[-1].file_id)
    if message.document is not None:
        sent = message.document
        return Attached("document", sent.file_id, sent.file_name or "", sent.file_size or 0)
    return None


def is_sheet(found: Attached | None) -> bool:
    """Whether it is a file that may hold a roster."""
    return found is not None and found.kind == "document" and found.name.lower().endswith(ENDINGS)


class Sheets:
    """Fetches and reads one file at a time."""

    def __init__(self, bot: ExtBot[Any], studio: Studio) -> None:
        self._bot = bot
        self._studio = studio

    async def read(self, found: Attached) -> Attached:
        """The same with its cells, or with the trouble."""
        if found.size > MOST:
            return _with(found, trouble=TOO_BIG)
        try:
            file = await self._bot.get_file(found.file_id or "", rate_limit_args=Pass())
            content = bytes(await file.download_as_bytearray())
        except TelegramError as error:
            log.warning("sheet.unfetched", kind=type(error).__name__)
            return _with(found, trouble=UNFETCHED)
        if len(content) > MOST:  # what was said of its size is not what came
            return _with(found, trouble=TOO_BIG)
        read = await self._studio.run(READING, content, found.name, patience=30)
        if read is None:
            return _with(found, trouble=UNREAD)
        what, value = read
        return _with(found, rows=value) if what == "rows" else _with(found, trouble=str(value))


def _with(found: Attached, *, rows: tuple[tuple[str, ...], ...] | None = None, trouble: str | None = None) -> Attached:
    return Attached(found.kind, found.file_id, found.name, found.size, rows, trouble)
