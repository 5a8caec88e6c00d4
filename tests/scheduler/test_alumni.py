"""What an alumna in Riyadh is told: a question a fortnight at her slot, what silence does, and the yearly question."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentState
from scheduler.acts import AskRefresher, AskRenewal, Farewell, Lapse, after
from scheduler.alumni import FORTNIGHT, SILENCES
from scheduler.calendar import Calendar
from scheduler.planner import Plan, plan
from scheduler.quiet_hours import QuietHours
from scheduler.spans import Span
from scheduler.standing import OpenAsking, Standing
from tests.scheduler.studying import fresh, hold_to_look_at

RIYADH = Calendar("Asia/Riyadh", frozenset({5, 6}))
SUNDAY = date(2026, 11, 29)  # the first of three weeks that the tables speak of


def on(told: str) -> date:
    """`Sun 1` to `Sat 3`: a day of the first, second or third week."""
    day, week = told.split()
    days = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
    return SUNDAY + timedelta(days=days.index(day) + 7 * (int(week) - 1))


def at(told: str) -> datetime:
    """`Sun 1 08:30`, local time."""
    day, clock = told.rsplit(" ", 1)
    return RIYADH.instant(on(day), time.fromisoformat(clock))


def alumna(**known: Any) -> Standing:
    """Completed in the summer; the next refresher may come on Monday of the first week."""
    joined = RIYADH.instant(date(2026, 6, 1), time(8, 30))
    base: dict[str, Any] = {
        "state": EnrolmentState.COMPLETED,
        "refresher_on": on("Mon 1"),
        "consent_until_on": date(2027, 6, 1),
    }
    return replace(fresh(RIYADH, joined), **base | known)


def put(told: str, *, chosen: str | None = None, kind: AskingKind = AskingKind.REFRESHER) -> OpenAsking:
    """A refresher that reached the phone then, perhaps with a choice tapped and no word yet of how sure."""
    state = AskingState.CHOSEN if chosen else AskingState.PUT
    return OpenAsking(AskingId(1), kind, state, at(told), at(chosen) if chosen else None, 0, None)


PLANNED = OpenAsking(AskingId(1), AskingKind.REFRESHER, AskingState.PLANNED, None, None, 0, None)


def said(found: Plan) -> str:
    """A plan in one line."""
    words = []
    for act in found.acts:
        match act:
            case AskRefresher():
                words.append(f"ask for {act.on:%a %d %b}, due {RIYADH.local(act.due_at):%H:%M}")
            case Lapse():
                words.append(f"put {act.asking} away")
            case AskRenewal():
                words.append(f"another year? {act.on:%a %d %b}, due {RIYADH.local(act.due_at):%H:%M}")
            case Farewell():
                words.append(f"farewell {act.on:%a %d %b}, due {RIYADH.local(act.due_at):%H:%M}")
            case _:
                words.append(type(act).__name__)
    look = f"{RIYADH.local(found.look_at):%a %d %b %H:%M}" if found.look_at else "never"
    return "; ".join([*words, f"look {look}"])


def plan_at(known: Standing, now: str) -> str:
    """What is said then, held to the planner's two promises."""
    found = plan(known, at(now))
    later = after(known, found.acts)
    assert plan(later, at(now)).acts == (), "planning again adds nothing"
    hold_to_look_at(later, at(now), found.look_at)
    return said(found)


@pytest.mark.parametrize(
    ("known", "now", "says"),
    [
        ({}, "Sun 1 09:00", "look Mon 30 Nov 08:30"),
        ({}, "Mon 1 08:30", "ask for Mon 30 Nov, due 08:30; look never"),
        ({}, "Mon 1 20:59", "ask for Mon 30 Nov, due 08:30; look never"),
        ({}, "Mon 1 21:00", "look Tue 01 Dec 08:30"),
        ({"refresher_on": on("Fri 1")}, "Fri 1 08:30", "look Sun 06 Dec 08:30"),
        ({"refresher_on": None}, "Mon 1 08:30", "look never"),
        ({"quiet": QuietHours(time(18), time(10))}, "Mon 1 08:30", "look Mon 30 Nov 10:00"),
        ({"free_since_at": at("Mon 1 09:00")}, "Mon 1 09:00", "look Tue 01 Dec 08:30"),
        ({"calendar": replace(RIYADH, away=(Span(on("Mon 1"), on("Thu 1")),))}, "Mon 1 08:30", "look Sun 06 Dec 08:30"),
    ],
)
def test_a_question_comes_at_her_slot_of_a_working_day(known: dict[str, Any], now: str, says: str) -> None:
    assert plan_at(alumna(**known), now) == says


@pytest.mark.parametrize("state", [s for s in EnrolmentState if s is not EnrolmentState.COMPLETED])
def test_only_those_who_completed_are_alumni(state: EnrolmentState) -> None:
    assert plan_at(alumna(state=state), "Mon 1 08:30") == "look never"


