"""Simulated learners who read lessons and answer questions out of a memory.

An answer is right if the objective is recalled, or else by a guess in `choices`. Whoever answers is told the truth, so
every question is an encounter. "Sure" is said when strength, with noise of its own, is a noise width above what
recall takes.
"""

from dataclasses import dataclass

import numpy as np

from tests.bench.memories import MINUTE, Bools, Floats, Ints, Memory

DRAWS = 48  # answers to one objective before its draws begin again


@dataclass(frozen=True, slots=True)
class People:
    """Who learns: how many, how they and the objectives differ (standard deviations of ease), and how they answer."""

    learners: int = 50
    objectives: int = 44
    learner_spread: float = 0.3
    objective_spread: float = 0.3
    pair_spread: float = 0.3
    choices: int = 3
    sure_margin: float = 1.0


class Minds:
    """Learners of several seeds side by side, in the same state at the start of every schedule.

    Each draw belongs to a seed, a learner, an objective and how often it was asked: schedules meet the same luck.
    """

    def __init__(self, memory: Memory, people: People, seeds: range) -> None:
        drawn = [_drawn(people, seed) for seed in seeds]
        self.people = people
        self._strengths = memory.strengths(np.concatenate([ease for ease, _ in drawn]))
        self._luck = np.concatenate([luck for _, luck in drawn])
        shape = (len(seeds) * people.learners, people.objectives)
        self.asked = np.zeros(shape, np.int64)
        self.in_a_row = np.zeros(shape, np.int64)
        self.mastered = np.zeros(shape, np.bool_)
        self.seen_on = np.full(shape, -1, np.int64)
        self._today, self._second = -1, np.zeros(shape[0])

    def _moment(self, rows: Ints, day: int) -> Floats:
        """A minute after whatever the learner did last on that day."""
        if day != self._today:
            self._today, self._second[:] = day, 0.0
        self._second[rows] += MINUTE
        return np.asarray(self._second[rows], np.float64)

    def read(self, rows: Ints, columns: Ints, day: int) -> None:
        """These learners read these objectives' lessons."""
        self._strengths.meet(rows, columns, day, self._moment(rows, day))

    def answer(self, rows: Ints, columns: Ints, day: int) -> tuple[Bools, Bools]:
        """These learners are asked about these objectives: which answers are right, and which are said to be sure."""
        second = self._moment(rows, day)
        log_odds = self._strengths.log_odds(rows, columns, day, second)
        luck = self._luck[rows, columns, self.asked[rows, columns] % DRAWS]
        recalled = luck[:, 0] < _chance(log_odds)
        correct = recalled | (luck[:, 1] < 1 / self.people.choices)
        sure = luck[:, 2] < _chance(log_odds - self.people.sure_margin)
        self._strengths.meet(rows, columns, day, second)
        self._note(rows, columns, day, correct, sure)
        return correct, sure

    def _note(self, rows: Ints, columns: Ints, day: int, correct: Bools, sure: Bools) -> None:
        """One yardstick of mastery for every schedule: right and sure twice, with no wrong answer between."""
        self.asked[rows, columns] += 1
        self.seen_on[rows, columns] = day
        self.in_a_row[rows, columns] = np.where(correct, self.in_a_row[rows, columns] + sure, 0)
        self.mastered[rows, columns] |= self.in_a_row[rows, columns] >= 2

    def recall(self, day: int) -> Floats:
        """True chance of recall without guessing on that day, learners x objectives; changes nothing."""
        rows, columns = (index.ravel() for index in np.indices(self.asked.shape))
        odds = self._strengths.log_odds(rows, columns, day, np.zeros(rows.shape))
        return _chance(odds).reshape(self.asked.shape)


def _chance(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -50, 50))), np.float64)


def _drawn(people: People, seed: int) -> tuple[Floats, Floats]:
    """Ease, learners x objectives; and luck for recall, guess and sureness of every answer."""
    chance = np.random.default_rng(seed)
    learners, objectives = people.learners, people.objectives
    ease = chance.normal(0, people.learner_spread, (learners, 1)) + chance.normal(
        0, people.objective_spread, (1, objectives)
    )
    ease = ease + chance.normal(0, people.pair_spread, (learners, objectives))
    return ease, chance.random((learners, objectives, DRAWS, 3))
