"""Whatever people, coordinators, time and accidents do in whatever order: the store says what the rules say.

A machine of Hypothesis drives the real parts (parts.py) and keeps a book in plain dicts (book.py, watching.py).
"""

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot import callbacks as b
from scheduler.delivery import Reach
from tests.year import book, watching
from tests.year.local_days import DAY
from tests.year.parts import COORDINATOR, IN_MEMORY, OF_LEARNING, Kept, Parts, Rows
from tests.year.reckoning import PLACES, Person, today

START_AT = datetime(2027, 2, 15, 5, tzinfo=UTC)  # a Monday, a month before clocks change in America
BROKEN = ("plan.failed", "delivery.failed", "delivery.interrupted")
BEGUN: dict[tuple[str, int], tuple[Kept, Person]] = {}  # place and days of study → where they led
TROUBLES = ("refused", "not sent", "unsure, lost", "unsure, arrived", "killed before", "killed after")

places = st.sampled_from(sorted(PLACES))
whom = st.integers(0, 5)
ahead = st.integers(-3, 20)
lengths = st.integers(1, 12)
choices = st.sampled_from(["good", "good", "bad"])
taps = st.sampled_from([1, 1, 0, None, None, 2])


def typed(on: date) -> str:
    """A date as people type it."""
    return f"{on.day} {on:%b} {on.year}"


