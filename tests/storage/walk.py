"""A course of life that calls every statement of the aggregates once or more, and tells what each answered."""

from datetime import date, datetime, time
from typing import Any

from lessons.catalogue import built_in
from lessons.course import Choice, ChoiceId, Kind, LessonId, Question, QuestionId, Role
from lessons.enrolment import AskingId, AskingKind, CohortId, EnrolmentId, LearnerId, MeasureKind
from scheduler.spacing import Rung
from storage import (
    advances,
    answers,
    askings,
    cohorts,
    concerned,
    enrolments,
    forgetting,
    ladders,
    measures,
    people,
    relinks,
    rolls,
    roster_drafts,
    rosters,
    teaching,
    whereabouts,
    wordings,
)
from storage.store import Store
from tests.storage import arrivals, mending, traffic
from tests.storage.arrivals import COURSE, DAY, FIRST, HOUR, NOW, SECOND, TODAY
from tests.storage.tape import Tape

CHOICES = tuple(Choice(ChoiceId(each), f"Choice {each} – “so”", "because") for each in "abc")


def question(name: str) -> Question:
    """A question of the small course."""
    return Question(QuestionId(name), Role.DAY, Kind.CASE, f"{name}: কেন?", CHOICES, ChoiceId("a"), ("s",))


async def walk(store: Store) -> list[tuple[str, Any]]:
    """(statement, answer) from the first coordinator to the last learner forgotten, the tables in between."""
    tape = Tape(store)
    cohort_id, asha, babu = await arrivals.arrive(tape)
    await arrivals.days(tape, cohort_id, asha, babu)
    hers, his = await arrivals.enrol(tape, cohort_id, asha, babu)
    await arrivals.roster(tape, cohort_id)
    await arrivals.relink(tape, hers, asha)
    await _study(tape, hers)
    await _measure(tape, hers, cohort_id)
    await mending.put_right(tape, cohort_id, question("q1"))
    await mending.report(tape, cohort_id)
    await mending.play(tape, cohort_id, hers)
    await _rolls(tape, cohort_id, asha)
    await traffic.deliver(tape, asha, hers)
    await traffic.doubt(tape, asha, hers)
    await traffic.broadcast(tape, cohort_id, asha)
    await traffic.keep_pace(tape)
    await traffic.owe_twice(tape, asha)
    await traffic.receive(tape)
    await tape.everything()
    await _look_ahead(tape, hers, his)
    other = await tape.change(
        cohorts.create, course_id=COURSE, name="Gulf 2027", start_on=TODAY, slot=time(8, 30), now=NOW
    )
    for _ in range(2):
        await tape.change(whereabouts.transfer, his, cohort_id, other, seat=1, turns=3, first_on=TODAY)
    await _forget(tape, cohort_id, asha)
    await tape.everything()
    return tape.told


async def _study(tape: Tape, hers: EnrolmentId) -> None:
    """Day question and review of one lesson, a day question of another; each settled, chosen or open."""
    for lesson in (FIRST, SECOND, FIRST):
        await tape.change(ladders.give, hers, lesson, on=TODAY)
    await tape.change(ladders.mark_given, hers, FIRST, sent_at=NOW, opened_at=NOW + HOUR)
    await tape.read(ladders.lessons_given, hers)
    day, review, open_one = [
        await _asked(tape, hers, lesson, name, kind, on=on)
        for lesson, name, kind, on in (
            (FIRST, "q1", AskingKind.DAY, TODAY),
            (FIRST, "q1", AskingKind.REVIEW, TODAY + 4 * DAY),
            (SECOND, "q2", AskingKind.DAY, TODAY + DAY),
        )
    ]
    await _answered(tape, day, "a", correct=True, at=NOW + HOUR)
    await _answered(tape, review, "b", correct=False, at=NOW + 2 * HOUR)
    await tape.change(askings.record_sure, day, sure=False, now=NOW + 2 * HOUR, update_id=8)
    await tape.change(askings.change, review, feedback_owed=1)
    await tape.read(askings.feedback_owed, hers)
    await tape.change(askings.feedback_given, hers)
    await tape.read(askings.feedback_owed, hers)
    await tape.change(askings.change, open_one, state="put", put_at=NOW, nudges=1, nudged_on=TODAY + DAY)
    for _ in range(2):
        await tape.change(askings.first_opening, open_one, now=NOW)
    for each in (day, review, open_one, AskingId(4_000)):
        await tape.read(askings.get, each)
    await tape.read(askings.open_of, hers)
    await tape.read(askings.of_lesson, hers, FIRST)
    await tape.read(ladders.history, hers)
    await tape.read(ladders.answered, hers, since=NOW + HOUR)
    for since in (TODAY, TODAY + DAY, TODAY + 9 * DAY):
        await tape.read(askings.dates, hers, since=since)
    await tape.read(wordings.of, question("q1").version)
    await tape.change(wordings.keep_title, COURSE, built_in().simulations[1], now=NOW)
    case = await tape.change(
        askings.plan_case, hers, course_id=COURSE, simulation=built_in().simulations[0], on=TODAY, now=NOW
    )
    await tape.change(askings.change, case, state="settled", settled_at=NOW + HOUR)
    await tape.read(ladders.settled_days, hers, AskingKind.CASE)
    await tape.read(ladders.answered, hers, since=NOW)
    for rung in (Rung(1, TODAY + 18 * DAY, False, TODAY), Rung(3, None, True, None)):
        await tape.change(ladders.set_rung, hers, FIRST, rung)
    await tape.read(ladders.rungs, hers)
    await tape.read(ladders.settled_days, hers, AskingKind.DAY)
    await tape.read(teaching.known_questions, COURSE)
    await tape.read(teaching.known_lessons, COURSE)
    for _ in range(2):
        await tape.change(askings.report, day, now=NOW)


