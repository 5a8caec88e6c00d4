"""A replayed record seen as days: on which of them the person was there to be taught and the service was up."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from tests.year.local_days import DAY, holding, instant, is_worked, known_postings, window, working_days
from tests.year.records import Posting
from tests.year.replay import State

FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
NOTICED = timedelta(minutes=15)  # how long the service must have been up before anything is owed
PATIENCE = 8  # working days after which a chain of reminders must have come to its pause


def merged(spans: Iterator[tuple[datetime, datetime | None]]) -> tuple[list[datetime], list[datetime]]:
    """First and last instants of the spans, those that touch made one; an open end is far away."""
    firsts: list[datetime] = []
    lasts: list[datetime] = []
    for first, last in sorted((first, last or FOREVER) for first, last in spans):
        if lasts and first <= lasts[-1]:
            lasts[-1] = max(lasts[-1], last)
        else:
            firsts.append(first)
            lasts.append(last)
    return firsts, lasts


def overlap(spans: tuple[list[datetime], list[datetime]], first: datetime, last: datetime) -> datetime | None:
    """The end of the latest span that shares an instant with [first, last)."""
    n = bisect_left(spans[0], last) - 1
    return spans[1][n] if n >= 0 and spans[1][n] > first else None


@dataclass(frozen=True, slots=True)
class Day:
    """A local date that was worked and on which the person was there to be taught."""

    on: date
    posting: Posting
    first: datetime  # the slot
    last: datetime  # quiet hours or midnight
    before: datetime  # the slot, earlier by the error of the machine's clock


class Year:
    """A replayed record, seen as days."""

    def __init__(self, state: State) -> None:
        self.state, self.story, self.until_at = state, state.story, state.record.until_at
        self.idle = merged((span.first, span.last) for span in state.idle)
        self.away = merged(iter(self.story.blocked))
        self.waiting = merged((span.first, span.last) for span in state.waiting)
        self.postings = known_postings(self.story, self.until_at)

    def posting_on(self, on: date, first: datetime, last: datetime) -> bool:
        """Whether nobody could have thought otherwise of that date while it was served."""
        story, posting = self.story, holding(self.postings, on)
        sure = all(holding(known_postings(story, at), on) is posting for at in (first, last))
        return sure and all(is_worked(story, posting, on, at) for at in (first, last))

    def is_reachable(self, on: date, posting: Posting, first: datetime, last: datetime) -> bool:
        """Neither paused, blocked nor at an end in that time; whoever came back that day is spared until the next."""
        morning = instant(posting, on, time())
        return not any(overlap(spans, min(first, morning), last) for spans in (self.idle, self.away))

    @cached_property
    def days(self) -> list[Day]:
        """Working days from the first to the deadline on which the service was up and the person active."""
        found, state, story = list[Day](), self.state, self.story
        last_on = min(self.until_at.date(), state.deadline(self.until_at)[1])
        end = min((span.first.date() + DAY for span in state.idle if span.last is None), default=date.max)
        for n in range((min(last_on, end) - story.first_on).days + 1):
            on = story.first_on + DAY * n
            posting = holding(self.postings, on)
            if on.isoweekday() in posting.weekend or not is_worked(story, posting, on, story.joined_at):
                continue
            first, last = window(story, posting, on)
            if self._is_taught(on, posting, first, last):
                found.append(Day(on, posting, first, last, first - state.machine.wrong_by(first)))
        return found

    def _is_taught(self, on: date, posting: Posting, first: datetime, last: datetime) -> bool:
        state = self.state
        if first < self.story.joined_at or last > self.until_at or on > state.deadline(first)[0]:
            return False
        up = state.machine.up_for(first, last) - 2 * state.machine.wrong_by(first)
        if up < NOTICED or not self.posting_on(on, first, last):
            return False
        return self.is_reachable(on, posting, first, last)

    def is_open(self, at: datetime) -> bool:
        """Something waited for an answer just before that instant."""
        firsts, lasts = self.waiting
        n = bisect_right(firsts, at) - 1
        return n >= 0 and firsts[n] < at <= lasts[n]

    def is_measured(self, at: datetime) -> bool:
        """A baseline waits for its answers; after eight working days that excuses nothing any more."""
        for span in self.state.baselines:
            if span.first < at < (span.last or FOREVER):
                return working_days(self.story, span.first.date(), at.date(), at) <= PATIENCE
        return False
