"""Instants that over-draw clock changes: uniform ones miss the faults that live within hours of a transition."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

ZONES = (
    "Europe/London",
    "America/New_York",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Riyadh",
    "America/Havana",
)
NEAR = timedelta(hours=3)
_FROM, _TO = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
_APIA_SKIPS_A_DAY = datetime(2011, 12, 30, 10, tzinfo=UTC)


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """The instants of 2026-2028 at which the zone's offset changes (and the day that Apia left out in 2011)."""
    found = [_APIA_SKIPS_A_DAY] if zone == "Pacific/Apia" else []
    here, step, at = ZoneInfo(zone), timedelta(hours=6), _FROM
    while at < _TO:
        if _offset(here, at) != _offset(here, at + step):
            found.append(_exactly(here, at, at + step))
        at += step
    return tuple(found)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _exactly(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and an instant in it, three times of four within three hours of a clock change where there are any."""
    zone = draw(st.sampled_from(ZONES))
    known = changes(zone)
    if known and draw(st.sampled_from([True, True, True, False])):
        near = known[draw(st.integers(0, len(known) - 1))]
        return zone, near + draw(st.timedeltas(-NEAR, NEAR).map(_whole))
    span = st.timedeltas(timedelta(), _TO - _FROM)
    return zone, _FROM + draw(span.map(_whole))


def _whole(length: timedelta) -> timedelta:
    return timedelta(minutes=length // timedelta(minutes=1))
