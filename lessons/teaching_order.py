"""In which order a course gives its lessons and cases: a case follows the last lesson of its module.

Where a module has several, the others are spread over the lessons of the next module; those of the last one follow each
other.
"""

from collections.abc import Mapping, Sequence


def teaching_order(lessons: Mapping[str, Sequence[str]], cases: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Ids of lessons and cases, each once. `lessons`: module → its lessons; `cases`: (id, module it follows).

    A case whose module the course does not have comes last.
    """
    order, waiting = list[str](), list[str]()
    for module, given in lessons.items():
        order += _spread(given, waiting)
        waiting = [case for case, follows in cases if follows == module]
    return (*order, *waiting, *(case for case, follows in cases if follows not in lessons))


def _spread(lessons: Sequence[str], cases: Sequence[str]) -> list[str]:
    """The first case before the first lesson, each other one after as many lessons again."""
    found, given = list[str](), 0
    for n, case in enumerate(cases):
        until = n * len(lessons) // len(cases)
        found += [*lessons[given:until], case]
        given = until
    return [*found, *lessons[given:]]
