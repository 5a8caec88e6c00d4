"""Where cases come among the lessons."""

from hypothesis import given
from hypothesis import strategies as st

from lessons.catalogue import built_in
from lessons.teaching_order import teaching_order

NUMBERS = st.integers(0, 6)


def test_a_case_follows_the_last_lesson_of_its_module() -> None:
    assert teaching_order({"m": ["l1", "l2"], "n": ["l3"]}, [("c", "m")]) == ("l1", "l2", "c", "l3")


def test_several_are_spread_over_the_next_module() -> None:
    found = teaching_order({"m": ["l1"], "n": ["l2", "l3", "l4", "l5"]}, [("c1", "m"), ("c2", "m")])
    assert found == ("l1", "c1", "l2", "l3", "c2", "l4", "l5")


def test_those_of_the_last_module_follow_each_other() -> None:
    assert teaching_order({"m": ["l1"]}, [("c1", "m"), ("c2", "m")]) == ("l1", "c1", "c2")


def test_a_case_of_no_module_comes_last() -> None:
    assert teaching_order({"m": ["l1"], "n": ["l2"]}, [("c", "gone"), ("d", "m")]) == ("l1", "d", "l2", "c")


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5))
def test_nothing_is_lost_and_no_case_comes_before_its_module_is_taught(sizes: list[tuple[int, int]]) -> None:
    lessons = {f"m{n}": [f"l{n}-{k}" for k in range(size)] for n, (size, _) in enumerate(sizes)}
    cases = [(f"c{n}-{k}", f"m{n}") for n, (_, size) in enumerate(sizes) for k in range(size)]
    order = teaching_order(lessons, cases)
    taught = [each for module in lessons.values() for each in module]
    assert sorted(order) == sorted([*taught, *(case for case, _ in cases)])
    assert [each for each in order if each.startswith("l")] == taught
    for case, module in cases:
        assert set(lessons[module]) <= set(order[: order.index(case)])


def test_the_built_in_course_gives_twelve_cases_among_its_lessons() -> None:
    course = built_in()
    places = [course.order.index(one.id) for one in course.simulations]
    assert len(course.order) == len(course.lessons) + 12
    assert sum(b - a == 1 for a, b in zip(sorted(places), sorted(places)[1:], strict=False)) <= 2  # two days of cases
