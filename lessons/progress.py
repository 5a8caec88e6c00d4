"""How far an enrolment has come in a course, and when that is enough."""

from dataclasses import dataclass

RETIRED_BAR = 0.8  # share of objectives mastered at which a course is completed


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of lessons of the course: in all, read, answered, mastered (right twice in a row), coming back, opened.

    `cases` of the course, and those of them `decided` to an ending.
    """

    lessons: int
    given: int
    answered: int
    mastered: int
    coming_back: int
    opened: int = 0
    cases: int = 0
    decided: int = 0

    def complete(self, bar: float = RETIRED_BAR) -> bool:
        """Every lesson opened, every day question answered, every case decided, and enough mastered."""
        done = self.lessons > 0 and min(self.opened, self.answered) >= self.lessons and self.decided >= self.cases
        return done and self.mastered >= bar * self.lessons
