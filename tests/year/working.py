"""The same year through the real store, planner's tick, outbox, sender and HTTP, against the sandbox as Telegram.

People tap by the features' own handlers; what reached a phone is read from the deliveries and held against the chats.
"""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

import aiohttp
from sqlalchemy import insert, select

from bot import agenda, classroom, routes
from bot import callbacks as b
from bot.call import Call, Caller, Role
from bot.callbacks import simulating
from bot.clock import SystemClock
from bot.office import Office
from bot.outbox import Outbox
from bot.planning import Planning
from bot.sender import Sender
from lessons.course import Course
from lessons.enrolment import AskingKind, AskingState, EnrolmentId, EnrolmentState, LearnerId
from lessons.simulation_play import State, open_moves
from sandbox.server import Sandbox
from scheduler.delivery import DeliveryState, Reach
from storage import askings, calendars, cohorts, deliveries, enrolments, people, plays, wordings
from storage.schema import delivery, posting
from storage.store import Store, Tx
from tests.year.known import cohort, error_at, span, turns, up_at
from tests.year.records import ClockStep, Down, Event, Kind, Posting, Story

NEVER_SURE_TAP = 0.04
FIRST_ID = 1000  # Telegram ids of the people
_TOLD: dict[str, Kind] = {
    "lesson": "lesson",
    "review": "review",
    "refresher": "refresher",
    "reminder": "remind",
    "pause": "pause",
    "check": "check",
    "ended": "ended",
    "renewal": "renewal",
    "farewell": "farewell",
}


Act = Callable[[datetime], Awaitable[None]]


class YearClock(SystemClock):
    """People's and the machine's time stand where the year has come to; monotonic time is real."""

    at: datetime

    def people_now(self) -> datetime:
        return self.at

    def machine_now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class Person:
    """Somebody of the year with what is needed to tap for them."""

    story: Story
    learner: LearnerId
    enrolment: EnrolmentId
    dice: Random
    events: list[Event] = field(default_factory=list)
    answered: int = 0
    reachable: bool = True

    @property
    def telegram_id(self) -> int:
        return FIRST_ID + self.story.id

    def latency(self) -> timedelta:
        self.answered += 1
        return self.story.answer_after[self.answered % len(self.story.answer_after)]

    def tap_at(self, now: datetime) -> datetime:
        at = now + self.latency()
        until = next((last for first, last in self.story.silences if first <= at < last), None)
        return until + self.latency() if until else at


