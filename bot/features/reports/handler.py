"""/reports and its buttons; what the files hold."""

import json
from datetime import date
from typing import Any

from bot.bindery import Contents
from bot.call import Call
from bot.exporting import evidence
from bot.exporting.forms import Form
from bot.exporting.rows import Wanted
from bot.features.reports import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from storage import cohorts
from storage.store import Tx


async def show(tx: Tx, call: Call, _office: Office) -> Replies:
    """/reports."""
    return fresh(view.screen(await usecase.show(tx, call), call.caller.voice))


async def of_cohort(tx: Tx, call: Call, _office: Office) -> Replies:
    """What there is of one cohort."""
    return Replies(edit=view.screen(await usecase.of_cohort(tx, call), call.caller.voice))


async def pack(tx: Tx, call: Call, office: Office) -> Replies:
    """The evidence pack."""
    return fresh(view.screen(await usecase.take(tx, call, office, "evidence"), call.caller.voice))


async def take_out(tx: Tx, call: Call, office: Office) -> Replies:
    """Rows as a file."""
    what = call.pressed.what if call.pressed.what in usecase.DATA else ""
    return fresh(view.screen(await usecase.take(tx, call, office, what), call.caller.voice))


async def load_evidence(tx: Tx, meaning: dict[str, Any], office: Office) -> Contents | None:
    """What the pack holds."""
    cohort = await cohorts.get(tx, meaning["cohort"])
    course = office.courses.get(cohort.course_id) if cohort else None
    if cohort is None or course is None:
        return None
    voice, on = office.phrases.voice(None), date.fromisoformat(meaning["on"])
    held = await evidence.values(tx, cohort, course, office.settings.academy, voice, on)
    return Contents(f"evidence-{cohort.id}-{meaning['on']}.pdf", held)


async def load_export(tx: Tx, meaning: dict[str, Any], office: Office) -> Contents | None:
    """Rows or statements."""
    cohort = await cohorts.get(tx, meaning["cohort"])
    if cohort is None:
        return None
    kind, form = usecase.form_of(meaning["what"])
    wanted = Wanted(kind, cohort, date.fromisoformat(meaning["on"]))
    name = f"{meaning['what']}-{cohort.id}-{meaning['on']}"
    if form is Form.XAPI:
        told = await usecase.statements(tx, wanted, office)
        held = None if told is None else {"text": json.dumps(told, ensure_ascii=False, indent=1)}
        return None if held is None else Contents(f"{name}.json", held)
    sheet = await usecase.sheet(tx, wanted)
    return None if sheet is None else Contents(f"{name}.xlsx", sheet)
