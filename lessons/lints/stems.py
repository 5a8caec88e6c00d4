"""Stems that are nearly those of another lesson: whoever met one knows the other, and its measure is worth less."""

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterator

from lessons.course import Course, QuestionId

ALIKE = 0.8  # share of words in common and in order: 2 × matching words / all words


def nearly_the_same(course: Course) -> Iterator[tuple[QuestionId, str]]:
    """(question, sentence) for each stem that is nearly one of an earlier lesson."""
    stems = [
        (lesson, question.id, words, Counter(words))
        for lesson in course.lessons
        for question in lesson.questions
        for words in [re.findall(r"\w+", question.stem.casefold())]
    ]
    for (lesson, earlier, words, count), (another, later, others, counts) in itertools.combinations(stems, 2):
        # Words in common, in whatever order, bound the ratio from above and are quick to count.
        if lesson is another or 2 * (count & counts).total() < ALIKE * (len(words) + len(others)):
            continue
        share = difflib.SequenceMatcher(None, words, others, autojunk=False).ratio()
        if share >= ALIKE:
            yield (
                later,
                f"the stem is {share:.0%} that of {earlier} in lesson {lesson.id}; put it into another situation",
            )
