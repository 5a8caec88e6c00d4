"""/calendar, /crisis, /extend and their buttons; the words to learners whom a change concerns."""

from collections.abc import Awaitable
from datetime import date, datetime

from bot.call import Call
from bot.callbacks.whereabouts import REASONS
from bot.features.calendar import telling, usecase, view
from bot.features.calendar.outcome import Closed, Outcome
from bot.message import Message, Replies, fresh
from bot.office import Office
from bot.phrases import Voice
from bot.seat import Seat
from storage import cohorts
from storage.deliveries import Delivery
from storage.store import Tx


async def _shown(tx: Tx, call: Call, outcome: Awaitable[Outcome]) -> Replies:
    """Afresh after a command, in place after a tap; a tap on what is settled gets a toast."""
    found, voice = await outcome, call.caller.voice
    if isinstance(found, Closed):
        return Replies(toast=voice.label("calendar.closed"), strip=True)
    several = len(await cohorts.every(tx, call.caller.cohorts)) > 1
    message = view.screen(found, voice, usecase.today(call), call.now, several=several)
    return Replies(edit=message) if call.tapped is not None else fresh(message)


async def calendar(tx: Tx, call: Call, office: Office) -> Replies:
    """/calendar."""
    return await _shown(tx, call, usecase.calendar(tx, call, office))


async def crisis(tx: Tx, call: Call, office: Office) -> Replies:
    """/crisis."""
    return await _shown(tx, call, usecase.crisis(tx, call, office))


async def extend(tx: Tx, call: Call, office: Office) -> Replies:
    """/extend."""
    return await _shown(tx, call, usecase.extend(tx, call, office))


async def show_one(tx: Tx, call: Call, office: Office) -> Replies:
    """One cohort's calendar."""
    return await _shown(tx, call, usecase.show_one(tx, call, office))


async def pick(tx: Tx, call: Call, office: Office) -> Replies:
    """Which cohort, learner or place is meant."""
    return await _shown(tx, call, usecase.pick(tx, call, office))


async def do(tx: Tx, call: Call, office: Office) -> Replies:
    """Do it."""
    return await _shown(tx, call, usecase.do(tx, call, office))


async def leave(tx: Tx, call: Call, _office: Office) -> Replies:
    """Leave it."""
    return await _shown(tx, call, usecase.leave(tx, call))


async def more_time(tx: Tx, call: Call, office: Office) -> Replies:
    """More days for somebody, for one of the reasons offered."""
    why = call.pressed.why
    if why not in REASONS:
        return Replies(toast=call.caller.voice.label("calendar.closed"), strip=True)
    label = call.caller.voice.label(f"time.because-{why}")
    reason = label[:1].lower() + label[1:]  # in a sentence
    return await _shown(tx, call, usecase.more_time(tx, call, office, reason))


def _heard(mine: Seat, office: Office, now: datetime) -> tuple[str, Voice, date]:
    return mine.course.title, office.voice(mine.learner), mine.today(now)


async def render_deadline(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """A learner's deadline is another; None once it has moved again or is over."""
    mine = await telling.with_deadline(tx, row, office, now)
    if mine is None or telling.later(mine, now):
        return None
    return view.told_deadline(mine.around.deadline_on, *_heard(mine, office, now))


async def render_extension(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """A learner has more time; None once more was given or it is over."""
    mine = await telling.with_extension(tx, row, office, now)
    if mine is None or telling.later(mine, now):
        return None
    return view.told_extension(mine.around.deadline_on, *_heard(mine, office, now))


async def render_crisis(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """A crisis week where a learner serves; None once it is over or the learner has moved on."""
    found = await telling.in_crisis(tx, row, office, now)
    if found is None or telling.later(found[0], now):
        return None
    mine, span = found
    return view.told_crisis(span, mine.around.deadline_on, office.voice(mine.learner), mine.today(now))


async def held_up(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """A word to a learner was not said: it is owed anew where it came too late in the day."""
    await telling.held_up(tx, row, office, now)
