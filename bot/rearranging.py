"""Planned anew after a learner's days have changed, by their own hand or on their behalf."""

from datetime import date, datetime

from bot import agenda, classroom, seat
from bot.office import Office
from bot.seat import Seat
from scheduler.places import Place
from storage import enrolments, people
from storage.store import Tx


async def replanned(
    tx: Tx, office: Office, mine: Seat, now: datetime, *, rests: bool = False, back: bool = False
) -> Seat:
    """Plan all that the learner studies. `rests`: what has not left is taken back; `back`: the next slot counts."""
    for enrolment in await enrolments.of_learner(tx, mine.learner.id):
        if rests:
            await classroom.withdraw_planned(tx, enrolment, now=now)
        if back:
            await enrolments.set_free_since(tx, enrolment.id, now)
        await agenda.replan(tx, office.courses, enrolment.id, now=now)
    enrolment_now = await enrolments.get(tx, mine.enrolment.id)
    return (await seat.take(tx, enrolment_now, office, now) if enrolment_now else None) or mine


def begins_on(mine: Seat, place: Place, wanted: date, now: datetime) -> tuple[date, bool]:
    """(the local date from which a posting there holds, whether that is at once)."""
    today = mine.today(now)
    if wanted > today:
        return wanted, False
    # A date that has begun on the clocks of both places, or the old ones would go on until it has.
    return min(today, seat.calendar_at(place).day(now)), True


async def posted(
    tx: Tx, office: Office, mine: Seat, place: Place, wanted: date, now: datetime
) -> tuple[Seat, date, bool]:
    """A posting entered and planned with: (the seat as it is then, from when it holds, whether at once)."""
    from_on, at_once = begins_on(mine, place, wanted, now)
    await people.post(tx, mine.learner.id, place, from_on=from_on)
    return await replanned(tx, office, mine, now, back=at_once), from_on, at_once
