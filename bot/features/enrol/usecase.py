"""From an invitation to a seat: consent, name, posting, one confirmation. Nothing is kept of a person before consent
but the dialogue itself, and that for a week.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any, assert_never

from bot import agenda, seat
from bot.call import Call
from bot.features.enrol import named
from bot.features.enrol.outcome import (
    AskConfirm,
    AskConsent,
    AskName,
    AskPlace,
    Declined,
    Enrolled,
    NotMe,
    Outcome,
    Refusal,
    Refused,
    Welcome,
    WelcomeBack,
)
from bot.office import Office
from bot.phrases import plain
from lessons.enrolment import EnrolmentId
from scheduler.places import Found, NotFound, Place, Several
from scheduler.quiet_hours import QuietHours
from scheduler.slots import next_slot
from storage import cohorts, conversations, enrolments, people, rosters
from storage.cohorts import Cohort
from storage.store import Tx

CONSENT = "2026-11"  # version of the words agreed to
LONGEST_NAME = 64


async def _put(tx: Tx, call: Call, step: str, so_far: dict[str, Any]) -> None:
    await conversations.put(tx, call.caller.telegram_id, f"enrol.{step}", so_far, now=call.now)


async def _so_far(tx: Tx, call: Call) -> tuple[str, dict[str, Any]] | None:
    """(step, what was said so far) of an enrolment in hand."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    if waiting is None or not waiting.step.startswith("enrol."):
        return None
    return waiting.step.removeprefix("enrol."), waiting.so_far


async def start(tx: Tx, call: Call, office: Office) -> Outcome:
    """/start, with or without an invitation."""
    code = call.words.strip()
    if not code:
        return await _start_again(tx, call, office)
    invitation = await cohorts.by_code(tx, code, now=call.now)
    if invitation is None:
        return await named.open_relink(tx, call, code) or Refused(Refusal.UNKNOWN)
    cohort = await cohorts.get(tx, invitation.cohort_id)
    course = office.courses.get(cohort.course_id) if cohort else None
    if course is None:
        return Refused(Refusal.FOREIGN)
    if call.caller.learner is not None:
        mine = await enrolments.of_learner(tx, call.caller.learner)
        if any(enrolment.cohort_id == invitation.cohort_id for enrolment in mine):
            return await _welcome_back(tx, call, office)
    if invitation.expired:
        return Refused(Refusal.EXPIRED)
    if invitation.used_up:
        return Refused(Refusal.USED)
    person = await rosters.by_invitation(tx, invitation.id)
    whose = {"invitee": person.id} if person else {}
    await _put(tx, call, "welcome", {"invitation": invitation.id, "cohort": invitation.cohort_id} | whose)
    return Welcome(course)


async def _start_again(tx: Tx, call: Call, office: Office) -> Outcome:
    known = await _welcome_back(tx, call, office)
    if known.seat is not None or known.coordinator:
        return known
    in_hand = await _so_far(tx, call)
    return await _screen(tx, call, office, *in_hand) if in_hand else Refused(Refusal.NO_INVITATION)


async def _welcome_back(tx: Tx, call: Call, office: Office) -> WelcomeBack:
    mine = await seat.of_caller(tx, call, office)
    waiting = await seat.waiting_lesson(tx, mine) if mine else None
    next_at = await seat.next_lesson_at(tx, mine, call.now) if mine and not waiting else None
    return WelcomeBack(mine, waiting, next_at, "coordinator" in call.caller.roles)


async def _screen(tx: Tx, call: Call, office: Office, step: str, so_far: dict[str, Any]) -> Outcome:
    """The screen of a step."""
    cohort = await cohorts.get(tx, so_far["cohort"])
    course = office.courses.get(cohort.course_id) if cohort else None
    if cohort is None or course is None:
        return Refused(Refusal.FOREIGN)
    match step:
        case "welcome":
            return Welcome(course)
        case "consent":
            return AskConsent()
        case "name":
            who = await named.asks(tx, so_far)
            return who or AskName(_clean(call.caller.display)[:LONGEST_NAME])
        case "place":
            return AskPlace(tuple(Place(**option) for option in so_far.get("options", ())))
        case _:
            place = Place(**so_far["place"])
            return AskConfirm(so_far["name"], place, seat.calendar_at(place, cohort.days), cohort)


async def step_to(tx: Tx, call: Call, office: Office, step: str) -> Outcome:
    """A button of the dialogue: on (or back) to that step."""
    in_hand = await _so_far(tx, call)
    if in_hand is None or not _may(step, in_hand[1]):
        return Refused(Refusal.NOTHING_OPEN)
    so_far = {key: value for key, value in in_hand[1].items() if key != "options"}
    if step in ("consent", "name") and "name" not in so_far:
        so_far["agreed"] = step == "name"
    await _put(tx, call, step, so_far)
    return await _screen(tx, call, office, step, so_far)


def _may(step: str, so_far: dict[str, Any]) -> bool:
    """No step without the one before it: a forged button opens nothing."""
    if step == "place":
        return bool(so_far.get("agreed")) and "name" in so_far
    return True


async def decline(tx: Tx, call: Call, _office: Office) -> Outcome:
    """No consent: the dialogue is forgotten, the invitation stays good."""
    await conversations.end(tx, call.caller.telegram_id)
    return Declined()


