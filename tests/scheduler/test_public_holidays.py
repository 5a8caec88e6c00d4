"""Days off by country, by state, at home, and by the coordinator's word."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scheduler
from scheduler.calendar import weekend_of
from scheduler.public_holidays import DaysOff, Holiday, holidays_in

CITIES = Path(scheduler.__file__).with_name("cities.csv")
A_DAY = timedelta(days=1)
YEARS = (2026, 2027, 2028)


def postings() -> list[tuple[str, str | None]]:
    rows = csv.DictReader(CITIES.read_text(encoding="utf-8").splitlines())
    return sorted({(row["country"], row["subdivision"] or None) for row in rows}, key=str)


@pytest.mark.parametrize(
    ("country", "holiday"),
    [
        ("BD", Holiday(date(2026, 12, 16), "Victory Day")),
        ("IT", Holiday(date(2027, 8, 15), "Assumption Of Mary Day")),
        ("it", Holiday(date(2027, 4, 25), "Liberation Day")),
        ("SA", Holiday(date(2027, 9, 23), "National Day Holiday")),
        ("SA", Holiday(date(2027, 3, 9), "Eid al-Fitr Holiday", estimated=True)),
        ("SA", Holiday(date(2027, 3, 14), "Eid al-Fitr Holiday (observed)", estimated=True)),
        ("MY", Holiday(date(2028, 2, 28), "Eid al-Fitr (Second Day)", estimated=True)),
        ("MY", Holiday(date(2027, 3, 10), "Eid al-Fitr")),  # announced already
        ("BD", Holiday(date(2027, 3, 10), "Eid al-Fitr", estimated=True)),
        ("CI", Holiday(date(2027, 3, 9), "Eid al-Fitr", estimated=True)),
        ("GB", Holiday(date(2027, 12, 27), "Christmas Day (observed)")),
    ],
)
def test_a_holiday_is_named_in_english_and_marked_when_it_hangs_on_the_moon(country: str, holiday: Holiday) -> None:
    assert holiday in holidays_in(country, None, holiday.on.year)


def test_a_country_nobody_knows_has_no_holidays() -> None:
    assert holidays_in("ZZ", None, 2027) == ()
    assert holidays_in("", None, 2027) == ()
    assert holidays_in("PUBLIC", None, 2027) == ()  # a constant of the library
    assert holidays_in("XNYS", None, 2027) == ()  # a stock exchange


def test_a_state_nobody_knows_has_the_holidays_of_its_country() -> None:
    assert holidays_in("MY", "no such state", 2027) == holidays_in("MY", None, 2027) == holidays_in("MY", "", 2027)


def test_johor_bahru_and_kuala_lumpur_have_days_off_of_their_own() -> None:
    johor = {holiday.name for holiday in holidays_in("MY", "JHR", 2027)}
    kuala_lumpur = {holiday.name for holiday in holidays_in("MY", "KUL", 2027)}

    assert "Birthday of the Sultan of Johor" in johor - kuala_lumpur
    assert "Federal Territory Day" in kuala_lumpur - johor


def test_a_day_is_off_for_the_country_for_home_and_by_the_coordinators_word() -> None:
    liberation, victory, strike = date(2027, 4, 25), date(2026, 12, 16), date(2027, 5, 5)
    milan = DaysOff("IT")

    assert liberation in milan
    assert victory not in milan
    assert victory in DaysOff("IT", home=("BD",))
    assert strike not in milan
    assert strike in DaysOff("IT", also=frozenset({strike}))


def test_a_day_struck_out_is_a_working_day_whatever_else_it_is() -> None:
    victory = date(2026, 12, 16)
    days_off = DaysOff("BD", home=("BD",), also=frozenset({victory}), struck=frozenset({victory}))

    assert victory not in days_off
    assert days_off.named(victory) == ()


def test_only_dates_can_be_off() -> None:
    assert "2026-12-16" not in DaysOff("BD")
    assert datetime(2026, 12, 16) not in DaysOff("BD")  # noqa: DTZ001 - that is the point


def test_a_day_off_says_why_once_and_the_host_country_first() -> None:
    eid = date(2027, 3, 10)
    riyadh = DaysOff("SA", home=("BD",))

    assert riyadh.named(eid) == (
        Holiday(eid, "Eid al-Fitr Holiday", estimated=True),
        Holiday(eid, "Eid al-Fitr", estimated=True),
    )
    assert DaysOff("BD", home=("BD",)).named(eid) == (Holiday(eid, "Eid al-Fitr", estimated=True),)
    assert riyadh.named(date(2027, 3, 15)) == ()
    assert DaysOff("SA", also=frozenset({date(2027, 3, 15)})).named(date(2027, 3, 15)) == ()


def test_days_off_are_values() -> None:
    assert len({DaysOff("MY", "JHR"), DaysOff("MY", "JHR"), DaysOff("MY", "KUL")}) == 2


@pytest.mark.parametrize("home", [(), ("BD",)])
def test_no_posting_is_without_a_working_day_for_a_fortnight(home: tuple[str, ...]) -> None:
    without: dict[tuple[str, str | None], int] = {}
    for country, subdivision in postings():
        weekend, days_off = weekend_of(country, subdivision), DaysOff(country, subdivision, home)
        run = longest = 0
        for n in range((date(2029, 1, 1) - date(2026, 1, 1)).days):
            day = date(2026, 1, 1) + n * A_DAY
            run = run + 1 if day.isoweekday() in weekend or day in days_off else 0
            longest = max(longest, run)
        without[country, subdivision] = longest

    assert len(without) > 200
    assert {posting: run for posting, run in without.items() if run >= 14} == {}


@pytest.mark.parametrize("year", YEARS)
def test_the_holidays_of_every_posting_are_of_that_year_in_order_and_bear_no_mark(year: int) -> None:
    for country, subdivision in postings():
        found = holidays_in(country, subdivision, year)
        assert [holiday.on for holiday in found] == sorted(holiday.on for holiday in found)
        assert {holiday.on.year for holiday in found} <= {year}
        assert [holiday for holiday in found if "estimated" in holiday.name or not holiday.name.strip()] == []


def test_holidays_are_known_of_every_posting_but_two() -> None:
    unknown = {
        (country, year) for country, state in postings() for year in YEARS if not holidays_in(country, state, year)
    }

    # Ukraine has no days off under martial law; Sri Lanka announces each year by itself.
    assert unknown <= {("UA", 2026), ("UA", 2027), ("UA", 2028), ("LK", 2027), ("LK", 2028)}


@given(posting=st.sampled_from(postings()), on=st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_a_day_with_a_named_holiday_is_off(posting: tuple[str, str | None], on: date) -> None:
    days_off = DaysOff(*posting, home=("BD",))

    assert bool(days_off.named(on)) == (on in days_off)
