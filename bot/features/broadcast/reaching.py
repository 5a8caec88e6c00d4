"""When a broadcast reaches whom, and what an audience is called. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from functools import cache

from bot.features.broadcast.audience import SIDES, Audience, items
from bot.features.broadcast.outcome import Reach
from lessons.enrolment import LearnerId
from scheduler.broadcast import due_for
from scheduler.quiet_hours import QuietHours
from scheduler.zones import zone_named
from storage.audiences import Reader


def reachable(readers: Iterable[Reader]) -> list[Reader]:
    """Those who can be written to."""
    return [each for each in readers if each.reach == "reachable"]


def dues(readers: Iterable[Reader], hour: time | None, leaves_at: datetime) -> dict[LearnerId, datetime]:
    """Learner → instant; those of one zone and the same quiet hours are reckoned once."""

    @cache
    def due(zone: str, quiet_from: time | None, quiet_until: time | None) -> datetime:
        quiet = QuietHours(quiet_from, quiet_until) if quiet_from and quiet_until else QuietHours()
        return due_for(leaves_at, quiet, zone, hour)

    return {each.learner_id: due(each.zone, each.quiet_from, each.quiet_until) for each in readers}


def reach_of(chosen: Sequence[Reader], hour: time | None, leaves_at: datetime) -> Reach | None:
    """Whom it reaches and when; None where nobody can be reached."""
    reached = reachable(chosen)
    if not reached:
        return None
    due = dues(reached, hour, leaves_at)
    there = {(due[each.learner_id], each.zone) for each in reached}
    clocks = sorted(at.astimezone(zone_named(zone)).time() for at, zone in there)
    return Reach(
        receivers=len(reached),
        unreachable=len(chosen) - len(reached),
        later=sum(at > leaves_at for at in due.values()) if hour is None else 0,
        languages=tuple(sorted({each.language for each in reached})),
        first=min(due.values()),
        last=max(due.values()),
        earliest=clocks[0],
        latest=clocks[-1],
    )


def named_marks(audience: Audience, readers: Sequence[Reader]) -> tuple[tuple[str, str, str], ...]:
    """("only" or "but", side, name) of what is chosen, as far as anybody is left there."""
    found = []
    for side in SIDES:
        names = {each.word: each.name for each in items(readers, side)}
        for kind, marks in (("only", audience.only), ("but", audience.but)):
            found += [(kind, side, names[word]) for at, word in sorted(marks) if at == side and word in names]
    return tuple(found)
