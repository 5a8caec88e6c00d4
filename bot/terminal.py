"""A chat in a terminal: stands where the sender stands, prints what a phone would show, and numbers the buttons."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from textwrap import shorten
from typing import TextIO

from rich.box import ROUNDED
from rich.console import Console, Group
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from bot.gate import Pass
from bot.message import Button, Message
from bot.sender import Sender
from scheduler.delivery import Outcome, Sent

FURTHER_UP = 2  # messages whose buttons are named again
WIDEST = 72  # columns of a message: near what a phone shows in a line and still easy to read

_STYLES = {"b": Style(bold=True), "i": Style(italic=True), "code": Style(color="cyan")}


class Terminal(Sender):
    """Speaks to a stream instead of Telegram. `title` says what stands above a message: the hour."""

    def __init__(self, out: TextIO, title: Callable[[], str]) -> None:
        self._console = Console(file=out, highlight=False, emoji=False, markup=False)
        self._title = title
        self._ids = count(1)
        self._live: dict[int, Message] = {}  # with buttons, the oldest first
        self._numbers: dict[int, tuple[int, Button]] = {}  # the number in front → message, button
        self.shown = 0  # messages so far, edited ones too

    async def send(self, chat_id: int, message: Message, shown: Pass) -> Outcome:
        """Print a fresh message."""
        message_id = next(self._ids)
        self._print(message_id, message)
        return Sent(message_id)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> bool:
        """Print the message as it stands now; its old buttons are gone."""
        await self.strip(chat_id, message_id)
        self._print(message_id, replace(message, picture=None))
        return True

    async def strip(self, chat_id: int, message_id: int) -> bool:
        """The buttons of a message are gone."""
        self._live.pop(message_id, None)
        self._numbers = {n: found for n, found in self._numbers.items() if found[0] != message_id}
        return True

    async def acknowledge(self, callback_query_id: str, toast: str | None) -> None:
        """Print what a phone shows for a moment."""
        if toast:
            self.say(toast, style="reverse")

    def button(self, number: int) -> tuple[int, Button] | None:
        """(message, button) behind a number on the screen."""
        return self._numbers.get(number)

    def ask(self, lines: TextIO, prompt: str) -> str:
        """The next line; `q` at the end of the stream and for Ctrl-C. Names the buttons further up first."""
        self._name_buttons_further_up()
        self.say(prompt, end="")
        by_hand = lines.isatty()
        try:
            with _interruptible() if by_hand else nullcontext():
                line = lines.readline() or "q"
        except KeyboardInterrupt:
            line = "q"
        if not by_hand:  # a transcript shows both sides
            self.say(line.strip())
        return line.strip()

    def _name_buttons_further_up(self) -> None:
        fresh = {message_id for message_id, _ in self._numbers.values()}
        for message_id in [each for each in reversed(self._live) if each not in fresh][:FURTHER_UP]:
            message = self._live[message_id]
            opening = text_of(message.html).plain.partition("\n")[0]
            line = Text(f"Above, “{shorten(opening, 30, placeholder='…')}”: ", "dim")
            for row in message.rows:
                line.append(self._row(message_id, row)).append("   ")
            line.rstrip()
            self._console.print(line)

    def taken(self) -> None:
        """The author has spoken: what follows is numbered from 1 again."""
        self._numbers = {}

    def say(self, words: str, *, style: str = "dim", end: str = "\n") -> None:
        """Words of the terminal itself, not of the bot."""
        self._console.print(words, style=style, end=end)

    def _print(self, message_id: int, message: Message) -> None:
        self.shown += 1
        parts = [Text(f"[picture: {message.picture.title}]\n", "dim")] if message.picture else []
        parts.append(text_of(message.html))
        if message.rows:
            self._live[message_id] = message
            parts += [Text(), *(self._row(message_id, row) for row in message.rows)]
        panel = Panel(
            Group(*parts),
            box=ROUNDED,
            title=self._title(),
            title_align="left",
            subtitle="without a sound" if message.silent else None,
            subtitle_align="right",
            width=min(WIDEST, self._console.width),
        )
        self._console.print(panel)

    def _row(self, message_id: int, row: tuple[Button, ...]) -> Text:
        line = Text()
        for button in row:
            number = max(self._numbers, default=0) + 1
            self._numbers[number] = (message_id, button)
            line.append(f"[{number}] ", "bold cyan").append(button.label, "bold").append("   ")
        line.rstrip()
        return line


def text_of(html: str) -> Text:
    """Telegram's HTML subset as styled text; a link can be clicked where the terminal knows how."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = Text()
        self._open: list[Style] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        link = dict(attrs).get("href")
        self._open.append(Style(underline=True, link=link) if link else _STYLES.get(tag, Style()))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data, Style.combine((Style(), *self._open)))


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends the wait for a line at once; asyncio would only note it and wait on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
