"""A draft of terms is filled step by step, shown as a whole, and only a confirmed one is carried out."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.call import Call
from bot.circumstances import EVERY_DAY
from bot.features.opening.outcome import (
    Asked,
    Changed,
    Closed,
    Draft,
    LastDay,
    Left,
    NoCourse,
    Opened,
    Outcome,
    Refused,
    Summary,
)
from bot.office import Office
from bot.terms import keeping, reading
from bot.terms.value import FIELDS, Terms, Trouble, Why, against, usual_start
from scheduler.calendar import weekend_of
from storage import cohorts, colleagues, conversations
from storage.cohorts import Cohort
from storage.store import Tx

STEP = "opening.terms"
GONE = Refused(Trouble("name", Why.GONE))


def today(call: Call) -> date:
    """The coordinator's local date."""
    return call.now.astimezone(ZoneInfo(call.caller.voice.zone)).date()


async def begin(tx: Tx, call: Call, office: Office, name: str) -> Outcome:
    """A new cohort; `name` where it was said at once."""
    courses = tuple(sorted(office.courses))
    if not courses:
        return NoCourse()
    course = courses[0] if len(courses) == 1 else ""
    draft = Draft(call.update_id, Terms(course, "", usual_start(today(call))), courses=courses)
    if name:
        draft = replace(draft, field="name")
        return await _said(tx, call, office, draft, name)
    return await _next(tx, call, office, draft)


async def edit(tx: Tx, call: Call, office: Office) -> Outcome:
    """What stands for a cohort."""
    cohort = await _mine(tx, call, call.pressed.cohort)
    if cohort is None:
        return GONE
    stands = Terms.of(cohort)
    return await _next(tx, call, office, Draft(call.update_id, stands, cohort.id, stands))


async def _mine(tx: Tx, call: Call, cohort_id: int) -> Cohort | None:
    return await cohorts.get(tx, cohort_id) if call.caller.may_see(cohort_id) else None


async def said(tx: Tx, call: Call, office: Office) -> Outcome:
    """Words for the field that is awaited; the buttons of the screens above count no more."""
    draft = await _draft(tx, call)
    if not isinstance(draft, Draft):
        return draft
    draft = replace(draft, n=call.update_id)
    return await _said(tx, call, office, draft, call.words) if draft.field else await _next(tx, call, office, draft)


async def ask(tx: Tx, call: Call) -> Outcome:
    """One of the terms was tapped."""
    draft = await _tapped(tx, call)
    if not isinstance(draft, Draft):
        return draft
    field = call.pressed.field
    return await _asked(tx, call, draft, field) if _may(draft, field) else Closed()


async def choose(tx: Tx, call: Call, office: Office) -> Outcome:
    """One of the values offered."""
    draft = await _tapped(tx, call)
    if not isinstance(draft, Draft):
        return draft
    field, value = call.pressed.field, call.pressed.value
    if not _may(draft, field):
        return Closed()
    if field == "course":
        return await _course(tx, call, office, draft, value)
    if field == "days" and value in map(str, EVERY_DAY):
        return await _day(tx, call, draft, int(value))
    return await _said(tx, call, office, replace(draft, field=field), value)


async def show(tx: Tx, call: Call, office: Office) -> Outcome:
    """All terms."""
    draft = await _tapped(tx, call)
    return await _next(tx, call, office, draft) if isinstance(draft, Draft) else draft


async def settle(tx: Tx, call: Call, office: Office) -> Outcome:
    """Confirmed, once: checked again and carried out."""
    draft = await _tapped(tx, call)
    if not isinstance(draft, Draft):
        return draft
    cohort = await cohorts.get(tx, draft.cohort) if draft.cohort is not None else None
    trouble = await _trouble(tx, call, office, draft, cohort)
    if trouble is not None:
        return Summary(draft, trouble=trouble)
    await conversations.end(tx, call.caller.telegram_id)
    if cohort is None:
        return await _open(tx, call, office, draft)
    n = call.pressed.draft
    concerned, told = await keeping.change(tx, cohort, draft.terms, actor=call.caller.telegram_id, n=n, now=call.now)
    return Changed(draft.terms.on(cohort), draft, concerned, told)


async def leave(tx: Tx, call: Call) -> Outcome:
    """Nothing is done."""
    draft = await _tapped(tx, call)
    if not isinstance(draft, Draft):
        return draft
    await conversations.end(tx, call.caller.telegram_id)
    return Left(draft.cohort, draft.was.name if draft.was else "")


