"""/cohort, the screens below it and their buttons; nudges and the words to learners."""

from collections.abc import Awaitable
from datetime import datetime

from bot.call import Call
from bot.features.whereabouts import absences, nudging, pictures, places, postings, telling, told_view, usecase, view
from bot.features.whereabouts.outcome import AskTime, Gone, Outcome, Why
from bot.message import Message, Replies, fresh
from bot.office import Office
from lessons.enrolment import EnrolmentState
from storage.deliveries import Delivery
from storage.store import Tx


async def _shown(call: Call, outcome: Awaitable[Outcome]) -> Replies:
    """Afresh after words, in place after a tap; a tap on what is over gets a toast."""
    found, voice = await outcome, call.caller.voice
    if call.tapped is not None and isinstance(found, Gone) and found.why is Why.CLOSED:
        return Replies(toast=voice.label("who.closed"))
    message = view.screen(found, voice, call.now)
    return Replies(edit=message) if call.tapped is not None else fresh(message)


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """/cohort."""
    return await _shown(call, usecase.show(tx, call, office))


async def choose(tx: Tx, call: Call, _office: Office) -> Replies:
    """Which cohort?"""
    return await _shown(call, usecase.choose(tx, call))


async def show_one(tx: Tx, call: Call, office: Office) -> Replies:
    """One cohort, as it stands now."""
    return await _shown(call, usecase.roll(tx, call, office, call.pressed.cohort))


async def show_missions(tx: Tx, call: Call, office: Office) -> Replies:
    """Another page of its missions."""
    return await _shown(call, usecase.roll(tx, call, office, call.pressed.cohort, call.pressed.page))


async def show_group(tx: Tx, call: Call, _office: Office) -> Replies:
    """Names."""
    return await _shown(call, usecase.names(tx, call))


async def show_picture(tx: Tx, call: Call, office: Office) -> Replies:
    """A picture, as a message of its own."""
    found, voice = await pictures.seen(tx, call, office), call.caller.voice
    if isinstance(found, Gone):
        return Replies(toast=voice.label("who.no-cohort"))
    return fresh(pictures.message(found, voice))


async def show_person(tx: Tx, call: Call, office: Office) -> Replies:
    """One person."""
    return await _shown(call, usecase.person(tx, call, office, call.pressed.enrolment))


async def nudge(tx: Tx, call: Call, office: Office) -> Replies:
    """One person is nudged."""
    return await _shown(call, nudging.nudge(tx, call, office))


async def nudge_silent(tx: Tx, call: Call, _office: Office) -> Replies:
    """All who are silent."""
    return await _shown(call, nudging.nudge_silent(tx, call))


async def more_time(tx: Tx, call: Call, office: Office) -> Replies:
    """How many days, and why; the calendar goes on from there."""

    async def asked() -> Outcome:
        found = await usecase.person(tx, call, office, call.pressed.enrolment)
        if isinstance(found, Gone):
            return found
        over = found.enrolment.state in (EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED)
        return Gone(Why.CLOSED) if over or found.seat is None else AskTime(found, call.pressed.days)

    return await _shown(call, asked())


async def leave_for(tx: Tx, call: Call, office: Office) -> Replies:
    """Leave on somebody's behalf."""
    return await _shown(call, absences.leave_for(tx, call, office))


async def take_dates(tx: Tx, call: Call, office: Office) -> Replies:
    """Its dates typed."""
    return await _shown(call, absences.take_dates(tx, call, office))


async def take_back_leave(tx: Tx, call: Call, office: Office) -> Replies:
    """It does not count after all."""
    return await _shown(call, absences.take_back(tx, call, office))


async def posting_for(tx: Tx, call: Call, office: Office) -> Replies:
    """A new posting: where?"""
    return await _shown(call, postings.ask(tx, call, office))


async def take_place(tx: Tx, call: Call, office: Office) -> Replies:
    """A place typed."""
    return await _shown(call, postings.take_place(tx, call, office))


async def pick_place(tx: Tx, call: Call, office: Office) -> Replies:
    """A place picked."""
    return await _shown(call, postings.pick(tx, call, office))


async def post_from_today(tx: Tx, call: Call, office: Office) -> Replies:
    """At once."""
    return await _shown(call, postings.from_today(tx, call, office))


async def take_day(tx: Tx, call: Call, office: Office) -> Replies:
    """A day typed."""
    return await _shown(call, postings.take_day(tx, call, office))


async def transfer_from(tx: Tx, call: Call, office: Office) -> Replies:
    """Into which cohort?"""
    return await _shown(call, places.ask_cohort(tx, call, office))


async def transfer_to(tx: Tx, call: Call, office: Office) -> Replies:
    """What it changes, then done."""
    return await _shown(call, places.transfer(tx, call, office))


async def withdraw(tx: Tx, call: Call, office: Office) -> Replies:
    """What it means, then done."""
    return await _shown(call, places.withdraw(tx, call, office))


async def render_nudge(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """A nudge, if something still waits and the hour suits."""
    about = await nudging.waiting(tx, row, office, now)
    return told_view.nudge(about, office.voice(about.seat.learner), office) if about else None


async def nudge_arrived(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """It is the nudge of its day."""
    await nudging.arrived(tx, row, office, now)


async def nudge_dropped(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """It did not go out."""
    await nudging.held_up(tx, row, office, now)


async def render_told(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """What was done on a learner's behalf, while it holds."""
    found = await telling.still(tx, row, office, now)
    if found is None or telling.later(found, now):
        return None
    return told_view.told(found, office.voice(found.learner), office, now)


async def held_up(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """Such a word did not go out at its hour."""
    await telling.held_up(tx, row, office, now)
