"""Rules that an event breaks at the moment it comes: each looks at what was so just before and tells what is wrong."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from tests.year.local_days import DAY, working_days
from tests.year.placing import NUDGES, QUESTIONS, SENDS, Place
from tests.year.records import Event
from tests.year.replay import Put, State

Watch = Callable[[State, Event, Place], Iterator[str]]
SPOKEN = SENDS | NUDGES | {"farewell", "ended"}
_REPLY = timedelta(minutes=5)  # what comes this soon after a tap of the person answers that tap, whatever the hour
_JOINING = timedelta(hours=1)
_FIRST_NUDGE = timedelta(hours=4)


def hours(state: State, event: Event, place: Place) -> Iterator[str]:
    """Lessons, reviews, refreshers and checks on working days, from the slot to the quiet hours."""
    if event.kind not in SENDS or not place.wrong or _is_reply(state, event):
        return
    yield f"{event.kind} {event.what} {place.wrong}"


def _is_reply(state: State, event: Event) -> bool:
    if event.what == "baseline":
        return event.at - state.story.joined_at <= _JOINING
    again = event.what in state.open and event.kind in QUESTIONS
    return again and state.back_at is not None and event.at - state.back_at <= _REPLY


def nudges(state: State, event: Event, place: Place) -> Iterator[str]:
    """Reminders and the pause: when, how many a day, in which order, and only about what still waits."""
    if event.kind not in NUDGES or event.what == "self":
        return
    if place.wrong:
        yield place.wrong
    if state.nudges_on.get(state.nudge_room(place)):
        yield f"a second nudge on {place.dates[0]}"
    if not state.is_active():
        yield f"{event.kind} although {_standing(state)}"
    put = state.open.get(event.what) if event.what else _most_reminded(state)
    if put is None:
        yield f"{event.kind} about {event.what or 'nothing'}, which waits for no answer"
    elif event.kind == "pause":
        if put.reminded < 3:
            yield f"paused after {put.reminded} reminders"
    else:
        yield from _chain(state, event, place, put)


def _most_reminded(state: State) -> Put | None:
    return max(state.open.values(), key=lambda put: put.reminded, default=None)


def _chain(state: State, event: Event, place: Place, put: Put) -> Iterator[str]:
    since = max(put.at, state.back_at or put.at)
    again = event.n == 1 and put.reminded_at and state.active_at and state.active_at >= put.reminded_at
    if event.n > 3 or (event.n != put.reminded + 1 and not again):
        yield f"reminder {event.n} of {put.what} came after {put.reminded} reminders"
    if event.n == 1:
        still = max(since, state.active_at or since)
        if event.at - still + state.machine.slack(still, event.at) < _FIRST_NUDGE:
            yield f"first reminder of {put.what} {event.at - still} after the last sign, sooner than 4 hours"
        return
    least = 1 if event.n == 2 else 3
    sent_on = put.dates[0] if since == put.at else min(since.date() - DAY, place.dates[-1])
    if _most_worked(state, sent_on, place.dates[-1], put.at, event.at) < least:
        yield f"reminder {event.n} of {put.what} came before {least} working days had passed"


def _most_worked(state: State, after: date, until: date, *known_at: datetime) -> int:
    """Working days between two dates by what was known at either end: leave and transfers may be told in between."""
    return max(working_days(state.story, after, until, at) for at in known_at)


def cap(state: State, event: Event, place: Place) -> Iterator[str]:
    """Two questions a date, one new lesson, none over an open one, none over a backlog, no more than the pace."""
    if event.kind not in QUESTIONS:
        return
    on, before = state.room(event.kind, place), state.open.get(event.what)
    if state.questions_on.get(on, 0) >= 2 and not (before and on in before.dates):
        yield f"a third question on {on}"
    if event.kind != "lesson" or event.what in state.open:
        return
    waiting = [put.what for put in state.open.values() if put.kind == "lesson"]
    if waiting:
        yield f"lesson {event.what} while {waiting[0]} is unanswered"
    overdue = sum(owed.certain and owed.late_on < place.dates[0] for owed in state.owed.values())
    if overdue > 10:
        yield f"lesson {event.what} while {overdue} reviews are overdue"
    if state.story.pace > 1 and state.new_lessons and event.what not in state.sent:
        at, dates = state.new_lessons[-1]
        if _most_worked(state, dates[0], place.dates[-1], at, event.at) < state.story.pace:
            yield f"lesson {event.what} faster than one in {state.story.pace} working days"


def doubled(state: State, event: Event, place: Place) -> Iterator[str]:
    """No lesson twice, no two lessons on one served date, no question again while it still waits."""
    if event.kind not in QUESTIONS:
        return
    before = state.sent.get(event.what) if event.kind == "lesson" else None
    if before is not None and (event.what in state.answered or not state.came_back_since(before)):
        yield f"lesson {event.what} was sent already at {before:%Y-%m-%d %H:%M}Z"
    on = state.room(event.kind, place)
    if event.kind == "lesson" and event.what not in state.open and state.lessons_on.get(on):
        yield f"a second lesson on {on}"
    put = state.open.get(event.what)
    if event.kind == "review" and put and not state.came_back_since(put.at):
        yield f"review {event.what} again while it waits for an answer"


def order(state: State, event: Event, place: Place) -> Iterator[str]:
    """Lessons come in the order of the course; nothing is skipped silently."""
    if event.kind != "lesson" or event.what in state.sent or event.what in state.answered:
        return
    following = next((x for x in state.record.lessons if x not in state.sent and x not in state.answered), None)
    if event.what != following:
        yield f"lesson {event.what} came where {following} was next"


def ladder(state: State, event: Event, place: Place) -> Iterator[str]:
    """A review never comes before it is due, nor once it is retired."""
    if event.kind != "review" or event.what in state.open:
        return
    owed = state.owed.get(event.what)
    if owed is None:
        retired = state.strict.get(event.what, 0) >= 2
        yield f"review {event.what} " + ("although it is retired" if retired else "of a question never answered")
    elif place.dates[-1] < state.due_of(owed, event.at):
        yield f"review {event.what} on {place.dates[-1]}, due on {state.due_of(owed, event.at)}"


def deadline(state: State, event: Event, place: Place) -> Iterator[str]:
    """Nothing after the end of the last local date; told once, not before it is over; then checks alone."""
    earliest, latest = state.deadline(event.at)
    on = place.dates[0]
    if event.kind in QUESTIONS | NUDGES and event.what != "self" and on > latest and not state.is_over():
        yield f"{event.kind} {event.what} on {on}, after the deadline {latest}"
    if event.kind in QUESTIONS | NUDGES | {"refresher", "renewal"} and state.ended:
        yield f"{event.kind} {event.what} after the end was told"
    if event.kind != "ended":
        return
    if state.is_over() or state.gone:
        yield f"told the end although {_standing(state)}"
    elif place.dates[-1] <= earliest:
        yield f"told the end on {place.dates[-1]}, before the deadline {earliest} was over"
    if place.wrong:
        yield f"the end {place.wrong}"


def alumni(state: State, event: Event, place: Place) -> Iterator[str]:
    """Refreshers a fortnight apart, with consent of less than a year, until three stay unanswered."""
    if event.kind == "farewell":
        if len(state.unanswered) < 3:
            yield f"farewell after {len(state.unanswered)} unanswered refreshers"
        if state.farewell_at:
            yield "farewell said twice"
        if place.wrong:
            yield f"farewell {place.wrong}"
    elif event.kind == "renewal":
        yield from _renewal(state, event, place)
    elif event.kind == "refresher":
        yield from _refresher(state, event, place)


def _renewal(state: State, event: Event, place: Place) -> Iterator[str]:
    if state.consent_at is None or state.renewal_open:
        yield "asked to renew a consent that was not given or is asked for already"
    elif place.dates[-1] < _day_of(state, 364):
        yield f"asked to renew on {place.dates[-1]}, before a year of consent had passed"


def _refresher(state: State, event: Event, place: Place) -> Iterator[str]:
    if not state.completed:
        yield f"refresher {event.what} before completion"
    if state.consent_at is None:
        yield f"refresher {event.what} without consent"
    elif place.dates[0] > _day_of(state, 366) or state.renewal_open:
        yield f"refresher {event.what} after a year of consent, without its renewal"
    if state.farewell_at or len(state.unanswered) >= 3:
        yield f"refresher {event.what} after three stayed unanswered"
    if state.refreshers and place.dates[-1] - state.refreshers[-1][1][0] < timedelta(days=14):
        yield f"refresher {event.what} {(place.dates[-1] - state.refreshers[-1][1][0]).days} days after the last"


def _day_of(state: State, days: int) -> date:
    return state.consent_at.date() + DAY * days if state.consent_at else date.max


def checks(state: State, event: Event, place: Place) -> Iterator[str]:
    """The baseline once; the others once, 30 and 90 days after the end at the earliest."""
    if event.kind != "check":
        return
    if event.what in state.checks:
        yield f"{event.what} came twice"
    if event.what not in {"check-30", "check-90"}:
        return
    days = 30 if event.what == "check-30" else 90
    end_on = state.end_dates[0] if state.completed else state.deadline(event.at)[0]
    if place.dates[-1] < end_on + DAY * days:
        yield f"{event.what} on {place.dates[-1]}, sooner than {days} days after the end on {end_on}"


def standing(state: State, event: Event, place: Place) -> Iterator[str]:
    """Nothing is sent to a person who is paused, blocked or withdrawn, has not joined, or has completed the course."""
    if event.kind not in SPOKEN or event.what == "self":
        return
    if event.at + state.machine.wrong_by(event.at) < state.story.joined_at:
        yield f"{event.kind} before the person joined"
    if state.blocked or state.gone:
        yield f"{event.kind} {event.what} although {_standing(state)}"
    if event.kind in QUESTIONS and (state.paused or state.completed):
        yield f"{event.kind} {event.what} although {_standing(state)}"


def record(state: State, event: Event, place: Place) -> Iterator[str]:
    """The record itself can be believed: events in order, answers to something that was sent."""
    if state.last_at and event.at + state.machine.slack(event.at, state.last_at) < state.last_at:
        yield f"{event.kind} {event.what} stands after a later event of {state.last_at:%Y-%m-%d %H:%M}Z"
    if event.kind != "answered":
        return
    known = (state.open, state.checks_open, state.withdrawn, state.refreshed)
    if not any(event.what in held for held in known):
        yield f"answered {event.what}, which waits for no answer"


def _standing(state: State) -> str:
    if state.gone:
        return "the person has withdrawn"
    if state.completed:
        return "the course is completed"
    if state.ended:
        return "the end was told"
    return "the person is blocked" if state.blocked else "the person is paused"
