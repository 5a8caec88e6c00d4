"""A life as alumna: one question a fortnight, a yearly renewal of consent, and a kind end to silence."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from lessons.enrolment import AskingKind, AskingState, EnrolmentState
from scheduler.acts import Act, AskRefresher, AskRenewal, Farewell, Lapse, after
from scheduler.standing import OpenAsking, Standing
from scheduler.studying import coming, current
from scheduler.zones import A_DAY

FORTNIGHT = timedelta(days=14)  # for which a question or the yearly renewal waits for an answer
SILENCES = 3  # refreshers left alone one after the other that stop them


def _open(standing: Standing) -> OpenAsking | None:
    return next((asking for asking in standing.open if asking.kind is AskingKind.REFRESHER), None)


def _next_on(standing: Standing) -> date | None:
    """The first local date on which something is to be said to an alumna; None when nothing will be."""
    if standing.state is not EnrolmentState.COMPLETED or standing.refresher_on is None:
        return None
    asking, day = _open(standing), standing.refresher_on
    if asking is not None:
        if asking.state is not AskingState.PUT or asking.put_at is None:
            return None
        day = standing.calendar.day(asking.put_at) + FORTNIGHT
    elif standing.renewal_on is not None:
        day = standing.renewal_on + FORTNIGHT
    return day if standing.measured_on is None else max(day, standing.measured_on + A_DAY)


def _act(standing: Standing, on: date, due_at: datetime) -> Act:
    asking = _open(standing)
    if asking is not None:
        return Lapse(asking.id, on)
    if standing.renewal_on is not None or standing.silences >= SILENCES:
        return Farewell(on, due_at)
    if standing.consent_until_on is not None and on >= standing.consent_until_on:
        return AskRenewal(on, due_at)
    return AskRefresher(on, due_at)


def refreshers(standing: Standing, now: datetime) -> Iterator[Act]:
    """What is to be said to an alumna now; a refresher left alone makes room for what follows it."""
    while (day := _next_on(standing)) is not None:
        found = current(standing, now, day)
        if found is None or found[1] > now:
            return
        act = _act(standing, found[0].day, found[0].at)
        yield act
        standing = after(standing, [act])


def refresher_looks(standing: Standing, now: datetime) -> Iterator[datetime]:
    """The next instant at which `refreshers` will say something."""
    day = _next_on(standing)
    if day is None:
        return
    if found := current(standing, now, day):
        yield found[1]
    yield coming(standing, now, day).at
