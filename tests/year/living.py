"""A person who lives a year by the planner alone: the store is a handful of values, the phone a list of events.

The planner's acts are carried out as bot/agenda.py does; answers, silences, leave and moves come from the story.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from lessons.course import Course, LessonId, TaughtId
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentId, EnrolmentState, MeasureKind
from scheduler import acts
from scheduler.planner import plan
from scheduler.refreshers import FORTNIGHT
from scheduler.reminders import WorkingHours, allowed_from
from scheduler.spacing import Rung, climb
from scheduler.standing import DueMeasure, DueReview, OpenAsking, Standing
from tests.year.known import circumstances, error_at, turns, up_at
from tests.year.records import ClockStep, Down, Event, Kind, Record, Story

A_YEAR = timedelta(days=365)
BAR = 0.8
NEVER_SURE_TAP = 0.04  # share of answers whose second tap never comes
OVER = (EnrolmentState.COMPLETED, EnrolmentState.ENDED)
AFTER_END = {MeasureKind.CHECK_30: timedelta(days=30), MeasureKind.CHECK_90: timedelta(days=90)}


class Life:
    """One person's year. Instants are true ones; the service reads the machine's clock, which `steps` put wrong."""

    def __init__(
        self,
        story: Story,
        course: Course,
        until_at: datetime,
        down: tuple[Down, ...] = (),
        steps: tuple[ClockStep, ...] = (),
    ) -> None:
        self.story, self.course, self.until_at, self.down, self.steps = story, course, until_at, down, steps
        self.dice = Random(story.seed)  # noqa: S311 - no secret
        self.lessons, self.cases = course.order, frozenset(one.id for one in course.simulations)
        self.events: list[Event] = []
        self.state, self.reachable = EnrolmentState.ACTIVE, True
        self.free_since_at = self.seen_at = story.joined_at
        self.given = 0
        self.last_lesson_on: date | None = None
        self.asked_on: list[date] = []
        self.open: dict[AskingId, OpenAsking] = {}
        self.about: dict[AskingId, TaughtId] = {}
        self.right: dict[AskingId, bool] = {}
        self.taps: dict[AskingId, datetime] = {}
        self.checks: dict[MeasureKind, datetime] = {}
        self.rungs: dict[LessonId, Rung] = {}
        self.days: set[TaughtId] = set()  # lessons whose day question is answered, and cases decided
        self.nudged_on: date | None = None
        self.offered: dict[MeasureKind, date] = {}
        self.over_on: date | None = None
        self.refresher_on: date | None = None
        self.consent_until_on: date | None = None
        self.renewal_on: date | None = None
        self.silences = self.put = self.answered = self.plans = 0
        self.resume_at: datetime | None = None
        self.renew_at: datetime | None = None
        self.words: list[tuple[datetime, Kind]] = []
        self._learn(story.joined_at)

    def run(self) -> Record:
        """Live until the end of the record."""
        told = turns(self.story, self.until_at)
        clocks = [step.at for step in self.steps if step.at > self.story.joined_at]
        now = self.story.joined_at
        look_at: datetime | None = now
        while True:
            coming = [at for at in (look_at, *self._coming(), *(at for at, _ in told[:1]), *clocks[:1]) if at]
            now = up_at(self.down, max(now, min(coming, default=self.until_at)))
            if now >= self.until_at:
                return Record(self.story, tuple(self.events), self.lessons, self.until_at, cases=self.cases)
            while told and told[0][0] <= now:
                self._turn(told.pop(0)[1], now)
            while clocks and clocks[0] <= now:
                clocks.pop(0)
            if self.reachable:
                self._act(now)
            look = self._plan(now) if self.reachable else None
            look_at = look and max(look - error_at(self.steps, now), now + timedelta(seconds=1))

    def _coming(self) -> Iterator[datetime]:
        if self.reachable:
            yield from self.taps.values()
            yield from self.checks.values()
            yield from (at for at, _ in self.words)
            yield from (at for at in (self.resume_at, self.renew_at) if at)

    def _note(self, at: datetime, kind: Kind, what: str = "", n: int = 0, **answer: bool) -> None:
        self.events.append(Event(at, kind, what, n, **answer))

    def _read(self, now: datetime) -> datetime:
        """What the machine's clock shows."""
        return now + error_at(self.steps, now)

    # What the world does

    def _learn(self, now: datetime) -> None:
        self.around = circumstances(self.story, self.course, now)
        self.calendar, self.deadline_on = self.around.calendar, self.around.deadline_on
        self.quiet = self.around.quiet

    def _turn(self, what: str, now: datetime) -> None:
        if what == "declared":
            self._learn(now)
            extended = self.state is EnrolmentState.ENDED and self.calendar.end_of(self.deadline_on) > self._read(now)
            if extended and any(each.granted_at == now for each in self.story.extensions) and not self._told():
                self.state, self.free_since_at, self.over_on = EnrolmentState.ACTIVE, self._read(now), None
                self.words.clear()
            return
        self._note(now, "blocked" if what == "blocked" else "unblocked")
        self.reachable = what == "unblocked"
        if self.reachable:
            self.free_since_at = self._read(now)
            self._seen(now)
            self.taps = {id_: max(at, now + self._latency()) for id_, at in self.taps.items()}

    def _told(self) -> bool:
        return any(event.kind == "ended" for event in self.events)

    # What the person does

    def _latency(self) -> timedelta:
        self.answered += 1
        return self.story.answer_after[self.answered % len(self.story.answer_after)]

    def _tap_at(self, now: datetime) -> datetime:
        at = now + self._latency()
        until = next((last for first, last in self.story.silences if first <= at < last), None)
        return until + self._latency() if until else at

    def _act(self, now: datetime) -> None:
        if self.resume_at and self.resume_at <= now:
            self._resume(now)
        for asking in [id_ for id_, at in self.taps.items() if at <= now]:
            self._answer(asking, now)
        for kind in [kind for kind, at in self.checks.items() if at <= now]:
            del self.checks[kind]
            self._seen(now)
            self._note(now, "answered", kind, correct=True, sure=True)
        if self.renew_at and self.renew_at <= now:
            self.renew_at, self.renewal_on = None, None
            self._consent(now)
        for word in [word for word in self.words if word[0] <= now]:
            self.words.remove(word)
            self._word(word[1], now)

    def _seen(self, now: datetime) -> None:
        self.seen_at = self._read(now)
        self.open = {id_: replace(each, nudges=0) for id_, each in self.open.items()}

    def _resume(self, now: datetime) -> None:
        self.resume_at = None
        if self.state is not EnrolmentState.PAUSED:
            return
        self.state, self.free_since_at = EnrolmentState.ACTIVE, self._read(now)
        self.open = {id_: replace(a, put_at=self._read(now)) for id_, a in self.open.items()}
        self._seen(now)
        self._note(now, "resume")
        self.taps = {id_: self._tap_at(now) for id_, a in self.open.items() if a.state is AskingState.PUT}

    def _answer(self, asking: AskingId, now: datetime) -> None:
        del self.taps[asking]
        self._seen(now)
        correct = self.dice.random() < self.story.right_share
        sure = self.dice.random() < self.story.sure_share
        told = self.dice.random() >= NEVER_SURE_TAP
        if self.about[asking] in self.cases:
            return self._decide(asking, now)
        self._note(now, "answered", self.about[asking], correct=correct, sure=sure and told)
        self.open[asking] = replace(self.open[asking], state=AskingState.CHOSEN, chosen_at=self._read(now))
        self.right[asking] = correct
        if told:
            self._settle(asking, sure=sure, now=now)
        return None

    def _decide(self, asking: AskingId, now: datetime) -> None:
        """A case is played to an ending in one go."""
        del self.open[asking]
        self._note(now, "answered", self.about[asking])
        self.days.add(self.about[asking])
        self.free_since_at = self._read(now)
        self._complete_if_done(self.calendar.day(self._read(now)), now)

    def _consent(self, now: datetime) -> None:
        today = self.calendar.day(self._read(now))
        self._note(now, "consented")
        self.consent_until_on, self.silences = today + A_YEAR, 0
        self.refresher_on = self.refresher_on or today + FORTNIGHT

    # What the service does

    def _settle(self, asking: AskingId, *, sure: bool, now: datetime) -> None:
        value, lesson = self.open.pop(asking), LessonId(self.about[asking])
        assert value.chosen_at is not None
        on = self.calendar.day(value.chosen_at)
        if value.kind is AskingKind.REFRESHER:
            self.refresher_on, self.silences = on + FORTNIGHT, 0
            return
        self.rungs[lesson] = climb(self.rungs.get(lesson, Rung()), correct=self.right[asking], sure=sure, on=on)
        self.free_since_at = value.chosen_at
        if value.kind is AskingKind.DAY:
            self.days.add(lesson)
        self._complete_if_done(on, now)

    def _complete_if_done(self, on: date, now: datetime) -> None:
        mastered = sum(rung.retired for rung in self.rungs.values())
        done = len(self.days) == len(self.lessons) and mastered >= BAR * len(self.course.lessons)
        if self.state is EnrolmentState.ACTIVE and done:
            self.state, self.over_on = EnrolmentState.COMPLETED, on
            self._note(now, "completed")
            if self.story.consents:
                self._consent(now)

    def _standing(self, now: datetime) -> Standing:
        today = self.calendar.day(self._read(now))
        busy = {self.about[a.id] for a in self.open.values()}
        away = self.calendar.away
        due = [(r.comes_on(away), lesson) for lesson, r in self.rungs.items() if r.due_on and lesson not in busy]
        return Standing(
            enrolment=EnrolmentId(self.story.id),
            state=self.state,
            calendar=self.calendar,
            slot=self.story.slot,
            quiet=self.quiet,
            first_on=self.story.first_on,
            free_since_at=self.free_since_at,
            next_lesson=self.lessons[self.given] if self.given < len(self.lessons) else None,
            last_lesson_on=self.last_lesson_on,
            asked_on=tuple(self.asked_on[-30:]),
            open=tuple(self.open.values()),
            reviews=tuple(DueReview(lesson, on) for on, lesson in due if on),
            refresher_on=self.refresher_on,
            cadence=self.course.cadence,
            nudged_on=self.nudged_on,
            seen_at=self.seen_at,
            pace=self.story.pace,
            deadline_on=self.deadline_on,
            measures=self._measures(today),
            measured_on=max(self.offered.values(), default=None),
            silences=self.silences,
            consent_until_on=self.consent_until_on,
            renewal_on=self.renewal_on,
        )

    def _measures(self, today: date) -> tuple[DueMeasure, ...]:
        due = []
        if self.state is EnrolmentState.ACTIVE and self.given <= 1:
            due.append(DueMeasure(MeasureKind.BASELINE, self.story.first_on))
        if self.over_on is not None and self.state in OVER:
            checks = [DueMeasure(kind, self.over_on + gap) for kind, gap in AFTER_END.items()]
            due += checks[-1:] if checks[-1].due_on <= today else checks
        return tuple(each for each in due if each.kind not in self.offered)

    def _plan(self, now: datetime) -> datetime | None:
        while True:
            self.plans += 1
            found = plan(self._standing(now), self._read(now))
            first = [act for act in found.acts if isinstance(act, acts.Settle | acts.End)]
            for act in first or found.acts:
                self._carry_out(act, now)
            if not found.acts:
                return found.look_at

    def _carry_out(self, act: acts.Act, now: datetime) -> None:
        match act:
            case acts.GiveLesson():
                kind = AskingKind.CASE if act.lesson in self.cases else AskingKind.DAY
                self._put(kind, "lesson", act.lesson, act.on, now)
                self.given, self.last_lesson_on = self.given + 1, act.on
            case acts.AskReview():
                self._put(AskingKind.REVIEW, "review", act.lesson, act.on, now)
            case acts.AskRefresher():
                self._put(AskingKind.REFRESHER, "refresher", self.dice.choice(self.course.lessons).id, act.on, now)
            case acts.AskMeasure():
                self.offered[act.kind] = act.on
                self._note(now, "check", act.kind)
                self.checks[act.kind] = self._tap_at(now)
            case acts.Remind() | acts.PauseKindly():
                self._nudge(act, now)
            case acts.Settle():
                self._settle(act.asking, sure=False, now=now)
            case acts.End():
                self.state, self.over_on = EnrolmentState.ENDED, self.deadline_on
                self.words.append((act.due_at - error_at(self.steps, now), "ended"))
            case _:
                self._carry_out_alumni(act, now)

    def _carry_out_alumni(self, act: acts.Act, now: datetime) -> None:
        match act:
            case acts.Lapse():
                del self.open[act.asking]
                self.taps.pop(act.asking, None)
                self.silences, self.refresher_on = self.silences + 1, act.on
            case acts.AskRenewal():
                self._note(now, "renewal")
                self.renewal_on = act.on
                self.renew_at = self._tap_at(now) if self.dice.random() < 0.7 else None
            case acts.Farewell():
                self.refresher_on, self.renewal_on, self.silences = None, None, 0
                self._note(now, "farewell")

    def _put(self, kind: AskingKind, told: Kind, lesson: TaughtId, on: date, now: datetime) -> None:
        self.put += 1
        asking = AskingId(self.put)
        self.about[asking] = lesson
        self.open[asking] = OpenAsking(asking, kind, AskingState.PUT, self._read(now), None, 0, None)
        self.taps[asking] = self._tap_at(now)
        self.asked_on.append(on)
        self._note(now, told, lesson)

    def _nudge(self, act: acts.Remind | acts.PauseKindly, now: datetime) -> None:
        on, asking = act.on, self.open[act.asking]
        n = act.n if isinstance(act, acts.Remind) else asking.nudges + 1
        self.open[act.asking] = replace(asking, nudges=n, nudged_on=on)
        self.nudged_on = on
        if isinstance(act, acts.Remind):
            return self._note(now, "remind", self.about[act.asking], act.n)
        self.state = EnrolmentState.PAUSED
        self._note(now, "pause", self.about[act.asking])
        self.taps.clear()
        if self.story.resumes_after is not None:
            at = now + self.story.resumes_after
            self.resume_at = next((last for first, last in self.story.silences if first <= at < last), at)
        return None

    def _word(self, kind: Kind, now: datetime) -> None:
        """The word about the end is said in working hours: what was held up past them waits for the next."""
        read = self._read(now)
        allowed = allowed_from(read, calendar=self.calendar, hours=WorkingHours(), quiet=self.quiet)
        if allowed > read:
            self.words.append((allowed - error_at(self.steps, now), kind))
        else:
            self._note(now, kind)
