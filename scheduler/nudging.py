"""Which open question is nudged about next, and when."""

from collections.abc import Iterator
from datetime import datetime

from lessons.enrolment import NEW, AskingKind, AskingState, EnrolmentState
from scheduler.acts import Act, PauseKindly, Remind
from scheduler.reminders import PAUSE, Nudge, allowed, next_nudge
from scheduler.standing import OpenAsking, Standing


def _coming(standing: Standing, now: datetime) -> tuple[OpenAsking, Nudge] | None:
    """The next nudge and its asking; while a lesson or case is open it is the only one that is nudged about.

    Its clock starts when the question was put, and anew with whatever the learner does.
    """
    if standing.state is not EnrolmentState.ACTIVE:
        return None
    kinds = NEW if standing.new_is_open else (AskingKind.REVIEW,)
    put = [
        (asking.put_at, asking.id, asking)
        for asking in standing.open
        if asking.kind in kinds and asking.state is AskingState.PUT and asking.put_at is not None
    ]
    if not put:
        return None
    put_at, _, asking = min(put, key=lambda each: each[:2])
    nudge = next_nudge(
        since_at=max(put_at, standing.seen_at or put_at),
        sent=asking.nudges,
        reminders=standing.reminders,
        nudged_on=standing.last_nudge_on,
        calendar=standing.calendar,
        hours=standing.hours,
    )
    if nudge is None:
        return None
    on, at = allowed(
        max(nudge.at, now),
        calendar=standing.calendar,
        hours=standing.hours,
        quiet=standing.quiet,
        not_before=nudge.on,
    )
    return asking, Nudge(nudge.n, at, on)


def nudges(standing: Standing, now: datetime) -> Iterator[Act]:
    """The reminder or pause that is due now."""
    match _coming(standing, now):
        case asking, nudge if nudge.at <= now:
            if nudge.n == PAUSE:
                yield PauseKindly(asking.id, nudge.at, nudge.on)
            else:
                yield Remind(asking.id, nudge.n, nudge.at, nudge.on)


def nudge_looks(standing: Standing, now: datetime) -> Iterator[datetime]:
    """The next instant at which `nudges` will say something."""
    match _coming(standing, now):
        case _, nudge:
            yield nudge.at
