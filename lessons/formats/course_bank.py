"""A course as a question bank: every question of every lesson, so that a Moodle beside us can ask it too."""

from lessons.course import Course, Question
from lessons.formats.bank import BankChoice, BankQuestion, clean


def of_course(course: Course) -> tuple[BankQuestion, ...]:
    """The questions in teaching order: the id as title, module/lesson as category, each `because` as feedback.

    Raises BankError for a text that no bank can hold.
    """
    return tuple(
        _bank_question(question, f"{module.id}/{lesson.id}")
        for module in course.modules
        for lesson in module.lessons
        for question in lesson.questions
    )


def _bank_question(question: Question, category: str) -> BankQuestion:
    choices = tuple(
        BankChoice(clean(choice.text), choice.id == question.key, clean(choice.because)) for choice in question.choices
    )
    return BankQuestion(clean(question.stem), choices, title=question.id, category=category)
