"""Every screen of a lesson as a learner in Riyadh meets it: the real views on values that no store has seen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.asked import LETTERS
from bot.circumstances import Circumstances
from bot.features.remind import view as remind_view
from bot.features.remind.usecase import Waiting
from bot.features.study import view
from bot.features.study.outcome import FeedbackShown, LessonShown, QuestionShown
from bot.message import Message
from bot.phrases import Phrases, Voice
from bot.seat import Seat
from lessons.course import Course, Lesson, LessonId, Question, Role
from lessons.enrolment import AskingId, AskingKind, AskingState, CohortId, EnrolmentId, EnrolmentState, LearnerId
from lessons.grading import grade, shown_order
from scheduler.delivery import Reach
from scheduler.quiet_hours import QuietHours
from scheduler.reminders import PAUSE, next_nudge
from scheduler.slots import next_slot
from scheduler.spacing import Ladder, Rung, climb
from storage.askings import Asking
from storage.enrolments import Enrolment
from storage.people import Learner

A_SUNDAY = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)  # 08:30 in Riyadh, an ordinary working morning
ZONE = "Asia/Riyadh"
_LEARNER = Learner(LearnerId(1), 1, "", "en", Reach.REACHABLE, None, None, "Riyadh", "SA", None, ZONE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message and when it stands on the phone."""

    at: datetime
    message: Message


@dataclass(frozen=True, slots=True)
class Answered:
    """The feedback on one choice: its letter, the verdict and the confidence, and the screen."""

    letter: str
    correct: bool
    sure: bool
    shown: Shown


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a lesson: as it is put, with a choice tapped, and every feedback (sure ones first)."""

    question: Question
    put: Shown
    chosen: Shown
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Screens:
    """All there is to see of a lesson; roles that it has no question for are missing."""

    lesson: Shown
    reminders: tuple[Shown, ...]  # the last one is the kind pause
    asked: dict[Role, Asked]


def screens_of(course: Course, lesson_id: str) -> Screens:
    """Every screen of that lesson. KeyError when the course does not have it."""
    lesson = course.lesson(lesson_id)
    if lesson is None:
        raise KeyError(lesson_id)
    return _Specimen(course, lesson).screens()


class _Specimen:
    """One learner, one lesson."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        self._lesson = lesson
        self._voice: Voice = Phrases.built_in().voice(course.language, ZONE)
        enrolment = Enrolment(
            id=EnrolmentId(1),
            learner_id=_LEARNER.id,
            cohort_id=CohortId(1),
            course_id=course.id,
            state=EnrolmentState.ACTIVE,
            first_on=A_SUNDAY.date(),
            free_since_at=A_SUNDAY,
            refresher_on=None,
        )
        self._seat = Seat(Circumstances.plain(_LEARNER, enrolment, course))
        self._is_last = course.lessons[-1].id == lesson.id

    def screens(self) -> Screens:
        asked = {question.role: self._asked(question) for question in self._lesson.questions}
        asking = _asking(self._lesson.id, self._lesson.questions[0], AskingKind.DAY)
        lesson = view.lesson(LessonShown(self._seat, self._lesson, asking), self._voice)
        return Screens(Shown(A_SUNDAY, lesson), tuple(self._reminders(asking)), asked)

    def _reminders(self, asking: Asking) -> Iterator[Shown]:
        nudged_on: date | None = None
        for sent in range(PAUSE):
            calendar = self._seat.calendar
            nudge = next_nudge(since_at=A_SUNDAY, sent=sent, nudged_on=nudged_on, calendar=calendar)
            if nudge is None:
                return
            nudged_on = calendar.day(nudge.at)
            say = remind_view.pause if nudge.n == PAUSE else remind_view.reminder
            yield Shown(nudge.at, say(Waiting(self._seat, self._lesson.title, asking, nudge.n), self._voice))

    def _asked(self, question: Question) -> Asked:
        """The day's question today; the repeat when the ladder brings it; the kept one beside both."""
        kind = AskingKind.REVIEW if question.role is Role.REPEAT else AskingKind.DAY
        at = A_SUNDAY if question.role is not Role.REPEAT else self._slot(Ladder().right_days)
        put = _asking(self._lesson.id, question, kind)
        order = shown_order(question, enrolment=put.enrolment_id, number=put.number)
        answers = [
            self._answered(question, replace(put, choice_id=choice.id, sure=sure), letter, at)
            for sure in (True, False)
            for letter, choice in zip(LETTERS, order, strict=False)
        ]
        chosen = replace(put, state=AskingState.CHOSEN, choice_id=order[0].id)
        return Asked(question, self._put(question, put, at), self._put(question, chosen, at), tuple(answers))

    def _put(self, question: Question, asking: Asking, at: datetime) -> Shown:
        return Shown(at, view.question(QuestionShown(self._seat, self._lesson, asking, question), self._voice))

    def _answered(self, question: Question, asking: Asking, letter: str, at: datetime) -> Answered:
        sure, correct = asking.sure is True, grade(question, asking.choice_id or "")
        before = Rung(1) if question.role is Role.REPEAT else Rung()  # the sister case follows a right answer
        rung = climb(before, correct=correct, sure=sure, on=self._seat.today(at))
        kept = question.role is Role.KEPT  # it measures: nothing comes back because of it
        shown = FeedbackShown(
            seat=self._seat,
            lesson=self._lesson,
            asking=replace(asking, state=AskingState.SETTLED, correct=correct),
            question=question,
            rung=Rung() if kept else rung,
            returns_at=self._slot_from(rung.due_on, at) if rung.due_on and not kept else None,
            next_at=None if kept or self._is_last else self._slot_from(self._seat.today(at) + timedelta(days=1), at),
            now=at,
            next_is_case=self._case_follows(),
        )
        return Answered(letter, correct, sure, Shown(at, view.feedback(shown, self._voice)))

    def _case_follows(self) -> bool:
        order, course = self._seat.course.order, self._seat.course
        following = order[order.index(self._lesson.id) + 1 :]
        return bool(following) and course.simulation(following[0]) is not None

    def _slot(self, days: int) -> datetime:
        return self._slot_from(self._seat.today(A_SUNDAY) + timedelta(days=days), A_SUNDAY)

    def _slot_from(self, day: date, after: datetime) -> datetime:
        slot = self._seat.course.cadence.slot
        return next_slot(self._seat.calendar, slot, after=after, not_before=day, quiet=QuietHours())


def _asking(lesson_id: LessonId, question: Question, kind: AskingKind) -> Asking:
    return Asking(
        id=AskingId(1),
        enrolment_id=EnrolmentId(1),
        lesson_id=lesson_id,
        question_id=question.id,
        kind=kind,
        number=1,
        version=question.version,
        state=AskingState.PUT,
        planned_on=A_SUNDAY.date(),
        put_at=A_SUNDAY,
        settled_at=None,
        feedback_owed=False,
        nudges=0,
        nudged_on=None,
        choice_id=None,
        correct=False,
        sure=None,
        answered_at=None,
    )
