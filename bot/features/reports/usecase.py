"""What can be taken out of a cohort, by whom."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.call import Call, Role
from bot.exporting.forms import Form
from bot.exporting.rows import Kind, Wanted, all_rows
from bot.exporting.xapi import Teller
from bot.office import Office
from bot.terms.value import HOME_ZONE
from storage import audit, cohorts, meta, reports
from storage.cohorts import Cohort
from storage.store import Tx

MOST_COHORTS = 20
MOST_ROWS = 50_000  # in one file of the chat
DATA = ("answers", "answers-xapi", "progress", "deliveries")


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing can be taken out: `why` is "gone", "no-cohort" or "no-course"."""

    why: str


@dataclass(frozen=True, slots=True)
class Which:
    """Several cohorts."""

    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """What there is. `data`: rows too, which tell about persons."""

    cohort: Cohort
    data: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A file follows: "evidence" or one of DATA."""

    cohort: Cohort
    what: str
    on: str  # the date of the figures


Outcome = Refused | Which | Menu | Taken


def _today(call: Call) -> str:
    return call.now.astimezone(ZoneInfo(HOME_ZONE)).date().isoformat()


async def show(tx: Tx, call: Call) -> Outcome:
    """/reports."""
    mine = [each for each in await cohorts.every(tx) if call.caller.may_see(each.id)]
    if len(mine) == 1:
        return _menu(mine[0], call)
    return Which(tuple(mine[:MOST_COHORTS])) if mine else Refused("no-cohort")


def _menu(cohort: Cohort, call: Call) -> Menu:
    return Menu(cohort, Role.COORDINATOR in call.caller.roles)


async def of_cohort(tx: Tx, call: Call) -> Outcome:
    """What there is of one cohort."""
    cohort = await _seen(tx, call)
    return Refused("gone") if cohort is None else _menu(cohort, call)


async def _seen(tx: Tx, call: Call) -> Cohort | None:
    cohort = await cohorts.get(tx, call.pressed.cohort)
    return cohort if cohort is not None and call.caller.may_see(cohort.id) else None


async def take(tx: Tx, call: Call, office: Office, what: str) -> Outcome:
    """The file is made when it is sent; that it was taken stands in the trail."""
    cohort = await _seen(tx, call)
    if cohort is None or what not in ("evidence", *DATA):
        return Refused("gone")
    if what == "evidence" and cohort.course_id not in office.courses:
        return Refused("no-course")
    who = call.caller.telegram_id
    await audit.note(tx, "report.taken", actor_id=who, now=call.now, cohort_id=cohort.id, file=what)
    return Taken(cohort, what, _today(call))


async def sheet(tx: Tx, wanted: Wanted) -> dict[str, Any] | None:
    """Rows for a workbook; None for more than a file of the chat may hold."""
    found = await all_rows(tx, wanted, most=MOST_ROWS)
    return None if found is None else {"columns": list(wanted.columns), "rows": [row for _, row in found]}


async def statements(tx: Tx, wanted: Wanted, office: Office) -> list[dict[str, Any]] | None:
    """Answers as xAPI statements."""
    found = await all_rows(tx, wanted, most=MOST_ROWS)
    if found is None:
        return None
    bot = await meta.get(tx, meta.BOT_USERNAME)
    teller = Teller(f"https://t.me/{bot or 'attache'}", wanted.cohort.course_id, office.settings.academy)
    return [*teller.answers(found, await reports.remarks(tx, wanted.cohort.id))]


def form_of(what: str) -> tuple[Kind, Form]:
    """Of a word of DATA: kind of rows, and form."""
    kind, _, xapi = what.partition("-")
    return Kind(kind), Form.XAPI if xapi else Form.XLSX
