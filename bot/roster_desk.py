"""The operator's roster: the same reading, trial and sentences as in the chat."""

from html import unescape
from pathlib import Path
from typing import Any

from bot.cohort_desk import Registrar
from bot.desk import DeskError, database, named
from bot.features.roster import finding, usecase
from bot.features.roster.outcome import Trouble
from bot.features.roster.words import why
from bot.office import known_places
from bot.phrases import BASE, Phrases, Voice
from bot.rosters.comparing import Findings, compare
from bot.rosters.headers import Headings, Missing, Twice, read_headings
from bot.rosters.lines import Line, read_lines
from bot.settings import Settings
from storage import rosters
from storage.store import Store, Tx


async def import_roster(settings: Settings, *, name: str, file: Path, dry: bool) -> dict[str, Any]:
    """{"cohort", "new", "changed", "there", "twice", "broken": rows with their reason}; `dry`: nothing is written."""
    voice = Phrases.built_in().voice(BASE)
    lines = _read(file, voice)
    now = (await Registrar.of(settings)).now

    async def change(tx: Tx) -> Findings:
        cohort = await named(tx, name)
        if not dry:
            await rosters.hold(tx, cohort.id)
        found = compare(lines, await rosters.of_cohort(tx, cohort.id))
        if not dry and found.good:
            await usecase.write(tx, cohort, found, actor_id=None, now=now)
        return found

    async with await Store.open(database(settings)) as store:
        found = await (store.read(change) if dry else store.change(change))
    return {"cohort": name} | _told(found, voice)


def _read(file: Path, voice: Voice) -> list[Line]:
    from bot.papers.reading import cells  # noqa: PLC0415 - calamine, which `run` must not load

    try:
        _, value = cells(file.read_bytes(), file.name)
    except OSError as error:
        raise DeskError(f"{file}: {error.strerror}. Name a roster that can be read.") from None
    if isinstance(value, str):
        kind, _, row = value.partition(":")
        raise _error(file, Trouble(kind, int(row) if row else None), voice)
    headings = read_headings(value)
    if not isinstance(headings, Headings):
        raise _error(file, headings, voice)
    return list(read_lines(value, headings, known_places()))


def _error(file: Path, trouble: Trouble | Missing | Twice, voice: Voice) -> DeskError:
    return DeskError(f"{file}: {unescape(finding.trouble(trouble, voice).html)}")


def _told(found: Findings, voice: Voice) -> dict[str, Any]:
    return {
        "new": len(found.new),
        "changed": len(found.changed),
        "there": len(found.there),
        "twice": [{"row": each.line.number, "first": each.first} for each in found.twice],
        "broken": [{"row": line.number, "why": unescape(why(line, voice))} for line in found.broken],
    }
