"""Reminders as they are worded when they leave."""

from datetime import datetime

from bot.features.remind import usecase, view
from bot.message import Message
from bot.office import Office
from lessons.enrolment import EnrolmentState
from storage.deliveries import Delivery
from storage.store import Tx


async def render(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """A reminder, if there is still something to remind of."""
    found = await usecase.waiting(tx, row, office, now, state=EnrolmentState.ACTIVE)
    return view.reminder(found, office.voice(found.seat.learner)) if found else None


async def render_pause(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The note that lessons rest, if they still do."""
    found = await usecase.waiting(tx, row, office, now, state=EnrolmentState.PAUSED)
    return view.pause(found, office.voice(found.seat.learner)) if found else None


async def dropped(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """It did not go out."""
    await usecase.missed(tx, row, office, now)
