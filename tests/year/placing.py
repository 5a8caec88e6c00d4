"""On which local dates an event was served, and what is wrong with its hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from tests.year.local_days import any_dates, belongs, is_nudge_time, is_quiet, is_worked, slot_on
from tests.year.machine import Machine
from tests.year.records import Event, Posting, Story

QUESTIONS = frozenset({"lesson", "review"})
SENDS = QUESTIONS | {"refresher", "check", "renewal"}
NUDGES = frozenset({"remind", "pause"})
NOTES = frozenset({"ended", "farewell"})


@dataclass(frozen=True, slots=True)
class Place:
    """The dates that an event may stand for, earliest first, and a sentence when none of them allowed its hour."""

    dates: tuple[date, ...]
    wrong: str = ""


Judge = Callable[[Story, Event, datetime, Posting], str]


def _lesson_hours(story: Story, event: Event, local: datetime, posting: Posting) -> str:
    on, at = local.date(), local.time()
    if event.kind in QUESTIONS and on < story.first_on:
        return f"came on {on}, before the first day {story.first_on}"
    if not is_worked(story, posting, on, event.at):
        return f"came on {on:%a} {on}, which is not worked in {posting.country}"
    if is_quiet(story, at):
        return f"came at {local:%H:%M} inside quiet hours on {on}"
    if at < slot_on(story, on):
        return f"came at {local:%H:%M} on {on}, before the slot {slot_on(story, on):%H:%M}"
    return ""


def _nudge_hours(story: Story, event: Event, local: datetime, posting: Posting) -> str:
    on = local.date()
    if not is_worked(story, posting, on, event.at):
        return f"nudged on {on:%a} {on}, which is not worked in {posting.country}"
    if not is_nudge_time(story, on, local.time()):
        return f"nudged at {local:%H:%M} on {on}, outside working hours"
    return ""


def _decent(story: Story, event: Event, local: datetime, posting: Posting) -> str:
    return f"came at {local:%H:%M} inside quiet hours" if is_quiet(story, local.time()) else ""


def _judge_of(event: Event) -> Judge | None:
    if event.kind in SENDS:
        return _lesson_hours
    if event.kind in NUDGES and event.what != "self":
        return _nudge_hours
    return _decent if event.kind in NOTES else None


def place(story: Story, event: Event, machine: Machine) -> Place:
    """Every reading of the event's time that its rule allows; failing all, the dates it fell on and why not."""
    judge = _judge_of(event)
    readings = machine.readings(event.at)
    if judge is None:
        dates = {on for reading in readings for on in any_dates(story, reading, event.at)}
        return Place(tuple(sorted(dates)))
    good, wrong = set[date](), ""
    for reading in readings:
        for local, posting in belongs(story, reading, event.at):
            why = judge(story, event, local, posting)
            wrong = wrong or why
            if not why:
                good.add(local.date())
    if good:
        return Place(tuple(sorted(good)))
    return Place(any_dates(story, event.at, event.at), wrong or "came at an instant that belongs to no local date")
