"""Carrying out a confirmed change: the writes, a look at everybody soon, and a word to those whom it concerns."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, assert_never

from bot import agenda, standings
from bot.circumstances import Circumstances
from bot.features.calendar import effects
from bot.features.calendar.changes import (
    Bar,
    Change,
    Crisis,
    Day,
    Deadline,
    Extension,
    Pace,
    Ramadan,
    Start,
)
from bot.features.calendar.outcome import Draft
from bot.office import Office
from lessons.enrolment import CohortId, EnrolmentState
from scheduler.delivery import DeliveryKind, notice_key
from storage import calendars, cohorts, deliveries, enrolments
from storage.store import Tx

Pairs = Collection[tuple[Circumstances, Circumstances]]


async def carry_out(tx: Tx, office: Office, draft: Draft, n: int, now: datetime) -> tuple[int, int]:
    """(how many it affects, how many are told). `n` numbers the change."""
    ids = await effects.concerned(tx, draft)
    everybody = await effects.around_each(tx, office, draft.change, ids, now)
    touched = [(before, after) for before, after in everybody if effects.affects(draft.change, before, after)]
    await _write(tx, draft, everybody, now)
    await enrolments.look_soon(tx, ids, now)
    return len(touched), await _tell(tx, draft, touched, n, now)


async def _write(tx: Tx, draft: Draft, everybody: Pairs, now: datetime) -> None:
    match draft.change:
        case Crisis() as crisis:
            await calendars.declare_crisis(tx, crisis.place, crisis.span, whole_country=crisis.whole_country, now=now)
        case Extension() as extension:
            for before, _ in everybody:
                await enrolments.extend(tx, before.enrolment.id, extension.days, extension.reason, now=now)
                await agenda.reopen(tx, before, now)
        case of_cohort:
            if draft.cohort is not None:
                await _write_cohort(tx, draft.cohort, of_cohort, everybody)


async def _write_cohort(
    tx: Tx, cohort: CohortId, change: Deadline | Start | Ramadan | Day | Pace | Bar, everybody: Pairs
) -> None:
    match change:
        case Deadline(on=on):
            await cohorts.set_calendar(tx, cohort, deadline_on=on)
        case Start(on=on):
            await cohorts.set_calendar(tx, cohort, start_on=on)
            for _, after in everybody:
                await enrolments.change(tx, after.enrolment.id, first_on=after.enrolment.first_on)
        case Ramadan(short=short):
            await cohorts.set_short_days(tx, cohort, short)
        case Day(on=on, verb=verb):
            await calendars.set_day(tx, cohort, on, off=verb == "off")
        case Pace(n=n):
            await cohorts.set_calendar(tx, cohort, pace=n)
        case Bar(n=n):
            await cohorts.set_calendar(tx, cohort, bar=n)
        case _:
            assert_never(change)


async def _tell(tx: Tx, draft: Draft, touched: Pairs, n: int, now: datetime) -> int:
    """Deadlines and crisis weeks concern people at once; the rest they see when the next lesson comes."""
    meaning = _meaning(draft, draft.change, touched)
    if meaning is None:
        return 0
    if isinstance(draft.change, Crisis):  # to somebody whose lessons rest nothing comes anyway
        touched = [pair for pair in touched if pair[0].enrolment.state is EnrolmentState.ACTIVE]
    # As it was before: the word about a crisis week must not wait until it is over.
    due = {before.learner.id: standings.next_word_at(before, now) for before, _ in touched}
    rows = [(notice_key(meaning["what"], n, who), who, due_at) for who, due_at in due.items()]
    await deliveries.add_many(tx, DeliveryKind.NOTICE, rows, meaning)
    return len(rows)


def _meaning(draft: Draft, change: Change, touched: Pairs) -> dict[str, Any] | None:
    match change:
        case Deadline(on=on):
            return {"what": "deadline", "cohort": draft.cohort, "on": on and on.isoformat()}
        case Extension(enrolment=enrolment):
            days = next((after.enrolment.extension_days for _, after in touched), 0)
            return {"what": "extension", "enrolment": enrolment, "days": days}
        case Crisis(span=span):
            place, country, _ = effects.crisis_week(change)
            dates = {"first": span.first.isoformat(), "last": span.last.isoformat()}
            return {"what": "crisis", "place": place, "country": country} | dates
    return None
