"""The stories are the same for the same seed and hold what a year can bring; a service without fault passes on them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.year.faultless import a_year_of, with_more, without
from tests.year.machine import Machine
from tests.year.oracle import judge
from tests.year.people import OUTAGE, STEPS, stories
from tests.year.places import OVER_THE_DATE_LINE, PLACES
from tests.year.records import Event, Record

MANY = stories(1000, 7)
UNTIL = datetime(2027, 9, 1, tzinfo=UTC)
MACHINE = Machine((OUTAGE,), STEPS)


def test_stories_are_the_same_for_the_same_seed() -> None:
    assert stories(50, 7) == MANY[:50]
    assert stories(50, 8) != MANY[:50]


def test_stories_reach_sixty_countries_and_cross_the_date_line_both_ways() -> None:
    assert len({place[0] for place in PLACES}) >= 60
    assert {place[2] for place in PLACES} <= {p.zone for story in MANY for p in story.postings}
    moves = {(a.zone, b.zone) for story in MANY for a, b in zip(story.postings, story.postings[1:], strict=False)}
    assert {(here[2], there[2]) for here, there in OVER_THE_DATE_LINE} <= moves


def test_stories_see_clocks_change_in_both_hemispheres() -> None:
    autumn, winter = datetime(2026, 9, 15, tzinfo=UTC), datetime(2027, 1, 15, tzinfo=UTC)
    zones = {ZoneInfo(p.zone) for story in MANY for p in story.postings}
    moved = [autumn.astimezone(z).utcoffset() != winter.astimezone(z).utcoffset() for z in zones]
    assert 20 < sum(moved) < len(zones)


def test_stories_hold_what_a_year_can_bring() -> None:
    absences = [a for story in MANY for a in story.absences]
    assert {a.kind for a in absences} == {"leave", "crisis"}
    assert {(a.last - a.first).days + 1 for a in absences} >= {1, 30}
    assert any(a.declared_at.date() > a.last for a in absences)
    assert any(p.declared_at.date() > p.from_on for story in MANY for p in story.postings[1:])
    for some in ("ramadan", "extensions", "silences", "blocked"):
        assert 50 < sum(bool(getattr(story, some)) for story in MANY) < 950
    assert any(story.joined_at.date() > date(2026, 10, 1) for story in MANY)


@pytest.fixture(scope="module")
def records() -> tuple[Record, ...]:
    return tuple(a_year_of(story, UNTIL, MACHINE) for story in MANY[:20])


@pytest.mark.slow
def test_a_service_without_fault_passes_through_outage_and_clock_steps(records: tuple[Record, ...]) -> None:
    assert [finding for record in records for finding in judge(record, MACHINE.down, MACHINE.steps)] == []


@pytest.mark.slow
def test_a_lesson_taken_out_of_its_record_is_missed(records: tuple[Record, ...]) -> None:
    """The lesson and everything about it goes, as if it had never been sent."""
    for record in records:
        first = next(event for event in record.events if event.kind == "lesson")
        gone = [event for event in record.events if event.what == first.what]
        rules = {f.rule for f in judge(without(record, *gone), MACHINE.down, MACHINE.steps)}
        assert rules & {"missed", "order"}, record.story


@pytest.mark.slow
def test_a_lesson_sent_a_second_time_is_found(records: tuple[Record, ...]) -> None:
    for record in records:
        last = next(event for event in reversed(record.events) if event.kind == "lesson")
        again = Event(last.at, "lesson", last.what)
        assert "doubled" in {f.rule for f in judge(with_more(record, again), MACHINE.down, MACHINE.steps)}
