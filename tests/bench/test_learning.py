"""The comparison can be trusted: equal budgets, the planner's own days, and memories in which spacing pays."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import numpy as np
import pytest

from lessons.course import LessonId
from scheduler.calendar import Calendar
from tests.bench.learners import Minds, People
from tests.bench.learning import LADDER, SETTINGS, Setting, outcomes, ran
from tests.bench.memories import Memory, PracticeMemory, TraceMemory
from tests.bench.schedules import MONDAY, Climbing, Term, by_rule
from tests.scheduler.studying import Answer, Study, fresh

pytestmark = pytest.mark.slow

FEW = People(learners=12)
SEEDS = range(2)
PUBLISHED = SETTINGS[0]
LONDON = Calendar("Europe/London", frozenset({6, 7}))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_learner_meets_as_many_questions_under_every_schedule(setting: Setting) -> None:
    runs = dict(ran(setting, FEW, SEEDS))
    ours = runs[LADDER].asked.sum(axis=1)
    for name, minds in runs.items():
        assert minds.asked.sum(axis=1).tolist() == ours.tolist()
        assert minds.asked.min() >= 1 or name == LADDER, "every lesson is given"


def test_without_forgetting_all_schedules_are_equal() -> None:
    never_forgets = Setting("never forgets", TraceMemory(decay_intercept=0.0, decay_scale=0.0, ease_mean=3.0))
    rows = outcomes(never_forgets, FEW, SEEDS)
    assert [row.recall_90 for row in rows] == pytest.approx([1.0] * len(rows), abs=1e-3)


@pytest.mark.parametrize("memory", [TraceMemory(), PracticeMemory()], ids=["traces", "practice"])
def test_massed_practice_loses_to_every_spaced_schedule_after_90_days(memory: Memory) -> None:
    recall = {row.schedule: row.recall_90 for row in outcomes(Setting("", memory), FEW, SEEDS)}
    massed = recall.pop("massed")
    assert massed < min(recall.values()) - 0.03


def test_the_same_seeds_give_the_same_table_and_others_another() -> None:
    assert outcomes(PUBLISHED, FEW, SEEDS) == outcomes(PUBLISHED, FEW, SEEDS)
    assert outcomes(PUBLISHED, FEW, range(2, 4)) != outcomes(PUBLISHED, FEW, SEEDS)


def test_people_of_a_seed_are_the_same_however_many_seeds_there_are() -> None:
    alone, with_others = (Minds(TraceMemory(), FEW, seeds) for seeds in (range(1, 2), range(2)))
    for minds in (alone, with_others):
        by_rule(minds, Climbing(), Term())
    assert with_others.asked[12:].tolist() == alone.asked.tolist()


@pytest.mark.parametrize(
    ("answer", "threshold"),
    [(Answer(), -1000.0), (Answer(correct=False, sure=False), 1000.0)],
    ids=["always right and sure", "always wrong and unsure"],
)
def test_the_ladder_asks_on_the_days_of_the_real_planner(answer: Answer, threshold: float) -> None:
    minds = Minds(TraceMemory(threshold=threshold), People(learners=1, choices=10**9), range(1))
    term = Term(weeks=14)
    by_rule(minds, Climbing(), term)
    asked, last_on = _as_planned(answer, term)
    assert minds.asked[0].tolist() == asked
    assert minds.seen_on[0].tolist() == last_on


def _as_planned(answer: Answer, term: Term) -> tuple[list[int], list[int]]:
    """How often the planner asks about each of 44 lessons, and on which day last."""
    lessons = [LessonId(f"{n:02}") for n in range(44)]
    joined = LONDON.instant(MONDAY - timedelta(days=1), time(20))
    study = Study(fresh(LONDON, joined, first_on=MONDAY), lessons, lambda *_: answer, joined)
    study.until(LONDON.instant(MONDAY + timedelta(days=term.last_day), time(20)))
    askings = [(note.rstrip("?"), _day(at)) for at, note in study.journal if note.rstrip("?") in lessons]
    often, last = Counter(lesson for lesson, _ in askings), dict(askings)
    return [often[lesson] for lesson in lessons], [last.get(lesson, -1) for lesson in lessons]


def _day(at: datetime) -> int:
    on: date = LONDON.day(at)
    return (on - MONDAY).days


def test_what_is_left_of_a_budget_goes_to_the_longest_unseen_one_a_working_day() -> None:
    exact, extra = (Minds(TraceMemory(threshold=-1000.0), People(learners=1), range(1)) for _ in range(2))
    for minds, budget in ((exact, 88), (extra, 91)):
        by_rule(minds, Climbing(), Term(), np.array([budget]))
    assert extra.asked[0].tolist() == [3, 3, 3] + [2] * 41
    working = [day for day in Term().working_days() if day > exact.seen_on.max()]
    assert extra.seen_on[0, :3].tolist() == working[:3]


@pytest.mark.parametrize("memory", [TraceMemory(), PracticeMemory()], ids=["traces", "practice"])
def test_a_question_after_twelve_days_leaves_more_than_one_a_minute_later(memory: Memory) -> None:
    minds = Minds(memory, People(learners=200, objectives=2), range(1))
    rows = np.arange(200)
    apart, together = np.zeros(200, np.int64), np.ones(200, np.int64)
    for objective in (apart, together):
        minds.read(rows, objective, 0)
    minds.answer(rows, together, 0)
    minds.answer(rows, apart, 12)
    assert minds.recall(12 + 90)[:, 0].mean() > minds.recall(90)[:, 1].mean() + 0.05
