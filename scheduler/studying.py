"""Which lesson, repeat or measure a slot brings, and which slot is the next to bring one."""

from collections.abc import Iterator
from datetime import date, datetime

from lessons.course import LessonId, TaughtId
from lessons.enrolment import AskingKind, EnrolmentState, MeasureKind
from scheduler.acts import Act, AskMeasure, AskReview, GiveLesson
from scheduler.slots import Slot, slot_after, slot_at
from scheduler.standing import Standing
from scheduler.zones import A_DAY

OVER = (EnrolmentState.COMPLETED, EnrolmentState.ENDED)
WITH_ONE_MORE = 2  # questions on a day: what it brings by itself, and one for the asking


def current(standing: Standing, now: datetime, not_before: date) -> tuple[Slot, datetime] | None:
    """The slot that has come, counts and has not passed, and the instant from which it may be used.

    What comes too late (an outage) waits for the next slot: nothing is sent at 03:00, and never five at once.
    """
    slot = slot_at(standing.calendar, standing.slot, now=now, quiet=standing.quiet)
    if slot is None or slot.day < not_before or slot.at <= standing.free_since_at:
        return None
    zone = standing.calendar.zone_on(slot.day)
    usable = standing.quiet.free_at(now, zone)  # a repeated hour may repeat the quiet ones
    return (slot, usable) if usable < slot.closes_at else None


def coming(standing: Standing, now: datetime, not_before: date) -> Slot:
    """The next slot that counts, on that local date or later."""
    since = max(now, standing.free_since_at)
    return slot_after(standing.calendar, standing.slot, after=since, not_before=not_before, quiet=standing.quiet)


def _since(standing: Standing, day: date) -> date:
    """The first of the working days over which the cap counts: as many as the pace."""
    return standing.calendar.working_back(day, standing.pace - 1)


def _room(standing: Standing, day: date) -> int:
    """How many more questions that local date may bring."""
    since = _since(standing, day)
    return standing.cadence.questions_a_day - sum(since <= on <= day for on in standing.asked_on)


def _had_lesson(standing: Standing, day: date) -> bool:
    """Whether the lesson that the pace allows up to that local date was given."""
    return standing.last_lesson_on is not None and _since(standing, day) <= standing.last_lesson_on


def _due(standing: Standing, day: date) -> list[LessonId]:
    """What is to be asked again by that local date, the longest due first."""
    oldest_first = sorted((review.due_on, review.lesson) for review in standing.reviews if review.due_on <= day)
    return [lesson for _, lesson in oldest_first]


def _wanted(standing: Standing, day: date) -> tuple[TaughtId | None, list[LessonId]]:
    """The new lesson and the reviews that a slot on that day brings.

    While lessons remain a day has one new and one repeat; repeats take the new one's place when too many are overdue.
    At a slower pace the same holds for every so many working days.
    """
    cadence = standing.cadence
    if standing.new_is_open:
        return None, []
    room = _room(standing, day)
    if room <= 0:
        return None, []
    due = [] if standing.has_open(AskingKind.REVIEW) else _due(standing, day)
    overdue = sum(review.due_on < day for review in standing.reviews)
    if standing.next_lesson is None or overdue > cadence.overdue_before_new:
        return None, due[:room]
    new = None if _had_lesson(standing, day) else standing.next_lesson
    return new, due[: min(1, room - bool(new))]


def is_full(standing: Standing, day: date) -> bool:
    """Whether that local date has brought all that it may, asked for or not: beside what it brings, one more."""
    return _room(standing, day) <= 0 or standing.asked_on.count(day) >= WITH_ONE_MORE


def asked_for(standing: Standing, now: datetime) -> GiveLesson | AskReview | None:
    """What somebody with nothing open gets who asks for more, on any day and at any hour.

    The day's lesson, else a repeat that is due, else the next lesson; None when the day is full or nothing is left.
    """
    day = standing.calendar.day(now)
    if is_full(standing, day):
        return None
    due = _due(standing, day)
    if due and (standing.next_lesson is None or _had_lesson(standing, day)):
        return AskReview(due[0], day, now)
    return GiveLesson(standing.next_lesson, day, now) if standing.next_lesson else None


def sends(standing: Standing, now: datetime) -> Iterator[Act]:
    """The lesson and the repeats that are due now."""
    if standing.state is not EnrolmentState.ACTIVE:
        return
    match current(standing, now, standing.first_on):
        case slot, usable if usable <= now and _in_time(standing, slot):
            new, reviews = _wanted(standing, slot.day)
            if new is not None:
                yield GiveLesson(new, slot.day, slot.at)
            for lesson in reviews:
                yield AskReview(lesson, slot.day, slot.at)


def send_looks(standing: Standing, now: datetime) -> Iterator[datetime]:
    """The next instant at which `sends` will say something."""
    if standing.state is not EnrolmentState.ACTIVE or standing.new_is_open:
        return
    match current(standing, now, standing.first_on):
        case slot, usable if any(_wanted(standing, slot.day)) and _in_time(standing, slot):
            yield usable
    due = [review.due_on for review in standing.reviews]
    not_before = standing.first_on
    if standing.next_lesson is None:  # repeats alone are left: nothing comes before the first of them is due
        if not due or standing.has_open(AskingKind.REVIEW):
            return
        not_before = max(not_before, min(due))
    known = [standing.first_on, standing.calendar.day(now) + A_DAY, *standing.asked_on, *due]
    last = standing.calendar.add_working(max(known), standing.pace)  # from then on every slot is alike
    slot = coming(standing, now, not_before)
    while slot.day <= last and _in_time(standing, slot):
        if any(_wanted(standing, slot.day)):
            yield slot.at
            return
        slot = coming(standing, now, slot.day + A_DAY)


def _in_time(standing: Standing, slot: Slot) -> bool:
    return standing.deadline_on is None or slot.day <= standing.deadline_on


def _measure(standing: Standing) -> tuple[MeasureKind, date] | None:
    """The first measure that this state allows, and the local date from which it may come: one a day."""
    day_after = standing.measured_on + A_DAY if standing.measured_on else standing.first_on
    for due in sorted(standing.measures, key=lambda due: due.due_on):
        at_start = due.kind is MeasureKind.BASELINE
        if standing.state is EnrolmentState.ACTIVE if at_start else standing.state in OVER:
            return due.kind, max(due.due_on, standing.first_on, day_after)
    return None


def measures(standing: Standing, now: datetime) -> Iterator[Act]:
    """The baseline or check that is due now."""
    match _measure(standing):
        case kind, day:
            found = current(standing, now, day)
            if found is not None and found[1] <= now:
                yield AskMeasure(kind, found[0].day, found[0].at)


def measure_looks(standing: Standing, now: datetime) -> Iterator[datetime]:
    """The next instant at which `measures` will say something."""
    match _measure(standing):
        case _, day:
            found = current(standing, now, day)
            yield found[1] if found is not None else coming(standing, now, day).at
