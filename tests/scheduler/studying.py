"""A learner who studies by the planner alone: carries out its acts, answers by habit, and keeps a journal.

At every step it holds the planner to its word: planning again adds nothing, and `look_at` is the very next instant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from lessons.course import Cadence, LessonId, TaughtId
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentId, EnrolmentState
from scheduler.acts import Act, AskRefresher, AskReview, Farewell, GiveLesson, Lapse, PauseKindly, Remind, Settle
from scheduler.calendar import Calendar
from scheduler.planner import Plan, plan
from scheduler.quiet_hours import QuietHours
from scheduler.spacing import Rung, climb
from scheduler.standing import DueReview, OpenAsking, Standing

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """How an asking is answered: how long after it is put, rightly or not, and the second tap if it ever comes."""

    correct: bool = True
    sure: bool | None = True
    wait: timedelta = timedelta(minutes=5)


Habit = Callable[[int, AskingKind], Answer | None]


def fresh(
    calendar: Calendar,
    at: datetime,
    *,
    slot: time = time(8, 30),
    quiet: QuietHours | None = None,
    cadence: Cadence | None = None,
    first_on: date | None = None,
) -> Standing:
    """Someone who has just joined."""
    return Standing(
        enrolment=EnrolmentId(1),
        state=EnrolmentState.ACTIVE,
        calendar=calendar,
        slot=slot,
        quiet=quiet or QuietHours(),
        first_on=first_on or calendar.day(at),
        free_since_at=at,
        next_lesson=None,
        last_lesson_on=None,
        asked_on=(),
        open=(),
        reviews=(),
        refresher_on=None,
        cadence=cadence or Cadence(),
    )


@dataclass(slots=True)
class Study:
    """One learner's way through `lessons`, from `standing` on."""

    standing: Standing
    lessons: Sequence[TaughtId]
    habit: Habit
    now: datetime
    down: Sequence[tuple[datetime, datetime]] = ()
    given: int = 0
    askings: int = 0
    rungs: dict[LessonId, Rung] = field(default_factory=dict)
    about: dict[AskingId, tuple[TaughtId, Answer | None]] = field(default_factory=dict)
    acts: list[tuple[datetime, Act]] = field(default_factory=list)
    journal: list[tuple[datetime, str]] = field(default_factory=list)

    def until(self, end: datetime) -> "Study":
        """Live until that instant."""
        while self.now < end:
            self._offer_lesson()
            found = self._planned()
            waiting = [at for at in (found.look_at, self._next_tap()) if at is not None]
            self.now = self._up(min([end, *waiting]))
            self._tap()
        return self

    def _up(self, at: datetime) -> datetime:
        return next((back for gone, back in self.down if gone <= at < back), at)

    def _offer_lesson(self) -> None:
        left = self.lessons[self.given :]
        self.standing = replace(self.standing, next_lesson=left[0] if left else None)

    def _planned(self) -> Plan:
        found = plan(self.standing, self.now)
        while found.acts:
            settles = tuple(act for act in found.acts if isinstance(act, Settle))
            for act in settles or found.acts:
                self.acts.append((self.now, act))
                self._carry_out(act)
            self._offer_lesson()
            if not settles:
                assert plan(self.standing, self.now).acts == ()
            found = plan(self.standing, self.now)
        hold_to_look_at(self.standing, self.now, found.look_at)
        return found

    def _carry_out(self, act: Act) -> None:
        match act:
            case GiveLesson():
                self.given += 1
                self._put(AskingKind.DAY, act.lesson, act.on)
                self.standing = replace(self.standing, last_lesson_on=act.on)
            case AskReview():
                self._put(AskingKind.REVIEW, act.lesson, act.on)
            case AskRefresher():
                self._put(AskingKind.REFRESHER, LessonId("any"), act.on)
            case Remind():
                nudged = [
                    replace(a, nudges=act.n, nudged_on=act.on) if a.id == act.asking else a for a in self.standing.open
                ]
                self.standing = replace(self.standing, open=tuple(nudged), nudged_on=act.on)
                self._note(f"remind {act.n}")
            case PauseKindly():
                self.standing = replace(self.standing, state=EnrolmentState.PAUSED)
                self._note("pause")
            case Settle():
                self._settle(act.asking, sure=False)
            case Lapse():
                left = tuple(a for a in self.standing.open if a.id != act.asking)
                silences = self.standing.silences + 1
                self.standing = replace(self.standing, open=left, silences=silences, refresher_on=act.on)
            case Farewell():
                self.standing = replace(self.standing, refresher_on=None, silences=0)

    def _put(self, kind: AskingKind, lesson: TaughtId, on: date) -> None:
        self.askings += 1
        asking = AskingId(self.askings)
        self.about[asking] = (lesson, self.habit(self.askings, kind))
        value = OpenAsking(asking, kind, AskingState.PUT, self.now, None, 0, None)
        asked_on = (*self.standing.asked_on[-20:], on)
        self.standing = replace(self.standing, open=(*self.standing.open, value), asked_on=asked_on)
        self._list_reviews()
        self._note(lesson if kind is AskingKind.DAY else f"{lesson}?")

    def _next_tap(self) -> datetime | None:
        return min((at for at, _ in self._taps()), default=None)

    def _taps(self) -> list[tuple[datetime, OpenAsking]]:
        awaited = [a for a in self.standing.open if a.state is AskingState.PUT]
        taps = [(a, self.about[a.id][1]) for a in awaited]
        return [(a.put_at + answer.wait, a) for a, answer in taps if answer and a.put_at]

    def _tap(self) -> None:
        for at, asking in self._taps():
            answer = self.about[asking.id][1]
            if at > self.now or answer is None:
                continue
            chosen = replace(asking, state=AskingState.CHOSEN, chosen_at=self.now)
            left = tuple(a if a.id != asking.id else chosen for a in self.standing.open)
            self.standing = replace(self.standing, open=left)
            if answer.sure is not None:
                self._settle(asking.id, sure=answer.sure)

    def _settle(self, asking: AskingId, *, sure: bool) -> None:
        (value,) = (a for a in self.standing.open if a.id == asking)
        taught, answer = self.about[asking]
        assert answer is not None
        assert value.chosen_at is not None
        left = tuple(a for a in self.standing.open if a.id != asking)
        self.standing = replace(self.standing, open=left, free_since_at=value.chosen_at)
        on = self.standing.calendar.day(value.chosen_at)
        if value.kind is AskingKind.REFRESHER:
            self.standing = replace(self.standing, refresher_on=on + timedelta(days=14))
            return
        lesson = LessonId(taught)
        self.rungs[lesson] = climb(self.rungs.get(lesson, Rung()), correct=answer.correct, sure=sure, on=on)
        self._list_reviews()
        if self.given == len(self.lessons) and all(rung.retired for rung in self.rungs.values()):
            self.standing = replace(self.standing, state=EnrolmentState.COMPLETED)
            self.standing = replace(self.standing, refresher_on=on + timedelta(days=14))
            self._note("completed")

    def _list_reviews(self) -> None:
        busy = {self.about[a.id][0] for a in self.standing.open}
        due = [(r.due_on, lesson) for lesson, r in self.rungs.items() if r.due_on and lesson not in busy]
        self.standing = replace(self.standing, reviews=tuple(DueReview(lesson, on) for on, lesson in sorted(due)))

    def _note(self, what: str) -> None:
        self.journal.append((self.now, what))

    def diary(self) -> list[str]:
        """One line a local day: `Sun 29 Nov: 08:30 a, 12:30 remind 1`."""
        days: dict[date, list[str]] = {}
        for at, what in self.journal:
            local = self.standing.calendar.local(at)
            days.setdefault(local.date(), []).append(f"{local:%H:%M} {what}")
        return [f"{day:%a %d %b}: {', '.join(notes)}" for day, notes in days.items()]


def hold_to_look_at(standing: Standing, now: datetime, look_at: datetime | None) -> None:
    """Nothing is due until `look_at`, something is at it, and nothing ever when it is None."""
    if look_at is None:
        assert plan(standing, now + timedelta(days=60)).acts == ()
        return
    assert look_at > now
    before = plan(standing, look_at - INSTANT)
    assert before.acts == ()
    assert before.look_at == look_at
    assert plan(standing, look_at).acts != ()
