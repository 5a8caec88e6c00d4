"""One function that says what an enrolment is due now, and when to look again.

Everything known comes in, values come out. Planning is a fixed point: once its acts are carried out, planning again
at the same instant adds nothing; and nothing is due before `look_at`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lessons.enrolment import AskingState, EnrolmentState
from scheduler.acts import Act, End, Settle, after
from scheduler.alumni import refresher_looks, refreshers
from scheduler.nudging import nudge_looks, nudges
from scheduler.reminders import allowed_from
from scheduler.slots import slot_after
from scheduler.standing import OpenAsking, Standing
from scheduler.studying import measure_looks, measures, send_looks, sends

_UNDER_WAY = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due now, in order, and the next instant at which anything will be; None when nothing ever will."""

    acts: tuple[Act, ...]
    look_at: datetime | None


def plan(standing: Standing, now: datetime) -> Plan:
    """What is due for an enrolment at that instant, and when to look again if nothing else happens to it.

    A settled answer may move a rung or complete the enrolment, and an end calls for checks: carry out Settle and End
    first, then plan again.
    """
    acts: tuple[Act, ...] = ()
    for due in (_settles, _ends, measures, sends, refreshers, nudges):
        if found := tuple(due(standing, now)):
            acts += found
            standing = after(standing, found)
    looks = [
        *(at for _, at in _last_calls(standing)),
        *_end_looks(standing),
        *measure_looks(standing, now),
        *send_looks(standing, now),
        *refresher_looks(standing, now),
        *nudge_looks(standing, now),
    ]
    return Plan(acts, min((at for at in looks if at > now), default=None))


def next_send_at(standing: Standing, now: datetime) -> datetime | None:
    """When the next lesson, question or check comes by itself if nothing else happens; None when none will."""
    looks = [*measure_looks(standing, now), *send_looks(standing, now), *refresher_looks(standing, now)]
    return min(looks, default=None)


def _last_calls(standing: Standing) -> Iterator[tuple[OpenAsking, datetime]]:
    """Answers without a "sure" tap, and when that tap is waited for no longer: midnight, or a slot before it."""
    if standing.state is EnrolmentState.WITHDRAWN:
        return
    calendar = standing.calendar
    for asking in standing.open:
        if asking.state is not AskingState.CHOSEN or asking.chosen_at is None:
            continue
        day = calendar.day(asking.chosen_at)
        slot = slot_after(calendar, standing.slot, after=asking.chosen_at, not_before=day, quiet=standing.quiet)
        yield asking, min(slot.at, calendar.end_of(day))


def _settles(standing: Standing, now: datetime) -> Iterator[Act]:
    return (Settle(asking.id, at) for asking, at in _last_calls(standing) if at <= now)


def _end_looks(standing: Standing) -> Iterator[datetime]:
    """The midnight of the deadline."""
    if standing.state in _UNDER_WAY and standing.deadline_on is not None:
        yield standing.calendar.end_of(standing.deadline_on)


def _ends(standing: Standing, now: datetime) -> Iterator[Act]:
    for at in _end_looks(standing):
        if at <= now:
            told = allowed_from(now, calendar=standing.calendar, hours=standing.hours, quiet=standing.quiet)
            yield End(at, told)
