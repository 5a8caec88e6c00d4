"""What the coming days bring as far as it is known: the planner asked ahead, each answer given on its day."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from lessons.course import TaughtId
from lessons.enrolment import AskingKind
from scheduler.acts import AskRefresher, AskReview, GiveLesson, after
from scheduler.alumni import refresher_looks, refreshers
from scheduler.standing import Standing
from scheduler.studying import measure_looks, send_looks, sends


def outlook(
    standing: Standing, lessons: Sequence[TaughtId], now: datetime, until: date
) -> Iterator[GiveLesson | AskReview]:
    """Lessons and repeats after `now`, up to that local date, if all that is open and comes is answered on its day.

    `lessons` are those still to be given, with the cases, in teaching order. What comes back because of answers to
    come is not known.
    """
    left = list(lessons)
    while True:
        standing = replace(standing, open=(), next_lesson=left[0] if left else None, free_since_at=now)
        at = min(send_looks(standing, now), default=None)
        found = [act for act in sends(standing, at) if isinstance(act, GiveLesson | AskReview)] if at else []
        if at is None or not found or found[0].on > until:
            return
        yield from found
        left = [lesson for lesson in left if not any(act.lesson == lesson for act in found)]
        standing, now = after(standing, found), at


def next_refresher_on(standing: Standing, now: datetime) -> date | None:
    """The local date of the next refresher; None when none comes by itself, or only after an answer to something."""
    if standing.has_open(AskingKind.REFRESHER):
        return None
    at = min(refresher_looks(standing, now), default=None)
    acts = refreshers(standing, at) if at else ()
    return next((act.on for act in acts if isinstance(act, AskRefresher)), None)


def next_check_on(standing: Standing, now: datetime) -> date | None:
    """The local date of the next baseline or check; None when none is left."""
    at = min(measure_looks(standing, now), default=None)
    return standing.calendar.day(at) if at else None
