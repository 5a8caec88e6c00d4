"""The chapter of the walk in which a question is looked at and put right."""

from typing import Any

from lessons.course import Question, QuestionId, Version
from lessons.enrolment import CohortId, EnrolmentId
from lessons.simulation import MoveId, PlaceId, SimulationId
from storage import answers, corrections, evidence, items, plays, reports, wordings
from tests.storage.arrivals import COURSE, HOUR, NOW, TODAY
from tests.storage.tape import Tape


async def put_right(tape: Tape, cohort_id: CohortId, asked: Question) -> None:
    """The first question is looked at, corrected, and its answers judged anew."""
    for people in (None, 1):
        await tape.read(items.tallies, cohort_id, people=people)
    course, question = COURSE, asked.id
    await tape.change(wordings.keep, course, asked, now=NOW)
    known = await tape.read(corrections.known_words, course, question)
    words = {"stem": "ক?", "key": "b", "choices": [[each, each.upper(), "because"] for each in "abc"]}
    about: dict[str, Any] = {"course_id": course, "question_id": question, "author_id": 9001, "now": NOW}
    made = [await tape.change(corrections.draft, parent=asked.version, words=words, **about) for _ in ("one", "two")]
    await tape.change(corrections.change, made[0], reason="The law changed.")
    found = await tape.read(corrections.get, made[0])
    assert found is not None
    await tape.change(corrections.keep_words, found, Version("f" * 16), words, now=NOW)
    confirmed = {"version": "f" * 16, "state": "confirmed", "confirmed_at": NOW}
    for number in (*made[:1], *made[:1], 4_000):
        await tape.change(corrections.change, number, **confirmed)
        await tape.read(corrections.get, number)
    await tape.read(corrections.undone)
    for which in (question, QuestionId("none")):
        await tape.read(corrections.in_force, course, which)
        await tape.change(corrections.move_open, which, [*known, Version("none")], Version("f" * 16))
        await tape.read(corrections.effects, course, which, list(known))
        for correct in (True, False):
            await tape.read(corrections.who_chose, course, which, list(known), "a", correct=correct, most=3)
    await tape.read(corrections.all_in_force, course)
    await tape.change(corrections.hold, made[0])
    for after in (0, 1):
        read = await tape.read(corrections.attempts_after, found, list(known), after=after, most=2)
        for each in read:
            if after == 0:  # again only once all stand: PostgreSQL spends an id on a row that stands already
                await tape.change(corrections.mark, each.id, made[0], correct=not each.correct, now=NOW)
    await tape.change(corrections.mark, 1, made[0], correct=True, now=NOW)
    await tape.change(corrections.note, made[0], marked_to=7, marked=1, done_at=NOW)
    await tape.read(corrections.undone)


async def play(tape: Tape, cohort_id: CohortId, hers: EnrolmentId) -> None:
    """A case decided, ended, and decided otherwise from its turning point."""
    one, scene = SimulationId("the-call"), PlaceId("the-gate")
    first: dict[str, Any] = {"at": "the-gate", "values": {"trust": 2}, "path": []}
    then = first | {"at": "the-end", "path": ["wait"]}
    played = await tape.change(plays.begin, hers, one, first, now=NOW)
    for move in ("wait", "knock"):
        about: dict[str, Any] = {"before": first, "after": then, "now": NOW, "update_id": 9}
        await tape.change(plays.record, played, 0, MoveId(move), **about)
    await tape.change(plays.end, played, PlaceId("the-end"), now=NOW + HOUR)
    again = await tape.change(plays.begin, hers, one, first, replay_of=played, now=NOW + HOUR)
    await tape.change(plays.record, again, 0, MoveId("knock"), before=first, after=then, now=NOW, update_id=None)
    for which in (played, 4_000):
        await tape.read(plays.get, which)
    await tape.read(plays.of_enrolment, hers)
    await tape.read(plays.chosen_at, cohort_id, one, scene)
    await tape.read(plays.regretted, cohort_id, one, scene)
    await tape.read(plays.flows, cohort_id, one)
    await tape.read(plays.first_plays, cohort_id, one)
    await tape.read(plays.people, cohort_id)
    for after in (0, played, 4_000):
        await tape.read(plays.moves_of_cohort, cohort_id, after=after)


async def report(tape: Tape, cohort_id: CohortId) -> None:
    """What is taken out, after a correction."""
    for after in (0, 1):
        await tape.read(answers.of_cohort, cohort_id, after=after)
        await tape.read(reports.progress, cohort_id, TODAY, after=after)
        await tape.read(reports.deliveries, cohort_id, "Gulf", after=after)
    await tape.read(reports.remarks, cohort_id)
    await tape.read(evidence.people, cohort_id, TODAY)
    await tape.read(evidence.last_answers, cohort_id)
