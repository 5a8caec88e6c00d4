"""Codes of links. Each follows from the bot's token and a number drawn for the occasion, so that a message or a paper
can be made at the moment of sending, while the database holds the number and the hash and never the code.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from bot.settings import Settings

PERSONAL, RELINK, COHORT = "i-", "r-", "g-"  # in front, so that no code looks like a colleague's appointment
VALID = timedelta(days=90)
RELINK_VALID = timedelta(days=3)


def occasion() -> str:
    """A number that is drawn once, as text."""
    return secrets.token_urlsafe(16)


def code_of(settings: Settings, kind: str, drawn: str, about: int) -> str:
    """128 bits in 22 characters, of the 64 that a deep link may carry; the same for the same token and number."""
    key = settings.bot_token.get_secret_value() if settings.bot_token else ""
    if not key:
        raise ValueError("a link's code needs the bot's token")
    made = hmac.digest(key.encode(), f"{kind}{drawn}:{about}".encode(), "sha256")[:16]
    return kind + urlsafe_b64encode(made).decode().rstrip("=")


def link_to(bot: str | None, code: str) -> str:
    """What opens the bot with that code; the command where the bot's name is not known."""
    return f"https://t.me/{bot}?start={code}" if bot else f"/start {code}"