async def _open(tx: Tx, call: Call, office: Office, draft: Draft) -> Outcome:
    course, me = office.courses[draft.terms.course_id], call.caller.telegram_id
    made = await keeping.open_cohort(tx, draft.terms, course, actor=me, now=call.now)
    if made is not None and call.caller.cohorts is not None:
        await colleagues.widen(tx, me, made)  # whoever opens a cohort sees it
    cohort = await cohorts.get(tx, made) if made is not None else None
    return Opened(cohort) if cohort else Summary(draft, trouble=Trouble("name", Why.TAKEN, draft.terms.name))


async def _trouble(tx: Tx, call: Call, office: Office, draft: Draft, cohort: Cohort | None) -> Trouble | None:
    if cohort is None and draft.terms.course_id not in office.courses:
        return Trouble("course", Why.NO_COURSE, draft.terms.course_id)
    return await keeping.hindrance(tx, draft.terms, cohort, today=today(call))


def _may(draft: Draft, field: str) -> bool:
    """Whether that field of the draft can be changed: a cohort keeps its course."""
    return field in FIELDS and not (field == "course" and draft.cohort is not None)


async def _course(tx: Tx, call: Call, office: Office, draft: Draft, value: str) -> Outcome:
    """`value` is the place in what was offered."""
    if not value.isdecimal() or int(value) >= len(draft.courses):
        return Closed()
    chosen = replace(draft, terms=replace(draft.terms, course_id=draft.courses[int(value)]))
    return await _next(tx, call, office, chosen)


async def _day(tx: Tx, call: Call, draft: Draft, day: int) -> Outcome:
    """One weekday on or off; more may follow."""
    days = (draft.terms.days or EVERY_DAY - weekend_of(draft.terms.home)) ^ {day}
    if not days:
        return LastDay()
    return await _asked(tx, call, replace(draft, terms=replace(draft.terms, days=days)), "days")


async def _said(tx: Tx, call: Call, office: Office, draft: Draft, words: str) -> Outcome:
    """What was said of the field in hand: taken, or asked for once more with the reason."""
    field = draft.field or "name"
    if field == "course":  # is tapped
        return await _asked(tx, call, draft, field)
    found = reading.read(field, words, draft.terms, today(call))
    trouble = found if isinstance(found, Trouble) else await _odd(tx, call, draft, found, field)
    if trouble is not None or isinstance(found, Trouble):
        return await _asked(tx, call, draft, field, trouble)
    return await _next(tx, call, office, replace(draft, terms=found))


async def _odd(tx: Tx, call: Call, draft: Draft, terms: Terms, field: str) -> Trouble | None:
    """Why the new value cannot stand. What stood before it is as it may be until all is confirmed."""
    if field in ("start", "deadline"):
        trouble = against(terms, draft.was, today(call))
        if trouble is not None:
            return trouble
    cohort = await cohorts.get(tx, draft.cohort) if draft.cohort is not None else None
    trouble = await keeping.hindrance(tx, terms, cohort, today=None)
    return trouble if trouble and trouble.field == field and trouble.why is not Why.SAME else None


async def _asked(tx: Tx, call: Call, draft: Draft, field: str, trouble: Trouble | None = None) -> Outcome:
    draft = replace(draft, field=field)
    await _keep(tx, call, draft)
    return Asked(draft, field, trouble)


async def _next(tx: Tx, call: Call, office: Office, draft: Draft) -> Outcome:
    """What must still be said, else all terms with what would follow."""
    if draft.missing is not None:
        return await _asked(tx, call, draft, draft.missing)
    draft = replace(draft, field=None)
    await _keep(tx, call, draft)
    cohort = await cohorts.get(tx, draft.cohort) if draft.cohort is not None and draft.changes else None
    return Summary(draft, await keeping.foresee(tx, office.courses, cohort, draft.terms, call.now) if cohort else None)


async def _keep(tx: Tx, call: Call, draft: Draft) -> None:
    await conversations.put(tx, call.caller.telegram_id, STEP, draft.as_json(), now=call.now)


async def _draft(tx: Tx, call: Call) -> Draft | Closed | Refused:
    """The draft in hand, upon what stands now; the cohort may have been taken from this coordinator meanwhile."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    if waiting is None or waiting.step != STEP:
        return Closed()
    draft = Draft.from_json(waiting.so_far)
    if draft.cohort is None:
        return draft
    cohort = await _mine(tx, call, draft.cohort)
    return draft.upon(cohort) if cohort else GONE


async def _tapped(tx: Tx, call: Call) -> Draft | Closed | Refused:
    """The draft that the tapped button belongs to."""
    draft = await _draft(tx, call)
    return Closed() if isinstance(draft, Draft) and draft.n != call.pressed.draft else draft
