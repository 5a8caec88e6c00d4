"""Before the first tap: people, their open questions and the drafts, in the database and on the phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

import aiohttp

from bot import callbacks as b
from bot import classroom
from bot.callbacks import pack
from lessons.course import Course, LessonId, Role
from lessons.enrolment import AskingId, CohortId, EnrolmentId
from scheduler.placenames import Place
from storage import askings, broadcasts, cohorts, enrolments, people
from storage.store import Store, Tx
from tests.kill.script import Act, Size
from tests.support.processes import TOKEN, Remote

NOON = datetime(2026, 11, 25, 9, tzinfo=UTC)  # in Riyadh, on a working day
COORDINATOR = 9001
FIRST = 100_000  # Telegram's number of the first person
RIYADH = Place("Riyadh", "SA", "Saudi Arabia", None, "Asia/Riyadh")
AT_ONCE = 50  # people placed in one change


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question, and the message on the phone that its buttons are tapped on."""

    who: int  # Telegram's number
    enrolment: EnrolmentId
    lesson: LessonId
    asking: AskingId
    choices: tuple[str, ...]
    key: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Everything that the ledger will ask about. `questions` by person, `drafts` by number; the rest by its name."""

    questions: tuple[tuple[Asked, ...], ...]
    newcomers: dict[EnrolmentId, int]  # → Telegram's number
    learners: dict[int, int]  # the learner's id → Telegram's number
    drafts: tuple[int, ...]
    desk: int  # the message in the coordinator's chat that the drafts are confirmed on
    course: Course

    def of(self, who: int, act: Act) -> tuple[int, int | None, str]:
        """(Telegram's number, the message tapped or None, button data or words) of an act."""
        match act.kind:
            case "send":
                return COORDINATOR, self.desk, pack(b.SendBroadcast(self.drafts[act.about]))
            case "term":
                return self.questions[who][0].who, None, f"/term {self.course.glossary[act.about].term}"
            case _:
                asked = self.questions[who][act.about]
                return asked.who, asked.message_id, pack(_button(asked.asking, act))


def _button(asking: AskingId, act: Act) -> b.OpenQuestion | b.Choose | b.Sure:
    match act.kind:
        case "choose":
            return b.Choose(asking, act.value)
        case "sure":
            return b.Sure(asking, int(act.value))
    return b.OpenQuestion(asking)


def marker(n: int) -> str:
    """The words by which the nth broadcast is known on a phone."""
    return f"Word {n:04d} to the cohort."


async def place(store: Store, remote: Remote, size: Size, course: Course, rng: Random, *, lasts: float) -> Placed:
    """Put everything in its place. Newcomers' first lessons fall due within `lasts` seconds from noon."""
    numbers = range(FIRST, FIRST + size.everybody)
    phones = await _phones(remote, numbers[: size.studying], size.questions)
    desk = await _message(remote, COORDINATOR)
    cohort = await store.change(_cohort)
    questions: list[tuple[Asked, ...]] = []
    newcomers: dict[EnrolmentId, int] = {}
    learners: dict[int, int] = {}
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]

        async def change(tx: Tx, some: Sequence[int] = some) -> list[tuple[int, int, tuple[Asked, ...]]]:
            return [await _person(tx, cohort, who, course, phones.get(who, []), rng, lasts) for who in some]

        for who, (learner, enrolment, asked) in zip(some, await store.change(change), strict=True):
            learners[learner] = who
            if asked:
                questions.append(asked)
            else:
                newcomers[EnrolmentId(enrolment)] = who
    drafts = await store.change(lambda tx: _drafts(tx, cohort, size.broadcasts))
    return Placed(tuple(questions), newcomers, learners, drafts, desk, course)


async def _cohort(tx: Tx) -> CohortId:
    start_on = (NOON - timedelta(days=10)).date()
    made = {"course_id": "migration-diplomacy", "start_on": start_on, "slot": time(8, 30), "now": NOON}
    cohort = await cohorts.create(tx, name="Killed", **made)  # type: ignore[arg-type]  # by keyword
    assert cohort is not None
    await people.own_cohorts(tx, [COORDINATOR], now=NOON)
    return cohort


async def _person(
    tx: Tx, cohort: CohortId, who: int, course: Course, phone: Sequence[int], rng: Random, lasts: float
) -> tuple[int, int, tuple[Asked, ...]]:
    """(learner, enrolment, their open questions); with no message on the phone a newcomer."""
    joined = NOON - timedelta(days=9)
    learner = await people.welcome(tx, telegram_id=who, name=f"Official {who}", language="en", consent="1", now=joined)
    await people.post(tx, learner, RIYADH, from_on=joined.date())
    made, _ = await enrolments.enrol(tx, learner, cohort, first_on=joined.date(), now=joined)
    enrolment = await enrolments.get(tx, made)
    assert enrolment is not None
    if not phone:
        await enrolments.look(tx, made, NOON + timedelta(seconds=rng.uniform(0, lasts)))
        return learner, made, ()
    asked = []
    for lesson, message_id in zip(course.lessons, phone, strict=False):
        given = await classroom.give_lesson(tx, enrolment, course, lesson.id, on=NOON.date(), now=NOON)
        asking = given and await askings.get(tx, given[0])
        question = lesson.question(Role.DAY)
        assert asking is not None
        assert question is not None
        await classroom.put(tx, asking, now=NOON)
        choices = tuple(choice.id for choice in question.choices)
        asked.append(Asked(who, made, lesson.id, asking.id, choices, question.key, message_id))
    return learner, made, tuple(asked)


async def _drafts(tx: Tx, cohort: CohortId, broadcasts_: int) -> tuple[int, ...]:
    drafted = {"author_id": COORDINATOR, "cohort_id": cohort, "now": NOON}
    return tuple([await broadcasts.draft(tx, words=marker(n), **drafted) for n in range(broadcasts_)])  # type: ignore[arg-type]  # by keyword


async def _phones(remote: Remote, numbers: Sequence[int], each: int) -> dict[int, list[int]]:
    """Messages of the bot on the phones of those who study, as if the lessons had come."""
    return {who: [await _message(remote, who) for _ in range(each)] for who in numbers}


async def _message(remote: Remote, who: int) -> int:
    body = {"chat_id": who, "text": "A lesson came here."}
    told = await remote.post(f"/bot{TOKEN}/sendMessage", **body)
    message = told["result"]
    assert isinstance(message, dict)
    return int(message["message_id"])


async def meet(remote: Remote, session: aiohttp.ClientSession, size: Size) -> None:
    """Everybody has a phone and has pressed START; nothing but a tap's life is limited."""
    for who in (COORDINATOR, *range(FIRST, FIRST + size.everybody)):
        async with session.post(
            f"{remote.address}/sandbox/people", json={"id": who, "first_name": "Official", "started": True}
        ) as answer:
            assert answer.status == 200
    await remote.post("/sandbox/limits", global_per_second=None, chat_burst=None, chat_per_second=None)
