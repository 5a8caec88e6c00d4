"""What went wrong with the machine: when it was down, and when its clock told another time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.year.records import ClockStep, Down

NONE = timedelta()
_FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


def _wrong_spans(steps: tuple[ClockStep, ...]) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    found, wrong = [], NONE
    ordered = sorted(steps, key=lambda step: step.at)
    for n, step in enumerate(ordered):
        wrong += step.by
        last = ordered[n + 1].at if n + 1 < len(ordered) else _FOREVER
        if wrong:  # widened by the step itself: an event may be told in the machine's time or in the true one
            found.append((step.at - abs(wrong), last + abs(wrong), wrong))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Machine:
    """Outages and clock steps of one run; both are the same for everybody."""

    down: tuple[Down, ...] = ()
    steps: tuple[ClockStep, ...] = ()
    wrong: tuple[tuple[datetime, datetime, timedelta], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wrong", _wrong_spans(self.steps))

    def wrong_by(self, at: datetime) -> timedelta:
        """The greatest error of the machine's clock about that instant, without its sign."""
        worst = NONE
        for first, last, by in self.wrong:
            if first <= at < last:
                worst = max(worst, abs(by))
        return worst

    def readings(self, at: datetime) -> tuple[datetime, ...]:
        """The instants that an event's time may stand for: itself alone, unless the clock was wrong."""
        by = self.wrong_by(at)
        return (at, at - by, at + by) if by else (at,)

    def slack(self, first: datetime, last: datetime) -> timedelta:
        """By how much a duration between two events may be mismeasured."""
        if not self.steps:
            return NONE
        return sum((abs(s.by) for s in self.steps if first - abs(s.by) <= s.at <= last + abs(s.by)), NONE)

    def up_for(self, first: datetime, last: datetime) -> timedelta:
        """How long the service was up between two instants."""
        lost = (min(last, down.last) - max(first, down.first) for down in self.down)
        return last - first - sum((gone for gone in lost if gone > NONE), NONE)
