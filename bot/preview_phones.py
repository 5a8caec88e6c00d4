"""What a page of phones is made of: a figure with a screen, its messages and buttons, rows of figures."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby
from string import Template
from zoneinfo import ZoneInfo

from bot.message import Message
from bot.phrases import Voice
from bot.screens import ZONE, Shown


def page(**parts: str) -> str:
    """The page that `preview.html` is with its parts filled in. HTML without outside parts."""
    return Template(files(__package__).joinpath("preview.html").read_text("utf-8")).substitute(parts)


def facts_of(told: dict[str, str]) -> str:
    """Names and values under the title."""
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in told.items())


def grid(phones: Sequence[str], *, choices: int = 0) -> str:
    """Phones side by side; with `choices`, so many in a row."""
    kind = f'"phones answers" style="--choices: {choices}"' if choices else '"phones"'
    return f"<div class={kind}>{''.join(phones)}</div>"


def phone(
    title: str, note: str, messages: Sequence[Shown], voice: Voice, *, verdict: str = "", anchor: str = ""
) -> str:
    """One phone with its messages, the oldest on top."""
    said = f'<span class="{verdict}">{verdict}</span>' if verdict else ""
    caption = f"<figcaption><b>{escape(title)}</b>{said}<span>{escape(note)}</span></figcaption>"
    first = messages[0].at.astimezone(ZoneInfo(ZONE))
    status = f"<div class=status><b>{voice.hour(first.time())}</b><span>Riyadh</span></div>"
    head = (
        "<div class=head><span class=avatar aria-hidden=true>A</span><div><b>Attaché</b><small>bot</small></div></div>"
    )
    fold = "" if messages[1:] else "<div class=fold aria-hidden=true><span>one screen</span></div>"
    chat = "".join(_chat(messages, voice))
    screen = f"<div class=screen>{status}{head}<div class=chat>{fold}{chat}</div></div>"
    name = f' id="{escape(anchor)}"' if anchor else ""
    return f"<figure class=phone{name}>{caption}{screen}</figure>"


def _chat(messages: Sequence[Shown], voice: Voice) -> Iterator[str]:
    for day, of_day in groupby(messages, key=lambda shown: voice.day_of(shown.at)):
        yield f"<div class=day>{escape(day)}</div>"
        yield from (_message(shown.message, voice.hour(shown.at.astimezone(ZoneInfo(ZONE)).time())) for shown in of_day)


def _message(message: Message, hour: str) -> str:
    rows = "".join(
        "<div class=row>" + "".join(f"<span class=key>{escape(b.label)}</span>" for b in row) + "</div>"
        for row in message.rows
    )
    keyed = " keyed" if rows else ""
    # The message is Telegram's HTML subset already, escaped where it was worded.
    bubble = f"<div class=bubble><div class=text>{message.html}<span class=hour>{hour}</span></div></div>"
    return f'<div class="message{keyed}">{bubble}{rows}</div>'
