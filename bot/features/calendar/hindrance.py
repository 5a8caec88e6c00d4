"""Why a change cannot be done as things stand; asked before the preview and again before it is done."""

from datetime import date, datetime

from bot.features.calendar import effects
from bot.features.calendar.changes import Crisis, Day, Deadline, Extension, Misread, OfCohort, Start, Why
from bot.features.calendar.outcome import Draft
from bot.office import Office
from lessons.enrolment import EnrolmentState
from storage import calendars, cohorts, enrolments, rolls
from storage.cohorts import Cohort
from storage.store import Tx


async def hindrance(tx: Tx, office: Office, draft: Draft, *, today: date, now: datetime) -> Misread | None:
    """Why the draft cannot be done; None when nothing stands against it. `today` is the coordinator's date."""
    match draft.change:
        case Extension() as extension:
            return await _extension_hindered(tx, office, extension, now)
        case Crisis() as crisis:
            return Misread(Why.PAST, verb="crisis") if crisis.span.last < today else None
        case of_cohort:
            cohort = await cohorts.get(tx, draft.cohort) if draft.cohort is not None else None
            return await _cohort_hindered(tx, of_cohort, cohort, today) if cohort else Misread(Why.GONE)


async def _cohort_hindered(tx: Tx, change: OfCohort, cohort: Cohort, today: date) -> Misread | None:
    verb = change.verb
    if isinstance(change, Start | Day | Deadline) and change.on is not None and change.on < today:
        return Misread(Why.PAST, change.on.isoformat(), verb)
    if isinstance(change, Deadline) and change.on is not None and change.on < cohort.start_on:
        return Misread(Why.BEFORE_START, cohort.name, verb)
    if isinstance(change, Start) and await rolls.taught(tx, cohort.id):
        return Misread(Why.STARTED, cohort.name, verb)
    if isinstance(change, Start) and cohort.deadline_on is not None and change.on > cohort.deadline_on:
        return Misread(Why.AFTER_DEADLINE, cohort.name, verb)
    if isinstance(change, Day):
        own = await calendars.own_days(tx, cohort.id)
        stands = effects.days_with(change, own) == own
    else:
        stands = effects.cohort_with(change, cohort) == cohort
    return Misread(Why.SAME, cohort.name, verb) if stands else None


async def _extension_hindered(tx: Tx, office: Office, change: Extension, now: datetime) -> Misread | None:
    enrolment = await enrolments.get(tx, change.enrolment)
    if enrolment is None or enrolment.state is EnrolmentState.WITHDRAWN:
        return Misread(Why.GONE)
    if change.granted not in (None, enrolment.extension_days):  # a colleague was first
        return Misread(Why.OVERTAKEN, verb="extend")
    pairs = await effects.around_each(tx, office, change, (enrolment.id,), now)
    for before, after in pairs:
        if enrolment.state is EnrolmentState.COMPLETED:
            return Misread(Why.COMPLETED, before.learner.name, "extend")
        if after.deadline_on < after.calendar.day(now):
            return Misread(Why.TOO_SHORT, before.learner.name, "extend")
    return None if pairs else Misread(Why.GONE)
