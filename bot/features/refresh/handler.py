"""The alumni's switch, the yearly question, and the farewell after silence."""

from datetime import datetime

from bot.call import Call
from bot.features.refresh import usecase, view
from bot.message import Message, Replies
from bot.office import Office
from storage.deliveries import Delivery
from storage.store import Tx


async def switch(tx: Tx, call: Call, office: Office) -> Replies:
    """Refreshers on or off. The tapped message stays to be read; its buttons go."""
    return Replies(strip=True, new=(view.screen(await usecase.switch(tx, call, office), call.caller.voice),))


async def render_renewal(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """Another year?"""
    mine = await usecase.renewal(tx, row, office, now)
    return view.renewal(mine.course.title, office.voice(mine.learner)) if mine else None


async def renewal_dropped(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """She was not asked."""
    await usecase.renewal_missed(tx, row, office, now)


async def render_farewell(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """Refreshers have stopped."""
    mine = await usecase.farewell(tx, row, office, now)
    return view.farewell(mine.course.title, office.voice(mine.learner)) if mine else None


async def farewell_dropped(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """She was not told."""
    await usecase.farewell_missed(tx, row, office, now)
