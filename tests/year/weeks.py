"""How long a course takes officials who are right 70, 80 and 90 % of the time: to the last lesson, to completion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median, quantiles

from lessons.course import Course
from tests.year.living import Life
from tests.year.records import Posting, Record, Story

SHARES = (0.7, 0.8, 0.9)
SURE = 0.8  # of the answers, right or wrong
PEOPLE = 40
_START = date(2026, 9, 6)  # a Sunday
_DHAKA = Posting(_START, "BD", None, "Asia/Dhaka", frozenset({5, 6}))


@dataclass(frozen=True, slots=True)
class Weeks:
    """Of officials with that share of right answers: weeks to the last lesson and to completion, one number each."""

    share: float
    to_last_lesson: tuple[float, ...]
    to_completion: tuple[float, ...]

    def told(self, deadline: int) -> str:
        """One line of the table."""
        in_time = sum(weeks <= deadline for weeks in self.to_completion)
        return (
            f"right {self.share:.0%}: last lesson {_spread(self.to_last_lesson)}, "
            f"completion {_spread(self.to_completion)}; {in_time} of {PEOPLE} within {deadline} weeks"
        )


def _spread(weeks: Iterable[float]) -> str:
    known = sorted(weeks)
    if len(known) < 10:
        return "never for most"
    tenths = quantiles(known, n=10)
    return f"{median(known):.1f} weeks (9 of 10 between {tenths[0]:.1f} and {tenths[-1]:.1f})"


def weeks(course: Course, share: float) -> Weeks:
    """So many officials in Dhaka who answer within minutes, with nothing in their way and no deadline before a year."""
    until_at = datetime.combine(_START, time(), UTC) + timedelta(weeks=52)
    records = [Life(_story(n, share), course, until_at).run() for n in range(PEOPLE)]
    return Weeks(
        share,
        tuple(_weeks_to(record, "lesson", len(record.lessons)) for record in records if _has_all(record)),
        tuple(
            _weeks_to(record, "completed", 1) for record in records if any(e.kind == "completed" for e in record.events)
        ),
    )


def _has_all(record: Record) -> bool:
    return sum(event.kind == "lesson" for event in record.events) >= len(record.lessons)


def _weeks_to(record: Record, kind: str, nth: int) -> float:
    at = [event.at for event in record.events if event.kind == kind][nth - 1]
    return (at.date() - _START).days / 7


def _story(n: int, share: float) -> Story:
    return Story(
        id=n,
        joined_at=datetime.combine(_START, time(1), UTC),
        first_on=_START,
        slot=time(8, 30),
        quiet_from=time(21),
        quiet_until=time(7),
        postings=(_DHAKA,),
        weeks_to_deadline=60,
        right_share=share,
        sure_share=SURE,
        seed=n,
    )