class Year:
    """Store, service parts and people; `live` winds the clock from one due instant to the next."""

    def __init__(
        self,
        store: Store,
        office: Office,
        sender: Sender,
        clock: YearClock,
        sandbox: Sandbox,
        session: aiohttp.ClientSession,
        down: tuple[Down, ...],
        steps: tuple[ClockStep, ...],
    ) -> None:
        self.store, self.office, self.clock, self.down, self.steps = store, office, clock, down, steps
        self.sandbox, self.session = sandbox, session
        self.outbox = Outbox(store, sender, office, clock, routes.CARRIERS)
        self.planning = Planning(store, office, clock)
        self.people: dict[int, Person] = {}  # by enrolment
        self.due: list[tuple[datetime, int, Act]] = []
        self.order, self.updates = count(), count(1)
        self.seen_deliveries: set[int] = set()
        self.instants = 0

    def at(self, when: datetime, act: Act) -> None:
        heapq.heappush(self.due, (when, next(self.order), act))

    async def live(self, until_at: datetime, progress: Callable[[datetime], None]) -> None:
        """Until the end: people's acts and the store's looks in the order of their instants."""
        now = self.due[0][0]
        while True:
            look = await self.store.read(_next_due)
            coming = [self.due[0][0]] if self.due else []
            if look is not None:
                coming.append(max(look - error_at(self.steps, now), now))
            coming += [step.at for step in self.steps if step.at > now][:1]
            now = up_at(self.down, max(now, min(coming, default=until_at)))
            if now >= until_at:
                return
            self.clock.at = now + error_at(self.steps, now)
            while self.due and self.due[0][0] <= now:
                await heapq.heappop(self.due)[2](now)
            await self._serve(now)
            self.instants += 1
            progress(now)

    async def _serve(self, now: datetime) -> None:
        """What is due at this instant, by the beats of the service; no beat where nothing is due."""
        while True:
            look, send = await self.store.read(_dues)
            if look is not None and look <= self.clock.at:
                await self.planning.tick()
            elif send is not None and send <= self.clock.at:
                await self.outbox.drain()
                await self._read_phones(now)
            else:
                return

    async def post(self, path: str, **body: Any) -> None:
        async with self.session.post(f"{self.sandbox.address}/sandbox/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def join(self, story: Story, course: Course, until_at: datetime) -> None:
        """A cohort of one's own, a phone and a seat, at the instant of joining."""
        await self.post("people", id=FIRST_ID + story.id, first_name=f"Official {story.id}", language_code="en")
        await self.post(f"people/{FIRST_ID + story.id}/says", text="/start")
        told = cohort(story, course)

        async def seat(tx: Tx, now: datetime) -> tuple[LearnerId, EnrolmentId]:
            made = await cohorts.create(
                tx, course_id=course.id, name=f"{story.id}", start_on=told.start_on, slot=told.slot, now=now
            )
            assert made is not None
            await cohorts.set_calendar(tx, made, deadline_on=told.deadline_on, pace=told.pace)
            await cohorts.set_short_days(tx, made, told.short_days)
            for on in story.days_off_also:
                await calendars.set_day(tx, made, on, off=True)
            for on in story.days_off_struck:
                await calendars.set_day(tx, made, on, off=False)
            learner = await people.welcome(
                tx, telegram_id=FIRST_ID + story.id, name=f"Official {story.id}", language="en", consent="", now=now
            )
            await people.set_quiet(tx, learner, story.quiet_from, story.quiet_until)
            for n, each in enumerate(story.postings):
                if not n or each.declared_at <= story.joined_at:
                    await _post(tx, learner, each)
            for absence in story.absences:
                if absence.declared_at <= story.joined_at:
                    await calendars.take_leave(tx, learner, span(absence), kind=absence.kind, now=now)
            enrolment, _ = await enrolments.enrol(tx, learner, made, first_on=story.first_on, now=now)
            await agenda.replan(tx, self.office.courses, enrolment, now=now)
            return learner, enrolment

        async def take(now: datetime) -> None:
            learner, enrolment = await self.store.change(lambda tx: seat(tx, self.clock.at))
            self.people[enrolment] = person = Person(story, learner, enrolment, Random(story.seed))  # noqa: S311
            for when, what in turns(story, until_at):
                self.at(when, partial(self._turn, person, what, when))

        self.at(story.joined_at, take)

    # What the world does

    async def _turn(self, person: Person, what: str, told_at: datetime, now: datetime) -> None:
        if what == "declared":
            return await self.store.change(lambda tx: self._declare(tx, person, told_at))
        person.reachable = what == "unblocked"
        await self.post(f"people/{person.telegram_id}/{'unblocks' if person.reachable else 'blocks'}")
        reach = Reach.REACHABLE if person.reachable else Reach.BLOCKED

        async def change(tx: Tx) -> None:
            learner = await people.by_id(tx, person.learner, now=self.clock.at)
            assert learner is not None
            if person.reachable:
                await self._seen(tx, person)
            await agenda.reach_changed(tx, self.office.courses, learner, reach, now=self.clock.at)

        person.events.append(Event(now, "unblocked" if person.reachable else "blocked"))
        await self.store.change(change)
        if person.reachable:
            for asking in await self.store.read(lambda tx: askings.open_of(tx, person.enrolment)):
                self.at(person.tap_at(now), partial(self._answer, person, asking.id))
        return None

    async def _declare(self, tx: Tx, person: Person, told_at: datetime) -> None:
        story, at = person.story, self.clock.at
        for each in story.postings:
            if each.declared_at == told_at:
                await _post(tx, person.learner, each)
        for absence in story.absences:
            if absence.declared_at == told_at:
                await calendars.take_leave(tx, person.learner, span(absence), kind=absence.kind, now=at)
        mine = await enrolments.get(tx, person.enrolment)
        assert mine is not None
        for extension in story.extensions:
            if extension.granted_at == told_at:
                await enrolments.extend(tx, person.enrolment, extension.days, "the year", now=at)
                if mine.state is EnrolmentState.ENDED and not any(e.kind == "ended" for e in person.events):
                    await classroom.reopen(tx, mine, at)
        await classroom.withdraw_planned(tx, mine, now=at)
        await agenda.replan(tx, self.office.courses, person.enrolment, now=at)

    # What people do

    def _call(self, person: Person, pressed: Any) -> Call:
        voice = self.office.phrases.voice("en")
        roles = frozenset({Role.ANYONE, Role.LEARNER, Role.MEMBER})
        caller = Caller(person.telegram_id, person.learner, roles, voice)
        return Call(next(self.updates), caller, self.clock.at, "", pressed, 1)

    async def _seen(self, tx: Tx, person: Person) -> None:
        await people.seen(tx, person.learner, self.clock.at)
        await askings.not_silent(tx, person.learner)

    async def press(self, person: Person, *taps: Any) -> EnrolmentState:
        """Taps one after the other, each as the service desk serves it; the state that they lead to."""

        async def change(tx: Tx) -> EnrolmentState:
            for pressed in taps:
                await self._seen(tx, person)
                await routes.PRESSES[type(pressed)].handle(tx, self._call(person, pressed), self.office)
            return await self._state(tx, person)

        return await self.store.change(change)

    async def _state(self, tx: Tx, person: Person) -> EnrolmentState:
        mine = await enrolments.get(tx, person.enrolment)
        assert mine is not None
        return mine.state

    async def _answer(self, person: Person, asking_id: int, now: datetime) -> None:
        async def look(tx: Tx) -> tuple[askings.Asking | None, EnrolmentState, dict[str, Any]]:
            asking = await askings.get(tx, asking_id)
            words = await wordings.of(tx, asking.version) if asking else {}
            return asking, await self._state(tx, person), words

        asking, before, words = await self.store.read(look)
        if not person.reachable or asking is None or asking.state is not AskingState.PUT:
            return None
        if before is EnrolmentState.PAUSED:
            return None
        correct = person.dice.random() < person.story.right_share
        sure = person.dice.random() < person.story.sure_share
        told = person.dice.random() >= NEVER_SURE_TAP
        if asking.kind is AskingKind.CASE:
            person.events.append(Event(now, "answered", asking.lesson_id))
            return await self._after(person, before, await self._decide(person, asking), now)
        wrong = next(choice[0] for choice in words["choices"] if choice[0] != words["key"])
        choice = b.Choose(asking.id, words["key"] if correct else wrong)
        after = await self.press(person, choice, *([b.Sure(asking.id, int(sure))] if told else []))
        person.events.append(Event(now, "answered", asking.lesson_id, correct=correct, sure=sure and told))
        return await self._after(person, before, after, now)

    async def _decide(self, person: Person, asking: askings.Asking) -> EnrolmentState:
        """The case from its first scene to an ending, by whichever move is open."""
        course = await self.store.read(partial(self._course, person=person))
        number = next(n for n, one in enumerate(course.simulations) if one.id == str(asking.lesson_id))
        after = await self.press(person, simulating.BeginCase(person.enrolment, number))
        while True:
            played = await self.store.read(lambda tx: plays.of_enrolment(tx, person.enrolment))
            if played[0].ended_at is not None:
                return after
            moves = open_moves(course.simulations[number], State.from_json(played[0].state))
            chosen = moves[(person.story.id + played[0].moves) % len(moves)]
            after = await self.press(person, simulating.MakeMove(played[0].id, played[0].moves, chosen.id))

    async def _course(self, tx: Tx, person: Person) -> Course:
        mine = await enrolments.get(tx, person.enrolment)
        assert mine is not None
        return self.office.courses[mine.course_id]

    async def _after(self, person: Person, before: EnrolmentState, after: EnrolmentState, now: datetime) -> None:
        if after is EnrolmentState.COMPLETED and before is EnrolmentState.ACTIVE:
            person.events.append(Event(now, "completed"))
            if person.story.consents:
                await self.press(person, b.Refreshers(1))
                person.events.append(Event(now, "consented"))

    async def _resume(self, person: Person, now: datetime) -> None:
        state = await self.store.read(partial(self._state, person=person))
        if not person.reachable or state is not EnrolmentState.PAUSED:
            return
        await self.press(person, b.Resume())
        person.events.append(Event(now, "resume"))
        for asking in await self.store.read(lambda tx: askings.open_of(tx, person.enrolment)):
            self.at(person.tap_at(now), partial(self._answer, person, asking.id))

    async def _measure(self, person: Person, kind: str, now: datetime) -> None:
        if not person.reachable:
            return
        if person.story.id % 3:  # two of three have no time for ten questions
            await self.press(person, b.DeclineMeasure(person.enrolment, kind))
        else:
            await self.press(person, b.BeginMeasure(person.enrolment, kind))
        while kept := await self._kept(person):
            words = await self.store.read(partial(wordings.of, version=kept.version))
            await self.press(person, b.ChooseKept(kept.id, words["choices"][0][0]), b.SureKept(kept.id, 1))
        person.events.append(Event(now, "answered", kind, correct=True, sure=True))

    async def _kept(self, person: Person) -> askings.Asking | None:
        opened = await self.store.read(lambda tx: askings.open_of(tx, person.enrolment))
        return next((a for a in opened if a.kind is AskingKind.KEPT), None)

    async def _renew(self, person: Person, now: datetime) -> None:
        if person.reachable:
            await self.press(person, b.Renew(1))
            person.events.append(Event(now, "consented"))

    # What reached the phones

    async def _read_phones(self, now: datetime) -> None:
        fresh = select(delivery.c.id, delivery.c.kind, delivery.c.enrolment_id, delivery.c.meaning)
        fresh = fresh.where(delivery.c.state == DeliveryState.SENT.value, delivery.c.done_at == self.clock.at)
        for row in await self.store.read(lambda tx: tx.all(fresh.order_by(delivery.c.id))):
            if row.id not in self.seen_deliveries and row.enrolment_id in self.people:
                self.seen_deliveries.add(row.id)
                await self._reached(self.people[row.enrolment_id], row.kind, row.meaning, now)

    async def _reached(self, person: Person, kind: str, meaning: dict[str, Any], now: datetime) -> None:
        what, n = meaning.get("kind", ""), meaning.get("n", 0)
        if "asking" in meaning:
            asking = await self.store.read(lambda tx: askings.get(tx, meaning["asking"]))
            assert asking is not None
            what = asking.lesson_id
        person.events.append(Event(now, _TOLD[kind], what, n if kind == "reminder" else 0))
        if kind in ("lesson", "review", "refresher"):
            self.at(person.tap_at(now), partial(self._answer, person, meaning["asking"]))
        elif kind == "check":
            self.at(person.tap_at(now), partial(self._measure, person, what))
        elif kind == "pause" and person.story.resumes_after is not None:
            at = now + person.story.resumes_after
            at = next((last for first, last in person.story.silences if first <= at < last), at)
            self.at(at, partial(self._resume, person))
        elif kind == "renewal" and person.dice.random() < 0.7:
            self.at(person.tap_at(now), partial(self._renew, person))


async def _post(tx: Tx, learner: LearnerId, told: Posting) -> None:
    where = {"place": told.zone, "country": told.country, "subdivision": told.subdivision, "zone": told.zone}
    await tx.run(insert(posting).values(learner_id=learner, from_on=told.from_on, **where))


async def _dues(tx: Tx) -> tuple[datetime | None, datetime | None]:
    return await enrolments.next_look(tx), await deliveries.next_due(tx)


async def _next_due(tx: Tx) -> datetime | None:
    return min((at for at in await _dues(tx) if at is not None), default=None)
