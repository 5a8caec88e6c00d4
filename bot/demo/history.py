"""What the demo's coordinator finds from the spring: thirty-four officials who took the course, and what they answered.

They are made up and have no phones. One question puzzles those who know most: somebody should look at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random  # noqa: TID251 - simulated people need dice, seeded

from bot.features.enrol.usecase import CONSENT
from lessons.course import Choice, Course, Lesson, Question, Role
from lessons.enrolment import AskingKind, CohortId, EnrolmentId, EnrolmentState, MeasureKind
from lessons.measures import form_for, forms
from scheduler.places import Place
from scheduler.spacing import Rung
from storage import askings, enrolments, ladders, measures, people, rosters
from storage.store import Tx

FIRST_ID = 3001
PUZZLING = 17  # the lesson, counted from 0, whose question is not well put
WEEKS = timedelta(weeks=20)
SURE, SURE_WRONG = 0.75, 0.4  # how often somebody who is right, or wrong, says so surely
GIVEN = (
    "Ayesha",
    "Tanvir",
    "Shirin",
    "Mahbub",
    "Lubna",
    "Kamal",
    "Rokeya",
    "Imran",
    "Salma",
    "Faisal",
    "Nadia",
    "Habib",
)
FAMILY = ("Siddiqui", "Chowdhury", "Karim", "Mollah", "Sarker", "Begum")
PLACES = (
    Place("Riyadh", "SA", "Saudi Arabia", None, "Asia/Riyadh"),
    Place("Doha", "QA", "Qatar", None, "Asia/Qatar"),
    Place("Dubai", "AE", "United Arab Emirates", None, "Asia/Dubai"),
    Place("Kuwait City", "KW", "Kuwait", None, "Asia/Kuwait"),
    Place("Muscat", "OM", "Oman", None, "Asia/Muscat"),
    Place("Kuala Lumpur", "MY", "Malaysia", None, "Asia/Kuala_Lumpur"),
    Place("Singapore", "SG", "Singapore", None, "Asia/Singapore"),
    Place("Rome", "IT", "Italy", None, "Europe/Rome"),
)


RANKS = ("Second Secretary", "First Secretary", "Counsellor")
WOMEN = {0, 2, 4, 6, 8, 10}  # of GIVEN


@dataclass(frozen=True, slots=True)
class Past:
    """Somebody of the spring. `ability` is how often she is right at the end, `gain` how much of it she learnt."""

    telegram_id: int
    name: str
    place: Place
    ability: float
    gain: float
    diligence: float  # the share of the lessons that she answered
    rank: str
    sex: str

    @property
    def entry(self) -> rosters.Entry:
        """Her row of the roster."""
        place, mission = self.place, f"Mission in {self.place.name}"
        return rosters.Entry(
            self.name, mission, place.name, place.country, None, place.zone, "en", self.rank, self.sex, None
        )


def cast(dice: Random) -> Iterator[Past]:
    """The thirty-four."""
    for n in range(34):
        name = f"{GIVEN[n % len(GIVEN)]} {FAMILY[(n * 5 + n // len(GIVEN)) % len(FAMILY)]}"
        diligence = 1.0 if n % 5 else dice.uniform(0.2, 0.8)
        yield Past(
            FIRST_ID + n,
            name,
            PLACES[n % len(PLACES)],
            dice.uniform(0.5, 0.95),
            dice.uniform(0.1, 0.3),
            diligence,
            RANKS[n % 3],
            "female" if n % len(GIVEN) in WOMEN else "male",
        )


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes one enrolment's history."""

    tx: Tx
    course: Course
    dice: Random
    enrolment: EnrolmentId
    seat: int

    async def answer(self, lesson: Lesson, question: Question, kind: AskingKind, on: date, share: float) -> None:
        """A question put, answered and settled on that date; right so often."""
        about = {"course_id": self.course.id, "lesson_id": lesson.id, "question": question, "kind": kind}
        number, _ = await askings.plan(self.tx, self.enrolment, **about, on=on, now=_at(on))  # type: ignore[arg-type]
        right = self.dice.random() < share
        choice = _chosen(question, right, self.dice)
        sure = self.dice.random() < (SURE if right else SURE_WRONG)
        at = _at(on)
        await askings.record(self.tx, number, choice.id, correct=right, now=at, update_id=0)
        await askings.record_sure(self.tx, number, sure=sure, now=at, update_id=0)
        await askings.change(self.tx, number, state="settled", put_at=at, opened_at=at, settled_at=at)

    async def lesson(self, lesson: Lesson, on: date, share: float) -> None:
        """A lesson and its question; the objective is done with."""
        await ladders.give(self.tx, self.enrolment, lesson.id, on=on)
        await ladders.mark_given(self.tx, self.enrolment, lesson.id, sent_at=_at(on), opened_at=_at(on))
        if (question := lesson.question(Role.DAY)) is not None:
            await self.answer(lesson, question, AskingKind.DAY, on, share)
        await ladders.set_rung(self.tx, self.enrolment, lesson.id, Rung(2, None, True, on))

    async def measure(self, kind: MeasureKind, on: date, share: float) -> None:
        """A baseline or check, all ten questions."""
        form = form_for(kind, self.seat)
        await measures.offer(self.tx, self.enrolment, kind, form=form, on=on)
        wanted = set(forms(self.course)[form])
        for lesson in self.course.lessons:
            for question in lesson.questions:
                if question.id in wanted:
                    await self.answer(lesson, question, AskingKind.KEPT, on, share)
        at = _at(on)
        await measures.change(self.tx, self.enrolment, kind, state="done", begun_at=at, done_at=at)


