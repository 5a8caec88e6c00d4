"""What people do, in the order in which each of them does it: values only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, NamedTuple

Kind = Literal["open", "choose", "sure", "term", "send"]
FEWEST, MOST = 40, 500  # people; with fewer, one second a message in a chat would be all that is measured
A_ROUND = 5  # acts about one question: open, choose, choose another, sure, and one more
BURST = 3  # acts that one person may make at once


class Act(NamedTuple):
    """One tap or command. `about`: the how-manieth question, term or broadcast; `value`: a choice, or sure (1, 0)."""

    kind: Kind
    about: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """How many study (each with so many open questions), how many await their first lesson, how many broadcasts."""

    studying: int
    newcomers: int
    questions: int
    broadcasts: int

    @property
    def everybody(self) -> int:
        """Whom a broadcast reaches."""
        return self.studying + self.newcomers

    @classmethod
    def of(cls, updates: int, sends: int, *, lessons: int) -> "Size":
        """Enough people, questions and broadcasts for so many updates and sends; `lessons` are all there are."""
        people = max(FEWEST, min(MOST, sends // 10))
        newcomers = people // 5
        studying = people - newcomers
        questions = max(1, -(-updates // (studying * A_ROUND)))
        if questions > lessons:
            raise ValueError(f"{updates} updates are too many for {sends} sends: raise --sends")
        return cls(studying, newcomers, questions, max(1, -(-sends // people)))


def acts_of(rng: Random, choices: Sequence[Sequence[str]], terms: int) -> Iterator[Act]:
    """One person's acts about questions with these choices: who taps twice means the first tap."""
    looked_up = rng.sample(range(terms), len(choices))
    for n, of_question in enumerate(choices):
        first, second = rng.sample(list(of_question), 2)
        sure = rng.choice("10")
        yield Act("open", n)
        yield Act("choose", n, first)
        yield Act("choose", n, second)
        yield Act("sure", n, sure)
        yield Act("sure", n, "0" if sure == "1" else "1") if rng.random() < 0.3 else Act("term", looked_up[n])


def mixed(rng: Random, everybody: Sequence[Iterator[Act]]) -> Iterator[tuple[int, Act]]:
    """(who, act) of all of them in a random order that keeps each one's own, with short bursts."""
    going = list(enumerate(everybody))
    while going:
        place = rng.randrange(len(going))
        who, acts = going[place]
        for _ in range(rng.randint(1, BURST)):
            if (act := next(acts, None)) is None:
                going[place] = going[-1]
                going.pop()
                break
            yield who, act


def with_broadcasts(acts: Sequence[tuple[int, Act]], broadcasts: int, author: int) -> Iterator[tuple[int, Act]]:
    """The same with broadcasts confirmed on the way, evenly, each by a double tap."""
    every = len(acts) // (broadcasts + 1) or 1
    for n, each in enumerate(acts, 1):
        yield each
        if n % every == 0 and n // every <= broadcasts:
            yield author, Act("send", n // every - 1)
            yield author, Act("send", n // every - 1)
