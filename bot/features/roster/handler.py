"""/invite, /relink, rosters as files, and the links that follow from them."""

from bot.call import Call
from bot.features.roster import links, relinking, usecase, view
from bot.features.roster import outcome as u
from bot.features.roster.sending import (
    load_findings,
    load_page,
    load_sheet,
    load_template,
    render_cohort_link,
    render_forwarded,
    render_relink,
)
from bot.message import Replies, fresh
from bot.office import Office
from storage.store import Tx

__all__ = [
    "load_findings",
    "load_page",
    "load_sheet",
    "load_template",
    "render_cohort_link",
    "render_forwarded",
    "render_relink",
]


def _fresh(outcome: u.Outcome, call: Call) -> Replies:
    return fresh(view.screen(outcome, call.caller.voice))


def _edit(outcome: u.Outcome, call: Call) -> Replies:
    return Replies(edit=view.screen(outcome, call.caller.voice))


async def show(tx: Tx, call: Call, _office: Office) -> Replies:
    """/invite."""
    return _fresh(await usecase.show(tx, call), call)


async def overview(tx: Tx, call: Call, _office: Office) -> Replies:
    """How far inviting has come."""
    return _edit(await usecase.overview(tx, call, call.pressed.cohort), call)


async def ask_roster(tx: Tx, call: Call, _office: Office) -> Replies:
    """A file is waited for."""
    return _edit(await usecase.ask_roster(tx, call, call.pressed.cohort), call)


async def no_file(tx: Tx, call: Call, _office: Office) -> Replies:
    """Words where a file was expected."""
    return _fresh(await usecase.no_file(tx, call), call)


async def blank(_tx: Tx, call: Call, _office: Office) -> Replies:
    """The columns to fill in."""
    return fresh(view.template(call.caller.voice))


async def receive(tx: Tx, call: Call, office: Office) -> Replies:
    """A file came."""
    return _fresh(await usecase.receive(tx, call, office), call)


async def pick_cohort(tx: Tx, call: Call, _office: Office) -> Replies:
    """The cohort that a file is for."""
    return _edit(await usecase.pick_cohort(tx, call, call.pressed.draft, call.pressed.cohort), call)


async def take_in(tx: Tx, call: Call, _office: Office) -> Replies:
    """Import."""
    return _done(await usecase.take_in(tx, call, call.pressed.draft), call)


async def drop(tx: Tx, call: Call, _office: Office) -> Replies:
    """Throw it away."""
    return _done(await usecase.drop(tx, call, call.pressed.draft), call)


def _done(outcome: u.Outcome, call: Call) -> Replies:
    """A second tap leaves the screen of the first as it stands."""
    if isinstance(outcome, u.Settled):
        return Replies(toast=call.caller.voice.label("refusal.roster-settled"))
    return _edit(outcome, call)


async def all_findings(tx: Tx, call: Call, _office: Office) -> Replies:
    """Everything that was found, as a sheet."""
    if not await usecase.all_findings(tx, call, call.pressed.draft):
        return Replies(toast=call.caller.voice.label("refusal.roster-settled"))
    return fresh(view.findings(call.pressed.draft, call.caller.voice))


async def offer_links(tx: Tx, call: Call, _office: Office) -> Replies:
    """What fresh links would mean."""
    return _edit(await links.offer(tx, call, call.pressed.cohort, call.pressed.form), call)


async def make_links(tx: Tx, call: Call, office: Office) -> Replies:
    """Make them; the paper follows."""
    pressed, voice = call.pressed, call.caller.voice
    outcome = await links.make(tx, call, office, pressed.cohort, pressed.form, pressed.seen)
    if isinstance(outcome, u.MadeAlready):
        return Replies(toast=voice.label("refusal.links-made"))
    new = (view.paper(outcome, voice),) if isinstance(outcome, u.MadeLinks) else ()
    return Replies(edit=view.screen(outcome, voice), new=new)


async def ask_places(tx: Tx, call: Call, _office: Office) -> Replies:
    """How many places?"""
    return _edit(await links.ask_places(tx, call, call.pressed.cohort), call)


async def take_places(tx: Tx, call: Call, office: Office) -> Replies:
    """A number typed."""
    return _fresh(await links.take_places(tx, call, office), call)


async def open_link(tx: Tx, call: Call, office: Office) -> Replies:
    """A number tapped."""
    pressed = call.pressed
    outcome = await links.open_link(tx, call, office, pressed.cohort, pressed.places, pressed.seen)
    if isinstance(outcome, u.MadeAlready):
        return Replies(toast=call.caller.voice.label("refusal.links-made"))
    return _edit(outcome, call)


async def relink(tx: Tx, call: Call, _office: Office) -> Replies:
    """/relink NAME."""
    return _fresh(await relinking.who(tx, call), call)


async def offer_relink(tx: Tx, call: Call, _office: Office) -> Replies:
    """What a link to a new account means."""
    return _edit(await relinking.offer(tx, call, call.pressed.enrolment), call)


async def make_relink(tx: Tx, call: Call, office: Office) -> Replies:
    """Make it."""
    return _edit(await relinking.make(tx, call, office, call.pressed.enrolment), call)
