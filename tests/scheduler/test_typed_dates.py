"""What people type when they mean dates and hours. Today is Wednesday, 25 November 2026."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.spans import Span
from scheduler.typed_dates import NotASpan, Why, day_of, hours_of, span_of

TODAY = date(2026, 11, 25)
MARCH = Span(date(2027, 3, 12), date(2027, 3, 26))
NEW_YEAR = Span(date(2026, 12, 28), date(2027, 1, 4))
TODAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
LETTERS = "0123456789 -–/.,abcdefmnoprtuyJFMASOND১২মার্চথেকে"


@pytest.mark.parametrize(
    "words",
    [
        "12-26 Mar",
        "12–26 Mar",
        "12 — 26 MARCH",
        "12-26 March 2027",
        "12-26 Mar, 2027",
        "12 to 26 mar.",
        "12th - 26th of March",
        "12 Mar - 26",
        "March 12-26",
        "March 12-26, 2027",
        "Mar 12 - Mar 26",
        "12 Mar 2027 - 26 Mar 2027",
        "12 Mar 26 Mar",
        "from 12 March until 26 March",
        "  From 12 March till 26 March inclusive. ",
        "2027-03-12 2027-03-26",
        "2027-03-12 - 2027-03-26",
        "2027-03-12/2027-03-26",
        "2027-03-12..2027-03-26",
        "12/03-26/03",
        "12/3 - 26/3",
        "12/03/2027 26/03/2027",
        "12/03/27-26/03/27",
        "12.03.-26.03.",
        "12-03-2027 to 26-03-2027",
        "১২-২৬ মার্চ",
        "১২ মার্চ থেকে ২৬ মার্চ পর্যন্ত",
        "12\u201126\u00a0Mar\u200b",
    ],
)
def test_a_span_is_read_in_any_of_the_ways_people_write_it(words: str) -> None:
    assert span_of(words, today=TODAY) == MARCH


@pytest.mark.parametrize("words", ["28 Dec - 4 Jan", "28 Dec 2026 - 4 Jan", "28 Dec - 4 Jan 2027", "28/12-04/01"])
def test_a_span_may_go_over_new_year(words: str) -> None:
    assert span_of(words, today=TODAY) == NEW_YEAR
    assert span_of(words, today=date(2027, 1, 4)) == NEW_YEAR


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", TODAY, TODAY),
        ("tomorrow", date(2026, 11, 26), date(2026, 11, 26)),
        ("আগামীকাল", date(2026, 11, 26), date(2026, 11, 26)),
        ("today - 4 Dec", TODAY, date(2026, 12, 4)),
        ("from tomorrow to 4 Jan", date(2026, 11, 26), date(2027, 1, 4)),
        ("today to 12 July", TODAY, date(2027, 7, 12)),
        ("12 Mar", MARCH.first, MARCH.first),
        ("25 Nov", TODAY, TODAY),
        ("24 Nov", date(2027, 11, 24), date(2027, 11, 24)),
        ("20 Nov - 25 Nov", date(2026, 11, 20), TODAY),  # it has begun
        ("20-24 Nov", date(2027, 11, 20), date(2027, 11, 24)),  # this year's is over
        ("1 Oct - 25 Nov 2026", date(2026, 10, 1), TODAY),
        ("1 Jan - 31 Dec 2027", date(2027, 1, 1), date(2027, 12, 31)),
        ("1-5 sept", date(2027, 9, 1), date(2027, 9, 5)),
        ("২ ফেব্রুয়ারি - ৪ ফেব্রুয়ারী", date(2027, 2, 2), date(2027, 2, 4)),
        ("29 Feb 2028", date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_words_mean_the_nearest_dates_that_are_not_over(words: str, first: date, last: date) -> None:
    assert span_of(words, today=TODAY) == Span(first, last)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", Why.UNREADABLE),
        ("soon", Why.UNREADABLE),
        ("12", Why.UNREADABLE),
        ("12-26", Why.UNREADABLE),
        ("March", Why.UNREADABLE),
        ("12-26 Marhc", Why.UNREADABLE),
        ("12-26 Marching", Why.UNREADABLE),
        ("12-26 Mar or so", Why.UNREADABLE),
        ("12 Mar - 20 Mar - 26 Mar", Why.UNREADABLE),
        ("112-26 Mar", Why.UNREADABLE),
        ("12-26 Mar" + " " * 92, Why.UNREADABLE),
        ("31 Feb", Why.IMPOSSIBLE),
        ("29 Feb", Why.IMPOSSIBLE),  # of 2027
        ("12-32 Mar", Why.IMPOSSIBLE),
        ("0-3 Mar", Why.IMPOSSIBLE),
        ("26/13", Why.IMPOSSIBLE),
        ("0000-01-01", Why.IMPOSSIBLE),
        ("26-12 Mar", Why.REVERSED),
        ("26 Mar - 12 Feb", Why.REVERSED),
        ("26 Mar 2027 - 12 Mar 2027", Why.REVERSED),
        ("tomorrow - today", Why.REVERSED),
        ("24 Nov 2026", Why.PAST),
        ("2026-03-12 2026-03-26", Why.PAST),
        ("1 Jan 2027 - 2 Jan 2028", Why.TOO_LONG),
        ("12/03/2072", Why.TOO_FAR),
        ("9999-12-31", Why.TOO_FAR),
    ],
)
def test_words_that_cannot_be_meant_say_why(words: str, why: Why) -> None:
    assert span_of(words, today=TODAY) == NotASpan(why)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("12 Mar", date(2027, 3, 12)),
        ("by", NotASpan(Why.UNREADABLE)),
        ("tomorrow", date(2026, 11, 26)),
        ("on 12/03", date(2027, 3, 12)),
        ("12-26 Mar", NotASpan(Why.UNREADABLE)),  # two dates
        ("31 April", NotASpan(Why.IMPOSSIBLE)),
        ("1 Nov 2026", NotASpan(Why.PAST)),
        ("12 Mar 2072", NotASpan(Why.TOO_FAR)),
    ],
)
def test_one_date_is_read_alike(words: str, meant: date | NotASpan) -> None:
    assert day_of(words, today=TODAY) == meant


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("10:00-14:00", time(10), time(14)),
        ("10–14", time(10), time(14)),
        ("from 10.30 to 14.15", time(10, 30), time(14, 15)),
        ("1000-1430", time(10), time(14, 30)),
        ("10h - 14h30", time(10), time(14, 30)),
        ("9:30-3:30", time(9, 30), time(15, 30)),
        ("10-2pm", time(10), time(14)),
        ("1-3 pm", time(13), time(15)),
        ("9:00 a.m. – 3:00 p.m.", time(9), time(15)),
        ("12am-9am", time(0), time(9)),
        ("12-3pm", time(12), time(15)),
        ("১০:০০-১৪:০০", time(10), time(14)),
    ],
)
def test_hours_are_read_in_any_of_the_ways_people_write_them(words: str, start: time, end: time) -> None:
    assert hours_of(words) == (start, end)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("10:00", Why.UNREADABLE),
        ("morning", Why.UNREADABLE),
        ("10 14", Why.UNREADABLE),
        ("10:00-14:00" + " " * 90, Why.UNREADABLE),
        ("25:00-26:00", Why.IMPOSSIBLE),
        ("10:60-14:00", Why.IMPOSSIBLE),
        ("13pm-14:00", Why.IMPOSSIBLE),
        ("14:00-10:00 am", Why.REVERSED),
        ("10:00-10:00", Why.REVERSED),
        ("22:00-07:00", Why.REVERSED),
        ("10:00-02:00", Why.REVERSED),  # so written, it is two at night
    ],
)
def test_hours_that_cannot_be_meant_say_why(words: str, why: Why) -> None:
    assert hours_of(words) == NotASpan(why)


@given(
    today=TODAYS,
    ahead=st.integers(0, 700),
    length=st.integers(0, 365),
    style=st.sampled_from(["%d %b %Y - %d %b %Y", "%B %d, %Y to %B %d, %Y", "%Y-%m-%d %Y-%m-%d", "%d/%m/%Y-%d/%m/%Y"]),
)
def test_a_span_written_with_its_years_is_read_as_it_was(today: date, ahead: int, length: int, style: str) -> None:
    first = today + timedelta(days=ahead)
    last = first + timedelta(days=length)
    middle = len(style) // 2 + 1
    written = first.strftime(style[:middle]) + last.strftime(style[middle:])

    assert span_of(written, today=today) == Span(first, last)


@given(today=TODAYS, ends_in=st.integers(0, 364), length=st.integers(0, 270))
def test_a_span_without_a_year_is_the_nearest_that_is_not_over(today: date, ends_in: int, length: int) -> None:
    last = today + timedelta(days=ends_in)
    first = last - timedelta(days=length)
    read = span_of(f"{first:%d %b} - {last:%d %b}", today=today)

    assert read == Span(first, last) or (first.month, first.day) == (2, 29)


@given(words=st.text(max_size=120) | st.text(LETTERS, max_size=40), today=TODAYS)
def test_no_words_break_the_reading(words: str, today: date) -> None:
    for read in (span_of(words, today=today), day_of(words, today=today), hours_of(words)):
        assert isinstance(read, Span | date | tuple | NotASpan)


@given(words=st.text(LETTERS, max_size=30), today=TODAYS)
def test_what_is_read_is_never_over_nor_longer_than_a_year(words: str, today: date) -> None:
    read = span_of(words, today=today)

    if isinstance(read, Span):
        assert read.last >= today
        assert read.days <= 366
