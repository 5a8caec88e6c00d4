"""When Telegram answers nothing, bulk goes one by one and ever later, so that few stand in doubt."""

from scheduler.delivery import Outcome, Unsure

ENOUGH = 3  # calls in a row that nobody answered
FIRST, LONGEST = 0.5, 5.0  # seconds between two tries then


class Doubt:
    """What the latest calls came to."""

    def __init__(self) -> None:
        self._unanswered = 0

    def heard(self, outcome: Outcome) -> None:
        """A call is over; any answer is one, a refusal too. What surely was not sent says nothing."""
        self._unanswered = self._unanswered + 1 if isinstance(outcome, Unsure) else 0

    @property
    def reigns(self) -> bool:
        """Whether only one call at a time may go."""
        return self._unanswered >= ENOUGH

    @property
    def wait(self) -> float:
        """Seconds before the next."""
        return min(LONGEST, FIRST * 2.0 ** min(self._unanswered - ENOUGH, 10)) if self.reigns else 0.0
