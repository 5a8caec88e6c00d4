"""A further course of a few lessons, so small that people complete it and live on as alumni within a test."""

from datetime import date

from lessons.course import (
    Cadence,
    Card,
    Choice,
    ChoiceId,
    Course,
    CourseId,
    Kind,
    Lesson,
    LessonId,
    Module,
    ModuleId,
    Question,
    QuestionId,
    Role,
    Source,
)

WEEKS = 8  # from the first lesson to the deadline


def _question(lesson: int, role: Role) -> Question:
    id_ = f"l{lesson}-{role}"
    choices = tuple(Choice(ChoiceId(name), f"{id_}: {name}", f"because {name}") for name in ("good", "bad", "worse"))
    return Question(QuestionId(id_), role, Kind.CASE, f"What now, {id_}?", choices, ChoiceId("good"), ("s",))


def course(lessons: int = 3) -> Course:
    """Each lesson has a day question and its sister; nothing is kept for measures."""
    source = Source("s", "A source", "2026", "https://example.org/s")
    made = tuple(
        Lesson(
            LessonId(f"l{n}"),
            f"Lesson {n}",
            f"Know {n}",
            (Card("First", "one"), Card("Then", "two")),
            (source,),
            date(2027, 12, 31),
            (_question(n, Role.DAY), _question(n, Role.REPEAT)),
        )
        for n in range(1, lessons + 1)
    )
    module = Module(ModuleId("m"), "A module", made)
    return Course(CourseId("few"), "A few lessons", "en", (module,), Cadence(weeks_to_deadline=WEEKS))
