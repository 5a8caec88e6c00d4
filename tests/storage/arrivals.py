"""The first chapters of the walk: coordinators, cohorts, people, their days and enrolments."""

from datetime import UTC, date, datetime, time, timedelta

from lessons.course import CourseId, LessonId
from lessons.enrolment import CohortId, EnrolmentId, EnrolmentState, LearnerId
from scheduler.calendar import ShortDays
from scheduler.delivery import Reach
from scheduler.placenames import Place
from scheduler.spans import Span
from storage import (
    audit,
    calendars,
    cohorts,
    colleagues,
    enrolments,
    forgetting,
    meta,
    people,
    relinks,
    roster_drafts,
    rosters,
)
from tests.storage.tape import Tape

COURSE = CourseId("small")
FIRST, SECOND = LessonId("two-edges"), LessonId("visas")
NOW = datetime(2026, 3, 1, 6, 0, 0, 123456, tzinfo=UTC)
TODAY = date(2026, 3, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JEDDAH = Place("Jeddah", "SA", "Saudi Arabia", None, "Asia/Riyadh")
SYDNEY = Place("Sydney", "AU", "Australia", "NSW", "Australia/Sydney")


async def arrive(tape: Tape) -> tuple[CohortId, LearnerId, LearnerId]:
    await tape.read(meta.get, meta.BOT_USERNAME)
    for name in ("attache_bot", "attache_test_bot"):
        await tape.change(meta.put, meta.BOT_USERNAME, name)
    await tape.change(meta.put, forgetting.SALT, "salt older")
    await tape.read(meta.get, meta.BOT_USERNAME)
    for owners in ((9001, 9_007_199_254_740_993), (9001,), ()):
        await tape.change(people.own_cohorts, owners, now=NOW)
    await tape.change(people.own_cohorts, (9001, 9002), now=NOW)
    await tape.change(people.set_zone_of_coordinator, 9001, "Asia/Dhaka")
    for number in (9001, 9_007_199_254_740_993):
        await tape.read(people.is_coordinator, number)
        await tape.read(people.zone_of_coordinator, number)
    await tape.read(people.coordinators)
    made = {"course_id": COURSE, "start_on": TODAY, "slot": time(8, 30), "now": NOW}
    cohort_id = await tape.change(cohorts.create, name="Gulf 2026", **made)
    assert cohort_id is not None
    await tape.change(cohorts.create, name="Gulf 2026", **made)
    await tape.change(cohorts.create, name="Asia 2026", **made)
    await _colleagues(tape)
    await tape.change(cohorts.invite, cohort_id, code="RAIN-42", uses=2, expires_at=NOW + DAY, now=NOW)
    invitation = await tape.read(cohorts.by_code, "RAIN-42", now=NOW)
    assert invitation is not None
    for _ in range(3):
        await tape.change(cohorts.use, invitation.id)
    await tape.read(cohorts.by_code, "RAIN-42", now=NOW + DAY)
    await tape.read(cohorts.by_code, "SUN-1", now=NOW)
    asha, babu = [
        await tape.change(people.welcome, telegram_id=n, name=name, language="en", consent="1", now=NOW)
        for n, name in ((7_111_222_333_444, "Asha Rahman"), (102, "Babu"))
    ]
    await tape.change(people.welcome, telegram_id=102, name="Babu আলী", language="en", consent="2", now=NOW + HOUR)
    return cohort_id, asha, babu


async def days(tape: Tape, cohort_id: CohortId, asha: LearnerId, babu: LearnerId) -> None:
    await tape.change(people.post, asha, JEDDAH, from_on=TODAY - 30 * DAY)
    await tape.change(people.post, asha, SYDNEY, from_on=TODAY + 30 * DAY)
    await tape.change(people.post, babu, SYDNEY, from_on=TODAY)
    for days in ({7, 1, 3}, None, {1, 2}):
        await tape.change(calendars.set_days, asha, TODAY - 30 * DAY, days)
    await tape.change(people.post, babu, JEDDAH, from_on=TODAY + 9 * DAY)
    for _ in range(2):
        await tape.change(calendars.call_off, babu, TODAY + 9 * DAY)
    await tape.change(people.set_slot, asha, time(17, 5))
    await tape.change(people.set_quiet, asha, time(21), time(6, 30))
    await tape.change(people.set_pace, asha, 2)
    await tape.change(people.set_language, babu, "bn")
    await tape.change(people.seen, asha, NOW + HOUR)
    await tape.change(people.set_reach, babu, Reach.BLOCKED)
    for at in (NOW, NOW + 60 * DAY):
        await tape.read(people.by_id, asha, now=at)
    await tape.read(people.learner_of, 102, now=NOW)
    await tape.read(people.learner_of, 5, now=NOW)
    await tape.read(calendars.postings, asha)
    kept, brief, gone = [
        await tape.change(calendars.take_leave, asha, Span(TODAY + n * DAY, TODAY + (n + 4) * DAY), kind=kind, now=NOW)
        for n, kind in ((0, "leave"), (10, "crisis"), (20, "leave"))
    ]
    await tape.change(calendars.end_leave, asha, brief, last_on=TODAY + 11 * DAY)
    await tape.change(calendars.end_leave, asha, gone, last_on=TODAY)
    await tape.change(calendars.end_leave, babu, kept, last_on=TODAY)
    await tape.read(calendars.leaves, asha)
    week = Span(TODAY, TODAY + 6 * DAY)
    await tape.change(calendars.declare_crisis, JEDDAH, week, whole_country=False, now=NOW)
    await tape.change(calendars.declare_crisis, SYDNEY, week, whole_country=True, now=NOW)
    for countries in ({"SA", "AU"}, {"SA"}, set[str]()):
        await tape.read(calendars.crisis_weeks, countries)
    for off in (True, False):
        await tape.change(calendars.set_day, cohort_id, TODAY + DAY, off=off)
    await tape.change(calendars.set_day, cohort_id, TODAY + 2 * DAY, off=True)
    await tape.read(calendars.own_days, cohort_id)
    for country, place in (("SA", "Jeddah"), ("SA", "Riyadh"), ("AU", None)):
        await tape.read(calendars.learners_at, country, place)
    await tape.change(cohorts.set_calendar, cohort_id, deadline_on=TODAY + 90 * DAY, pace=2, bar=70)
    await tape.change(cohorts.set_short_days, cohort_id, ShortDays(week, time(9), time(14)))
    await tape.read(cohorts.get, cohort_id)
    await tape.change(cohorts.set_short_days, cohort_id, None)
    await tape.read(cohorts.by_name, "Gulf 2026")
    await tape.read(cohorts.by_name, "gulf 2026")
    await tape.read(cohorts.every)


async def enrol(tape: Tape, cohort_id: CohortId, asha: LearnerId, babu: LearnerId) -> tuple[EnrolmentId, EnrolmentId]:
    hers, _ = await tape.change(enrolments.enrol, asha, cohort_id, first_on=TODAY, now=NOW)
    his, _ = await tape.change(enrolments.enrol, babu, cohort_id, first_on=TODAY + DAY, now=NOW)
    await tape.change(enrolments.set_state, his, EnrolmentState.WITHDRAWN)
    await tape.read(enrolments.of_learner, babu)
    await tape.change(enrolments.enrol, babu, cohort_id, first_on=TODAY, now=NOW + HOUR)
    await tape.change(enrolments.set_state, hers, EnrolmentState.COMPLETED, completed_at=NOW)
    await tape.change(enrolments.change, hers, state="active", completed_at=None, consent_until_on=TODAY + 180 * DAY)
    await tape.change(enrolments.set_free_since, hers, NOW + HOUR)
    await tape.change(enrolments.extend, hers, 7, "a visit of the minister", now=NOW)
    await tape.change(enrolments.look, hers, NOW + 2 * HOUR)
    await tape.change(enrolments.look, his, NOW + HOUR)
    for at, most in ((NOW, 9), (NOW + 2 * HOUR, 9), (NOW + 2 * HOUR, 1)):
        await tape.read(enrolments.due_now, at, limit=most)
    await tape.read(enrolments.next_look)
    await tape.read(enrolments.get, hers)
    await tape.read(enrolments.get, 4_000)
    await tape.read(enrolments.of_cohort, cohort_id)
    await tape.read(enrolments.learners_of, cohort_id)
    await tape.read(calendars.enrolments_of, {asha, babu})
    return hers, his


async def _colleagues(tape: Tape) -> None:
    """Appointed by a link, given cohorts, taken from office; and the trail of it."""
    offer = {"role": "tutor", "made_by": 9001, "expires_at": NOW + DAY, "now": NOW}
    await tape.change(colleagues.offer, code="c-1", cohorts=[1], **offer)
    offered = await tape.read(colleagues.offered, "c-1")
    await tape.read(colleagues.offered, "c-2")
    assert offered is not None
    for who in (9003, 9004):
        await tape.change(colleagues.take, offered.id, who)
    await tape.change(colleagues.appoint, 9003, "tutor", None, name="Farida", now=NOW)
    await tape.change(colleagues.appoint, 9003, "observer", None, name="Farida", now=NOW)
    await tape.change(colleagues.recognise, 9003, "Farida Khan")
    for who in (9001, 9003, 9009):
        await tape.read(colleagues.of, who)
    await tape.read(colleagues.everybody)
    await tape.read(colleagues.in_charge, 1)
    await tape.read(colleagues.in_charge, 1, "observer")
    await tape.read(colleagues.names, {9003, 9009})
    await tape.change(colleagues.widen, 9003, 1)
    for who in (9001, 9003, 9003):
        await tape.change(colleagues.revoke, who, now=NOW)
    await tape.change(audit.note, "role.revoked", actor_id=9001, now=NOW, who=9003)
    await tape.read(audit.page, cohorts=None)
    await tape.read(audit.page, cohorts=frozenset({1}), most=1)


async def roster(tape: Tape, cohort_id: CohortId) -> None:
    """A roster read, compared and imported; its links; an account that moves."""
    sheet = {"file": "roster.csv", "lines": []}
    for author in (9001, 9001):
        draft = await tape.change(roster_drafts.put, author, None, sheet, now=NOW)
        await tape.read(roster_drafts.get, draft)
    await tape.change(roster_drafts.aim, draft, cohort_id)
    for _ in range(2):
        await tape.change(roster_drafts.settle, draft, imported=True)
    await tape.change(roster_drafts.put, 9002, cohort_id, sheet, now=NOW - 9 * DAY)
    await tape.change(roster_drafts.tidy, now=NOW)
    await tape.change(rosters.hold, cohort_id)
    rumana = rosters.Entry("Rumana হক", "Embassy, Riyadh", "Riyadh", "SA", None, "Asia/Riyadh", "bn", sex="female")
    await tape.change(rosters.add, cohort_id, [rumana, rosters.Entry("Habib")], now=NOW)
    first, second = await tape.read(rosters.of_cohort, cohort_id)
    await tape.change(rosters.change, {second.id: rosters.Entry("Habib", "Embassy, Doha", rank="Counsellor")})
    await tape.read(rosters.get, second.id)
    await tape.change(rosters.hand_out, cohort_id, {first.id: "i-1", second.id: "i-2"}, expires_at=NOW + DAY, now=NOW)
    await tape.read(rosters.waiting, cohort_id)
    await tape.read(rosters.hashes, cohort_id)
    personal = await tape.read(cohorts.by_code, "i-1", now=NOW)
    assert personal is not None
    await tape.read(rosters.by_invitation, personal.id)
    await tape.read(rosters.standing, cohort_id, now=NOW)
    await tape.read(rosters.open_link, cohort_id, now=NOW)
    await tape.change(rosters.close, personal.id, now=NOW)
    await tape.read(rosters.standing, cohort_id, now=NOW)


async def relink(tape: Tape, hers: EnrolmentId, asha: LearnerId) -> None:
    """She goes on from another account, and then from the old one again."""
    await tape.read(relinks.known, hers)
    known = await tape.read(relinks.of_learner, asha)
    for cohort_ids in (None, frozenset({99})):
        await tape.read(relinks.named, ["asha"], cohort_ids, most=3)
    for code in ("r-1", "r-2"):
        await tape.change(relinks.offer, asha, code=code, made_by=9001, expires_at=NOW + DAY)
        found = await tape.read(relinks.by_code, code, now=NOW)
        assert found is not None
        for _ in range(2):
            await tape.change(relinks.take, found.id, now=NOW)
    await tape.read(relinks.by_code, "r-2", now=NOW + 2 * DAY)
    for account in (7_000_000_000_001, known[0].telegram_id):
        await tape.change(relinks.move, asha, account)
    await tape.change(rosters.joined, 1, hers)
