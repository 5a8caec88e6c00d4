"""The three people of the demo, and what has happened before the curtain rises.

An official in Riyadh has an invitation in the mail, a coordinator in Dhaka owns the cohorts, an alumna in London
completed the course in the summer of 2026.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import agenda, classroom, cohort_desk
from bot.demo import history
from bot.demo.phones import Phones
from bot.features.enrol.usecase import CONSENT
from bot.settings import Settings
from lessons.catalogue import built_in
from lessons.course import Course, Lesson, Role
from lessons.enrolment import AskingId, AskingKind, EnrolmentId
from lessons.simulation import Simulation
from lessons.simulation_play import begin, ending_of, open_moves, take
from scheduler.places import Place
from storage import askings, cohorts, enrolments, ladders, people, plays
from storage.engine import url_of
from storage.store import Store, Tx

GULF = "Gulf 2026"
SPRING = "Spring 2026"
INVITED = 40
FIRST_ROUND = date(2026, 5, 4)  # a Monday; one lesson a day
SECOND_ROUND = date(2026, 7, 6)  # then each objective is asked again
LONDON = Place("London", "GB", "United Kingdom", None, "Europe/London")
MORNING = time(8, 40)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a phone."""

    id: int
    first_name: str
    last_name: str
    title: str
    place: str
    zone: str


OFFICIAL = Person(1001, "Rahim", "Uddin", "The official", "Riyadh", "Asia/Riyadh")
COORDINATOR = Person(1002, "Nasreen", "Akter", "The coordinator", "Dhaka", "Asia/Dhaka")
ALUMNA = Person(1003, "Farhana", "Haque", "The alumna", "London", "Europe/London")


@dataclass(frozen=True, slots=True)
class Opening:
    """The link in the official's mail, and who must say /start because the bot knows them from before."""

    link: str
    known: Sequence[Person]


async def prepare(settings: Settings, now: datetime) -> Opening:
    """Fill the database before the service starts; in a kept folder, only add an invitation."""
    course = built_in()

    async def change(tx: Tx) -> tuple[bool, bool]:
        await people.own_cohorts(tx, settings.coordinators, now=now)
        await people.set_zone_of_coordinator(tx, COORDINATOR.id, COORDINATOR.zone)
        await _graduate(tx, course, now)
        official = await people.learner_of(tx, OFFICIAL.id, now=now)
        return await cohorts.by_name(tx, GULF) is not None, official is not None

    async with await Store.open(url_of(settings.database_url, settings.data)) as store:
        opened, enrolled = await store.change(change)
    if opened:
        made = await cohort_desk.invite(settings, name=GULF, uses=INVITED)
    else:
        made = await cohort_desk.create_cohort(settings, course=course.id, name=GULF, start=None, uses=INVITED)
    known = (COORDINATOR, ALUMNA, OFFICIAL) if enrolled else (COORDINATOR, ALUMNA)
    return Opening(str(made["link"]), known)


async def take_places(phones: Phones, opening: Opening) -> None:
    """Three phones, one with the invitation in the mail."""
    mail = {
        "from": "Foreign Service Academy <training@academy.example>",
        "subject": f"{GULF}: your place in Migration Diplomacy",
        "text": (
            "Dear Rahim, you have a place in the course. It comes to your phone: one short lesson and one case "
            "question a working day, about four minutes. Tap the link to begin. Nasreen Akter, coordinator"
        ),
        "link": opening.link,
    }
    for person in (OFFICIAL, COORDINATOR, ALUMNA):
        letter = {"mail": mail} if person is OFFICIAL else {}
        await phones.meet(**asdict(person), language_code="en", started=person in opening.known, **letter)


async def greet(phones: Phones, opening: Opening) -> None:
    """Whom the bot knows from before says /start, and sees where things stand."""
    for person in opening.known:
        await phones.says(person.id, "/start")


