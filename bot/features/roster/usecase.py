"""A roster comes in: read, compared, confirmed, imported whole. And who of it has come."""

from datetime import datetime

from bot.call import Attached, Call
from bot.features.roster import outcome as u
from bot.office import Office
from bot.rosters.comparing import Findings, compare
from bot.rosters.headers import Headings, read_headings
from bot.rosters.lines import Line, read_lines
from storage import audit, cohorts, conversations, roster_drafts, rosters
from storage.cohorts import Cohort
from storage.roster_drafts import Draft
from storage.rosters import Entry
from storage.store import Tx

FILE_STEP = "roster.file"
MOST_COHORTS = 20  # buttons under one question


async def visible(tx: Tx, call: Call, cohort_id: int | None) -> Cohort | None:
    """The cohort, where it is the caller's to see."""
    if cohort_id is None or not call.caller.may_see(cohort_id):
        return None
    return await cohorts.get(tx, cohort_id)


async def _which(tx: Tx, call: Call, draft: int | None = None) -> u.WhichCohort:
    mine = [each for each in await cohorts.every(tx) if call.caller.may_see(each.id)]
    return u.WhichCohort(tuple(mine[:MOST_COHORTS]), draft)


async def show(tx: Tx, call: Call) -> u.Outcome:
    """/invite: the only cohort, or which."""
    which = await _which(tx, call)
    if len(which.cohorts) == 1:
        return await overview(tx, call, which.cohorts[0].id)
    return which if which.cohorts else u.NoCohort()


async def overview(tx: Tx, call: Call, cohort_id: int) -> u.Outcome:
    """How far inviting has come."""
    cohort = await visible(tx, call, cohort_id)
    if cohort is None:
        return u.Refused()
    standing = await rosters.standing(tx, cohort.id, now=call.now)
    return u.Overview(cohort, standing, await rosters.open_link(tx, cohort.id, now=call.now))


async def ask_roster(tx: Tx, call: Call, cohort_id: int) -> u.Outcome:
    """The next file is this cohort's roster."""
    cohort = await visible(tx, call, cohort_id)
    if cohort is None:
        return u.Refused()
    await conversations.put(tx, call.caller.telegram_id, FILE_STEP, {"cohort": cohort.id}, now=call.now)
    return u.AskRoster(cohort)


async def no_file(tx: Tx, call: Call) -> u.Outcome:
    """Words where a file was expected."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    return await ask_roster(tx, call, waiting.so_far.get("cohort", 0) if waiting else 0)


async def receive(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """A file: what it says is kept for a yes, and what would follow is shown."""
    sent = call.attached or Attached("document")
    lines = _lines(sent, office)
    if not isinstance(lines, list):
        return lines
    waiting = await conversations.get(tx, call.caller.telegram_id)
    asked = waiting.so_far["cohort"] if waiting and waiting.step == FILE_STEP else None
    which = await _which(tx, call)
    if not which.cohorts:
        return u.NoCohort()
    only = which.cohorts[0] if len(which.cohorts) == 1 else None
    cohort = await visible(tx, call, asked) or only
    sheet = {"file": sent.name[:60], "lines": [line.as_json() for line in lines]}
    author = call.caller.telegram_id
    draft = await roster_drafts.put(tx, author, cohort.id if cohort else None, sheet, now=call.now)
    if cohort is None:
        return u.WhichCohort(which.cohorts, draft)
    return u.DryRun(draft, cohort, sent.name[:60], await _compared(tx, cohort, lines))


def _lines(sent: Attached, office: Office) -> list[Line] | u.Read:
    if sent.rows is None:
        what, _, row = (sent.trouble or "unread").partition(":")
        return u.Trouble(what, int(row) if row else None)
    headings = read_headings(sent.rows)
    if not isinstance(headings, Headings):
        return headings
    lines = list(read_lines(sent.rows, headings, office.places))
    return lines or u.Trouble("no-rows")


async def _compared(tx: Tx, cohort: Cohort, lines: list[Line]) -> Findings:
    return compare(lines, await rosters.of_cohort(tx, cohort.id))


async def _own(tx: Tx, call: Call, draft_id: int) -> tuple[Draft, list[Line]] | None:
    """The draft with its rows, where it is the caller's and waits: button data is hostile input."""
    draft = await roster_drafts.get(tx, draft_id)
    if draft is None or draft.author_id != call.caller.telegram_id or draft.sheet is None:
        return None
    return draft, [Line.from_json(each) for each in draft.sheet["lines"]]


async def pick_cohort(tx: Tx, call: Call, draft_id: int, cohort_id: int) -> u.Outcome:
    """The roster is for this cohort."""
    cohort, own = await visible(tx, call, cohort_id), await _own(tx, call, draft_id)
    if cohort is None:
        return u.Refused()
    if own is None:
        return u.Settled()
    draft, lines = own
    await roster_drafts.aim(tx, draft.id, cohort.id)
    return u.DryRun(draft.id, cohort, _file(draft), await _compared(tx, cohort, lines))


def _file(draft: Draft) -> str:
    return str(draft.sheet["file"]) if draft.sheet else ""


async def take_in(tx: Tx, call: Call, draft_id: int) -> u.Outcome:
    """Every good row at once, compared with the roster as it stands at this moment."""
    own = await _own(tx, call, draft_id)
    if own is None:
        return u.Settled()
    draft, lines = own
    cohort = await visible(tx, call, draft.cohort_id)
    if cohort is None:
        return u.Refused()
    await rosters.hold(tx, cohort.id)
    if not await roster_drafts.settle(tx, draft.id, imported=True):
        return u.Settled()
    found = await _compared(tx, cohort, lines)
    await write(tx, cohort, found, actor_id=call.caller.telegram_id, now=call.now)
    await _listen_no_more(tx, call)
    return u.Imported(cohort, len(found.new), len(found.changed), len(found.broken) + len(found.twice))


async def write(tx: Tx, cohort: Cohort, found: Findings, *, actor_id: int | None, now: datetime) -> None:
    """What was found new or changed, with its note in the trail."""
    new: list[Entry] = [line.entry for line in found.new if line.entry is not None]
    await rosters.change(tx, {each.invitee: each.becomes for each in found.changed})
    await rosters.add(tx, cohort.id, new, now=now)
    figures = {"new": len(new), "changed": len(found.changed), "broken": len(found.broken)}
    await audit.note(tx, "roster.imported", actor_id=actor_id, now=now, cohort_id=cohort.id, **figures)


async def drop(tx: Tx, call: Call, draft_id: int) -> u.Outcome:
    """Nothing is imported."""
    if await _own(tx, call, draft_id) is None:
        return u.Settled()
    await roster_drafts.settle(tx, draft_id, imported=False)
    await _listen_no_more(tx, call)
    return u.Dropped()


async def _listen_no_more(tx: Tx, call: Call) -> None:
    waiting = await conversations.get(tx, call.caller.telegram_id)
    if waiting is not None and waiting.step == FILE_STEP:
        await conversations.end(tx, call.caller.telegram_id)


async def all_findings(tx: Tx, call: Call, draft_id: int) -> bool:
    """Whether there is something to put on paper."""
    return await _own(tx, call, draft_id) is not None
