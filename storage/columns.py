"""How values lie in the database: instants as microseconds, local dates and times as text, plain values as JSON.

Instants are aware UTC outside and microseconds since 1970 inside, so that one comparison means the same on both
engines.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

BigInt = BigInteger().with_variant(Integer, "sqlite")  # STRICT tables know no BIGINT


class Instant(TypeDecorator[datetime]):
    """Aware datetime outside, whole microseconds since 1970 UTC inside."""

    impl = BigInt
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse naive datetimes: a time without a zone is a mistake waiting."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Aware UTC."""
        return None if value is None else EPOCH + value * MICROSECOND


class LocalDate(TypeDecorator[date]):
    """A date in somebody's zone, as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """ISO text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """A date."""
        return None if value is None else date.fromisoformat(value)


class LocalTime(TypeDecorator[time]):
    """A time of day in somebody's zone, as HH:MM text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> str | None:
        """HH:MM."""
        return None if value is None else value.isoformat("minutes")

    def process_result_value(self, value: str | None, dialect: Dialect) -> time | None:
        """A time."""
        return None if value is None else time.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """Plain values as JSON text: the engines' own JSON types differ."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Compact JSON."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Plain values."""
        return None if value is None else json.loads(value)
