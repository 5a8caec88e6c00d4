"""Before the first tap: two learners and a coordinator."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot import agenda, classroom
from bot.office import Office
from lessons.course import CourseId, LessonId
from lessons.enrolment import AskingId, CohortId, EnrolmentId
from scheduler.placenames import Place
from storage import askings, broadcasts, cohorts, enrolments, people
from storage.store import Store, Tx
from tests.year.few_lessons import course

MORNING = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)  # 08:30 in Riyadh, the hour of lessons on a working day
NIGHTFALL = datetime(2026, 11, 25, 13, tzinfo=UTC)
RIYADH = Place("Riyadh", "SA", "Saudi Arabia", None, "Asia/Riyadh")
NEWCOMER, SILENT, COORDINATOR = 101, 102, 9001
EVERYBODY = (NEWCOMER, SILENT, COORDINATOR)
WORDS = "The seminar begins at ten."


@dataclass(frozen=True, slots=True)
class Placed:
    """Enrolments and learners by Telegram's number, and the broadcast that waits for its confirmation."""

    enrolments: dict[int, EnrolmentId]
    learners: dict[int, int]
    broadcast: int


async def place(store: Store, office: Office) -> Placed:
    """The newcomer's first lesson is due; the other has had it and is silent."""

    async def change(tx: Tx) -> Placed:
        await people.own_cohorts(tx, [COORDINATOR], now=MORNING)
        start_on = MORNING.date() - timedelta(days=10)
        slot = course().cadence.slot
        cohort = await cohorts.create(
            tx, course_id=CourseId("few"), name="C", start_on=start_on, slot=slot, now=MORNING
        )
        assert cohort is not None
        made = {who: await _enrolled(tx, who, cohort) for who in (NEWCOMER, SILENT)}
        await enrolments.look(tx, made[NEWCOMER][1], MORNING)
        await _unanswered(tx, made[SILENT][1], office)
        draft = await broadcasts.draft(tx, author_id=COORDINATOR, cohort_id=cohort, words=WORDS, now=MORNING)
        learners = {who: each[0] for who, each in made.items()}
        return Placed({who: each[1] for who, each in made.items()}, learners, draft)

    return await store.change(change)


async def _enrolled(tx: Tx, who: int, cohort: CohortId) -> tuple[int, EnrolmentId]:
    joined = MORNING - timedelta(days=9)
    named = f"Official {chr(who - NEWCOMER + ord('A'))}"
    learner = await people.welcome(tx, telegram_id=who, name=named, language="en", consent="1", now=joined)
    await people.post(tx, learner, RIYADH, from_on=joined.date())
    made, _ = await enrolments.enrol(tx, learner, cohort, first_on=joined.date(), now=joined)
    return learner, made


async def _unanswered(tx: Tx, enrolment: EnrolmentId, office: Office) -> None:
    await _given(tx, enrolment, course().lessons[0].id, MORNING - timedelta(minutes=30))
    await agenda.replan(tx, office.courses, enrolment, now=MORNING)


async def _given(tx: Tx, enrolment: EnrolmentId, lesson: LessonId, at: datetime) -> AskingId:
    mine = await enrolments.get(tx, enrolment)
    assert mine is not None
    given = await classroom.give_lesson(tx, mine, course(), lesson, on=at.date(), now=at)
    assert given is not None
    asking = await askings.get(tx, given[0])
    assert asking is not None
    await classroom.put(tx, asking, now=at)
    return asking.id
