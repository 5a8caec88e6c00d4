"""Logs of events, one JSON line each on stderr. Never people's words or names, never the token."""

import json
import logging
import re
import sys
from typing import Any

import structlog

_TOKEN = re.compile(r"\d{3,}(?::|%3A)[A-Za-z0-9_-]{20,}")  # also behind `bot`, as addresses of the Bot API have it


def redacted(words: str) -> str:
    """The words with anything that looks like a bot token blanked."""
    return _TOKEN.sub("…", words)


def _redact(_logger: Any, _method: str, line: Any) -> str:
    """The last step, on the whole line: lists, errors and tracebacks are words by then."""
    return redacted(str(line))


class _Line(logging.Formatter):
    """Other libraries' records in the shape of our own events."""

    def format(self, record: logging.LogRecord) -> str:
        try:
            words = record.getMessage()
        except (TypeError, ValueError):  # its arguments do not fit; logging would print them as they are
            words = str(record.msg)
        line = {"event": words, "logger": record.name, "level": record.levelname.lower()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return redacted(json.dumps(line, ensure_ascii=False))


def set_up(level: int = logging.INFO) -> None:
    """Our events at `level`, other libraries from WARNING, every line redacted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a beat is still running is no news
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
            _redact,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