async def write(tx: Tx, course: Course, cohort: CohortId, first_on: date) -> None:
    """All of it, into a cohort that has just been opened."""
    dice = Random(26)  # noqa: S311 - the same history in every demo
    at = _at(first_on - timedelta(days=3))
    everybody = list(cast(dice))
    await rosters.add(tx, cohort, [past.entry for past in everybody], now=at)
    listed = {each.same: each.id for each in await rosters.of_cohort(tx, cohort)}
    for past in everybody:
        who = await people.welcome(
            tx, telegram_id=past.telegram_id, name=past.name, language="en", consent=CONSENT, now=at
        )
        await people.post(tx, who, past.place, from_on=at.date())
        number, _ = await enrolments.enrol(tx, who, cohort, first_on=first_on, now=at)
        await rosters.joined(tx, listed[past.entry.same], number)
        enrolment = await enrolments.get(tx, number)
        if enrolment is not None:
            await _study(Pen(tx, course, dice, number, enrolment.seat), past, first_on)
            await enrolments.look(tx, number, None)


async def _study(pen: Pen, past: Past, first_on: date) -> None:
    await pen.measure(MeasureKind.BASELINE, first_on, past.ability - past.gain)
    lessons = pen.course.lessons
    done, on = lessons[: round(len(lessons) * past.diligence)], first_on
    for n, (lesson, day) in enumerate(zip(done, _weekdays(first_on), strict=False)):
        on = day
        await pen.lesson(lesson, on, 1.1 - past.ability if n == PUZZLING else past.ability)
    if len(done) < len(lessons):
        over_on = first_on + WEEKS
        state, also = EnrolmentState.ENDED, {"ended_on": over_on}
        await enrolments.set_state(pen.tx, pen.enrolment, state, **also)
    else:
        over_on = on + timedelta(days=pen.dice.randrange(10, 40))
        await enrolments.set_state(pen.tx, pen.enrolment, EnrolmentState.COMPLETED, completed_at=_at(over_on))
    await pen.measure(MeasureKind.CHECK_30, over_on + timedelta(days=30), past.ability - 0.02)
    await pen.measure(MeasureKind.CHECK_90, over_on + timedelta(days=90), past.ability - 0.06)


def _chosen(question: Question, right: bool, dice: Random) -> Choice:
    """The key, or a wrong choice, the first of them twice as often."""
    wrong = [choice for choice in question.choices if choice.id != question.key]
    key = next(choice for choice in question.choices if choice.id == question.key)
    return key if right or not wrong else dice.choice([wrong[0], *wrong])


def _weekdays(first: date) -> Iterator[date]:
    return (day for n in range(200) if (day := first + timedelta(days=n)).isoweekday() <= 5)


def _at(on: date) -> datetime:
    return datetime.combine(on, time(6, 10), UTC)
