"""How long a broadcast takes, and when it may reach whom."""

import math
from datetime import datetime, time, timedelta

from scheduler.errors import SchedulerError
from scheduler.quiet_hours import QuietHours
from scheduler.zones import next_reading, zone_named

AN_INSTANT = timedelta(microseconds=1)


def eta(recipients: int, per_second: float) -> timedelta:
    """How long the gate takes for that many messages, rounded up to whole seconds."""
    if per_second <= 0:
        raise SchedulerError(f"a rate of {per_second} messages a second sends nothing; give one above 0")
    return timedelta(seconds=math.ceil(recipients / per_second))


def due_for(now: datetime, quiet: QuietHours, zone: str, hour: time | None = None) -> datetime:
    """When a broadcast that may leave from `now` on is due for a learner, never inside their quiet hours.

    At once, or the next time that their clocks show `hour`.
    """
    at = now if hour is None else next_reading(now - AN_INSTANT, hour, zone_named(zone))
    return quiet.free_at(at, zone)
