"""The end of a course as it is worded when it leaves."""

from datetime import datetime

from bot.features.ending import usecase, view
from bot.message import Message
from bot.office import Office
from storage.deliveries import Delivery
from storage.store import Tx


async def render(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The word that a course is over, if it still is and the hour suits."""
    found = await usecase.ended(tx, row, office, now)
    return view.screen(found[1], office.voice(found[0].learner), office.settings.contact) if found else None


async def dropped(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """It did not go out."""
    await usecase.missed(tx, row, office, now)
