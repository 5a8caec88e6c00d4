"""What an evidence pack says of a cohort, as values: who came how far, what was learnt and kept, and for whom.

No figure stands for fewer than five people, nor do two figures that differ by fewer than five (lessons/suppression.py).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

from lessons.enrolment import EnrolmentId
from lessons.measures import FEWEST_PEOPLE, NOTHING, Calibration, Result, Score
from lessons.suppression import in_steps, in_table, may_stand, together

SIDES = ("mission", "sex", "rank")
MOST_GROUPS = 8
NOBODY = Calibration(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a cohort. `weeks` from the first lesson to completion; None: not completed."""

    enrolment: EnrolmentId
    studied: bool
    weeks: float | None
    groups: Mapping[str, str]  # side to group; "" where nothing is stated


@dataclass(frozen=True, slots=True)
class Compared:
    """The same people at the start and at a later point. Shares 0 to 1; `sure_*` of answers, None where not asked."""

    point: str
    people: int
    before: float
    after: float
    sure_right: tuple[float, float] | None = None
    sure_wrong: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """People of a mission, sex or rank. None: held back. `name` None: several small groups together."""

    name: str | None
    people: int
    completed: int | None
    not_yet: int | None


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks from the first lesson to completion: a quarter were faster than `quick`, half than `middle`."""

    people: int
    quick: float
    middle: float
    slow: float


@dataclass(frozen=True, slots=True)
class Pack:
    """All of it. None: too few people, or the figures would tell about persons."""

    invited: int
    enrolled: int
    studied: int
    completed: int
    baseline: Score | None
    baseline_people: int
    compared: tuple[Compared, ...]
    weeks: Weeks | None
    curve: tuple[tuple[int, int], ...]  # (week, people who have completed by its end)
    groups: Mapping[str, tuple[Group, ...] | None]


Answers = Mapping[EnrolmentId, Result]


def pack(
    people: Sequence[Person], *, waiting: int, measured: Mapping[str, Answers], ended: Mapping[EnrolmentId, Score]
) -> Pack:
    """`waiting`: on the roster and not here; `measured`: point to results; `ended`: last answers of the course."""
    there = {person.enrolment for person in people}
    done = [person.weeks for person in people if person.weeks is not None]
    baseline = {who: one for who, one in measured.get("baseline", {}).items() if who in there}
    enough = len(baseline) >= FEWEST_PEOPLE
    return Pack(
        invited=len(people) + waiting,
        enrolled=len(people),
        studied=sum(person.studied for person in people),
        completed=len(done),
        baseline=sum((one.score for one in baseline.values()), NOTHING) if enough else None,
        baseline_people=len(baseline),
        compared=tuple(_compared(baseline, measured, ended)) if enough else (),
        weeks=_weeks(done),
        curve=_curve(done),
        groups={side: _groups(people, side) for side in SIDES},
    )


def _compared(baseline: Answers, measured: Mapping[str, Answers], ended: Mapping[EnrolmentId, Score]) -> list[Compared]:
    shown, found = [frozenset(map(int, baseline))], []
    completed = {who: Result(score, {}, NOBODY) for who, score in ended.items()}
    for point, later in (("end", completed), *((p, measured.get(p, {})) for p in ("check-30", "check-90"))):
        both = [who for who in baseline if who in later]
        group = frozenset(map(int, both))
        if not may_stand(group, shown):
            continue
        shown.append(group)
        before, after = [baseline[who] for who in both], [later[who] for who in both]
        sure = (None, None) if point == "end" else (_sure(before, after, right=True), _sure(before, after, right=False))
        found.append(Compared(point, len(both), _share(before), _share(after), *sure))
    return found


def _share(results: Sequence[Result]) -> float:
    return sum((one.score for one in results), NOTHING).share


def _sure(before: Sequence[Result], after: Sequence[Result], *, right: bool) -> tuple[float, float] | None:
    """Shares of all answers that were sure, and right or wrong; None where fewer than five people gave such."""
    pair = []
    for results in (before, after):
        counts = [(one.calibration.sure_right if right else one.calibration.sure_wrong) or 0 for one in results]
        asked = sum(one.score.asked for one in results)
        if sum(map(bool, counts)) < FEWEST_PEOPLE or not asked:
            return None
        pair.append(sum(counts) / asked)
    return pair[0], pair[1]


def _weeks(done: Sequence[float]) -> Weeks | None:
    if len(done) < 2 * FEWEST_PEOPLE:  # a quarter of fewer would be one or two people
        return None
    quick, middle, slow = quantiles(done, n=4)
    return Weeks(len(done), quick, middle, slow)


def _curve(done: Sequence[float]) -> tuple[tuple[int, int], ...]:
    if not done:
        return ()
    by_week = Counter(int(weeks) for weeks in done)
    return tuple(in_steps([by_week[week] for week in range(max(by_week) + 1)]))


def _groups(people: Sequence[Person], side: str) -> tuple[Group, ...] | None:
    """By completion; None where nothing is stated, or no way of holding back is safe."""
    counted = Counter(person.groups.get(side, "") for person in people)
    if set(counted) <= {""} or len(people) < FEWEST_PEOPLE:
        return None
    alone, others = together(counted, most=MOST_GROUPS)
    rows = [*([name] for name in alone), *([others] if others else [])]
    table = [
        [sum(p.groups.get(side, "") in row and (p.weeks is not None) is done for p in people) for done in (True, False)]
        for row in rows
    ]
    shown = in_table(table)
    if shown is None:
        return None
    names = [*alone, *([None] if others else [])]
    return tuple(Group(name, sum(row), *cells) for name, row, cells in zip(names, table, shown, strict=True))