class States(RuleBasedStateMachine):
    """One cohort, up to three people, one service that is stopped and started again."""

    def __init__(self) -> None:
        super().__init__()
        self.people: list[Person] = []
        self.crises: list[tuple[str, date, date]] = []
        self.judged = 0
        self.rested = True
        self.folder = TemporaryDirectory(prefix="attache-states-", dir=IN_MEMORY)
        self.runner = asyncio.Runner()
        self.logs = structlog.testing.capture_logs()
        self.events = self.logs.__enter__()
        self.parts = Parts(Path(self.folder.name), START_AT)

    def teardown(self) -> None:
        self.runner.run(self.parts.close())
        self.runner.close()
        self.logs.__exit__(None, None, None)
        self.folder.cleanup()

    @property
    def now(self) -> datetime:
        return self.parts.clock.at

    @property
    def living(self) -> list[Person]:
        return [person for person in self.people if person["state"] != "forgotten"]

    def one(self, n: int) -> Person:
        return self.living[n % len(self.living)]

    def does(self, work: Callable[[], Awaitable[object]], op: str = "") -> None:
        """Something happens; then the service does what is due, and the book follows it."""

        async def all_of_it() -> None:
            await work()
            if op:
                await self._follow(op)
            await self.parts.serve()
            await self._follow("")
            self.rested = True

        self.runner.run(all_of_it())

    async def _follow(self, op: str) -> None:
        rows = await self.parts.rows(OF_LEARNING)
        reach = {row["id"]: row["reach"] for row in rows["learner"]}
        for person in self.living:
            watching.watch(person, rows, self.now, op)
            if person["reachable"] and reach[person["learner"]] == Reach.BLOCKED:
                assert person["chat"] in self.parts.phones.blocked, "who can be reached counts as blocked"
                person["reachable"] = False
            assert person["reachable"] == (reach[person["learner"]] == Reach.REACHABLE)
        self._judge()

    def _judge(self) -> None:
        """Every call to Telegram since the last look."""
        calls = self.parts.phones.calls
        for n in range(self.judged, len(calls)):
            call = calls[n]
            person = next((person for person in self.people if person["chat"] == call.chat), None)
            if person is None or call.row is None:
                continue
            assert person["state"] != "forgotten" or call.row.kind == "reply", "a word to somebody forgotten"
            if type(call.outcome).__name__ == "Refused" and call.chat not in self.parts.phones.blocked:
                person["excused_until"] = self.now + timedelta(hours=1)
            watching.arrived(person, calls[:n], call)
        self.judged = len(calls)

    async def _wind(self, until: datetime) -> None:
        """Stop at every instant at which something is due."""
        while (at := await self.parts.next_at()) is not None and at <= until:
            self.parts.clock.at = max(at, self.now)
            await self.parts.serve()
            await self._follow("")
        self.parts.clock.at = until

    async def _tap(self, person: Person, pressed: Any) -> None:
        book.heard(person, self.now)
        await self.parts.taps(person["chat"], pressed)

    async def _type(self, person: Person, text: str) -> None:
        book.heard(person, self.now)
        await self.parts.types(person["chat"], text)

    # Rules

    @initialize(place=places, days=st.sampled_from([0, 3, 20, 30]))
    def somebody_joins(self, place: str, days: int) -> None:
        """At the start, or well on the way already; what comes of it is kept, to begin from again."""
        if (place, days) not in BEGUN:
            self.runner.run(self.parts.open())
            self.joins(place)
            if days:
                self.studies_well(0, days)
            BEGUN[place, days] = self.runner.run(self.parts.kept()), deepcopy(self.people[0])
        kept, person = BEGUN[place, days]
        self.people = [deepcopy(person) | {"crises": self.crises}]
        self.runner.run(self.parts.begin(kept))
        self.judged = len(kept.calls)

    @precondition(lambda self: len(self.people) < 3)
    @rule(place=places)
    def joins(self, place: str) -> None:
        chat = 100 + len(self.people)

        async def work() -> None:
            await self.parts.joins(chat, place)
            rows = await self.parts.rows()
            person = book.joined(chat, place, self.now, self.crises)
            person["learner"] = next(row["learner_id"] for row in rows["person"] if row["telegram_id"] == chat)
            mine = next(row for row in rows["enrolment"] if row["learner_id"] == person["learner"])
            assert mine["first_on"] == person["first_on"]
            self.people.append(person | {"enrolment": mine["id"]})

        self.does(work)

    @rule(hours=st.integers(1, 30))
    def hours_pass(self, hours: int) -> None:
        self.does(lambda: self._wind(self.now + timedelta(hours=hours)))

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.does(lambda: self._wind(self.now + DAY * days))

    @rule(n=st.integers(1, 3))
    def the_next_event_comes(self, n: int) -> None:
        async def work() -> None:
            for _ in range(n):
                at = await self.parts.next_at()
                await self._wind(self.now if at is None else max(at, self.now))

        self.does(work)

    @rule()
    def something_is_due(self) -> None:
        self.the_next_event_comes(1)

    @precondition(lambda self: self.living)
    @rule(n=whom, days=st.integers(10, 40))
    def studies_well(self, n: int, days: int) -> None:
        """Every question is answered as soon as it comes, rightly and surely; after the end refreshers are wanted."""
        person, until = self.one(n), self.now + DAY * days

        async def work() -> None:
            while True:
                for asking in self._open_of(person):
                    await self._answered(person, asking, ("good",), (True,))
                at = await self.parts.next_at()
                await self._wind(until if at is None else min(max(at, self.now), until))
                if self.now == until:
                    return

        self.does(work)

    def _open_of(self, person: Person) -> list[int]:
        reached = person["chat"] not in self.parts.phones.blocked
        return [a["id"] for a in person["askings"].values() if reached and a["state"] in ("put", "chosen")]

    async def _answered(
        self, person: Person, asking: int, choices: tuple[str, ...], confidences: tuple[bool, ...]
    ) -> None:
        for choice in choices:
            book.choose(person, asking, choice, self.now)
            await self._tap(person, b.Choose(asking, choice))
        for is_sure in confidences:
            book.sure(person, asking, is_sure, self.now)
            await self._tap(person, b.Sure(asking, int(is_sure)))
        await self._follow("")

    @precondition(lambda self: self._asked())
    @rule(n=whom, choice=choices, how=taps)
    def answers(self, n: int, choice: str, how: int | None) -> None:
        """What is open: sure, not sure, without the second tap, or every tap twice."""
        asked = self._asked()
        person = asked[n % len(asked)]
        self._answers(person, self._open_of(person)[0], choice, how)

    @rule(n=whom, choice=choices, how=taps)
    def answers_what_comes_next(self, n: int, choice: str, how: int | None) -> None:
        self.the_next_event_comes(1)
        if self._asked():
            self.answers(n, choice, how)

    def _asked(self) -> list[Person]:
        return [person for person in self.living if self._open_of(person)]

    @precondition(lambda self: any(person["askings"] for person in self.living))
    @rule(n=whom, which=whom, choice=choices, how=taps)
    def answers_on_any_message(self, n: int, which: int, choice: str, how: int | None) -> None:
        """Of long ago, answered already, or taken back."""
        person = self._askable(n)
        known = [id_ for id_, asking in person["askings"].items() if asking["state"] != "planned"]
        if known and self._may_write(person):
            self._answers(person, known[-1 - which % len(known)], choice, how)

    def _answers(self, person: Person, asking: int, choice: str, how: int | None) -> None:
        confidences = {None: (), 2: (True, False)}.get(how, (how == 1,))
        chosen = (choice, "worse") if how == 2 else (choice,)
        self.does(lambda: self._answered(person, asking, chosen, confidences))

    def _askable(self, n: int) -> Person:
        asked = [person for person in self.living if person["askings"]]
        return asked[n % len(asked)]

    @precondition(lambda self: any(person["askings"] for person in self.living))
    @rule(n=whom, which=st.integers(0, 9), kind=st.sampled_from([b.OpenQuestion, b.ReadLesson, b.ReportMistake]))
    def looks_at_a_message(self, n: int, which: int, kind: type[Any]) -> None:
        person = self._askable(n)
        known = [id_ for id_, asking in person["askings"].items() if asking["state"] != "planned"]
        if known and self._may_write(person):
            self.does(lambda: self._tap(person, kind(known[which % len(known)])))

    def _may_write(self, person: Person) -> bool:
        return person["chat"] not in self.parts.phones.blocked

    @precondition(lambda self: self.living)
    @rule(n=whom, word=st.sampled_from(["today", "more", "refresher", "progress"]))
    def types_a_command(self, n: int, word: str) -> None:
        """/today early, /more, /refresher for alumni, and one that only looks."""
        person = self.one(n)
        if self._may_write(person):
            self.does(lambda: self._type(person, f"/{word}"), word)

    @precondition(lambda self: self.living)
    @rule(n=whom, resumes=st.booleans())
    def pauses_or_resumes(self, n: int, resumes: bool) -> None:
        person = self.one(n)

        async def work() -> None:
            await self._tap(person, b.Resume() if resumes else b.Pause())
            if resumes and person["state"] == "paused":
                book.resume(person, self.now)
            elif not resumes and person["state"] == "active":
                person["state"] = "paused"

        if self._may_write(person):
            self.does(work)

    @precondition(lambda self: self.living)
    @rule(n=whom, first=ahead, days=lengths)
    def takes_leave(self, n: int, first: int, days: int) -> None:
        """In time, late, over other leave."""
        person = self.one(n)
        begins = today(person, self.now) + DAY * max(first, 1 - days)
        ends = begins + DAY * (days - 1)

        async def work() -> None:
            await self._type(person, f"/leave {typed(begins)} - {typed(ends)}")
            book.take_leave(person, begins, ends, self.now)

        if self._may_write(person):
            self.does(work)

    @precondition(lambda self: self.living)
    @rule(n=whom)
    def comes_back_early(self, n: int) -> None:
        person = self.one(n)

        async def work() -> None:
            await self._tap(person, b.BackFromLeave())
            book.come_back(person, self.now)

        if self._may_write(person):
            self.does(work)

    @precondition(lambda self: self.living)
    @rule(n=whom, place=places, days=st.sampled_from([0, 0, 1, 2, 5]))
    def moves(self, n: int, place: str, days: int) -> None:
        """At once, or from a date to come."""
        person = self.one(n)
        from_on = today(person, self.now) + DAY * days if days else None

        async def work() -> None:
            await self._type(person, f"/posting {place}")
            await (self._type(person, typed(from_on)) if from_on else self._tap(person, b.ConfirmPosting()))
            book.move(person, place, from_on, self.now)

        if self._may_write(person):
            self.does(work)

    @precondition(lambda self: self.living)
    @rule(place=places, first=st.integers(0, 4), days=lengths)
    def a_crisis_is_declared(self, place: str, first: int, days: int) -> None:
        begins = self.now.date() + DAY * first
        ends = begins + DAY * (days - 1)

        async def work() -> None:
            await self.parts.types(COORDINATOR, f"/crisis {place} {typed(begins)} - {typed(ends)}")
            await self.parts.taps(COORDINATOR, self.parts.button(COORDINATOR, b.DoChange))
            self.crises.append((place, begins, ends))

        self.does(work)

    @precondition(lambda self: self.living)
    @rule(n=whom, days=st.sampled_from([3, 20]))
    def gets_more_time(self, n: int, days: int) -> None:
        person = self.one(n)

        async def work() -> None:
            await self.parts.types(COORDINATOR, f"/extend {person['name']} {days} days because of floods")
            if offered := self._offered():
                await self.parts.taps(COORDINATOR, offered)
            book.extend(person, days, self.now)

        self.does(work)

    def _offered(self) -> Any:
        last = list(self.parts.phones.screens[COORDINATOR].values())[-1]
        return self.parts.button(COORDINATOR, b.DoChange) if last.rows else None

    @precondition(lambda self: self.living)
    @rule(n=whom, told=st.booleans())
    def blocks_or_unblocks(self, n: int, told: bool) -> None:
        """The bot is told that somebody blocked it, or finds out with the next message."""
        person = self.one(n)
        chat, blocked = person["chat"], self.parts.phones.blocked

        async def work() -> None:
            if chat in blocked:
                blocked.discard(chat)
                await self.parts.tells_reach(chat, blocked=False)
                if not person["reachable"]:
                    person.update({"reachable": True, "free_since": self.now})
            else:
                blocked.add(chat)
                if told:
                    await self.parts.tells_reach(chat, blocked=True)
                    person["reachable"] = False

        self.does(work)

    @precondition(lambda self: any(person["state"] == "completed" for person in self.living))
    @rule(n=whom, on=st.sampled_from([1, 1, 0]))
    def wants_refreshers(self, n: int, on: int) -> None:
        alumni = [person for person in self.living if person["state"] == "completed"]
        person = alumni[n % len(alumni)]

        async def work() -> None:
            await self._tap(person, b.Refreshers(on))
            person["refreshers"] = on == 1

        if self._may_write(person):
            self.does(work)

    @precondition(lambda self: self.living)
    @rule(n=whom, what=st.sampled_from(TROUBLES), events=st.integers(0, 3))
    def the_next_message_meets_trouble(self, n: int, what: str, events: int) -> None:
        trouble = self.parts.phones.trouble[self.one(n)["chat"]]
        trouble.clear()
        trouble.append(what)
        self.the_next_event_comes(events)

    @rule(hours=st.sampled_from([0, 0, 3, 14, 50]), beats_first=st.booleans())
    def the_service_stops_and_starts(self, hours: int, beats_first: bool) -> None:
        """At once or after an outage; what people do next may be served before the first beat of the clock."""
        self.runner.run(self.parts.restart(timedelta(hours=hours)))
        self.rested = False
        if beats_first:
            self.does(self.parts.serve)

    @precondition(lambda self: len(self.living) > 1)
    @rule(n=whom)
    def wants_to_be_forgotten(self, n: int) -> None:
        person = self.one(n)

        async def work() -> None:
            await self._type(person, "/forget")
            await self._tap(person, b.Forget())
            person["state"] = "forgotten"

        if self._may_write(person):
            self.does(work)

    def is_alumna(self, n: int) -> None:
        assert self.one(n)["state"] == "completed"

    # What is always so

    @invariant()
    def nothing_broke(self) -> None:
        assert not [event for event in self.events if event["event"] in BROKEN]

    @invariant()
    def nothing_owed_is_forgotten_and_planning_again_adds_nothing(self) -> None:
        if self.rested:
            self.runner.run(self._at_rest())

    async def _at_rest(self) -> None:
        rows = await self.parts.rows()
        for person in self.living:
            watching.at_rest(person, rows, self.now)
            assert person["reachable"] or not self._waiting(rows, person), "something waits for somebody out of reach"
        await self.parts.plan_all_again()
        watching.nothing_new(rows, await self.parts.rows())

    def _waiting(self, rows: Rows, person: Person) -> list[dict[str, Any]]:
        mine = (row for row in rows["delivery"] if row["enrolment_id"] == person["enrolment"])
        return [row for row in mine if row["state"] == "pending" and row["kind"] in watching.QUESTIONS]


