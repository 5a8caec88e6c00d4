"""Two published models of memory: how strong an objective is after a history of lessons and questions.

Neither is FSRS, so that no schedule is judged by its own model of people. Rows are learners, columns objectives.

`TraceMemory` is the activation model of Pavlik and Anderson (2005), "Practice and forgetting effects on vocabulary
memory", Cognitive Science 29, 559-586. Every encounter k leaves a trace that fades as a power of its age, and fades the
faster the more active the objective was when it was met (this alone makes spacing pay):

    m = b + ln(sum of t_k ** -d_k),   d_k = c * exp(m at encounter k) + a,   P(recall) = 1 / (1 + exp((tau - m) / s))

with its fitted values a 0.177, c 0.217, tau -0.704, s 0.255; ages are seconds, and time between sessions counts
h = 0.025 as much as time within one. b stands for learner and objective; the paper fits it, we draw it (`People`). Its
words of a foreign language have b = 0. A lesson told as a case is easier; how much is our assumption: b = 1 lets about
half be recalled 12 days after one lesson with its question.

`PracticeMemory` is the predictive performance equation of Walsh, Gluck, Gunzelmann, Jastrzembski and Krusmark (2018),
Cognitive Science 42, 644-691: one curve whose decay looks at all gaps so far, and which practice lifts,

    M = N ** c * T ** -d,   T = mean of ages weighted by age ** -x,   d = b + m * mean of 1 / ln(gap + e)

in seconds, with c 0.1 and x 0.6 fixed as there, P(recall) = 1 / (1 + exp((tau - M) / s)). b, m, tau and s are fitted to
each body of material; ours let the same half be recalled after 12 days.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

DAY = 86_400.0
MINUTE = 60.0
TRACE_NOISE = 0.255


class Strengths(Protocol):
    """How well everything is remembered. Instants are days and seconds into that day's session."""

    def log_odds(self, rows: Ints, columns: Ints, day: int, second: Floats) -> Floats:
        """Logarithm of the odds of recall without guessing, for each pair of a learner and an objective."""

    def meet(self, rows: Ints, columns: Ints, day: int, second: Floats) -> None:
        """These learners meet these objectives, in a lesson or by a question whose answer they are told."""


class Memory(Protocol):
    """Parameters of a model of memory."""

    def strengths(self, ease: Floats) -> Strengths:
        """Empty heads; `ease` (learners x objectives) is how easy each finds each, 0 in the middle."""


class Encounters:
    """The instants, in seconds, at which every learner met every objective."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.met = np.zeros(shape, np.int64)
        self._at = np.zeros((*shape, 8))

    def add(self, rows: Ints, columns: Ints, now: Floats) -> Ints:
        """Note an encounter; returns how many there were before, for each pair."""
        before = self.met[rows, columns]
        if before.max(initial=0) >= self._at.shape[2]:
            self._at = _twice_as_long(self._at)
        self._at[rows, columns, before] = now
        self.met[rows, columns] = before + 1
        return before

    def ages(self, rows: Ints, columns: Ints, now: Floats) -> tuple[Floats, Bools]:
        """Seconds since each encounter, oldest first and at least one; and which of them there were at all."""
        met = self.met[rows, columns]
        most = max(1, int(met.max(initial=0)))
        age = np.maximum(now[:, None] - self._at[rows, columns, :most], 1.0)
        return age, np.arange(most) < met[:, None]


def _twice_as_long(array: Floats) -> Floats:
    return np.concatenate([array, np.zeros_like(array)], axis=2)


@dataclass(frozen=True, slots=True)
class TraceMemory:
    """Activation with decay that depends on activation. `ease_mean` is b of the average learner and objective."""

    decay_intercept: float = 0.177
    decay_scale: float = 0.217
    threshold: float = -0.704
    noise: float = TRACE_NOISE
    between_sessions: float = 0.025
    ease_mean: float = 1.0

    def strengths(self, ease: Floats) -> Strengths:
        """Heads without traces."""
        return Traces(self, ease + self.ease_mean)


class Traces:
    """What `TraceMemory` remembers: the instant and the decay of every encounter."""

    def __init__(self, memory: TraceMemory, ease: Floats) -> None:
        self._memory, self._ease = memory, ease
        self._encounters = Encounters(ease.shape)
        self._decay = np.zeros((*ease.shape, 8))

    def _activation(self, rows: Ints, columns: Ints, now: Floats) -> Floats:
        age, real = self._encounters.ages(rows, columns, now)
        left = np.where(real, age ** -self._decay[rows, columns, : age.shape[1]], 0.0).sum(axis=1)
        return np.asarray(self._ease[rows, columns] + np.log(np.maximum(left, 1e-300)), np.float64)

    def _clock(self, day: int, second: Floats) -> Floats:
        return day * DAY * self._memory.between_sessions + second

    def log_odds(self, rows: Ints, columns: Ints, day: int, second: Floats) -> Floats:
        """As `Strengths` has it."""
        return (self._activation(rows, columns, self._clock(day, second)) - self._memory.threshold) / self._memory.noise

    def meet(self, rows: Ints, columns: Ints, day: int, second: Floats) -> None:
        """As `Strengths` has it."""
        now = self._clock(day, second)
        decay = self._memory.decay_scale * np.exp(self._activation(rows, columns, now)) + self._memory.decay_intercept
        before = self._encounters.add(rows, columns, now)
        if before.max(initial=0) >= self._decay.shape[2]:
            self._decay = _twice_as_long(self._decay)
        self._decay[rows, columns, before] = decay


@dataclass(frozen=True, slots=True)
class PracticeMemory:
    """Frequency times recency, with a decay that wide gaps slow down."""

    frequency: float = 0.1
    recency: float = 0.6
    decay_intercept: float = 0.02
    decay_slope: float = 0.1
    threshold: float = 0.58
    noise: float = 0.05

    def strengths(self, ease: Floats) -> Strengths:
        """Heads without practice."""
        return Practice(self, ease)


class Practice:
    """What `PracticeMemory` remembers: every encounter, and the sum over gaps from which decay follows."""

    def __init__(self, memory: PracticeMemory, ease: Floats) -> None:
        self._memory = memory
        self._lift = ease / TRACE_NOISE  # people differ by as much as under `TraceMemory`
        self._encounters = Encounters(ease.shape)
        self._gaps = np.zeros(ease.shape)

    def log_odds(self, rows: Ints, columns: Ints, day: int, second: Floats) -> Floats:
        """As `Strengths` has it."""
        memory = self._memory
        age, real = self._encounters.ages(rows, columns, day * DAY + second)
        times = self._encounters.met[rows, columns]
        weight = np.where(real, age**-memory.recency, 0.0)
        since = np.maximum((weight * age).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-300), 1.0)
        decay = memory.decay_intercept + memory.decay_slope * self._gaps[rows, columns] / np.maximum(times - 1, 1)
        strength = np.maximum(times, 0) ** memory.frequency * since**-decay
        return np.asarray((strength - memory.threshold) / memory.noise + self._lift[rows, columns], np.float64)

    def meet(self, rows: Ints, columns: Ints, day: int, second: Floats) -> None:
        """As `Strengths` has it."""
        now = day * DAY + second
        age, real = self._encounters.ages(rows, columns, now)
        gap = np.where(real, age, np.inf).min(axis=1)
        self._gaps[rows, columns] += 1 / np.log(gap + np.e)  # nothing for the first, whose gap is infinite
        self._encounters.add(rows, columns, now)
