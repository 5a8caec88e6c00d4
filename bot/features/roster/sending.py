"""What is made at the moment of sending: papers with links and findings, and the messages that hold a link."""

from datetime import datetime, timedelta
from typing import Any

from bot.bindery import Contents
from bot.features.roster import codes, sheets, view
from bot.features.roster.relinking import code_for
from bot.message import Message
from bot.office import Office
from bot.phrases import Voice
from bot.rosters.comparing import compare
from bot.rosters.lines import Line
from storage import cohorts, meta, people, relinks, roster_drafts, rosters
from storage.cohorts import digest
from storage.deliveries import Delivery
from storage.rosters import Invitee
from storage.store import Tx


async def _links(tx: Tx, meaning: dict[str, Any], office: Office) -> list[tuple[Invitee, str]]:
    """Everybody who waits with the link; without those whose link was made on another occasion."""
    bot, stands = await meta.get(tx, meta.BOT_USERNAME), await rosters.hashes(tx, meaning["cohort"])
    made = []
    for each in await rosters.waiting(tx, meaning["cohort"]):
        code = codes.code_of(office.settings, codes.PERSONAL, meaning["drawn"], each.id)
        if stands.get(each.id) == digest(code):
            made.append((each, codes.link_to(bot, code)))
    return made


async def load_sheet(tx: Tx, meaning: dict[str, Any], office: Office) -> Contents | None:
    """Personal links as a sheet."""
    cohort, made = await cohorts.get(tx, meaning["cohort"]), await _links(tx, meaning, office)
    return sheets.links(cohort.name, made, office.phrases.voice(None)) if cohort and made else None


async def load_page(tx: Tx, meaning: dict[str, Any], office: Office) -> Contents | None:
    """Personal links to be printed."""
    cohort, made = await cohorts.get(tx, meaning["cohort"]), await _links(tx, meaning, office)
    return sheets.page(cohort.name, made, office.phrases.voice(None)) if cohort and made else None


async def load_template(_tx: Tx, _meaning: dict[str, Any], office: Office) -> Contents | None:
    """A roster with two rows to be written over."""
    return sheets.template(office.phrases.voice(None))


async def load_findings(tx: Tx, meaning: dict[str, Any], office: Office) -> Contents | None:
    """Everything that was found in a roster."""
    draft = await roster_drafts.get(tx, meaning["draft"])
    if draft is None or draft.sheet is None or draft.cohort_id is None:
        return None
    lines = [Line.from_json(each) for each in draft.sheet["lines"]]
    found = compare(lines, await rosters.of_cohort(tx, draft.cohort_id))
    return sheets.findings(found, office.phrases.voice(None))


async def _voice(tx: Tx, row: Delivery, office: Office) -> Voice:
    zone = await people.zone_of_coordinator(tx, row.telegram_id) if row.telegram_id else None
    return office.phrases.voice(None, zone or "UTC")


async def render_cohort_link(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The link of a cohort; nothing where it serves no more."""
    cohort = await cohorts.get(tx, row.meaning["cohort"])
    code = codes.code_of(office.settings, codes.COHORT, row.meaning["drawn"], row.meaning["cohort"])
    stands = await cohorts.by_code(tx, code, now=now)
    if cohort is None or stands is None or stands.expired:
        return None
    link, voice = codes.link_to(await meta.get(tx, meta.BOT_USERNAME), code), await _voice(tx, row, office)
    return view.cohort_link(cohort, link, row.meaning["places"], row.due_at + codes.VALID, voice)


async def render_relink(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The link to a new account; nothing where it serves no more."""
    person = await relinks.known(tx, row.meaning["enrolment"])
    code = code_for(office, row.meaning["drawn"], person) if person else ""
    stands = await relinks.by_code(tx, code, now=now) if code else None
    if person is None or stands is None or stands.taken or stands.expired:
        return None
    link = codes.link_to(await meta.get(tx, meta.BOT_USERNAME), code)
    ends: datetime = row.due_at + timedelta(days=codes.RELINK_VALID.days)
    return view.relink(person.name, link, ends, await _voice(tx, row, office))


async def render_forwarded(tx: Tx, row: Delivery, office: Office, _now: datetime) -> Message | None:
    """Somebody else opened a personal link, and said so."""
    person = await rosters.get(tx, row.meaning["invitee"])
    cohort = await cohorts.get(tx, person.cohort_id) if person else None
    if person is None or cohort is None or not person.entry.name:
        return None
    return view.forwarded(person.entry, cohort, await _voice(tx, row, office))
