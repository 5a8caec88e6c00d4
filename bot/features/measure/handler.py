"""The offer of a baseline or check, its taps, and /results."""

from datetime import datetime

from bot.call import Call, Role
from bot.features.measure import results, usecase, view
from bot.features.measure.outcome import Outcome, Refused
from bot.message import Message, Replies, fresh
from bot.office import Office
from lessons.enrolment import MeasureKind
from storage import measures
from storage.deliveries import Delivery
from storage.store import Tx


async def render(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The offer, if it still holds."""
    outcome = await usecase.offered(tx, row, office, now)
    return view.offer(outcome, office.voice(outcome.seat.learner)) if outcome else None


async def dropped(tx: Tx, row: Delivery, _office: Office, _now: datetime) -> None:
    """It did not go out: it will be offered again."""
    if row.enrolment_id is not None:
        await measures.withdraw(tx, row.enrolment_id, MeasureKind(row.meaning["kind"]))


async def begin(tx: Tx, call: Call, office: Office) -> Replies:
    """Begin, or go on."""
    return _edit(await usecase.begin(tx, call.pressed.enrolment, call.pressed.kind, call, office), call)


async def decline(tx: Tx, call: Call, office: Office) -> Replies:
    """Not for me."""
    return _edit(await usecase.decline(tx, call.pressed.enrolment, call.pressed.kind, call, office), call)


async def choose(tx: Tx, call: Call, office: Office) -> Replies:
    """A choice tapped."""
    return _edit(await usecase.choose(tx, call.pressed.asking, call.pressed.choice, call, office), call)


async def sure(tx: Tx, call: Call, office: Office) -> Replies:
    """Sure or not sure."""
    return _edit(await usecase.sure(tx, call.pressed.asking, call.pressed.sure == 1, call, office), call)


def _edit(outcome: Outcome, call: Call) -> Replies:
    if isinstance(outcome, Refused):
        return Replies(toast=view.toast(outcome, call.caller.voice))
    return Replies(edit=view.screen(outcome, call.caller.voice))


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """/results: a learner's own, a coordinator's cohorts."""
    voice, screens = call.caller.voice, []
    if Role.LEARNER in call.caller.roles:
        screens.append(view.own(await results.own(tx, call, office), voice))
    if Role.COORDINATOR in call.caller.roles:
        screens.append(view.cohorts(await results.newest(tx, call, office), voice))
    if not screens:  # tutors and observers
        return fresh(Message(voice.say("refusal.not-coordinator")))
    return Replies(new=tuple(screens))


async def show_cohort(tx: Tx, call: Call, office: Office) -> Replies:
    """One cohort's results."""
    return Replies(edit=view.cohort(await results.of(tx, call.pressed.cohort, call, office), call.caller.voice))