@pytest.mark.parametrize(
    ("open_", "now", "says"),
    [
        (put("Mon 1 08:30"), "Mon 1 09:00", "look Mon 14 Dec 08:30"),
        (put("Mon 1 08:30"), "Sun 3 20:00", "look Mon 14 Dec 08:30"),
        (put("Mon 1 08:30"), "Mon 3 08:30", "put 1 away; ask for Mon 14 Dec, due 08:30; look never"),
        (put("Mon 1 08:30"), "Mon 3 23:00", "look Tue 15 Dec 08:30"),  # not by night
        (put("Fri 1 12:00"), "Thu 3 08:30", "look Sun 20 Dec 08:30"),  # the fortnight ends on a Friday
        (PLANNED, "Mon 3 08:30", "look never"),  # on its way
        (put("Mon 1 08:30", chosen="Mon 3 08:31"), "Mon 3 08:32", "look Tue 15 Dec 00:00"),  # just in time
        (put("Mon 1 08:30", kind=AskingKind.REVIEW), "Mon 1 08:30", "ask for Mon 30 Nov, due 08:30; look never"),
    ],
)
def test_a_question_waits_for_a_fortnight_and_makes_room(open_: OpenAsking, now: str, says: str) -> None:
    assert plan_at(alumna(open=(open_,)), now) == says


@pytest.mark.parametrize(
    ("silences", "says"),
    [
        (0, "put 1 away; ask for Mon 14 Dec, due 08:30; look never"),
        (SILENCES - 2, "put 1 away; ask for Mon 14 Dec, due 08:30; look never"),
        (SILENCES - 1, "put 1 away; farewell Mon 14 Dec, due 08:30; look never"),
    ],
)
def test_three_silences_one_after_the_other_end_it(silences: int, says: str) -> None:
    known = alumna(open=(put("Mon 1 08:30"),), silences=silences)
    assert plan_at(known, "Mon 3 08:30") == says


@pytest.mark.parametrize(
    ("known", "now", "says"),
    [
        ({"consent_until_on": on("Tue 1")}, "Mon 1 08:30", "ask for Mon 30 Nov, due 08:30; look never"),
        (
            {"consent_until_on": on("Mon 1")},
            "Mon 1 08:30",
            "another year? Mon 30 Nov, due 08:30; look Mon 14 Dec 08:30",
        ),
        (
            {"consent_until_on": on("Sat 1")},
            "Sun 2 08:30",
            "another year? Sun 06 Dec, due 08:30; look Sun 20 Dec 08:30",
        ),
        ({"consent_until_on": None}, "Mon 1 08:30", "ask for Mon 30 Nov, due 08:30; look never"),
        ({"renewal_on": on("Mon 1")}, "Mon 1 08:30", "look Mon 14 Dec 08:30"),
        ({"renewal_on": on("Mon 1")}, "Mon 3 08:29", "look Mon 14 Dec 08:30"),
        ({"renewal_on": on("Mon 1")}, "Mon 3 08:30", "farewell Mon 14 Dec, due 08:30; look never"),
        ({"renewal_on": on("Fri 1")}, "Fri 3 08:30", "look Sun 20 Dec 08:30"),
    ],
)
def test_after_a_year_she_is_asked_and_silence_is_an_answer(known: dict[str, Any], now: str, says: str) -> None:
    assert plan_at(alumna(**known), now) == says


def test_a_question_left_alone_at_the_end_of_the_year_is_put_away_before_she_is_asked() -> None:
    known = alumna(open=(put("Mon 1 08:30"),), consent_until_on=on("Tue 2"))
    assert plan_at(known, "Mon 3 08:30") == "put 1 away; another year? Mon 14 Dec, due 08:30; look Mon 28 Dec 08:30"


def test_nothing_is_asked_on_the_day_of_a_check() -> None:
    assert plan_at(alumna(measured_on=on("Mon 1")), "Mon 1 08:30") == "look Tue 01 Dec 08:30"


def test_a_year_of_silence_is_three_questions_and_one_farewell() -> None:
    known, now, told = alumna(), at("Sun 1 08:30"), []
    while (found := plan(known, now)).acts or found.look_at:
        told += [type(act).__name__ for act in found.acts]
        known = after(known, found.acts)
        planned = [a for a in known.open if a.state is AskingState.PLANNED]
        known = replace(known, open=tuple(replace(a, state=AskingState.PUT, put_at=now) for a in planned) or known.open)
        look_at = plan(known, now).look_at
        if look_at is None:
            break
        now = look_at
    assert told == ["AskRefresher", "Lapse", "AskRefresher", "Lapse", "AskRefresher", "Lapse", "Farewell"]
    assert RIYADH.day(now) == on("Mon 1") + 3 * FORTNIGHT
