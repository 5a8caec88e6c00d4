"""Every rule of the year is broken once by hand and the oracle sees it; what the rules allow it lets pass."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.year.oracle import RULES, explain, judge
from tests.year.places import weekend_of
from tests.year.records import Absence, ClockStep, Down, Event, Extension, Posting, Ramadan, Record, Story
from tests.year.replay import AFTER_RIGHT, AFTER_WRONG, AFTER_WRONG_AND_SURE

SAT_SUN = frozenset({6, 7})
LONDON = Posting(date(2026, 9, 4), "GB", "ENG", "Europe/London", SAT_SUN)
RIYADH = Posting(date(2026, 9, 4), "SA", None, "Asia/Riyadh", frozenset({5, 6}))
ANGELES = Posting(date(2026, 9, 4), "US", "CA", "America/Los_Angeles", SAT_SUN)
TOKYO = Posting(date(2026, 9, 16), "JP", None, "Asia/Tokyo", SAT_SUN)
EVER = datetime(2026, 9, 1, tzinfo=UTC)


def moment(text: str, zone: str = "Europe/London") -> datetime:
    """`09-07 08:30` of the academic year that begins in September 2026, in London unless told otherwise."""
    local = datetime.strptime(text, "%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone))
    return local.replace(year=2026 if local.month >= 9 else 2027).astimezone(UTC)


SOMEONE = Story(
    id=1,
    joined_at=moment("09-04 10:00"),
    first_on=date(2026, 9, 7),
    slot=time(8, 30),
    quiet_from=time(21),
    quiet_until=time(7),
    postings=(LONDON,),
)
JOINING = "09-04 10:01 check baseline; 09-04 10:20 answered baseline right"


def heard(text: str) -> tuple[Event, ...]:
    """`09-07 08:30 lesson a; 09-07 08:40 answered a right sure; 09-08 13:00 remind b 1`, a zone as `@Asia/Tokyo`."""
    return tuple(_event(line.split()) for line in text.replace("\n", ";").split(";") if line.strip())


def _event(words: list[str]) -> Event:
    zone = next((word[1:] for word in words if word.startswith("@")), "Europe/London")
    words = [word for word in words if not word.startswith("@")]
    at, kind, said = moment(" ".join(words[:2]), zone), words[2], words[3:]
    correct = True if "right" in said else False if "wrong" in said else None
    n = int(said[1]) if kind == "remind" else 0
    sure = None if correct is None else "sure" in said
    return Event(at, kind, said[0] if said else "", n, correct, sure)  # type: ignore[arg-type]


def told(
    text: str,
    until: str,
    story: Story = SOMEONE,
    lessons: str = "abcdef",
    down: tuple[Down, ...] = (),
    steps: tuple[ClockStep, ...] = (),
) -> dict[str, str]:
    """Broken rules and the first sentence of each, after a joining without fault."""
    record = Record(story, heard(JOINING) + heard(text), tuple(lessons), moment(until))
    found = judge(record, down, steps)
    assert all(finding.story_id == story.id for finding in found)
    return {finding.rule: finding.sentence for finding in reversed(found)}


THREE_DAYS = """09-07 08:30 lesson a; 09-07 08:40 answered a right sure
09-08 08:30 lesson b; 09-08 08:45 answered b right
09-09 08:30 lesson c; 09-09 20:15 answered c wrong sure"""
MONDAY = "09-07 08:30 lesson a"
CHAIN = f"{MONDAY}; 09-07 12:30 remind a 1; 09-08 09:00 remind a 2; 09-10 09:00 remind a 3"
PAUSED = f"{CHAIN}; 09-11 09:00 pause a"


def test_three_days_without_fault_pass() -> None:
    assert told(THREE_DAYS, "09-09 23:00") == {}


def test_a_chain_that_ends_in_a_pause_passes_and_the_lesson_may_be_offered_again() -> None:
    assert told(PAUSED, "10-30 12:00") == {}
    resumed = "09-13 22:30 resume; 09-13 22:31 lesson a; 09-14 07:50 answered a right"
    assert told(f"{PAUSED}; {resumed}; 09-14 08:30 lesson b", "09-14 23:00") == {}


HOURS = {
    "before the slot": ("09-07 08:29 lesson a", "before the slot"),
    "in quiet hours": ("09-07 21:00 lesson a", "quiet hours"),
    "on a Saturday": (f"{MONDAY}; 09-07 09:00 answered a right; 09-12 08:30 lesson b", "not worked in GB"),
    "before the first day": ("09-04 11:00 lesson a", "before the first day"),
    "a review on a Sunday": (f"{MONDAY}; 09-07 09:00 answered a wrong sure; 09-13 09:00 review a", "not worked"),
}


@pytest.mark.parametrize(("text", "said"), HOURS.values(), ids=HOURS)
def test_a_question_at_a_wrong_hour_is_found(text: str, said: str) -> None:
    assert said in told(text, "09-07 08:31")["hours"]


def test_working_days_are_those_of_host_home_and_cohort() -> None:
    victory = replace(SOMEONE, first_on=date(2026, 12, 16), joined_at=moment("12-10 10:00"))
    lesson = (Event(moment("12-16 08:30"), "lesson", "a"),)

    def hours(story: Story) -> bool:
        record = Record(story, lesson, ("a",), moment("12-16 08:31"), measures=False)
        return "hours" in {finding.rule for finding in judge(record)}

    assert hours(victory)  # Bangladesh's Victory Day, in London
    assert not hours(replace(victory, days_off_struck=frozenset({date(2026, 12, 16)})))
    assert not hours(replace(victory, postings=(replace(LONDON, home=()),)))
    assert hours(replace(victory, postings=(replace(LONDON, home=()),), days_off_also=frozenset({date(2026, 12, 16)})))


def test_an_absence_counts_from_the_instant_at_which_it_was_declared() -> None:
    leave = Absence(date(2026, 9, 7), date(2026, 9, 8), "leave", moment("09-07 08:20"))
    assert "hours" in told(MONDAY, "09-07 08:31", replace(SOMEONE, absences=(leave,)))
    late = replace(leave, declared_at=moment("09-07 08:31"))
    assert told(MONDAY, "09-07 23:00", replace(SOMEONE, absences=(late,))) == {}
    assert told("", "09-08 23:00", replace(SOMEONE, absences=(leave,))) == {}


def test_a_slot_inside_quiet_hours_waits_for_their_end_and_one_outside_ramadans_window_for_its_start() -> None:
    sleeper = replace(SOMEONE, quiet_until=time(9))
    assert "hours" in told(MONDAY, "09-07 08:59", sleeper)
    assert told("09-07 09:00 lesson a", "09-07 23:00", sleeper) == {}
    evening = replace(SOMEONE, slot=time(20), quiet_from=time(18), quiet_until=time(10))
    assert told("09-07 10:00 lesson a", "09-07 23:00", evening) == {}
    fasting = replace(SOMEONE, ramadan=Ramadan(date(2026, 9, 1), date(2026, 9, 30), time(10), time(14)))
    assert "hours" in told("09-07 09:59 lesson a", "09-07 09:59", fasting)
    assert told("09-07 10:00 lesson a", "09-07 23:00", fasting) == {}


NUDGES = {
    "a first one sooner than four hours": (f"{MONDAY}; 09-07 12:29 remind a 1", "sooner than 4 hours"),
    "two on one date": (f"{MONDAY}; 09-07 12:30 remind a 1; 09-07 16:00 remind a 2", "a second nudge on"),
    "after working hours": (f"{MONDAY}; 09-07 17:01 remind a 1", "outside working hours"),
    "on a Saturday": (f"{MONDAY}; 09-12 10:00 remind a 1", "not worked"),
    "about what is answered": (f"{MONDAY}; 09-07 12:00 answered a right; 09-07 16:10 remind a 1", "waits for no"),
    "a third too soon": (CHAIN.replace("09-10", "09-09"), "before 3 working days"),
    "a second without a first": (f"{MONDAY}; 09-08 10:00 remind a 2", "after 0 reminders"),
    "a fourth": (f"{CHAIN}; 09-11 09:00 remind a 4", "after 3 reminders"),
    "a pause after two": (f"{CHAIN.rsplit(';', 1)[0]}; 09-10 09:00 pause a", "paused after 2"),
    "while paused": (f"{PAUSED}; 09-14 09:00 remind a 1", "although the person is paused"),
}


@pytest.mark.parametrize(("text", "said"), NUDGES.values(), ids=NUDGES)
def test_a_nudge_against_the_rules_is_found(text: str, said: str) -> None:
    assert said in told(text, "09-14 12:00")["nudges"]


def test_no_nudge_comes_in_leave_nor_sooner_than_four_hours_after_a_resume() -> None:
    away = replace(SOMEONE, absences=(Absence(date(2026, 9, 8), date(2026, 9, 30), "crisis", EVER),))
    assert "not worked" in told(f"{MONDAY}; 09-08 10:00 remind a 1", "09-08 12:00", away)["nudges"]
    soon = f"{PAUSED}; 09-14 09:00 resume; 09-14 12:59 remind a 1"
    assert "sooner than 4 hours" in told(soon, "09-14 13:00")["nudges"]
    assert told(soon.replace("12:59", "13:00"), "09-14 13:00") == {}


def test_quiet_hours_over_the_whole_working_day_leave_its_free_part_to_nudges() -> None:
    night = replace(SOMEONE, quiet_from=time(8), quiet_until=time(18), slot=time(18))
    text = "09-07 18:00 lesson a; 09-07 22:30 remind a 1"
    assert told(text, "09-07 23:00", night) == {}
    assert "nudges" in told(text.replace("22:30", "23:00").replace("09-07 23", "09-08 12"), "09-08 13:00", night)


def lessons_until(day: int) -> str:
    """A lesson answered on each working day from 7 September, right and sure, so that reviews come from the 19th."""
    worked = [n for n in range(7, day + 1) if date(2026, 9, n).isoweekday() < 6]
    names = "abcdefghijklmnopqrstuvwxyz"
    lines = [f"09-{n:02} 08:30 lesson {x}; 09-{n:02} 08:40 answered {x} right sure" for n, x in zip(worked, names)]  # noqa: B905
    return "; ".join(lines)


def test_the_cap_of_a_day_and_of_a_backlog_is_kept() -> None:
    mistaken = "09-07 08:30 lesson a; 09-07 08:40 answered a wrong sure; 09-08 08:30 lesson b; "
    mistaken += "09-08 08:40 answered b wrong sure; 09-09 08:30 lesson c; 09-09 08:40 answered c wrong sure; "
    third = "09-14 08:30 review a; 09-14 08:35 answered a right; 09-14 08:40 review b; 09-14 08:45 answered b right; "
    assert "a third question" in told(mistaken + third + "09-14 09:00 lesson d", "09-14 09:01")["cap"]
    assert "while a is unanswered" in told(f"{MONDAY}; 09-08 08:30 lesson b", "09-08 09:00")["cap"]
    many = lessons_until(25)  # fifteen lessons, all due again long before 28 October
    late = f"{many}; 10-28 08:30 lesson p"
    assert "reviews are overdue" in told(late, "10-28 09:00", lessons="abcdefghijklmnopqrst")["cap"]


def test_a_pace_of_three_brings_a_lesson_every_third_working_day() -> None:
    slow = replace(SOMEONE, pace=3)
    steady = f"{MONDAY}; 09-07 09:00 answered a right; 09-10 08:30 lesson b"
    assert told(steady, "09-11 23:00", slow) == {}
    assert "faster than one in 3" in told(steady.replace("09-10", "09-09"), "09-09 23:00", slow)["cap"]
    assert "no lesson on Thu" in told(steady.split("; 09-10", maxsplit=1)[0], "09-10 23:00", slow)["missed"]


DOUBLED = {
    "the same lesson": (f"{MONDAY}; 09-07 09:00 answered a right; 09-08 08:30 lesson a", "was sent already"),
    "two lessons on one date": (f"{MONDAY}; 09-07 09:00 answered a right; 09-07 10:00 lesson b", "a second lesson on"),
    "a lesson that waits": (f"{MONDAY}; 09-08 08:30 lesson a", "was sent already"),
    "a review that waits": (
        f"{MONDAY}; 09-07 09:00 answered a wrong sure; 09-10 08:30 review a; 09-11 08:30 review a",
        "again while it waits",
    ),
    "a lesson answered before the pause": (
        f"{MONDAY}; 09-07 09:00 answered a right; 09-07 09:10 pause self; 09-08 08:00 resume; 09-08 08:30 lesson a",
        "was sent already",
    ),
}


@pytest.mark.parametrize(("text", "said"), DOUBLED.values(), ids=DOUBLED)
def test_what_comes_twice_is_found(text: str, said: str) -> None:
    assert said in told(text, "09-11 09:00")["doubled"]


def test_a_withdrawn_send_may_be_made_again_that_day_and_its_message_still_answered() -> None:
    again = f"{MONDAY}; 09-07 08:32 withdrawn a; 09-07 08:40 lesson a; 09-07 09:00 answered a right"
    assert told(again, "09-07 23:00") == {}
    healed = f"{MONDAY}; 09-07 08:32 withdrawn a; 09-07 09:00 answered a right; 09-08 08:30 lesson b"
    assert told(healed, "09-08 23:00") == {}
    assert "doubled" in told(healed.replace("lesson b", "lesson a"), "09-08 23:00")


def test_a_lesson_out_of_order_is_found() -> None:
    assert told("09-07 08:30 lesson b", "09-07 23:00") == {"order": "lesson b came where a was next"}


def test_a_working_day_without_its_lesson_is_found_and_one_with_a_reason_is_not() -> None:
    assert "no lesson on Tue 2026-09-08" in told(THREE_DAYS.replace("09-08", "09-09"), "09-09 23:00")["missed"]
    assert told("", "09-07 23:00").keys() == {"missed"}
    assert told("", "09-07 20:59") == {}  # the day is not over
    assert told(MONDAY, "09-08 23:00") == {}  # something waits
    assert told("09-04 12:00 pause self", "09-20 12:00") == {}
    away = replace(SOMEONE, blocked=((moment("09-05 10:00"), moment("10-05 10:00")),))
    assert told("09-07 08:30 blocked", "09-20 12:00", away) == {}


def test_after_an_outage_over_the_slot_the_lesson_comes_the_same_day() -> None:
    out = (Down(moment("09-06 23:00"), moment("09-07 15:00")),)
    assert told("09-07 15:01 lesson a", "09-07 23:00", down=out) == {}
    assert told("", "09-07 23:00", down=out).keys() == {"missed"}
    assert told("", "09-07 23:00", down=(Down(moment("09-06 23:00"), moment("09-07 21:00")),)) == {}


def test_a_review_forgotten_for_more_than_fifteen_working_days_is_found() -> None:
    one = f"{MONDAY}; 09-07 08:40 answered a wrong sure"  # due within the week
    assert told(one, "09-30 23:00", lessons="a") == {}
    assert "review a, due on 2026-09-1" in told(one, "10-05 23:00", lessons="a")["missed"]
    assert told(f"{one}; 09-30 08:30 review a", "10-05 10:00", lessons="a") == {}


def test_a_chain_that_stops_is_found_by_the_eighth_working_day() -> None:
    assert told(CHAIN, "09-17 12:00") == {}  # 7 September and seven working days, the eighth not over
    assert "not paused by the eighth" in told(CHAIN, "09-17 17:00")["missed"]
    away = replace(SOMEONE, absences=(Absence(date(2026, 9, 14), date(2026, 9, 18), "leave", EVER),))
    assert told(CHAIN, "09-23 12:00", away) == {}
    assert told(CHAIN, "09-24 17:00", away).keys() == {"missed"}


EAST = replace(SOMEONE, postings=(ANGELES, TOKYO), first_on=date(2026, 9, 14))
BOTH = """09-14 08:30 lesson a @America/Los_Angeles; 09-14 09:00 answered a right @America/Los_Angeles
09-15 08:30 lesson b @America/Los_Angeles; 09-15 08:45 answered b right @America/Los_Angeles
09-16 08:30 lesson c @Asia/Tokyo; 09-16 09:00 answered c right @Asia/Tokyo"""


def test_eastwards_over_the_date_line_each_local_date_is_served_once() -> None:
    assert told(BOTH, "09-16 13:00", EAST) == {}
    lost = BOTH.rsplit("\n", 1)[0]
    assert "no lesson on Wed 2026-09-16 (JP)" in told(lost, "09-16 13:00", EAST)["missed"]
    twice = f"{BOTH}; 09-16 20:00 lesson d @Asia/Tokyo"
    assert "a second lesson" in told(twice, "09-16 13:00", EAST)["doubled"]
    either = BOTH.replace("09-15 08:30 lesson b", "09-15 17:00 lesson b").replace("09-15 08:45", "09-15 17:10")
    either = either.replace("09-16 08:30", "09-16 10:00").replace("09-16 09:00", "09-16 10:05")
    assert told(either, "09-16 13:00", EAST) == {}  # 17:00 in Los Angeles is 09:00 of the next date in Tokyo


def test_westwards_over_the_date_line_nothing_comes_between_the_dates_and_none_is_served_twice() -> None:
    tokyo, angeles = replace(TOKYO, from_on=date(2026, 9, 4)), replace(ANGELES, from_on=date(2026, 9, 16))
    west = replace(EAST, postings=(tokyo, angeles))
    two = """09-14 08:30 lesson a @Asia/Tokyo; 09-14 09:00 answered a right @Asia/Tokyo
    09-15 08:30 lesson b @Asia/Tokyo; 09-15 09:00 answered b right @Asia/Tokyo"""
    assert told(f"{two}; 09-16 08:30 lesson c @America/Los_Angeles", "09-17 04:30", west) == {}
    between = told(f"{two}; 09-16 08:30 lesson c @Asia/Tokyo", "09-16 06:00", west)
    assert "belongs to no local date" in between["hours"]
    answered = "09-16 08:30 lesson c @America/Los_Angeles; 09-16 08:40 answered c right @America/Los_Angeles"
    again = told(f"{two}; {answered}; 09-16 12:00 lesson d @America/Los_Angeles", "09-17 04:30", west)
    assert "a second lesson on 2026-09-16" in again["doubled"]
    assert "no lesson on Wed 2026-09-16 (US)" in told(two, "09-17 06:00", west)["missed"]


def test_a_transfer_that_nobody_has_told_yet_does_not_count() -> None:
    late = replace(EAST, postings=(ANGELES, replace(TOKYO, declared_at=moment("09-18 10:00"))))
    stayed = BOTH.rsplit("\n", 1)[0] + "\n09-16 08:30 lesson c @America/Los_Angeles"
    assert told(stayed, "09-17 04:30", late) == {}
    assert "doubled" not in told(stayed, "09-17 04:30", EAST)
    assert "missed" in told(stayed, "09-17 04:30", EAST) or "hours" in told(stayed, "09-17 04:30", EAST)


def worked(days: int, *, before: bool = False) -> str:
    """The date so many days after 7 September, or the next (the last before it) that is no weekend."""
    on = date(2026, 9, 7) + timedelta(days=days)
    while on.isoweekday() > 5:
        on += timedelta(days=-1 if before else 1)
    return f"{on:%m-%d}"


ONE = "09-07 08:30 lesson a; 09-07 08:40 answered a right sure"
TWO = f"{ONE}; {worked(AFTER_RIGHT)} 08:30 review a; {worked(AFTER_RIGHT)} 08:40 answered a right sure"
DONE = f"{ONE}; 09-21 08:41 completed; 09-21 08:50 consented alumni"


LADDER = {
    "right and sure": ("right sure", AFTER_RIGHT),
    "right but not sure": ("right", AFTER_RIGHT),
    "wrong and unsure": ("wrong", AFTER_WRONG),
    "wrong and sure": ("wrong sure", AFTER_WRONG_AND_SURE),
}


@pytest.mark.parametrize(("said", "days"), LADDER.values(), ids=LADDER)
def test_a_review_comes_when_it_is_due_and_not_before(said: str, days: int) -> None:
    early, due = worked(days - 1, before=True), worked(days)
    start = f"{MONDAY}; 09-07 08:40 answered a {said}; "
    assert "due on" in told(f"{start}{early} 08:30 review a", f"{early} 12:00", lessons="a")["ladder"]
    assert told(f"{start}{due} 08:30 review a", f"{due} 12:00", lessons="a") == {}


def test_frozen_days_push_a_review_and_a_retired_one_stays_away() -> None:
    away = replace(SOMEONE, absences=(Absence(date(2026, 9, 8), date(2026, 9, 9), "leave", EVER),))
    start = f"{MONDAY}; 09-07 08:40 answered a wrong sure; "  # due by the 11th, and two days later with leave
    assert "due on 2026-09-1" in told(f"{start}09-11 08:30 review a", "09-11 12:00", away, "a")["ladder"]
    assert told(f"{start}09-14 08:30 review a", "09-14 12:00", away, "a") == {}
    assert "retired" in told(f"{TWO}; 10-20 08:30 review a", "10-20 12:00", lessons="ab")["ladder"]
    unsure = f"{TWO.removesuffix(' sure')}; 10-20 08:30 review a"
    assert "ladder" not in told(unsure, "10-20 12:00", lessons="ab")


SHORT = replace(SOMEONE, weeks_to_deadline=1)  # until the 14th
ENDED = "09-15 09:00 ended"


def test_the_end_is_told_once_after_the_deadline_and_nothing_follows() -> None:
    assert told(f"{PAUSED}; {ENDED}", "10-10 12:00", SHORT) == {}
    assert "before the deadline" in told(f"{MONDAY}; 09-14 20:00 ended", "09-14 21:00", SHORT)["deadline"]
    assert "the end was told" in told(f"{MONDAY}; {ENDED}; 09-16 09:00 ended", "09-20 12:00", SHORT)["deadline"]
    assert "quiet hours" in told(f"{MONDAY}; 09-15 00:01 ended", "09-16 12:00", SHORT)["deadline"]
    assert "nobody said so by 2026-09-24" in told(MONDAY, "09-26 12:00", SHORT)["deadline"]
    assert told(f"{MONDAY}; 09-25 09:00 ended", "09-26 12:00", SHORT).keys() == {"deadline"}
    assert "after the deadline" in told(f"{MONDAY}; 09-15 10:00 remind a 1", "09-15 12:00", SHORT)["deadline"]
    after = f"{MONDAY}; {ENDED}; 09-16 10:00 answered a right; 09-21 08:30 review a"
    assert "after the end was told" in told(after, "09-22 12:00", SHORT)["deadline"]


def test_a_deadline_moves_with_the_cohort_the_absences_and_the_extension() -> None:
    cohort = replace(SOMEONE, cohort_start_on=date(2026, 9, 5), cohort_deadline_on=date(2026, 9, 14))  # begins 2 late
    assert told(f"{PAUSED}; 09-17 09:00 ended", "09-18 12:00", cohort) == {}
    assert "deadline" in told(f"{PAUSED}; 09-16 09:00 ended", "09-18 12:00", cohort)
    away = replace(SHORT, absences=(Absence(date(2026, 9, 14), date(2026, 9, 15), "leave", EVER),))  # until the 16th
    assert told(f"{PAUSED}; 09-17 09:00 ended", "09-18 12:00", away) == {}
    assert "deadline" in told(f"{PAUSED}; 09-16 09:00 ended", "09-18 12:00", away)
    longer = replace(SHORT, extensions=(Extension(moment("09-10 10:00"), 7),))
    assert "2026-09-21" in told(f"{PAUSED}; {ENDED}", "09-18 12:00", longer)["deadline"]
    too_late = replace(SHORT, extensions=(Extension(moment("09-16 10:00"), 7),))
    assert told(f"{PAUSED}; {ENDED}", "09-16 09:00", too_late) == {}


QUIET = "10-05 09:00 refresher a; 10-19 09:00 refresher a; 11-02 09:00 refresher a"
CHECKED = "; 10-21 09:00 check check-30"


def test_alumni_are_asked_once_a_fortnight_until_three_stay_unanswered() -> None:
    good = f"{DONE}; {QUIET}; 11-16 09:00 farewell"
    ordered = good.replace("; 11-02", f"{CHECKED}; 11-02")
    assert told(ordered, "12-01 12:00", lessons="a") == {}
    assert "13 days after" in told(f"{DONE}; {QUIET.replace('10-19', '10-18')}", "10-20 12:00", lessons="a")["alumni"]
    assert "after three stayed" in told(f"{ordered}; 11-30 09:00 refresher a", "12-01 12:00", lessons="a")["alumni"]
    assert (
        "after 1 unanswered" in told(f"{DONE}; 10-05 09:00 refresher a; 10-19 09:00 farewell", "10-20 12:00")["alumni"]
    )
    assert "said twice" in told(f"{ordered}; 11-17 09:00 farewell", "12-01 12:00", lessons="a")["alumni"]
    night = ordered.replace("11-16 09:00", "11-16 22:00")
    assert "quiet hours" in told(night, "12-01 12:00", lessons="a")["alumni"]
    answered = f"{DONE}; {QUIET}; 11-02 10:00 answered a right; 11-16 09:00 farewell"
    assert "after 0 unanswered" in told(answered, "11-16 12:00", lessons="a")["alumni"]
    silent = ordered.replace("; 11-16 09:00 farewell", "; 12-21 09:00 check check-90")
    assert told(silent, "04-30 12:00", lessons="a") == {
        "alumni": "three refreshers stayed unanswered and no farewell was said"
    }


def test_alumni_are_asked_with_consent_alone_and_a_year_later_for_it_again() -> None:
    assert "without consent" in told(f"{ONE}; 09-21 08:41 completed; 10-05 09:00 refresher a", "10-06 12:00")["alumni"]
    assert "without consent" in told(f"{DONE}; 09-22 09:00 declined; 10-05 09:00 refresher a", "10-06 12:00")["alumni"]
    assert "before completion" in told(f"{MONDAY}; 09-08 08:30 refresher a", "09-08 12:00")["alumni"]
    assert "not given" in told(f"{ONE}; 09-21 08:41 completed; 10-05 09:00 renewal", "10-06 12:00")["alumni"]
    assert "before a year" in told(f"{DONE}; 10-05 09:00 renewal", "10-06 12:00")["alumni"]
    record = Record(SOMEONE, heard(f"{JOINING}; {DONE}"), ("a",), moment("09-22 10:00"))
    later = moment("09-23 10:00").replace(year=2027)
    for kind, found in (("refresher", True), ("renewal", False)):
        event = Event(later, kind, "a")  # type: ignore[arg-type]
        rules = {f.rule for f in judge(replace(record, events=(*record.events, event)))}
        assert ("alumni" in rules) is found


def test_checks_come_thirty_and_ninety_days_after_the_end_and_once() -> None:
    assert "sooner than 30 days" in told(f"{DONE}; 10-20 09:00 check check-30", "10-21 12:00", lessons="a")["checks"]
    assert told(f"{DONE}{CHECKED}", "12-01 12:00", lessons="a") == {}
    assert "check-30 did not come by" in told(DONE, "11-12 12:00", lessons="a")["checks"]
    away = replace(SOMEONE, blocked=((moment("10-01 10:00"), moment("06-01 10:00")),))
    assert told(DONE, "11-13 12:00", away, lessons="a") == {}
    assert "came twice" in told(f"{DONE}{CHECKED}; 10-22 09:00 check check-30", "10-23 12:00", lessons="a")["checks"]
    assert "came twice" in told("09-07 08:30 check baseline", "09-07 08:31")["checks"]
    bare = Record(SOMEONE, heard(MONDAY), tuple("ab"), moment("09-07 12:00"))
    assert {f.rule for f in judge(bare)} == {"checks"}
    assert judge(replace(bare, measures=False)) == ()


def test_nobody_who_is_paused_blocked_or_gone_is_written_to() -> None:
    away = replace(SOMEONE, blocked=((moment("09-05 10:00"), moment("10-05 10:00")),))
    assert "blocked" in told("09-07 08:30 blocked; 09-08 08:30 lesson a", "09-08 12:00", away)["standing"]
    assert "withdrawn" in told("09-05 10:00 withdrawn; 09-07 08:30 lesson a", "09-08 12:00")["standing"]
    assert "paused" in told("09-05 10:00 pause self; 09-07 08:30 lesson a", "09-08 12:00")["standing"]
    assert "completed" in told(f"{DONE}; 10-05 08:30 review a", "10-06 12:00")["standing"]
    early = replace(SOMEONE, joined_at=moment("09-04 12:00"))
    assert "before the person joined" in told("", "09-04 12:00", early)["standing"]


def test_each_story_ends_with_a_reason() -> None:
    def reason(text: str, until: str, story: Story = SOMEONE) -> str:
        return explain(Record(story, heard(f"{JOINING}; {text}"), tuple("ab"), moment(until)))

    assert reason(DONE, "10-01 12:00") == "completed"
    assert reason(PAUSED, "10-01 12:00") == "paused"
    assert reason("09-05 10:00 withdrawn", "10-01 12:00") == "withdrawn"
    assert reason(MONDAY, "09-08 12:00") == "the deadline 2027-01-25 has not passed or is being told"
    assert reason(MONDAY, "10-01 12:00", SHORT) == ""
    assert "explained" in told("09-07 08:30 blocked", "09-08 12:00")  # nobody blocked the bot
    assert (
        "with 2 lessons unanswered"
        in told(f"{MONDAY}; 09-07 08:31 completed", "09-07 12:00", lessons="ab")["explained"]
    )
    assert "explained" in told(TWO, "10-01 12:00", lessons="a")  # all retired and not completed


def test_a_record_that_cannot_be_believed_is_found() -> None:
    assert "waits for no answer" in told(f"{MONDAY}; 09-07 09:00 answered b right", "09-07 10:00")["record"]
    assert "stands after a later event" in told("09-07 09:30 lesson a; 09-07 09:20 blocked", "09-07 10:00")["record"]


def test_while_the_machines_clock_is_an_hour_wrong_an_hour_is_forgiven() -> None:
    hour = timedelta(hours=1)
    fast = (ClockStep(moment("09-07 06:00"), hour), ClockStep(moment("09-07 20:00"), -hour))
    slow = (ClockStep(moment("09-07 06:00"), -hour), ClockStep(moment("09-07 20:00"), hour))
    assert told("09-07 07:30 lesson a", "09-07 23:00", steps=fast) == {}
    assert told("09-07 09:30 lesson a; 09-07 17:40 remind a 1", "09-07 23:00", steps=slow) == {}
    assert "hours" in told("09-07 07:29 lesson a", "09-07 23:00", steps=fast)
    assert "hours" in told("09-07 07:30 lesson a", "09-07 23:00")
    assert "hours" in told(f"{MONDAY}; 09-07 09:00 answered a right; 09-08 07:30 lesson b", "09-08 08:00", steps=fast)


def test_weekends_are_those_of_the_place() -> None:
    sunday = "09-06 08:30 lesson a @Asia/Riyadh; 09-06 09:00 answered a right"
    gulf = replace(SOMEONE, postings=(RIYADH,), first_on=date(2026, 9, 6))
    assert told(sunday, "09-06 23:00", gulf) == {}
    assert "hours" in told("09-11 08:30 lesson a @Asia/Riyadh", "09-11 08:00", gulf)  # a Friday
    assert (weekend_of("BN", None), weekend_of("MY", "11")) == (frozenset({5, 7}), frozenset({5, 6}))
    assert (weekend_of("AE", None), weekend_of("MY", "01")) == (SAT_SUN, SAT_SUN)


def test_the_table_of_rules_is_whole() -> None:
    promised = {"hours", "nudges", "cap", "doubled", "missed", "ladder", "deadline", "alumni", "checks", "explained"}
    assert promised | {"order", "standing", "record"} == RULES
