"""The only reader of the machine's time in the sandbox: rates, long polls and expiry go by it."""

import time
from datetime import UTC, datetime


def real_now() -> datetime:
    """Aware UTC of the machine."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never go back."""
    return time.monotonic()
