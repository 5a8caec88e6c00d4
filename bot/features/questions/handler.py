"""/questions and its buttons; the sheet."""

from typing import Any

from bot.bindery import Contents
from bot.call import Call
from bot.features.questions import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from storage.store import Tx


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """/questions."""
    return fresh(view.screen(await usecase.show(tx, call, office), call.caller.voice))


async def of_cohort(tx: Tx, call: Call, office: Office) -> Replies:
    """The worst of a cohort."""
    return Replies(edit=view.screen(await usecase.of_cohort(tx, call, office, call.pressed.cohort), call.caller.voice))


async def one(tx: Tx, call: Call, office: Office) -> Replies:
    """One question."""
    pressed = call.pressed
    outcome = await usecase.one(tx, call, office, pressed.cohort, pressed.question)
    return Replies(edit=view.screen(outcome, call.caller.voice))


async def sheet(tx: Tx, call: Call, office: Office) -> Replies:
    """All of them as a file."""
    found = await usecase.taught(tx, call, office, call.pressed.cohort)
    if isinstance(found, usecase.Refused):
        return fresh(view.screen(found, call.caller.voice))
    return fresh(view.sheet(found[0], call.caller.voice))


async def load(tx: Tx, meaning: dict[str, Any], office: Office) -> Contents | None:
    """What the sheet holds."""
    found = await usecase.sheet(tx, meaning, office)
    if found is None:
        return None
    cohort, seen = found
    modules = {str(le.id): module.title for module in office.courses[cohort.course_id].modules for le in module.lessons}
    return view.contents(cohort, seen, modules, office.phrases.voice(None))