def lived(examples: int, steps: int) -> None:
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=(Phase.generate,),  # shrinking takes minutes; the story as found is short enough to read
    )
    run_state_machine_as_test(States, settings=profile)


def test_whatever_happens_the_store_says_what_the_rules_say() -> None:
    lived(4, 12)


@pytest.mark.slow
def test_whatever_happens_for_long_the_store_says_what_the_rules_say() -> None:
    lived(30, 30)


STORIES: dict[str, tuple[Callable[[States], None], ...]] = {
    "whoever blocked the bot with an answer half given starts again with the next slot": (
        lambda states: states.somebody_joins("London UK", 0),
        lambda states: states.the_next_event_comes(1),
        lambda states: states.hours_pass(11),
        lambda states: states.answers(0, "good", None),
        lambda states: states.blocks_or_unblocks(0, True),
        lambda states: states.hours_pass(24 * 3 + 17),
        lambda states: states.blocks_or_unblocks(0, True),
    ),
    "the last question may be answered while lessons rest": (
        lambda states: states.somebody_joins("London UK", 0),
        lambda states: states.studies_well(0, 22),
        lambda states: states.days_pass(1),
        lambda states: states.pauses_or_resumes(0, False),
        lambda states: states.studies_well(0, 1),
        lambda states: states.is_alumna(0),
    ),
    "what /today takes from the queue is reminded of like any other lesson": (
        lambda states: states.somebody_joins("London UK", 0),
        lambda states: states.the_next_message_meets_trouble(0, "not sent", 1),
        lambda states: states.types_a_command(0, "today"),
    ),
    "a sign of life after two reminders brings the next one after four hours": (
        lambda states: states.somebody_joins("Apia", 0),
        lambda states: states.days_pass(2),
        lambda states: states.comes_back_early(0),
    ),
    "of two choices and two confidences the first ones count": (
        lambda states: states.somebody_joins("London UK", 0),
        lambda states: states.the_next_event_comes(1),
        lambda states: states.answers(0, "good", 2),
    ),
    "whoever resumes at noon waits for the next slot": (
        lambda states: states.somebody_joins("London UK", 0),
        lambda states: states.pauses_or_resumes(0, False),
        lambda states: states.hours_pass(7),
        lambda states: states.pauses_or_resumes(0, True),
    ),
    "whoever arrives at a new post waits for the next slot there": (
        lambda states: states.somebody_joins("Riyadh", 0),
        lambda states: states.the_next_event_comes(1),
        lambda states: states.hours_pass(84),
        lambda states: states.answers(0, "good", 1),
        lambda states: states.hours_pass(16),  # Friday: a weekend in Riyadh, a working day in London
        lambda states: states.moves(0, "London UK", 0),
    ),
    "a lesson held up until the night does not come": (
        lambda states: states.somebody_joins("London UK", 0),
        lambda states: states.the_next_message_meets_trouble(0, "not sent", 1),
        lambda states: states.the_service_stops_and_starts(14, True),
    ),
    "a reminder that may have arrived is not repeated": (
        lambda states: states.somebody_joins("London UK", 0),
        lambda states: states.the_next_event_comes(1),
        lambda states: states.the_next_message_meets_trouble(0, "unsure, arrived", 3),
    ),
    "what waits in the queue is taken back from whoever blocks the bot": (
        lambda states: states.somebody_joins("London UK", 0),
        lambda states: states.the_next_message_meets_trouble(0, "not sent", 1),
        lambda states: states.blocks_or_unblocks(0, True),
    ),
}


@pytest.mark.parametrize("story", STORIES)  # the first four were found by the machine
def test_a_story_told_by_hand_holds_as_well(story: str) -> None:
    states = States()
    try:
        for step in STORIES[story]:
            step(states)
            states.nothing_broke()
            states.nothing_owed_is_forgotten_and_planning_again_adds_nothing()
    finally:
        states.teardown()
