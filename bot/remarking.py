"""Every attempt at a corrected question judged anew, a lot at a time, so that ten thousand people hold nobody up.

Each lot is one change and says how far it came; after a crash the next begins there.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import classroom
from bot.circumstances import quiet_of
from bot.office import Office
from lessons.course import LessonId, Version
from lessons.enrolment import AskingKind, AskingState, EnrolmentState
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.spacing import Rung, climb
from storage import askings, corrections, deliveries, enrolments, ladders, people
from storage.corrections import Correction, Marked
from storage.enrolments import Enrolment
from storage.people import Learner
from storage.store import Store, Tx

LOT = 50  # attempts
AGAIN_IN = timedelta(days=3)
UNDER_WAY = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def concerned(known: Mapping[Version, Mapping[str, Any]], words: Mapping[str, Any]) -> list[Version]:
    """The versions whose answers are judged anew by these words: those with the same choices."""
    ids = _choice_ids(words)
    return [version for version, had in known.items() if _choice_ids(had) == ids]


def _choice_ids(words: Mapping[str, Any]) -> set[str]:
    return {choice[0] for choice in words["choices"]}


async def go_on(store: Store, office: Office, now: datetime) -> int:
    """Judge anew until nothing is left; how many attempts were looked at."""
    looked = 0
    for each in await store.read(corrections.undone):
        while True:
            n = await store.change(lambda tx, number=each.id: _lot(tx, number, office, now))  # type: ignore[misc]
            looked += n
            if n < LOT:
                break
    return looked


async def _lot(tx: Tx, correction_id: int, office: Office, now: datetime) -> int:
    await corrections.hold(tx, correction_id)
    found = await corrections.get(tx, correction_id)
    if found is None or found.state != "confirmed" or found.done_at is not None:
        return 0
    known = await corrections.known_words(tx, found.course_id, found.question_id)
    those = [version for version in concerned(known, found.words) if version != found.version]
    lot = await corrections.attempts_after(tx, found, those, after=found.marked_to, most=LOT)
    marked = 0
    for each in lot:
        correct = each.choice_id == found.words["key"]
        if correct != each.correct and await corrections.mark(tx, each.id, found.id, correct=correct, now=now):
            marked += 1
            await _follow(tx, found, each, office, now)
    done = {"done_at": now} if len(lot) < LOT else {}
    last = lot[-1].id if lot else found.marked_to
    await corrections.note(tx, found.id, marked_to=last, marked=found.marked + marked, **done)
    return len(lot)


async def _follow(tx: Tx, found: Correction, each: Marked, office: Office, now: datetime) -> None:
    """What another verdict means to whom it concerns. A measure tells no verdict, so nothing is said about one."""
    if each.kind is AskingKind.KEPT:
        return
    enrolment = await enrolments.get(tx, each.enrolment_id)
    learner = await people.by_id(tx, each.learner_id, now=now)
    if enrolment is None or learner is None:
        return
    comes_on = await _climb_anew(tx, enrolment, each.lesson_id, learner, found.course_id, office, now)
    meaning = {"what": "corrected", "correction": found.id, "on": comes_on and comes_on.isoformat()}
    meaning |= {"right": each.choice_id == found.words["key"]}
    key, due_at = notice_key("corrected", found.id, learner.id), quiet_of(learner).free_at(now, learner.zone)
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=due_at, learner_id=learner.id)


async def _climb_anew(
    tx: Tx, enrolment: Enrolment, lesson_id: LessonId, learner: Learner, course_id: str, office: Office, now: datetime
) -> date | None:
    """The objective's rung from its answers as they count now, asked again in three days; the date, if it is."""
    if enrolment.state not in UNDER_WAY:
        return None
    zone, rung = ZoneInfo(learner.zone), Rung()
    for asking in await askings.of_lesson(tx, enrolment.id, lesson_id):
        if asking.kind in (AskingKind.DAY, AskingKind.REVIEW) and asking.state is AskingState.SETTLED:
            on = (asking.answered_at or asking.settled_at or now).astimezone(zone).date()
            rung = climb(rung, correct=asking.correct, sure=bool(asking.sure), on=on)
    if not rung.retired:
        today = now.astimezone(zone).date()
        rung = replace(rung, due_on=today + AGAIN_IN, since_on=today)
    await ladders.set_rung(tx, enrolment.id, lesson_id, rung)
    course = office.courses.get(course_id)
    if course is not None and await classroom.is_complete(tx, enrolment, course):
        await enrolments.set_state(tx, enrolment.id, EnrolmentState.COMPLETED, completed_at=now)
    await enrolments.look_soon(tx, [enrolment.id], now)
    return rung.due_on
