"""What is due, told by one official in Riyadh (Sunday to Thursday, 08:30, quiet from nine to seven)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from lessons.course import LessonId
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentState
from scheduler.acts import AskRefresher, AskReview, GiveLesson, PauseKindly, Remind, Settle
from scheduler.calendar import Calendar
from scheduler.planner import Plan, plan
from scheduler.quiet_hours import QuietHours
from scheduler.slots import next_slot
from scheduler.standing import DueReview, OpenAsking, Standing
from tests.scheduler.studying import fresh

RIYADH = Calendar("Asia/Riyadh", frozenset({5, 6}))
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
WEEK = {name: date(2026, 11, 29) + timedelta(days=n) for n, name in enumerate(DAYS)}
NEW = LessonId("new")


def at(told: str) -> datetime:
    """`Sun 08:30` in the week of 29 November 2026, local time."""
    day, clock = told.split()
    return RIYADH.instant(WEEK[day], time.fromisoformat(clock))


def standing(**known: Any) -> Standing:
    """An official who joined before the week and has lessons left."""
    joined = RIYADH.instant(date(2026, 11, 25), time(20))
    return replace(fresh(RIYADH, joined, first_on=WEEK["Sun"]), **{"next_lesson": NEW} | known)


def asking(
    state: AskingState = AskingState.PUT,
    *,
    kind: AskingKind = AskingKind.DAY,
    put: str = "Sun 08:30",
    chosen: str | None = None,
    id_: int = 1,
    nudges: int = 0,
    nudged: str | None = None,
) -> OpenAsking:
    return OpenAsking(
        AskingId(id_),
        kind,
        state,
        None if state is AskingState.PLANNED else at(put),
        at(chosen) if chosen else None,
        nudges,
        WEEK[nudged] if nudged else None,
    )


def reviews(*due: str | int) -> tuple[DueReview, ...]:
    """Reviews due on those days of the week, or that many days before its Sunday."""
    days = [WEEK[d] if isinstance(d, str) else WEEK["Sun"] - timedelta(days=d) for d in due]
    return tuple(DueReview(LessonId(f"old-{n}"), day) for n, day in enumerate(days))


def told(found: Plan) -> str:
    """A plan in one line: acts, then when to look again."""
    words = []
    for act in found.acts:
        match act:
            case GiveLesson():
                words.append(f"lesson {act.lesson} for {act.on:%a}, due {RIYADH.local(act.due_at):%H:%M}")
            case AskReview():
                words.append(f"review {act.lesson} for {act.on:%a}, due {RIYADH.local(act.due_at):%H:%M}")
            case AskRefresher():
                words.append(f"refresher for {act.on:%a}, due {RIYADH.local(act.due_at):%H:%M}")
            case Remind():
                words.append(f"remind {act.asking} {act.n} {RIYADH.local(act.due_at):%H:%M}")
            case PauseKindly():
                words.append(f"pause {act.asking} {RIYADH.local(act.due_at):%H:%M}")
            case Settle():
                words.append(f"settle {act.asking} {RIYADH.local(act.at):%a %H:%M}")
    look = f"{RIYADH.local(found.look_at):%a %H:%M}" if found.look_at else "never"
    return "; ".join([*words, f"look {look}"])


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("Sun 08:29", "look Sun 08:30"),
        ("Sun 08:30", "lesson new for Sun, due 08:30; look never"),
        ("Sun 20:59", "lesson new for Sun, due 08:30; look never"),  # a late tick
        ("Sun 21:00", "look Mon 08:30"),  # too late: not by night, the next slot
        ("Mon 03:00", "look Mon 08:30"),
        ("Thu 21:00", "look Sun 08:30"),
        ("Fri 08:30", "look Sun 08:30"),
    ],
)
def test_a_lesson_comes_at_its_slot_or_the_next(now: str, says: str) -> None:
    assert told(plan(standing(), at(now))) == says


def test_a_slot_has_passed_when_quiet_hours_begin_however_early_they_end() -> None:
    known = standing(quiet=QuietHours(time(18), time(23)))
    assert told(plan(known, at("Sun 17:59"))) == "lesson new for Sun, due 08:30; look never"
    assert told(plan(known, at("Sun 23:10"))) == "look Mon 08:30"


def test_a_late_lesson_waits_out_quiet_hours_that_clocks_repeat() -> None:
    london = Calendar("Europe/London", frozenset({5, 6}))
    joined = datetime.fromisoformat("2026-10-24T12:00+00:00")
    quiet = QuietHours(time(20), time(1, 30))
    known = fresh(london, joined, slot=time(1, 30), quiet=quiet, first_on=date(2026, 10, 25))
    second_ten_past_one = datetime.fromisoformat("2026-10-25T01:10+00:00")
    found = plan(replace(known, next_lesson=NEW), second_ten_past_one)
    assert found == Plan((), datetime.fromisoformat("2026-10-25T01:30+00:00"))


@pytest.mark.parametrize(
    ("known", "now", "says"),
    [
        ({"first_on": WEEK["Tue"]}, "Sun 09:00", "look Tue 08:30"),
        ({"first_on": WEEK["Fri"]}, "Sun 09:00", "look Sun 08:30"),
        ({"free_since_at": at("Sun 08:30")}, "Sun 09:00", "look Mon 08:30"),  # free too late for today
        ({"free_since_at": at("Sun 08:29")}, "Sun 09:00", "lesson new for Sun, due 08:30; look never"),
        ({"last_lesson_on": WEEK["Sun"]}, "Sun 08:30", "look Mon 08:30"),  # had it early, by /today
        ({"asked_on": (WEEK["Sun"],) * 2}, "Sun 08:30", "look Mon 08:30"),  # the day is full
        ({"asked_on": (WEEK["Sun"],)}, "Sun 08:30", "lesson new for Sun, due 08:30; look never"),
        ({"next_lesson": None}, "Sun 08:30", "look never"),
        ({"slot": time(22)}, "Sun 06:59", "look Sun 07:00"),  # a slot in quiet hours goes to their end
        ({"slot": time(6)}, "Sun 07:00", "lesson new for Sun, due 07:00; look never"),
    ],
)
def test_a_slot_counts_when_all_allows_it(known: dict[str, Any], now: str, says: str) -> None:
    assert told(plan(standing(**known), at(now))) == says


@pytest.mark.parametrize(
    ("open_asking", "now", "says"),
    [
        (asking(AskingState.PLANNED), "Mon 08:30", "look never"),
        (asking(AskingState.PUT), "Sun 08:31", "look Sun 12:30"),
        (asking(AskingState.CHOSEN, chosen="Mon 08:31"), "Mon 08:31", "look Tue 00:00"),
        (asking(AskingState.CHOSEN, chosen="Mon 00:30"), "Mon 00:30", "look Mon 08:30"),  # the slot waits no longer
    ],
)
def test_while_a_lesson_is_open_nothing_new_is_sent(open_asking: OpenAsking, now: str, says: str) -> None:
    assert told(plan(standing(open=(open_asking,), reviews=reviews("Sun")), at(now))) == says


@pytest.mark.parametrize(
    ("known", "says"),
    [
        (
            {"reviews": reviews("Sun")},
            "lesson new for Sun, due 08:30; review old-0 for Sun, due 08:30; look never",
        ),
        ({"reviews": reviews("Mon")}, "lesson new for Sun, due 08:30; look never"),
        (
            {"reviews": reviews(2, 5, 1)},  # the oldest first, one only
            "lesson new for Sun, due 08:30; review old-1 for Sun, due 08:30; look never",
        ),
        ({"reviews": reviews("Sun"), "asked_on": (WEEK["Sun"],)}, "lesson new for Sun, due 08:30; look never"),
        (
            {"reviews": reviews("Sun"), "open": (asking(kind=AskingKind.REVIEW, put="Sun 08:00"),)},
            "lesson new for Sun, due 08:30; look never",
        ),
        (
            {"reviews": reviews("Sun"), "last_lesson_on": WEEK["Sun"], "asked_on": (WEEK["Sun"],)},
            "review old-0 for Sun, due 08:30; look Mon 08:30",
        ),
        (
            {"reviews": reviews(*range(1, 11))},  # ten overdue: still one new and one repeat
            "lesson new for Sun, due 08:30; review old-9 for Sun, due 08:30; look never",
        ),
        (
            {"reviews": reviews(*range(1, 12))},  # eleven: two repeats take the day
            "review old-10 for Sun, due 08:30; review old-9 for Sun, due 08:30; look Mon 08:30",
        ),
        (
            {"reviews": reviews(3, 2, 1), "next_lesson": None},
            "review old-0 for Sun, due 08:30; review old-1 for Sun, due 08:30; look never",
        ),
    ],
)
def test_reviews_fill_the_day_up_to_the_cap(known: dict[str, Any], says: str) -> None:
    assert told(plan(standing(**known), at("Sun 08:30"))) == says


def test_the_next_review_is_looked_for_on_the_first_working_day_from_its_date() -> None:
    assert told(plan(standing(next_lesson=None, reviews=reviews("Fri", "Tue")), at("Tue 21:00"))) == "look Wed 08:30"
    assert told(plan(standing(next_lesson=None, reviews=reviews("Fri")), at("Tue 21:00"))) == "look Sun 08:30"


@pytest.mark.parametrize(
    ("open_asking", "now", "says"),
    [
        (asking(), "Sun 12:30", "remind 1 1 12:30; look Mon 09:00"),
        (asking(nudges=1, nudged="Sun"), "Mon 09:00", "remind 1 2 09:00; look Wed 09:00"),
        (asking(nudges=2, nudged="Mon"), "Wed 09:00", "remind 1 3 09:00; look Thu 09:00"),
        (asking(nudges=3, nudged="Wed"), "Thu 09:00", "pause 1 09:00; look never"),
        (asking(nudges=4, nudged="Thu"), "Sat 09:00", "look never"),
        (asking(nudges=1, nudged="Sun"), "Tue 23:00", "look Wed 09:00"),  # an outage: not by night
        (asking(nudges=1, nudged="Sun"), "Tue 11:00", "remind 1 2 11:00; look Wed 09:00"),
        (asking(nudges=1, nudged="Mon"), "Mon 12:00", "look Tue 09:00"),  # never two a day
    ],
)
def test_an_open_lesson_is_nudged_about(open_asking: OpenAsking, now: str, says: str) -> None:
    assert told(plan(standing(open=(open_asking,)), at(now))) == says


def test_the_lesson_is_nudged_about_before_an_older_review() -> None:
    review = asking(kind=AskingKind.REVIEW, put="Sun 08:00", id_=7)
    assert told(plan(standing(open=(review, asking())), at("Sun 12:30"))).startswith("remind 1 1")


def test_the_oldest_review_is_nudged_about_first() -> None:
    newer = asking(kind=AskingKind.REVIEW, put="Sun 08:31", id_=7)
    older = asking(kind=AskingKind.REVIEW, put="Sun 08:30", id_=8)
    known = standing(open=(newer, older), next_lesson=None)
    assert told(plan(known, at("Sun 12:31"))) == "remind 8 1 12:31; look Mon 09:00"


@pytest.mark.parametrize(
    "known",
    [
        {"open": (asking(), asking(kind=AskingKind.REVIEW, id_=2, nudges=1, nudged="Sun"))},
        {"open": (asking(),), "nudged_on": WEEK["Sun"]},  # about an asking that is closed by now
    ],
)
def test_any_nudge_of_the_day_is_the_only_one(known: dict[str, Any]) -> None:
    assert told(plan(standing(**known), at("Sun 12:30"))) == "look Mon 09:00"


@pytest.mark.parametrize(
    ("quiet", "says"),
    [
        (QuietHours(time(12), time(14)), "look Sun 14:00"),
        (QuietHours(time(9), time(17)), "look Sun 17:00"),  # no working hour is free
    ],
)
def test_a_nudge_waits_for_the_end_of_quiet_hours(quiet: QuietHours, says: str) -> None:
    assert told(plan(standing(open=(asking(),), quiet=quiet), at("Sun 12:30"))) == says


@pytest.mark.parametrize("state", [s for s in EnrolmentState if s is not EnrolmentState.WITHDRAWN])
def test_midnight_settles_an_answer_without_a_second_tap(state: EnrolmentState) -> None:
    known = standing(state=state, open=(asking(AskingState.CHOSEN, chosen="Sun 09:00"),), next_lesson=None)
    assert told(plan(known, at("Sun 23:59"))) == "look Mon 00:00"
    assert told(plan(known, at("Mon 00:00"))) == "settle 1 Mon 00:00; look never"


def test_after_an_outage_midnight_is_made_up_for_and_the_day_begins() -> None:
    known = standing(open=(asking(AskingState.CHOSEN, chosen="Sun 09:00"),))
    assert told(plan(known, at("Mon 10:00"))) == "settle 1 Mon 00:00; lesson new for Mon, due 08:30; look never"


@pytest.mark.parametrize(
    "state", [EnrolmentState.INVITED, EnrolmentState.PAUSED, EnrolmentState.COMPLETED, EnrolmentState.WITHDRAWN]
)
def test_only_an_active_enrolment_is_taught(state: EnrolmentState) -> None:
    known = standing(state=state, reviews=reviews("Sun"), open=(asking(kind=AskingKind.REVIEW),))
    assert told(plan(known, at("Mon 08:30"))) == "look never"


def test_a_withdrawn_enrolment_is_left_alone() -> None:
    chosen = asking(AskingState.CHOSEN, chosen="Sun 09:00")
    assert told(plan(standing(state=EnrolmentState.WITHDRAWN, open=(chosen,)), at("Mon 08:30"))) == "look never"


@pytest.mark.parametrize(
    ("on", "now", "says"),
    [
        ("Mon", "Sun 08:30", "look Mon 08:30"),
        ("Mon", "Mon 08:30", "refresher for Mon, due 08:30; look never"),
        ("Mon", "Mon 20:00", "refresher for Mon, due 08:30; look never"),
        ("Mon", "Mon 22:00", "look Tue 08:30"),
        ("Fri", "Fri 08:30", "look Sun 08:30"),
    ],
)
def test_an_alumna_is_asked_at_the_slot_of_a_working_day(on: str, now: str, says: str) -> None:
    known = standing(state=EnrolmentState.COMPLETED, refresher_on=WEEK[on])
    assert told(plan(known, at(now))) == says


def test_an_open_refresher_gets_no_reminders_and_no_second_one() -> None:
    opened = asking(kind=AskingKind.REFRESHER)
    known = standing(state=EnrolmentState.COMPLETED, refresher_on=WEEK["Sun"], open=(opened,))
    found = plan(known, at("Tue 10:00"))
    assert told(found) == "look Sun 08:30"
    assert found.look_at == at("Sun 08:30") + timedelta(days=14)  # it is taken back when the next one is due


def test_an_alumna_who_stopped_is_not_asked() -> None:
    assert told(plan(standing(state=EnrolmentState.COMPLETED), at("Sun 08:30"))) == "look never"


@pytest.mark.parametrize(
    ("slot", "after", "not_before", "found"),
    [
        ("08:30", "Sun 08:29", "Sun", "Sun 08:30"),
        ("08:30", "Sun 08:30", "Sun", "Mon 08:30"),
        ("08:30", "Sun 08:30", "Wed", "Wed 08:30"),
        ("22:00", "Sun 08:30", "Sun", "Mon 07:00"),
        ("05:00", "Sun 06:00", "Sun", "Sun 07:00"),
        ("20:00", "Wed 20:00", "Sun", "Thu 20:00"),
    ],
)
def test_the_next_slot(slot: str, after: str, not_before: str, found: str) -> None:
    at_ = next_slot(RIYADH, time.fromisoformat(slot), after=at(after), not_before=WEEK[not_before], quiet=QuietHours())
    assert at_ == at(found)


def test_a_day_that_the_date_line_skips_has_no_slot() -> None:
    apia = Calendar("Pacific/Apia", frozenset({7}))
    after = apia.instant(date(2011, 12, 29), time(12))
    found = next_slot(apia, time(8, 30), after=after, not_before=date(2011, 12, 29), quiet=QuietHours())
    assert found == datetime.fromisoformat("2011-12-31T08:30+14:00")
