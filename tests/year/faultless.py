"""A service without fault, told in ticks of half an hour: its records must pass, and one change in them must not."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from tests.year import local_days as days
from tests.year.frozen_days import deadline_at, due_on, frozen_dates
from tests.year.machine import Machine
from tests.year.records import Event, Kind, Posting, Record, Story
from tests.year.replay import AFTER_RIGHT, AFTER_WRONG, AFTER_WRONG_AND_SURE

TICK = timedelta(minutes=30)
LESSONS = tuple(f"lesson-{n:02}" for n in range(1, 46))


@dataclass
class Service:
    """One person's year; `now` is the true time, `told` what the machine's clock says."""

    story: Story
    machine: Machine
    until_at: datetime
    events: list[Event] = field(default_factory=list)
    open: dict[str, datetime] = field(default_factory=dict)
    reminded: int = 0
    sign_at: datetime | None = None  # when the wait began, or the last thing the person did
    sign_on: date = date.min
    answers: list[tuple[datetime, str]] = field(default_factory=list)
    sent: int = 0
    lesson_on: date = date.min
    asked: dict[date, int] = field(default_factory=dict)
    nudged_on: set[date] = field(default_factory=set)
    due: dict[str, tuple[date, int]] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    standing: str = "active"
    paused_at: datetime | None = None
    over_on: date | None = None
    checks: set[str] = field(default_factory=set)
    refresher_on: date = date.min
    ignored: int = 0

    def __post_init__(self) -> None:
        self.dice = Random(self.story.seed)  # noqa: S311 - no secret

    def record(self) -> Record:
        now = self.story.joined_at
        self._say(now, "check", "baseline")
        self._say(now, "answered", "baseline", correct=True)
        while now < self.until_at:
            now += TICK
            self._live(now)
            if not any(down.first <= now < down.last for down in self.machine.down):
                self._tick(now, now + sum((s.by for s in self.machine.steps if s.at <= now), timedelta()))
        return Record(self.story, tuple(self.events), LESSONS, self.until_at)

    def _say(self, now: datetime, kind: Kind, what: str = "", n: int = 0, *, correct: bool | None = None) -> None:
        sure = None if correct is None else self.dice.random() < self.story.sure_share
        self.events.append(Event(now, kind, what, n, correct, sure))

    def _live(self, now: datetime) -> None:
        """What the person does."""
        away = any(first <= now < last for first, last in self.story.blocked)
        if self.standing == "blocked" and not away:
            self._say(now, "unblocked")
            self._back(now)
        if away or any(first <= now < last for first, last in self.story.silences):
            return
        wait = self.story.resumes_after
        if self.standing == "paused" and wait and self.paused_at and now >= self.paused_at + wait:
            self._say(now, "resume")
            self._back(now)
        while self.standing == "active" and self.answers and self.answers[0][0] <= now:
            self._answer(now, self.answers.pop(0)[1])

    def _back(self, now: datetime) -> None:
        self.standing = "active" if self.over_on is None else "over"
        self.sign_at, self.reminded = now, 0
        self.sign_on = days.any_dates(self.story, now, now)[-1]

    def _answer(self, now: datetime, what: str) -> None:
        correct = self.dice.random() < self.story.right_share
        self._say(now, "answered", what, correct=correct)
        event = self.events[-1]
        self.open.pop(what)
        self.done.add(what)
        self.sign_at, self.reminded = now, 0
        on = days.any_dates(self.story, now, now)[-1]
        self.sign_on = on
        counts = bool(correct and event.sure)
        self.right[what] = self.right.get(what, 0) + 1 if counts else 0
        self.due.pop(what, None)
        if self.right[what] < 2:
            self.due[what] = on, AFTER_RIGHT if correct else AFTER_WRONG_AND_SURE if event.sure else AFTER_WRONG
        if len(self.done) == len(LESSONS) and not self.due:
            self._say(now, "completed")
            self.standing, self.over_on = "over", on
            if self.story.consents:
                self._say(now, "consented", "alumni")

    def _tick(self, now: datetime, told: datetime) -> None:
        if self.standing in {"paused", "blocked"}:
            return
        last_on = deadline_at(self.story, now)[1]
        places = list(days.belongs(self.story, told, now))
        if self.over_on is None and days.any_dates(self.story, told, now)[0] > last_on:
            for local, _ in places:
                if not days.is_quiet(self.story, local.time()) and self._reaches(now):
                    self._say(now, "ended")
                    self.standing, self.over_on, self.answers = "over", local.date(), []
                    return
            return
        for local, posting in places:
            self._at(now, local, posting, last_on)

    def _reaches(self, now: datetime) -> bool:
        if any(first <= now < last for first, last in self.story.blocked):
            if self.standing != "blocked":
                self._say(now, "blocked")
            self.standing = "blocked"
            return False
        return True

    def _at(self, now: datetime, local: datetime, posting: Posting, last_on: date) -> None:
        on, at, story = local.date(), local.time(), self.story
        if (self.over_on is None and on > last_on) or days.is_quiet(story, at):
            return
        if not days.is_worked(story, posting, on, now):
            return
        if self.standing == "active" and self.open and days.is_nudge_time(story, on, at):
            self._nudge(now, on)
        if at < days.slot_on(story, on):
            return
        if self.over_on is not None:
            self._after(now, on)
        elif self.standing == "active" and on >= story.first_on and not self.open:
            self._teach(now, on)

    def _nudge(self, now: datetime, on: date) -> None:
        assert self.sign_at
        what = next(iter(self.open))
        passed = days.working_days(self.story, self.sign_on, on, now)
        ready = (now - self.sign_at >= timedelta(hours=5), passed >= 1, passed >= 3, passed >= 4)[self.reminded]
        if not ready or on in self.nudged_on or not self._reaches(now):
            return
        self.nudged_on.add(on)
        if self.reminded == 3:
            self._say(now, "pause", what)
            self.standing, self.paused_at = "paused", now
        else:
            self.reminded += 1
            self._say(now, "remind", what, self.reminded)

    def _teach(self, now: datetime, on: date) -> None:
        if self.asked.get(on, 0) >= 2:
            return
        frozen = frozen_dates(self.story, now)
        due = {what: due_on(day, left, frozen) for what, (day, left) in self.due.items()}
        ready = sorted((day, what) for what, day in due.items() if day <= on)
        first = self.lesson_on == date.min
        paced = first or days.working_days(self.story, self.lesson_on, on, now) >= self.story.pace
        if self.sent < len(LESSONS) and paced and self.lesson_on < on and len(ready) <= 10:
            if self._reaches(now):
                self._ask(now, on, "lesson", LESSONS[self.sent])
                self.sent += 1
                self.lesson_on = on
        elif ready and self._reaches(now):
            self._ask(now, on, "review", ready[0][1])

    def _ask(self, now: datetime, on: date, kind: Kind, what: str) -> None:
        self._say(now, kind, what)
        self.open[what], self.asked[on] = now, self.asked.get(on, 0) + 1
        self.sign_at, self.sign_on, self.reminded = now, on, 0
        pattern = self.story.answer_after
        self.answers.append((now + pattern[len(self.events) % len(pattern)], what))

    def _after(self, now: datetime, on: date) -> None:
        assert self.over_on
        for what, wait in (("check-30", 30), ("check-90", 90)):
            if on >= self.over_on + days.DAY * wait and what not in self.checks and self._reaches(now):
                self.checks.add(what)
                self._say(now, "check", what)
        if not any(event.kind == "consented" for event in self.events) or self.ignored > 3:
            return
        if on < self.over_on + days.DAY * 14 or (self.refresher_on > date.min and (on - self.refresher_on).days < 14):
            return
        if self._reaches(now):
            self._refresh(now, on)

    def _refresh(self, now: datetime, on: date) -> None:
        self.refresher_on = on
        if self.ignored == 3:
            self._say(now, "farewell")
        else:
            self._say(now, "refresher", LESSONS[on.toordinal() % len(LESSONS)])
        self.ignored += 1


def a_year_of(story: Story, until_at: datetime, machine: Machine | None = None) -> Record:
    """The record that a service without fault leaves of this story."""
    return Service(story, machine or Machine(), until_at).record()


def without(record: Record, *events: Event) -> Record:
    """The same record, some events left out."""
    return replace(record, events=tuple(event for event in record.events if event not in events))


def moved(record: Record, event: Event, at: datetime) -> Record:
    """The same record with one event at another instant, in its order."""
    events = [replace(event, at=at) if each == event else each for each in record.events]
    return replace(record, events=tuple(sorted(events, key=lambda each: each.at)))


def with_more(record: Record, *events: Event) -> Record:
    """The same record and some events more, in order."""
    return replace(record, events=tuple(sorted((*record.events, *events), key=lambda each: each.at)))
