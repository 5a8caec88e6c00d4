"""/case and its buttons."""

from bot import completion, seat
from bot.call import Call
from bot.features.simulate import outcome as u
from bot.features.simulate import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from lessons.course import Term
from storage.store import Tx


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """/case, or the list again."""
    return fresh(view.screen(await usecase.show(tx, call, office), call.caller.voice))


async def open_case(tx: Tx, call: Call, office: Office) -> Replies:
    """The opening of one, or where it was left."""
    return fresh(view.screen(await usecase.open_case(tx, call, office, now_play=False), call.caller.voice))


async def begin(tx: Tx, call: Call, office: Office) -> Replies:
    """Into the first scene, in the same message."""
    return Replies(edit=view.screen(await usecase.open_case(tx, call, office, now_play=True), call.caller.voice))


async def move(tx: Tx, call: Call, office: Office) -> Replies:
    """A move."""
    return await _on(tx, await usecase.move(tx, call, office), call, office)


async def _on(tx: Tx, outcome: u.Outcome | None, call: Call, office: Office) -> Replies:
    if outcome is None:
        return Replies(toast=call.caller.voice.label("refusal.case-moved-on"))
    edit = view.screen(outcome, call.caller.voice)
    if not isinstance(outcome, u.Ended):
        return Replies(edit=edit)
    terms = await _terms(tx, call, office, outcome)
    said = [view.debrief(outcome, terms, call.caller.voice)]
    if outcome.completed is not None:
        said.append(completion.screen(outcome.completed, call.caller.voice))
    return Replies(edit=edit, new=tuple(said))


async def _terms(tx: Tx, call: Call, office: Office, ended: u.Ended) -> tuple[Term, ...]:
    mine = await seat.of_caller(tx, call, office)
    glossary = {term.id: term for term in mine.course.glossary} if mine else {}
    return tuple(glossary[each] for each in ended.simulation.terms if each in glossary)


async def again(tx: Tx, call: Call, office: Office) -> Replies:
    """From the turning point, in a message of its own."""
    return fresh(view.screen(await usecase.again(tx, call, office), call.caller.voice))
