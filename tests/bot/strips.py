"""Calendar strips for tests: five Sunday-first weeks from 8 November 2026, with every sign somewhere."""

from datetime import date, timedelta

from bot.pictures.strip import Sign, Strip, StripDay

FIRST_ON = date(2026, 11, 8)  # a Sunday
LEGEND = (
    (Sign.LESSON_DONE, "lesson done"),
    (Sign.LESSON_COMING, "lesson to come"),
    (Sign.REPEAT_DONE, "repeat done"),
    (Sign.REPEAT_COMING, "repeat to come"),
    (Sign.TODAY, "today"),
    (Sign.DEADLINE, "deadline"),
    (Sign.DAY_OFF, "day off"),
    (Sign.LEAVE, "leave"),
)
SIGNS = {
    **{n: {Sign.LESSON_DONE} for n in (0, 1, 2, 3, 4, 7, 14, 16)},
    **{n: {Sign.LESSON_DONE, Sign.REPEAT_DONE} for n in (9, 10, 15)},
    11: {Sign.REPEAT_DONE},
    17: {Sign.TODAY, Sign.LESSON_COMING},
    **{n: {Sign.LESSON_COMING} for n in (18, 21, 22, 29, 31)},
    **{n: {Sign.LEAVE} for n in (23, 24, 25)},
    28: {Sign.LESSON_COMING, Sign.REPEAT_COMING},
    30: {Sign.REPEAT_COMING},
    32: {Sign.LESSON_COMING, Sign.REPEAT_COMING, Sign.DEADLINE},
    **{n: {Sign.DAY_OFF} for n in (5, 6, 12, 13, 19, 20, 26, 27, 33, 34)},
}


def strip(*, title: str = "Your weeks", length: int = 35) -> Strip:
    """The first so many days of it."""
    days = tuple(StripDay(FIRST_ON + timedelta(days=n), frozenset(SIGNS.get(n, ()))) for n in range(length))
    months = ("Nov", "Dec")[: 1 if length <= 23 else 2]
    return Strip(title, days, 7, ("S", "M", "T", "W", "T", "F", "S"), months, LEGEND)


def one_day(*signs: Sign) -> Strip:
    """A Wednesday with these signs."""
    day = StripDay(date(2026, 11, 25), frozenset(signs))
    return Strip("A day", (day,), 1, tuple("MTWTFSS"), ("Nov",), LEGEND)
