"""What was so before each event: replayed from the record alone, one event after another."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.year.frozen_days import deadline, due_on, frozen_dates
from tests.year.machine import Machine
from tests.year.placing import NUDGES, QUESTIONS, Place
from tests.year.records import Event, Record, Story

AFTER_RIGHT, AFTER_WRONG, AFTER_WRONG_AND_SURE = 18, 10, 4  # days until a question comes again
END = "end"  # reasons of a span without planning


@dataclass(slots=True)
class Put:
    """Something that waits for an answer: when and on which dates it was sent, how often it was reminded of."""

    kind: str
    what: str
    at: datetime
    dates: tuple[date, ...]
    reminded: int = 0
    reminded_at: datetime | None = None
    owed: "Owed | None" = None


@dataclass(slots=True)
class Owed:
    """A question to be asked again `days` after an answer; early and late are readings of when it is due."""

    what: str
    answered_at: datetime
    answered_on: date
    days: int
    early_on: date
    late_on: date
    certain: bool = True  # false where one reading of the ladder has retired it
    asked_at: datetime | None = None


@dataclass(slots=True)
class Span:
    """Half-open; an open end is None until something closes it."""

    first: datetime
    last: datetime | None
    why: str


@dataclass(slots=True)
class State:
    """Everything the rules look at. `apply` moves it past one event."""

    record: Record
    machine: Machine
    open: dict[str, Put] = field(default_factory=dict)
    checks_open: dict[str, Put] = field(default_factory=dict)
    withdrawn: dict[str, Put] = field(default_factory=dict)
    sent: dict[str, datetime] = field(default_factory=dict)  # lessons that count as sent, by their latest sending
    lessons_on: dict[date, int] = field(default_factory=dict)
    questions_on: dict[date, int] = field(default_factory=dict)
    nudges_on: dict[date, int] = field(default_factory=dict)
    new_lessons: list[tuple[datetime, tuple[date, ...]]] = field(default_factory=list)
    lessons: list[tuple[datetime, tuple[date, ...]]] = field(default_factory=list)  # also those offered again
    reviews: list[tuple[datetime, tuple[date, ...]]] = field(default_factory=list)
    owed: dict[str, Owed] = field(default_factory=dict)
    all_owed: list[Owed] = field(default_factory=list)
    strict: dict[str, int] = field(default_factory=dict)  # right and sure in a row; an unsure right breaks the row
    loose: dict[str, int] = field(default_factory=dict)  # the same where an unsure right does not
    answered: set[str] = field(default_factory=set)
    waiting: list[Span] = field(default_factory=list)  # something was open
    stretches: list[Span] = field(default_factory=list)  # something was open and the person did nothing
    idle: list[Span] = field(default_factory=list)  # paused, blocked, withdrawn or at an end
    baselines: list[Span] = field(default_factory=list)
    paused: bool = False
    blocked: bool = False
    gone: bool = False
    completed: Event | None = None
    ended: Event | None = None
    end_dates: tuple[date, ...] = ()
    last_at: datetime | None = None  # of the event before
    active_at: datetime | None = None  # the last thing the person did
    back_at: datetime | None = None  # the last resume or unblocking
    consent_at: datetime | None = None
    renewal_open: bool = False
    refreshers: list[tuple[datetime, tuple[date, ...]]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)  # refreshers in a row
    refreshed: set[str] = field(default_factory=set)
    farewell_at: datetime | None = None
    checks: dict[str, tuple[datetime, tuple[date, ...]]] = field(default_factory=dict)
    _deadlines: dict[tuple[int, int], tuple[date, date]] = field(default_factory=dict)

    @property
    def story(self) -> Story:
        return self.record.story

    def deadline(self, known_at: datetime) -> tuple[date, date]:
        """Earliest and latest reading of the deadline as known then."""
        absences = sum(a.declared_at <= known_at for a in self.story.absences)
        key = absences, sum(e.granted_at <= known_at for e in self.story.extensions)
        if key not in self._deadlines:
            self._deadlines[key] = deadline(self.story, *key)
        return self._deadlines[key]

    def due_of(self, owed: Owed, known_at: datetime) -> date:
        """When a review is due, with the absences declared by then."""
        return due_on(owed.answered_on, owed.days, frozen_dates(self.story, known_at))

    def is_over(self) -> bool:
        return self.completed is not None or self.ended is not None

    def is_active(self) -> bool:
        return not (self.paused or self.blocked or self.gone or self.is_over())

    def came_back_since(self, at: datetime) -> bool:
        return self.back_at is not None and self.back_at >= at

    def apply(self, event: Event, place: Place) -> None:
        """Moves past an event that the rules have looked at."""
        kind, self.last_at = event.kind, event.at
        if kind in QUESTIONS:
            self._ask(event, place)
        elif kind == "answered":
            self._answer(event, place)
        elif kind in NUDGES:
            self._nudge(event, place)
        elif kind == "check":
            self.checks.setdefault(event.what, (event.at, place.dates))
            self.checks_open[event.what] = Put(kind, event.what, event.at, place.dates)
            if event.what == "baseline":
                self.baselines.append(Span(event.at, None, kind))
        elif kind == "withdrawn":
            self._withdraw(event)
        elif kind in {"resume", "unblocked"}:
            self._come_back(event)
        elif kind == "blocked":
            self.blocked = True
            self._rest(event.at, kind)
        elif kind in {"ended", "completed"}:
            self._end(event, place)
        else:
            self._alumni(event, place)

    def _ask(self, event: Event, place: Place) -> None:
        put, before = Put(event.kind, event.what, event.at, place.dates), self.open.get(event.what)
        if event.kind == "lesson":
            self.lessons.append((event.at, place.dates))
            if event.what not in self.sent:
                self.new_lessons.append((event.at, place.dates))
            self.sent[event.what] = event.at
        else:
            self.reviews.append((event.at, place.dates))
            put.owed = self.owed.pop(event.what, None) or (before.owed if before else None)
            if put.owed:
                put.owed.asked_at = event.at
        if before is None or not set(before.dates) & set(place.dates):  # offered again that day: one question still
            on = self.room(event.kind, place)
            self.questions_on[on] = self.questions_on.get(on, 0) + 1
            self.lessons_on[on] = self.lessons_on.get(on, 0) + (event.kind == "lesson")
        if not self.open:
            self.waiting.append(Span(event.at, None, event.what))
            self._stretch(event.at)
        self.open[event.what] = put

    def room(self, kind: str, place: Place) -> date:
        """The earliest date of an ambiguous instant on which the question still fits."""
        for on in place.dates:
            if self.questions_on.get(on, 0) < 2 and (kind != "lesson" or not self.lessons_on.get(on)):
                return on
        return place.dates[0]

    def _answer(self, event: Event, place: Place) -> None:
        self.active_at = event.at
        if event.what in self.checks_open:
            del self.checks_open[event.what]
            if event.what == "baseline" and self.baselines:
                self.baselines[-1].last = event.at
        elif event.what in self.open or event.what in self.withdrawn:
            put = self.open.pop(event.what, None) or self.withdrawn.pop(event.what)
            if put.kind == "lesson" and event.what not in self.sent:  # withdrawn, and it had arrived after all
                self.sent[event.what] = put.at
                self.new_lessons = sorted((*self.new_lessons, (put.at, put.dates)))
            if event.what in self.record.cases:  # nothing comes back of a case
                self.answered.add(event.what)
            else:
                self._climb(event, place)
            self._close(event.at)
        elif event.what in self.refreshed:
            self.unanswered.clear()
        if self.open and self.is_active():
            self._stretch(event.at)

    def _climb(self, event: Event, place: Place) -> None:
        what = event.what
        self.answered.add(what)
        counts = bool(event.correct and event.sure)
        self.strict[what] = self.strict.get(what, 0) + 1 if counts else 0
        self.loose[what] = self.loose.get(what, 0) + counts if event.correct else 0
        self.owed.pop(what, None)
        if self.strict[what] >= 2:
            return
        days = AFTER_RIGHT if event.correct else AFTER_WRONG_AND_SURE if event.sure else AFTER_WRONG
        first, last = place.dates[0], place.dates[-1]
        late = due_on(last, days, frozen_dates(self.story, self.record.until_at))
        owed = Owed(what, event.at, first, days, first + timedelta(days), late, certain=self.loose[what] < 2)
        self.owed[what] = owed
        self.all_owed.append(owed)

    def _nudge(self, event: Event, place: Place) -> None:
        if event.kind == "pause":
            self.paused = True
            self._rest(event.at, "paused")
        elif event.what in self.open:
            put = self.open[event.what]
            put.reminded, put.reminded_at = event.n, event.at
        if event.what != "self":
            on = self.nudge_room(place)
            self.nudges_on[on] = self.nudges_on.get(on, 0) + 1

    def nudge_room(self, place: Place) -> date:
        """The earliest date of an ambiguous instant that has no nudge yet."""
        return next((on for on in place.dates if not self.nudges_on.get(on)), place.dates[0])

    def _withdraw(self, event: Event) -> None:
        if not event.what:
            self.gone = True
            self._rest(event.at, END)
            return
        put = self.open.pop(event.what, None)
        if put is None:
            return
        self.withdrawn[event.what] = put
        on = next((on for on in put.dates if self.questions_on.get(on)), put.dates[0])
        self.questions_on[on] = self.questions_on.get(on, 1) - 1
        if put.kind == "lesson":
            self.lessons_on[on] = self.lessons_on.get(on, 1) - 1
            self.sent.pop(event.what, None)
            self.new_lessons = [one for one in self.new_lessons if one[0] != put.at]
        elif put.owed:
            put.owed.asked_at = None
            self.owed[event.what] = put.owed
        self._close(event.at)

    def _come_back(self, event: Event) -> None:
        self.active_at = self.back_at = event.at
        if event.kind == "resume":
            self.paused = False
        else:
            self.blocked = False
        for span in self.idle:
            if span.last is None and span.why == ("paused" if event.kind == "resume" else "blocked"):
                span.last = event.at
        for put in self.open.values():
            put.reminded, put.reminded_at = 0, None
        if self.open and self.is_active():
            self._stretch(event.at)

    def _end(self, event: Event, place: Place) -> None:
        if not self.is_over():
            self.end_dates = place.dates
        if event.kind == "ended":
            self.ended = self.ended or event
        else:
            self.completed = self.completed or event
        self._rest(event.at, END)

    def _alumni(self, event: Event, place: Place) -> None:
        if event.kind == "refresher":
            self.refreshers.append((event.at, place.dates))
            self.unanswered.append(event.what)
            self.refreshed.add(event.what)
        elif event.kind == "consented":
            self.consent_at, self.renewal_open, self.farewell_at = event.at, False, None
            self.unanswered.clear()
        elif event.kind == "declined":
            self.consent_at = None
        elif event.kind == "renewal":
            self.renewal_open = True
        elif event.kind == "farewell":
            self.farewell_at = event.at

    def _rest(self, at: datetime, why: str) -> None:
        self.idle.append(Span(at, None, why))
        self._end_stretch(at)

    def _close(self, at: datetime) -> None:
        if not self.open:
            if self.waiting and self.waiting[-1].last is None:
                self.waiting[-1].last = at
            self._end_stretch(at)

    def _stretch(self, at: datetime) -> None:
        self._end_stretch(at)
        self.stretches.append(Span(at, None, ""))

    def _end_stretch(self, at: datetime) -> None:
        if self.stretches and self.stretches[-1].last is None:
            self.stretches[-1].last = at
