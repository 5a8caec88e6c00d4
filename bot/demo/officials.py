"""Simulated officials: what each sees on a phone, and what that habit makes of it.

They know the course, a phone and nothing of the service: buttons are all they act by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random  # noqa: TID251 - simulated people need dice, seeded

from bot import callbacks as b
from bot.callbacks import simulating
from bot.demo.phones import Key, Screen
from lessons.course import Course, Question

TEN_MINUTES = timedelta(minutes=10)
LATE_BY = timedelta(hours=6)
FIRST_ID = 2001


class Habit(StrEnum):
    """How somebody studies."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"
    LATE = "late"
    SILENT = "silent"
    DOUBLE = "double"
    BLOCKING = "blocking"


HABITS = (
    Habit.RIGHT,
    Habit.WRONG,
    Habit.DOUBLE,
    Habit.UNSURE,
    Habit.LATE,
    Habit.SILENT,
    Habit.BLOCKING,
    Habit.RIGHT,
    Habit.UNSURE,
    Habit.DOUBLE,
)
_RIGHT_OFTEN = {Habit.RIGHT: 1.0, Habit.WRONG: 0.0, Habit.UNSURE: 0.5, Habit.BLOCKING: 0.8}
RIGHT_ELSE = 0.7
SURE_ELSE = 0.8

POSTINGS = (  # as people type them, and the zone for the caption of the phone
    ("Riyadh", "Asia/Riyadh"),
    ("jeddah", "Asia/Riyadh"),
    ("Dhaka", "Asia/Dhaka"),
    ("Dubai", "Asia/Dubai"),
    ("KL", "Asia/Kuala_Lumpur"),
    ("Doha", "Asia/Qatar"),
    ("London", "Europe/London"),
    ("New York", "America/New_York"),
    ("Johor Bahru", "Asia/Kuala_Lumpur"),
    ("Milan", "Europe/Rome"),
    ("Muscat", "Asia/Muscat"),
    ("Seoul", "Asia/Seoul"),
    ("Tokyo", "Asia/Tokyo"),
    ("Beirut", "Asia/Beirut"),
    ("Male", "Indian/Maldives"),
    ("Kuwait", "Asia/Kuwait"),
    ("Malaysia", "Asia/Kuala_Lumpur"),
    ("USA", "America/New_York"),
    ("Tripoli", "Africa/Tripoli"),
    ("Canberra", "Australia/Sydney"),
)
FIRST_NAMES = ("Asha", "Babu", "Chitra", "Dipu", "Esha", "Farid", "Gita", "Hasan", "Ishrat", "Jamal")
LAST_NAMES = ("Rahman", "Sultana", "Chowdhury", "Barua", "Hossain", "Chakma", "Khatun")


@dataclass(frozen=True, slots=True)
class Says:
    """Words to type."""

    text: str


@dataclass(frozen=True, slots=True)
class Taps:
    """A button to tap, `times` over."""

    key: Key
    times: int = 1


Wish = Says | Taps


@dataclass(slots=True)
class Official:
    """One person with a habit, and what such a person remembers of what was done."""

    id: int
    first_name: str
    last_name: str
    place: str
    zone: str
    habit: Habit
    dice: Random
    enrolled: bool = False
    said_place: bool = False
    planned_at: datetime | None = None
    finished: set[int] = field(default_factory=set)  # askings answered with confidence
    tapped: set[tuple[int, str]] = field(default_factory=set)

    def delay(self) -> timedelta:
        """How long a message waits until this person takes the phone; in steps, because a day has its breaks."""
        return LATE_BY if self.habit is Habit.LATE else self.dice.randint(1, 9) * TEN_MINUTES


def cast(count: int, dice: Random) -> list[Official]:
    """So many officials: habits and postings go round, names too. The dice only shuffle which meets which."""
    shift = dice.randrange(len(POSTINGS)) if count >= len(POSTINGS) else 0
    made = []
    for n in range(count):
        place, zone = POSTINGS[(n + shift) % len(POSTINGS)]
        first, last = FIRST_NAMES[n % len(FIRST_NAMES)], LAST_NAMES[n % len(LAST_NAMES)]
        habit = HABITS[n % len(HABITS)]
        made.append(Official(FIRST_ID + n, first, last, place, zone, habit, Random(dice.random())))  # noqa: S311 - a game
    return made