async def _asked(tape: Tape, hers: EnrolmentId, lesson: LessonId, name: str, kind: AskingKind, *, on: date) -> AskingId:
    asked = question(name)
    asking, _ = await tape.change(
        askings.plan, hers, course_id=COURSE, lesson_id=lesson, question=asked, kind=kind, on=on, now=NOW
    )
    return asking


async def _answered(tape: Tape, asking: AskingId, choice: str, *, correct: bool, at: datetime) -> None:
    await tape.change(askings.record, asking, choice, correct=correct, now=at, update_id=7)
    await tape.change(askings.record_sure, asking, sure=correct, now=at, update_id=None)
    await tape.change(askings.change, asking, state="settled", settled_at=at)


async def _measure(tape: Tape, hers: EnrolmentId, cohort_id: CohortId) -> None:
    for kind in (MeasureKind.BASELINE, MeasureKind.CHECK_30):
        await tape.change(measures.offer, hers, kind, form=1, on=TODAY)
    await tape.change(measures.withdraw, hers, MeasureKind.CHECK_30)
    await tape.change(measures.change, hers, MeasureKind.BASELINE, state="begun", begun_at=NOW)
    kept = await _asked(tape, hers, SECOND, "k1", AskingKind.KEPT, on=TODAY)
    await _answered(tape, kept, "a", correct=True, at=NOW + HOUR)
    await tape.change(enrolments.hold, hers)
    await tape.read(measures.answered, hers)
    await tape.change(measures.change, hers, MeasureKind.BASELINE, state="done", done_at=NOW + 2 * HOUR)
    await tape.read(measures.of_enrolment, hers)
    await tape.read(measures.done_in, cohort_id)


async def _rolls(tape: Tape, cohort_id: CohortId, asha: LearnerId) -> None:
    await _stand(tape, cohort_id)
    await tape.read(rolls.named)
    await tape.read(rolls.taught, cohort_id)
    for on in (TODAY, TODAY + 40 * DAY):
        await tape.read(rolls.serving, cohort_id, on)
        await tape.read(rolls.away, cohort_id, on)
        await tape.read(rolls.crises, cohort_id, on)
    for after in (0, 1, 99):
        await tape.read(answers.of_cohort, cohort_id, after=after, limit=2)
    await tape.read(answers.of_learner, asha)
    for _ in range(2):
        await tape.change(people.seen, asha, NOW + 2 * HOUR)
        await tape.change(askings.not_silent, asha)
    await _stand(tape, cohort_id)


async def _stand(tape: Tape, cohort_id: CohortId) -> None:
    """Where the people of a cohort stand, in counts, pages and pictures."""
    await tape.read(whereabouts.census, cohort_id, now=NOW)
    await tape.read(whereabouts.counts, cohort_id, TODAY)
    for group in ("silent", "active", "invited"):
        await tape.read(whereabouts.page, cohort_id, group, TODAY, skipped=0, most=8)
    for enrolment, learner in await tape.read(whereabouts.silent, cohort_id):
        await tape.read(whereabouts.of, enrolment, TODAY)
        await tape.read(whereabouts.has_place, learner, cohort_id)
    await tape.read(whereabouts.of, EnrolmentId(9_999), TODAY)
    await tape.read(whereabouts.invited, cohort_id)
    await tape.read(whereabouts.places_left, cohort_id, now=NOW)
    await tape.read(whereabouts.nudge, ["nudge:1:2026-11-22"])
    await tape.read(advances.people, cohort_id)
    await tape.read(advances.lessons_by_day, cohort_id)
    await tape.read(advances.completed_by_day, cohort_id)
    await tape.read(advances.by_lesson, cohort_id)
    await tape.read(advances.by_mission, cohort_id, TODAY)
    await tape.read(concerned.count, cohort_id)
    await tape.read(concerned.first, cohort_id, most=2)
    await tape.read(concerned.learners, cohort_id)
    await tape.change(concerned.look_soon, cohort_id, NOW)
    await tape.change(concerned.begin_on, cohort_id, lambda _: TODAY)


async def _look_ahead(tape: Tape, *enrolled: EnrolmentId) -> None:
    await tape.change(enrolments.look_soon, enrolled, NOW)
    await tape.change(enrolments.look_soon, [], NOW)
    await tape.read(enrolments.due_now, NOW, limit=1)
    await tape.change(enrolments.our_turn)
    for at in (NOW - HOUR, NOW):
        await tape.read(enrolments.is_due, enrolled[0], at)
    await tape.change(enrolments.look, enrolled[0], None)
    await tape.read(enrolments.is_due, enrolled[0], NOW)
    await tape.read(enrolments.due_now, NOW, limit=9)


async def _forget(tape: Tape, cohort_id: CohortId, asha: LearnerId) -> None:
    await tape.change(forgetting.forget, 7_111_222_333_444, NOW, asked_in=4)
    await tape.change(forgetting.forget, 7_111_222_333_444, NOW)
    (salt, *_) = await tape.change(forgetting.salts)
    await tape.change(forgetting.forget_again, {forgetting.hash_of(salt, 102): NOW})
    await tape.change(rosters.forget, asha, now=NOW)
    await tape.change(relinks.forget, asha)
    await tape.change(roster_drafts.drop_all)
    await tape.read(people.by_id, asha, now=NOW)
    await tape.read(rolls.named)
    await tape.read(answers.of_cohort, cohort_id)