async def _graduate(tx: Tx, course: Course, now: datetime) -> None:
    """The alumna's summer: each lesson once, each objective right and sure twice. Done once a database."""
    began_at = _at(FIRST_ROUND - timedelta(days=3))
    cohort = await cohorts.create(
        tx,
        course_id=course.id,
        name=SPRING,
        start_on=FIRST_ROUND,
        slot=course.cadence.slot,
        now=began_at,
    )
    if cohort is None:
        return
    name = f"{ALUMNA.first_name} {ALUMNA.last_name}"
    learner = await people.welcome(tx, telegram_id=ALUMNA.id, name=name, language="en", consent=CONSENT, now=began_at)
    await people.post(tx, learner, LONDON, from_on=began_at.date())
    enrolment, _ = await enrolments.enrol(tx, learner, cohort, first_on=FIRST_ROUND, now=began_at)
    for taught, on in zip(course.order, _weekdays(FIRST_ROUND, len(course.order)), strict=True):
        if (lesson := course.lesson(taught)) is not None:
            await _study(tx, course, lesson, enrolment, on)
        elif (case := course.simulation(taught)) is not None:
            await _decide(tx, course, case, enrolment, on)
    for lesson, on in zip(course.lessons, _weekdays(SECOND_ROUND, len(course.lessons)), strict=True):
        await _review(tx, course, lesson, enrolment, on)
    monday = now.date() + timedelta(days=8 - now.isoweekday())
    await enrolments.change(tx, enrolment, refresher_on=monday, consent_until_on=now.date() + timedelta(days=300))
    await agenda.replan(tx, {course.id: course}, enrolment, now=now)
    await history.write(tx, course, cohort, FIRST_ROUND)


async def _study(tx: Tx, course: Course, lesson: Lesson, enrolment: EnrolmentId, on: date) -> None:
    mine = await enrolments.get(tx, enrolment)
    given = mine and await classroom.give_lesson(tx, mine, course, lesson.id, on=on, now=_at(on))
    if given:
        await ladders.mark_given(tx, enrolment, lesson.id, opened_at=_at(on))
        await _answer(tx, course, given[0], lesson, Role.DAY, on)


async def _decide(tx: Tx, course: Course, case: Simulation, enrolment: EnrolmentId, on: date) -> None:
    """A case, by the first move of each scene that is open."""
    state, n, now = begin(case), 0, _at(on)
    play = await plays.begin(tx, enrolment, case.id, state.as_json(), now=now)
    while ending_of(case, state) is None:
        now += timedelta(seconds=40)
        step = take(case, state, open_moves(case, state)[0].id)
        if step is None:
            return
        before, after = state.as_json(), step.state.as_json()
        await plays.record(tx, play, n, step.move.id, before=before, after=after, now=now, update_id=0)
        state = step.state
        n += 1
    if (reached := ending_of(case, state)) is not None:
        await plays.end(tx, play, reached.id, now=now)
    if (mine := await enrolments.get(tx, enrolment)) is not None:
        await classroom.decide(tx, mine, course, case.id, now=now, today=on)


async def _review(tx: Tx, course: Course, lesson: Lesson, enrolment: EnrolmentId, on: date) -> None:
    question = lesson.question(Role.REPEAT) or lesson.question(Role.DAY)
    if question is None:
        return
    asking, _ = await askings.plan(
        tx,
        enrolment,
        course_id=course.id,
        lesson_id=lesson.id,
        question=question,
        kind=AskingKind.REVIEW,
        on=on,
        now=_at(on),
    )
    await _answer(tx, course, asking, lesson, question.role, on)


async def _answer(tx: Tx, course: Course, number: AskingId, lesson: Lesson, role: Role, on: date) -> None:
    """Right and sure."""
    now, question = _at(on), lesson.question(role)
    planned = await askings.get(tx, number)
    if planned is None or question is None:
        return
    await classroom.put(tx, planned, now=now)
    await askings.first_opening(tx, number, now=now)
    await askings.record(tx, number, question.key, correct=True, now=now, update_id=0)
    chosen = await askings.get(tx, number)
    mine = await enrolments.get(tx, planned.enrolment_id)
    if chosen is not None and mine is not None:
        await classroom.settle(tx, chosen, mine, course, sure=True, now=now, today=on)


def _weekdays(first: date, count: int) -> list[date]:
    """`count` dates from `first` on, without Saturdays and Sundays."""
    days = (first + timedelta(days=n) for n in range(2 * count + 2))
    return [day for day in days if day.isoweekday() <= 5][:count]


def _at(on: date) -> datetime:
    """The minute of study on that date in London."""
    return datetime.combine(on, MORNING, ZoneInfo(ALUMNA.zone)).astimezone(UTC)
