"""/inbox, what a learner writes back, and the answers of colleagues."""

from datetime import datetime

from bot.call import Call
from bot.features.inbox import outcome as u
from bot.features.inbox import usecase, view
from bot.message import Message, Replies, fresh
from bot.office import Office
from storage import people, threads
from storage.deliveries import Delivery
from storage.store import Tx

meant = usecase.meant


def _fresh(outcome: u.Outcome, call: Call) -> Replies:
    return fresh(view.screen(outcome, call.caller.voice))


def _edit(outcome: u.Outcome, call: Call) -> Replies:
    return Replies(edit=view.screen(outcome, call.caller.voice))


async def reply(tx: Tx, call: Call, _office: Office) -> Replies:
    """Words that reply to a broadcast."""
    about = await usecase.meant(tx, call)
    found = u.Refused(u.Refusal.GONE) if about is None else await usecase.confirm(tx, call, about)
    return _fresh(found, call)


async def write_back(tx: Tx, call: Call, _office: Office) -> Replies:
    """The button below a broadcast."""
    return _fresh(await usecase.ask_words(tx, call, {"broadcast": call.pressed.broadcast}), call)


async def write_more(tx: Tx, call: Call, _office: Office) -> Replies:
    """The button below an answer."""
    return _fresh(await usecase.ask_words(tx, call, {"thread": call.pressed.thread}), call)


async def take_words(tx: Tx, call: Call, _office: Office) -> Replies:
    """Her words."""
    return _fresh(await usecase.take_words(tx, call), call)


async def send_words(tx: Tx, call: Call, _office: Office) -> Replies:
    """Yes, to the coordinators."""
    return _edit(await usecase.send_words(tx, call), call)


async def drop_words(tx: Tx, call: Call, _office: Office) -> Replies:
    """No."""
    return _edit(await usecase.drop_words(tx, call), call)


async def show(tx: Tx, call: Call, _office: Office) -> Replies:
    """/inbox."""
    return _fresh(await usecase.inbox(tx, call), call)


async def turn_page(tx: Tx, call: Call, _office: Office) -> Replies:
    """Another page of what waits."""
    return _edit(await usecase.inbox(tx, call, call.pressed.page), call)


async def show_thread(tx: Tx, call: Call, _office: Office) -> Replies:
    """One thread."""
    return _edit(await usecase.show(tx, call, call.pressed.thread), call)


async def ask_answer(tx: Tx, call: Call, _office: Office) -> Replies:
    """With which words?"""
    return _fresh(await usecase.ask_answer(tx, call, call.pressed.thread), call)


async def take_answer(tx: Tx, call: Call, _office: Office) -> Replies:
    """The words to the learner."""
    return _fresh(await usecase.take_answer(tx, call), call)


async def close(tx: Tx, call: Call, _office: Office) -> Replies:
    """Nothing more to say."""
    return _edit(await usecase.close(tx, call, call.pressed.thread), call)


async def render_notice(tx: Tx, row: Delivery, office: Office, _now: datetime) -> Message | None:
    """To a colleague; nothing once somebody has answered."""
    found = await threads.get(tx, row.meaning["thread"])
    if found is None or found.state != "waiting" or found.name is None or row.telegram_id is None:
        return None
    zone = await people.zone_of_coordinator(tx, row.telegram_id)
    return view.notice(found.name, found.about or "", found.id, office.phrases.voice(None, zone or "UTC"))


async def render_answer(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """To the learner."""
    line = await threads.line(tx, row.meaning["line"]) if "line" in row.meaning else None
    learner = await people.by_id(tx, row.learner_id, now=now) if row.learner_id else None
    if line is None or learner is None:
        return None
    thread, words = line
    return view.answer(words, thread, office.settings.academy, office.voice(learner))
