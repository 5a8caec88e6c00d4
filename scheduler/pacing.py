"""One budget of messages a second for everything that is sent, shared by all replicas: slots, pauses, the climb back.

A slot is a point in time that one call owns, so calls that wait cannot wake together and burst. Calls that went out
ahead of their slot (an answer to a tap) are counted afterwards and push the next slot back.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

CLIMB = 200  # a 429 halves the rate; each call then adds a two-hundredth of the full one
SLOWEST = 16  # however many 429s come, a sixteenth of the full rate remains
PAID_PER_STAR = 10  # Telegram asks 0.1 Stars for a message that may be paid


@dataclass(frozen=True, slots=True)
class Rates:
    """What the operator allows: messages a second for all, and for broadcasts that are paid for, in Stars a day."""

    full: float
    paid: float = 0.0  # 0: nothing is ever paid for
    stars_a_day: int = 0

    @property
    def paid_a_day(self) -> int:
        """Messages that may be paid for on one UTC date."""
        return self.stars_a_day * PAID_PER_STAR if self.paid > self.full else 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Where the budget stood at `as_of`. `rate` is in messages a second; nothing is sent before `open_at`."""

    as_of: datetime
    next_at: datetime
    open_at: datetime
    rate: float
    paid_on: date | None = None
    paid: int = 0  # messages paid for on that UTC date

    def paid_for(self, rates: Rates, now: datetime) -> int:
        """How many more messages may be paid for today."""
        return max(0, rates.paid_a_day - (self.paid if self.paid_on == now.date() else 0))


def at(pace: Pace | None, rates: Rates, now: datetime) -> Pace:
    """The pace as it is now. A clock that was set back moves nothing away: what was a second ahead stays so."""
    if pace is None:
        return Pace(now, now, now, rates.full)
    back = max(pace.as_of - now, timedelta())
    return replace(pace, as_of=now, next_at=pace.next_at - back, open_at=pace.open_at - back)


def reserve(
    pace: Pace, rates: Rates, n: int, *, lead: timedelta = timedelta(), paid: bool = False
) -> tuple[Pace, list[datetime]]:
    """Slots for `n` calls, the first not before `lead` from now; paid ones follow each other at the paid rate."""
    rate = min(pace.rate, rates.full)
    slot = max(pace.next_at, pace.open_at, pace.as_of + lead)
    slots = []
    for _ in range(n):
        slots.append(slot)
        slot += timedelta(seconds=1 / (rates.paid if paid else rate))
        rate = min(rates.full, rate + rates.full / CLIMB)
    after = replace(pace, next_at=slot, rate=rate)
    if paid:
        spent = rates.paid_a_day - pace.paid_for(rates, pace.as_of) + n
        after = replace(after, paid_on=pace.as_of.date(), paid=spent)
    return after, slots


def went_ahead(pace: Pace, rates: Rates, n: int) -> Pace:
    """`n` calls went out without waiting for a slot: bulk makes up for them."""
    behind = timedelta(seconds=n / min(pace.rate, rates.full))
    return replace(pace, next_at=max(pace.next_at, pace.as_of) + behind) if n else pace


def paused(pace: Pace, rates: Rates, seconds: float) -> Pace:
    """A 429: nothing for so long, then half the rate. Further ones of the same storm only lengthen the pause."""
    storm = pace.as_of < pace.open_at
    rate = pace.rate if storm else max(pace.rate / 2, rates.full / SLOWEST)
    open_at = max(pace.open_at, pace.as_of + timedelta(seconds=seconds))
    return replace(pace, open_at=open_at, next_at=max(pace.next_at, open_at), rate=rate)
