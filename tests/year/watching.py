"""The book held against the rows of the store and the calls to Telegram: AssertionError for what no rule allows."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tests.year.book import LESSONS, OPEN, UNDER_WAY, settle
from tests.year.frozen_days import due_on
from tests.year.local_days import DAY
from tests.year.parts import Rows
from tests.year.phones import Call
from tests.year.reckoning import (
    QUIET,
    SLOT,
    WORK,
    Person,
    at_on,
    dates,
    deadline,
    frozen,
    holding,
    midnight,
    today,
    worked_between,
    works,
)

QUESTIONS = ("lesson", "review", "refresher")
MAY_COME_TWICE = (*QUESTIONS, "check", "renewal", "reply")


def watch(person: Person, rows: Rows, at: datetime, op: str) -> None:
    """Follow the rows of an enrolment; AssertionError for a step that no rule allows."""
    enrolment = next(row for row in rows["enrolment"] if row["id"] == person["enrolment"])
    attempts = {row["asking_id"]: row for row in rows["attempt"]}
    assert len(attempts) == len(rows["attempt"]), "two attempts for one asking"
    for row in rows["asking"]:
        if row["enrolment_id"] == person["enrolment"]:
            if row["id"] not in person["askings"]:
                _planned(person, row, at, op)
            _moved_on(person, person["askings"][row["id"]], row, attempts.get(row["id"]), at)
    _state(person, enrolment, at)
    ladder = [row for row in rows["ladder"] if row["enrolment_id"] == person["enrolment"]]
    rungs = {r["lesson_id"]: (r["right_in_a_row"], r["due_on"], bool(r["retired"]), r["since_on"]) for r in ladder}
    assert rungs == person["rungs"], f"the ladder stands otherwise: {rungs} != {person['rungs']}"
    assert enrolment["extension_days"] == person["extension"]
    leaves = sorted((r["first_on"], r["last_on"]) for r in rows["leave"] if r["learner_id"] == person["learner"])
    assert leaves == sorted(person["leaves"]), "leave is kept otherwise"


def _live(person: Person, *kinds: str) -> list[dict[str, Any]]:
    return [a for a in person["askings"].values() if a["state"] != "cancelled" and a["kind"] in kinds]


def _planned(person: Person, row: dict[str, Any], at: datetime, op: str) -> None:
    """A lesson given, or a question to be asked again: is it the one, and may it come on that date?"""
    kind, lesson, on = row["kind"], row["lesson_id"], row["planned_on"]
    known = {"id": row["id"], "kind": kind, "lesson": lesson, "on": on, "state": "planned", "put_at": None}
    early = row["put_at"] is not None and op in ("today", "more", "refresher")
    if kind == "day":
        taken = _live(person, "day")
        assert person["state"] == "active", f"a lesson for somebody {person['state']}"
        assert all(a["state"] == "settled" for a in taken), "a lesson while another is open"
        assert lesson == LESSONS[len(taken)], f"{lesson} after {len(taken)} lessons"
        assert op == "more" or on not in [a["on"] for a in taken], f"two lessons on {on}"
    elif kind == "review":
        _, due, retired, since = person["rungs"][lesson]
        assert not retired, f"{lesson} is asked again though it is mastered"
        comes_on = due_on(since, (due - since).days, frozen(person))
        assert comes_on <= on, f"{lesson} is asked again on {on}, before {comes_on}"
    else:
        assert person["state"] == "completed", "a refresher for somebody who is no alumna"
        others = _live(person, "refresher")
        assert all(a["state"] == "settled" for a in others), "a refresher while another is open"
        if not early:
            assert person["refreshers"], "a refresher that nobody wants"
            assert all(on >= a["on"] + DAY * 14 for a in others), "two refreshers in a fortnight"
    assert sum(a["on"] == on for a in _live(person, "day", "review")) < 2 or kind == "refresher", f"a third on {on}"
    if early:
        assert on == today(person, at), f"given early for {on}"
    else:
        assert person["reachable"], "planned for somebody out of reach"
        _timely(person, on, at)
        assert at_on(person, on, SLOT) > person["free_since"], f"the slot of {on} was before {person['free_since']}"
        assert person["state"] == "completed" or person["first_on"] <= on <= deadline(person), f"{on} does not count"
    person["askings"][row["id"]] = known


def _timely(person: Person, on: date, at: datetime) -> None:
    assert works(person, on), f"{on:%a} {on} is not worked in {holding(person, on)[0]}"
    assert at_on(person, on, SLOT) <= at < at_on(person, on, QUIET), f"{at} is outside the hours of {on}"


def _moved_on(
    person: Person, known: dict[str, Any], row: dict[str, Any], attempt: dict[str, Any] | None, at: datetime
) -> None:
    """From planned over put to settled: whatever a tap did not do must be allowed to time."""
    told = f"{known['kind']} {known['id']} of {known['lesson']}"
    if row["put_at"] is not None and known["put_at"] is None:
        known["put_at"] = row["put_at"]
        assert row["put_at"] == at, f"{told} is put at another time"
    if (known["state"], row["state"]) == ("planned", "put"):
        known["state"] = "put"
    if row["state"] == "cancelled" and known["state"] in OPEN:
        lapsed = known["kind"] == "refresher" and today(person, at) >= today(person, known["put_at"] or at) + DAY * 14
        assert known["state"] == "planned" or lapsed, f"{told} was taken back although it was {known['state']}"
        known["state"] = "cancelled"
    if (known["state"], row["state"]) == ("chosen", "settled"):
        assert last_call(person, known) <= at, f"{told} is settled before the day is over"
        settle(person, known["id"], False, today(person, known["chosen_at"]))
    assert row["state"] == known["state"], f"{told} is {row['state']}, not {known['state']}"
    if attempt is not None:
        assert attempt["choice_id"] == known["choice"], f"{told}: not the first choice"
        assert bool(attempt["correct"]) == (known["choice"] == "good"), f"{told}: a wrong verdict"
        assert attempt["sure"] == (int(known["sure"]) if known["state"] == "settled" else None), f"{told}: sure"
    assert (attempt is not None) == (known["state"] in ("chosen", "settled")), f"{told}: an attempt or none"


def last_call(person: Person, known: dict[str, Any]) -> datetime:
    """Until when the second tap is waited for: midnight, or a slot before it (of the next date, on the way east)."""
    on, chosen_at = today(person, known["chosen_at"]), known["chosen_at"]
    slots = [at_on(person, day, SLOT) for day in (on, on + DAY) if works(person, day)]
    return min([midnight(person, on), *(slot for slot in slots if slot > chosen_at)])


def _state(person: Person, enrolment: dict[str, Any], at: datetime) -> None:
    was, is_ = person["state"], enrolment["state"]
    if (was, is_) == ("active", "paused"):
        assert any(a["state"] == "put" for a in person["askings"].values()), "paused with nothing open"
        person["state"] = "paused"
    elif was in UNDER_WAY and is_ == "ended":
        assert midnight(person, deadline(person)) <= at, f"ended before the deadline {deadline(person)}"
        person["state"] = "ended"
    assert person["state"] == is_, f"{is_}, not {person['state']}"


def arrived(person: Person, calls: list[Call], call: Call) -> None:
    """A call to Telegram: may this be said to this person now? `calls`: all before it."""
    row = call.row
    if row is None or row.learner_id != person["learner"]:
        return
    before = [each for each in calls if each.row is not None and each.row.key == row.key]
    doubtful = [each for each in before if each.outcome is None or type(each.outcome).__name__ == "Unsure"]
    shown = sum(each.arrived for each in before)
    if call.arrived and before:
        assert not shown or (doubtful and len(before) < 2 and row.kind in MAY_COME_TWICE), f"{row.key} came twice"
    if not call.arrived or shown:
        return
    if row.kind in QUESTIONS:
        known = person["askings"][row.meaning["asking"]]
        assert person["state"] in ("active", "completed"), f"{row.key} to somebody {person['state']}"
        _timely(person, known["on"], call.at)
    elif row.kind in ("reminder", "pause"):
        _nudged(person, row.meaning, row.due_at, call.at)
    elif row.kind == "ended":
        assert _within_work(person, call.at), f"{row.key} at {call.at}"
    elif row.kind != "notice":
        assert any(works(person, on) for on in dates(person, call.at)), f"{row.key} at {call.at}"


def _within_work(person: Person, at: datetime, *, heedless: bool = False) -> list[date]:
    """The worked dates on which it is working time; the word about a crisis week comes on its first day as well."""
    held = [on for on in dates(person, at) if works(person, on, heedless=heedless)]
    return [on for on in held if at_on(person, on, WORK[0]) <= at < at_on(person, on, WORK[1])]


def _nudged(person: Person, meaning: Mapping[str, Any], due_at: datetime, at: datetime) -> None:
    """In working hours, never twice on a date, and only once so much time has passed in silence."""
    known, n = person["askings"][meaning["asking"]], meaning["n"]
    opened = [a for a in person["askings"].values() if a["kind"] == "day" and a["state"] in OPEN]
    assert known["state"] == "put", f"nudged about what is {known['state']}"
    assert opened in ([], [known]), "nudged about a question while a lesson is open"
    free = [on for on in _within_work(person, at) if on not in person["nudged"]]
    assert free, f"nudged at {at}, outside working hours or for the second time"
    person["nudged"].add(free[0])
    # a reminder that was in the queue when somebody was heard from still goes out
    since = max([known["put_at"], *(seen for seen in person["seen"] if seen < due_at)])
    waited = worked_between(person, today(person, since), max(dates(person, at)))
    assert due_at >= since + timedelta(hours=4) if n == 1 else waited >= {2: 1, 3: 3, 4: 4}[n], f"nudge {n} too soon"


def at_rest(person: Person, rows: Rows, at: datetime) -> None:
    """Nothing that is owed has been forgotten."""
    enrolment = next(row for row in rows["enrolment"] if row["id"] == person["enrolment"])
    looks = [row["at"] for row in rows["due"] if row["enrolment_id"] == person["enrolment"]]
    assert looks == ([] if enrolment["look_at"] is None else [enrolment["look_at"]]), "look_at is not its row in due"
    assert len([a for a in person["askings"].values() if a["kind"] == "day" and a["state"] in OPEN]) <= 1
    if not person["reachable"]:
        assert not looks, "a look at somebody out of reach"
        return
    for known in person["askings"].values():
        assert known["state"] != "chosen" or last_call(person, known) > at, "midnight has passed and nothing is settled"
    if person["state"] in UNDER_WAY:
        assert midnight(person, deadline(person)) > at, "the deadline has passed and lessons have not stopped"
    if person["state"] == "active" and at >= person["excused_until"]:
        assert not (missed := [on for on in dates(person, at) if _owed(person, on, at)]), f"no lesson on {missed}"


def nothing_new(rows: Rows, again: Rows) -> None:
    """Planning again added nothing; a look that a tap has made needless is no harm, one that comes too late is."""
    old, new = ({row["enrolment_id"]: row["at"] for row in found.pop("due")} for found in (rows, again))
    for each, at in new.items():
        assert each in old, f"no look although something is due at {at}"
        assert old[each] <= at, f"a look at {old[each]} although something is due at {at}"
    for row in rows["enrolment"] + again["enrolment"]:
        del row["look_at"]
    assert again == rows, "planning again at the same instant changed something"


def _owed(person: Person, on: date, at: datetime) -> bool:
    """A lesson is left, nothing is open, and the slot of that date has come and counts."""
    taken = _live(person, "day")
    if any(a["state"] in OPEN for a in taken) or len(taken) == len(LESSONS):
        return False
    if sum(a["on"] == on for a in _live(person, "day", "review")) >= 2 or any(a["on"] >= on for a in taken):
        return False
    if not works(person, on) or not person["first_on"] <= on <= deadline(person):
        return False
    free_since: datetime = person["free_since"]
    slot_at = at_on(person, on, SLOT)
    return free_since < slot_at <= at < at_on(person, on, QUIET)
