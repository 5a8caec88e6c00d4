"""How values lie in the database: instants as microseconds, local dates and times as text, plain values as JSON.

Instants are aware UTC outside and microseconds since 1970 inside, so that one comparison means the same on both
engines.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import REAL, BigInteger, Dialect, Double, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps would make one each time

BigInt = BigInteger().with_variant(Integer, "sqlite")  # STRICT tables know no BIGINT
Real: TypeEngine[float] = Double().with_variant(REAL, "sqlite")  # nor DOUBLE


def instant_of(seconds: Any) -> datetime:
    """Seconds since 1970 as the server counts them."""
    return EPOCH + timedelta(seconds=float(seconds))


class Stored(TypeDecorator[Any]):
    """Plain functions both ways, so that storage/direct.py can call them without SQLAlchemy in between."""

    impl: Any = Text
    cache_ok = True

    @staticmethod
    def write(value: Any) -> Any:
        """As it lies in the database."""
        raise NotImplementedError

    @staticmethod
    def read(value: Any) -> Any:
        """As it is outside."""
        raise NotImplementedError

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """SQLAlchemy's name for writing."""
        return self.write(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """SQLAlchemy's name for reading."""
        return self.read(value)


class Instant(Stored):
    """Aware datetime outside, whole microseconds since 1970 UTC inside."""

    impl = BigInt
    cache_ok = True

    @staticmethod
    def write(value: datetime | None) -> int | None:
        """Refuse naive datetimes: a time without a zone is a mistake waiting."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return (value - EPOCH) // MICROSECOND

    @staticmethod
    def read(value: int | None) -> datetime | None:
        """Aware UTC."""
        return None if value is None else EPOCH + value * MICROSECOND


class LocalDate(Stored):
    """A date in somebody's zone, as ISO text."""

    impl = Text
    cache_ok = True

    @staticmethod
    def write(value: date | None) -> str | None:
        """ISO text."""
        return None if value is None else value.isoformat()

    @staticmethod
    def read(value: str | None) -> date | None:
        """A date."""
        return None if value is None else date.fromisoformat(value)


class LocalTime(Stored):
    """A time of day in somebody's zone, as HH:MM text."""

    impl = Text
    cache_ok = True

    @staticmethod
    def write(value: time | None) -> str | None:
        """HH:MM."""
        return None if value is None else value.isoformat("minutes")

    @staticmethod
    def read(value: str | None) -> time | None:
        """A time."""
        return None if value is None else time.fromisoformat(value)


class Json(Stored):
    """Plain values as JSON text: the engines' own JSON types differ."""

    impl = Text
    cache_ok = True

    @staticmethod
    def write(value: Any) -> str | None:
        """Compact JSON."""
        return None if value is None else _JSON.encode(value)

    @staticmethod
    def read(value: str | None) -> Any:
        """Plain values."""
        return None if value is None else json.loads(value)