class Answers:
    """The right choice of every question, found by what a phone shows: the set of choices."""

    def __init__(self, course: Course) -> None:
        self._by_choices: Mapping[frozenset[str], Question] = {
            frozenset(choice.id for choice in question.choices): question
            for lesson in course.lessons
            for question in lesson.questions
        }

    def right(self, choices: frozenset[str]) -> str | None:
        """The key, or None for choices of no question of the course."""
        question = self._by_choices.get(choices)
        return question.key if question else None


def wish(me: Official, seen: Screen, answers: Answers, *, invitation: str) -> Wish | None:
    """What this person wants to do now; None when there is nothing (more) on the phone for that habit."""
    if seen.blocked or seen.waiting:
        return None
    if not me.enrolled:
        return _enrolling(me, seen, invitation)
    return None if me.habit is Habit.SILENT else _studying(me, seen, answers)


def _enrolling(me: Official, seen: Screen, invitation: str) -> Wish | None:
    if seen.empty:
        return Says(f"/start {invitation}")
    newest = [key for key in seen.keys if key.message_id == max(each.message_id for each in seen.keys)]
    for key in newest:
        match b.unpack(key.data):
            case b.Begin() | b.Agree() | b.UseShownName() | b.ConfirmEnrolment() | b.PickPlace(0):
                return _tap(me, key)
    if not me.said_place:
        return Says(me.place)
    return None


def _studying(me: Official, seen: Screen, answers: Answers) -> Wish | None:
    """The newest button that still leads somewhere."""
    pressable = [(key, b.unpack(key.data)) for key in seen.keys]
    open_here = {each.asking for _, each in pressable if isinstance(each, b.Choose | b.Sure)}
    for key, means in pressable:
        if (key.message_id, key.data) in me.tapped:
            continue
        match means:
            case b.Sure(asking, _) if asking not in me.finished:
                return _tap(me, _pick(seen, key, b.Sure(asking, int(_is_sure(me)))))
            case b.Choose(asking, _) if asking not in me.finished:
                return _choice(me, seen, key, asking, answers)
            case b.OpenQuestion(asking) | b.ReadLesson(asking) if asking not in me.finished | open_here:
                return _tap(me, key)
            case simulating.BeginCase() | b.Resume():
                return _tap(me, key)
            case simulating.MakeMove():
                return _tap(me, me.dice.choice([each for each, move in pressable if _beside(each, key, move)]))
    return None


def _beside(key: Key, other: Key, means: object) -> bool:
    """Whether it is a move of the same scene."""
    return key.message_id == other.message_id and isinstance(means, simulating.MakeMove)


def _choice(me: Official, seen: Screen, key: Key, asking: int, answers: Answers) -> Wish | None:
    there = [b.unpack(each.data) for each in seen.keys if each.message_id == key.message_id]
    choices = [each.choice for each in there if isinstance(each, b.Choose)]
    right = answers.right(frozenset(choices))
    wrong = [choice for choice in choices if choice != right]
    is_right = me.dice.random() < _RIGHT_OFTEN.get(me.habit, RIGHT_ELSE)
    choice = right if is_right and right is not None else me.dice.choice(wrong)
    return _tap(me, _pick(seen, key, b.Choose(asking, choice)))


def _is_sure(me: Official) -> bool:
    if me.habit in (Habit.RIGHT, Habit.WRONG):
        return True
    return me.habit is not Habit.UNSURE and me.dice.random() < SURE_ELSE


def _pick(seen: Screen, beside: Key, wanted: b.Sure | b.Choose) -> Key:
    """The button of the same message that carries this."""
    data = b.pack(wanted)
    return next(key for key in seen.keys if key.message_id == beside.message_id and key.data == data)


def _tap(me: Official, key: Key) -> Taps | None:
    if (key.message_id, key.data) in me.tapped:
        return None
    return Taps(key, 2 if me.habit is Habit.DOUBLE else 1)


def remember(me: Official, wished: Wish) -> None:
    """What was just done."""
    if isinstance(wished, Says):
        me.said_place = me.said_place or wished.text == me.place
        return
    me.tapped.add((wished.key.message_id, wished.key.data))
    match b.unpack(wished.key.data):
        case b.ConfirmEnrolment():
            me.enrolled = True
        case b.Sure(asking, _):
            me.finished.add(asking)
