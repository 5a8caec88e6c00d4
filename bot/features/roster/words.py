"""Words about a roster's columns and rows that screens and papers share, as plain text."""

from bot.phrases import Voice
from bot.rosters.lines import Line

NAMED = {"place": "mission", "subdivision": "mission", "city": "mission"}  # read from other columns


def field_name(field: str, voice: Voice) -> str:
    """A column as people head it."""
    return voice.label(f"roster.field-{NAMED.get(field, field)}")


def why(line: Line, voice: Voice) -> str:
    """Why a row cannot be used, and the mend."""
    return voice.label(f"roster.fault-{line.fault}", words=line.words)
