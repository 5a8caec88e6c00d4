"""The operator's evidence pack: the same as from the chat, written to a file."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk import DeskError, clock_of, database, named
from bot.exporting.evidence import values
from bot.phrases import BASE, Phrases
from bot.settings import Settings
from bot.shelf import Shelf
from bot.terms.value import HOME_ZONE
from storage.store import Store, Tx


async def evidence(settings: Settings, *, cohort: str, to: Path) -> dict[str, Any]:
    """Write it: {"cohort", "file", "pages"}."""
    from bot.papers.evidence import pages  # noqa: PLC0415 - a heavy library that `run` must not load

    shelf, voice = Shelf(settings.content), Phrases.built_in().voice(BASE, HOME_ZONE)
    today = (await clock_of(settings)).people_now().astimezone(ZoneInfo(HOME_ZONE)).date()

    async def gather(tx: Tx) -> dict[str, Any]:
        found = await named(tx, cohort)
        course = shelf.get(found.course_id)
        if course is None:
            raise DeskError(f"The course {found.course_id!r} of {cohort!r} is not in the content folder; put it back.")
        return await values(tx, found, course, settings.academy, voice, today)

    async with await Store.open(database(settings)) as store:
        gathered = await store.read(gather)
    made, n = pages(gathered)
    try:
        to.write_bytes(made)  # noqa: ASYNC240 - nothing else runs
    except OSError as error:
        raise DeskError(f"{to}: {error.strerror}. Name a file that can be written.") from None
    return {"cohort": cohort, "file": str(to), "pages": n}
