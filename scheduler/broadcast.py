"""How long a broadcast takes, and when it may reach whom."""

import math
from datetime import datetime, timedelta

from scheduler.errors import SchedulerError
from scheduler.quiet_hours import QuietHours


def eta(recipients: int, per_second: float) -> timedelta:
    """How long the gate takes for that many messages, rounded up to whole seconds."""
    if per_second <= 0:
        raise SchedulerError(f"a rate of {per_second} messages a second sends nothing; give one above 0")
    return timedelta(seconds=math.ceil(recipients / per_second))


def due_for(now: datetime, quiet: QuietHours, zone: str) -> datetime:
    """When a broadcast that is confirmed now is due for a learner: at once, or when their quiet hours end."""
    return quiet.free_at(now, zone)