async def is_me(tx: Tx, call: Call, office: Office) -> Outcome:
    """She is the one whom the link names."""
    in_hand = await _so_far(tx, call)
    if in_hand is not None and in_hand[0] == "relink":
        return await named.relink(tx, call)
    so_far = await named.is_me(tx, in_hand[1], office) if in_hand and in_hand[1].get("agreed") else None
    if so_far is None:
        return Refused(Refusal.NOTHING_OPEN)
    step = "confirm" if "place" in so_far else "place"
    await _put(tx, call, step, so_far)
    return await _screen(tx, call, office, step, so_far)


async def not_me(tx: Tx, call: Call) -> Outcome:
    """The link came to somebody else."""
    if await named.not_me_at_relink(tx, call):
        return NotMe(relink=True)
    in_hand = await _so_far(tx, call)
    return await named.somebody_else(tx, call, in_hand[1]) if in_hand else Refused(Refusal.NOTHING_OPEN)


async def take_name(tx: Tx, call: Call, office: Office, words: str) -> Outcome:
    """The name as it should appear."""
    in_hand = await _so_far(tx, call)
    if in_hand is None or not in_hand[1].get("agreed"):
        return Refused(Refusal.NOTHING_OPEN)
    name = _clean(words)
    if sum(character.isalpha() for character in name) < 2:
        return Refused(Refusal.NAME_EMPTY)
    if len(name) > LONGEST_NAME:
        return Refused(Refusal.NAME_LONG)
    so_far = in_hand[1] | {"name": name}
    step = "confirm" if "place" in so_far else "place"
    await _put(tx, call, step, so_far)
    return await _screen(tx, call, office, step, so_far)


async def take_place(tx: Tx, call: Call, office: Office, words: str) -> Outcome:
    """The posting as people type it: a city, a country, or the time on their clock."""
    in_hand = await _so_far(tx, call)
    if in_hand is None or not _may("place", in_hand[1]):
        return Refused(Refusal.NOTHING_OPEN)
    found = found_place(office, words, call.now)
    if isinstance(found, Place):
        return await _with_place(tx, call, office, in_hand[1], found)
    options = [asdict(option) for option in found.options]
    await _put(tx, call, "place", in_hand[1] | {"options": options})
    return found


def found_place(office: Office, words: str, now: datetime) -> Place | AskPlace:
    """One place, or what to ask."""
    match office.places.find(words):
        case Found(place):
            return place
        case Several(places):
            return AskPlace(places)
        case NotFound(nearest):
            there = office.places.by_local_time(words, now)
            return AskPlace(there) if there else AskPlace(nearest, unknown=True)
        case other:
            assert_never(other)


async def pick_place(tx: Tx, call: Call, office: Office, n: int) -> Outcome:
    """One of the places offered."""
    in_hand = await _so_far(tx, call)
    if in_hand is not None and in_hand[0] == "confirm":  # a second tap
        return await _screen(tx, call, office, *in_hand)
    options = in_hand[1].get("options", []) if in_hand else []
    if in_hand is None or not n < len(options):
        return Refused(Refusal.NOTHING_OPEN)
    return await _with_place(tx, call, office, in_hand[1], Place(**options[n]))


async def _with_place(tx: Tx, call: Call, office: Office, so_far: dict[str, Any], place: Place) -> Outcome:
    so_far = {key: value for key, value in so_far.items() if key != "options"} | {"place": asdict(place)}
    await _put(tx, call, "confirm", so_far)
    return await _screen(tx, call, office, "confirm", so_far)


async def confirm(tx: Tx, call: Call, office: Office) -> Outcome:
    """Everything is right: the seat is taken, the first lesson planned."""
    in_hand = await _so_far(tx, call)
    if in_hand is None:
        known = await _welcome_back(tx, call, office)  # a second tap
        return Enrolled(known.seat, known.next_at) if known.seat else Refused(Refusal.NOTHING_OPEN)
    so_far = in_hand[1]
    cohort = await cohorts.get(tx, so_far["cohort"])
    if cohort is None or not so_far.get("agreed") or "name" not in so_far or "place" not in so_far:
        return Refused(Refusal.NOTHING_OPEN)
    if not await cohorts.use(tx, so_far["invitation"]):
        return Refused(Refusal.USED)
    enrolment = await _take_seat(tx, call, cohort, so_far["name"], Place(**so_far["place"]))
    if "invitee" in so_far:
        await rosters.joined(tx, so_far["invitee"], enrolment)
    await conversations.end(tx, call.caller.telegram_id)
    learner = await people.learner_of(tx, call.caller.telegram_id, now=call.now)
    mine = learner and await enrolments.of_learner(tx, learner.id)
    taken = mine and await seat.take(tx, mine[0], office, call.now)
    if not taken:
        return Refused(Refusal.NOTHING_OPEN)
    await agenda.replan(tx, office.courses, taken.enrolment.id, now=call.now)
    return Enrolled(taken, await seat.next_lesson_at(tx, taken, call.now))


async def _take_seat(tx: Tx, call: Call, cohort: Cohort, name: str, place: Place) -> EnrolmentId:
    learner_id = await people.welcome(
        tx,
        telegram_id=call.caller.telegram_id,
        name=name,
        language=call.caller.voice.language,
        consent=CONSENT,
        now=call.now,
    )
    calendar = seat.calendar_at(place, cohort.days)
    await people.post(tx, learner_id, place, from_on=calendar.day(call.now))
    first_at = next_slot(calendar, cohort.slot, after=call.now, not_before=cohort.start_on, quiet=QuietHours())
    number, _ = await enrolments.enrol(tx, learner_id, cohort.id, first_on=calendar.day(first_at), now=call.now)
    return number


def _clean(words: str) -> str:
    """One line without control marks: letters, marks and spaces of any script stay."""
    return plain("".join(c if c.isprintable() else " " for c in words[:400]))
