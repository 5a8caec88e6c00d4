"""A kind word from the desk about what waits: once a day a person, in their working hours, never beside a reminder."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import seat, standings
from bot.call import Call
from bot.circumstances import quiet_of
from bot.features.whereabouts import usecase
from bot.features.whereabouts.outcome import Gone, NotNudged, NudgeAll, Nudged, Person, Unnudged, Why
from bot.office import Office
from bot.seat import Seat
from lessons.enrolment import NEW, AskingKind, AskingState, EnrolmentState
from scheduler.broadcast import due_for
from scheduler.delivery import DeliveryKind, Reach, nudge_key
from storage import askings, audit, cohorts, deliveries, enrolments, people, whereabouts
from storage.askings import Asking
from storage.deliveries import Delivery
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """What a nudge is about; `asking` and `title` are None where lessons rest."""

    seat: Seat
    asking: Asking | None
    title: str | None


async def left_alone(tx: Tx, mine: Seat) -> LeftAlone | None:
    """The lesson, case or question that waits, or that lessons rest; None when there is nothing to be said."""
    if mine.enrolment.state is EnrolmentState.PAUSED:
        return LeftAlone(mine, None, None)
    if mine.enrolment.state is not EnrolmentState.ACTIVE:
        return None
    put = [each for each in await askings.open_of(tx, mine.enrolment.id) if each.state is AskingState.PUT]
    put = [each for each in put if each.kind in (*NEW, AskingKind.REVIEW)]
    put.sort(key=lambda each: (each.kind not in NEW, each.id))
    title = mine.course.title_of(put[0].lesson_id) if put else None
    return LeftAlone(mine, put[0], title) if title else None


async def nudge(tx: Tx, call: Call, office: Office) -> Nudged | Unnudged | Gone:
    """One person."""
    found = await usecase.held(tx, call, office, call.pressed.enrolment)
    if isinstance(found, Gone):
        return found
    due_at = await _due_at(tx, found, call.now)
    if isinstance(due_at, NotNudged):
        return Unnudged(found, due_at)
    on = due_at.astimezone(ZoneInfo(found.learner.zone)).date()
    meaning = {"cohort": found.cohort.id}
    key, to = nudge_key(found.enrolment.id, on), {"learner_id": found.learner.id}
    if not await deliveries.add(tx, DeliveryKind.NUDGE, key, meaning=meaning, due_at=due_at, **to):
        return Unnudged(found, NotNudged.ALREADY)
    by, cohort, who = call.caller.telegram_id, found.cohort.id, found.enrolment.id
    await audit.note(tx, "person.nudged", actor_id=by, now=call.now, cohort_id=cohort, enrolment=who)
    return Nudged(found, due_at)


async def _due_at(tx: Tx, found: Person, now: datetime) -> datetime | NotNudged:
    """When it comes, or why it should not."""
    mine = found.seat
    if mine is None or mine.enrolment.state not in (EnrolmentState.ACTIVE, EnrolmentState.PAUSED):
        return NotNudged.OVER
    if found.learner.reach is not Reach.REACHABLE:
        return NotNudged.UNREACHABLE
    if any(mine.today(now) in span for span in mine.around.away):
        return NotNudged.AWAY
    if await left_alone(tx, mine) is None:
        return NotNudged.NOTHING_WAITS
    due_at = standings.next_word_at(mine.around, now)
    return NotNudged.REMINDED if await _reminded(tx, mine, due_at) else due_at


async def _reminded(tx: Tx, mine: Seat, at: datetime) -> bool:
    """Whether a reminder has come already on the local date of that instant."""
    on = mine.calendar.day(at)
    return (await askings.dates(tx, mine.enrolment.id, since=on)).nudged_on == on


async def nudge_silent(tx: Tx, call: Call) -> NudgeAll | Gone:
    """Everybody who is silent: how many, or once said yes to, done."""
    cohort = await usecase.mine(tx, call, call.pressed.cohort)
    if cohort is None:
        return Gone(Why.NO_COHORT)
    silent = dict(await whereabouts.silent(tx, cohort.id))
    if call.pressed.sure != 1 or not silent:
        return NudgeAll(cohort, len(silent), done=False)
    known = {each.id: each for each in await people.by_ids(tx, sorted(silent.values()), now=call.now)}
    rows = []
    for enrolment, learner_id in silent.items():
        if (each := known.get(learner_id)) is not None:
            due_at = due_for(call.now, quiet_of(each), each.zone)  # working hours are looked at when it leaves
            on = due_at.astimezone(ZoneInfo(each.zone)).date()
            rows.append((nudge_key(enrolment, on), learner_id, due_at))
    await deliveries.add_many(tx, DeliveryKind.NUDGE, rows, {"cohort": cohort.id})
    by = call.caller.telegram_id
    await audit.note(tx, "silent.nudged", actor_id=by, now=call.now, cohort_id=cohort.id, people=len(rows))
    return NudgeAll(cohort, len(rows), done=True)


async def _seat_of(tx: Tx, row: Delivery, office: Office, now: datetime) -> Seat | None:
    if row.learner_id is None or await cohorts.get(tx, row.meaning["cohort"]) is None:
        return None
    theirs = await enrolments.of_learner(tx, row.learner_id)
    enrolment = next((each for each in theirs if each.cohort_id == row.meaning["cohort"]), None)
    mine = await seat.take(tx, enrolment, office, now) if enrolment else None
    return mine if mine and mine.learner.reach is Reach.REACHABLE else None


async def waiting(tx: Tx, row: Delivery, office: Office, now: datetime) -> LeftAlone | None:
    """What the nudge is still about at the moment of sending; None when the reason or the hour is gone."""
    mine = await _seat_of(tx, row, office, now)
    if mine is None or standings.next_word_at(mine.around, now) > now or await _reminded(tx, mine, now):
        return None
    seen_at = mine.learner.seen_at
    return None if seen_at is not None and seen_at > row.due_at else await left_alone(tx, mine)


async def arrived(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """It counts as the nudge of its day, so that no reminder follows on the same one."""
    mine = await _seat_of(tx, row, office, now)
    about = await left_alone(tx, mine) if mine else None
    if about is not None and about.asking is not None:
        await askings.change(tx, about.asking.id, nudged_on=about.seat.today(now))


async def held_up(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """It could not be said at this hour: owed for the next working hour, where it still has its reason."""
    mine = await _seat_of(tx, row, office, now)
    if mine is None or await left_alone(tx, mine) is None:
        return
    due_at = standings.next_word_at(mine.around, now)
    if due_at > now and not await _reminded(tx, mine, due_at):
        key = nudge_key(mine.enrolment.id, mine.calendar.day(due_at))
        if key == row.key:
            key += "+"
        await deliveries.add(tx, row.kind, key, meaning=row.meaning, due_at=due_at, learner_id=mine.learner.id)
