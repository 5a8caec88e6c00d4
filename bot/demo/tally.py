"""What happened, counted from the sandbox's journal: what Telegram saw, not what the service believes."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.table import Table

from bot import callbacks as b
from bot.demo.officials import Answers

Json = dict[str, Any]
_PUTS = (b.OpenQuestion, b.Choose)
Put = tuple[int, int]  # (chat, asking)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one run.

    `stuck`: (chat, asking) that a willing reader could not answer. `doubled` maps (chat, asking) to messages too
    many of one lesson or question. `acknowledged_twice`: taps answered again after a cut or a restart, which Telegram
    refuses and nobody sees.
    """

    lessons: int
    answered: int
    right: int
    repeats: int
    reminders: int
    pauses: int
    blocks: int
    unreached: int
    refusals: tuple[str, ...]
    unanswered: int
    stuck: tuple[Put, ...]
    doubled: dict[Put, int]
    acknowledged_twice: int
    faults: dict[str, int]

    def holds(self) -> bool:
        """Nothing refused, no tap without an answer, and nothing doubled but once each after a fault."""
        most = 1 if self.faults else 0
        again = self.acknowledged_twice == 0 or bool(self.faults)
        sound = not (self.refusals or self.unanswered or self.stuck)
        return sound and again and max(self.doubled.values(), default=0) <= most


def tally(
    journal: Json, answers: Answers, *, blocks: int, faults: dict[str, int], willing: frozenset[int], since: datetime
) -> Tally:
    """Count.

    `blocks`: how often somebody blocked the bot, which no call shows. `faults` that were ordered: kind → how often.
    `willing` answer within a day: what came before `since` and waits for their answer has lost its way on.
    """
    given: Counter[Put] = Counter()
    asked: Counter[Put] = Counter()
    choices: dict[Put, frozenset[str]] = {}
    reminded: set[tuple[int, int, str]] = set()
    pauses = 0
    for chat, at, pressed in _sent(journal):
        given.update({(chat, each.asking) for each in pressed if isinstance(each, b.OpenQuestion)})
        offered = {each.asking for each in pressed if isinstance(each, b.Choose)}
        asked.update((chat, asking) for asking in offered)
        for asking in offered:
            mine = frozenset(e.choice for e in pressed if isinstance(e, b.Choose) and e.asking == asking)
            choices[chat, asking] = mine
        reminded.update((chat, each.asking, at) for each in pressed if isinstance(each, b.ReadLesson))
        pauses += any(isinstance(each, b.Resume) for each in pressed)
    first = _first_choices(journal)
    mended = {tap["callback_query_id"] for tap in journal["taps"] if tap["answered"]}
    refused = [call for call in journal["refusals"] if not _known(call, mended)]
    return Tally(
        lessons=len(given),
        answered=len(first),
        right=sum(answers.right(choices.get(put, frozenset())) == choice for put, choice in first.items()),
        repeats=len(set(asked) - set(given)),
        reminders=len(reminded),
        pauses=pauses,
        blocks=blocks,
        unreached=len(journal["unreachable"]),
        refusals=tuple(f"{call['method']}: {call['description']}" for call in refused),
        unanswered=sum(not tap["answered"] for tap in journal["taps"]),
        stuck=tuple(sorted(put for put in _before(journal, since) - set(first) if put[0] in willing)),
        doubled=_doubled(given, asked, journal),
        acknowledged_twice=len(journal["refusals"]) - len(refused),
        faults=faults,
    )


def table(counted: Tally, *, learners: int, days: int) -> Table:
    """For people."""
    shown = Table(title=f"{learners} officials, {days} days", title_justify="left", show_header=False)
    shown.add_column()
    shown.add_column(justify="right")
    share = f" ({100 * counted.right // counted.answered} %)" if counted.answered else ""
    rows: dict[str, object] = {
        "Lessons sent": counted.lessons,
        "Answered": counted.answered,
        "Right first time": f"{counted.right}{share}",
        "Repeats": counted.repeats,
        "Reminders": counted.reminders,
        "Pauses": counted.pauses,
        "Blocked the bot": counted.blocks,
        "Sent to them in vain": counted.unreached,
        "Refusals by the sandbox": len(counted.refusals),
        "Taps without an answer": counted.unanswered,
        "Left without a way on": len(counted.stuck),
        "Doubled deliveries": sum(counted.doubled.values()),
    }
    if counted.faults:
        rows["Taps acknowledged again"] = counted.acknowledged_twice
        rows["Faults"] = ", ".join(f"{kind} × {n}" for kind, n in sorted(counted.faults.items()))
    for name, value in rows.items():
        shown.add_row(name, str(value))
    return shown


def _sent(journal: Json) -> Iterator[tuple[int, str, list[Any]]]:
    """(chat, instant, what its buttons bring back) of every message that reached a phone."""
    for call in journal["calls"]:
        if call["method"] == "sendMessage" and call["status"] == 200:
            yield (
                int(call["chat_id"]),
                call["at"],
                [b.unpack(data) for data in _data(call["params"].get("reply_markup"))],
            )


def _before(journal: Json, since: datetime) -> set[Put]:
    """Askings that had come to a phone by then."""
    early = {"calls": [call for call in journal["calls"] if datetime.fromisoformat(call["at"]) < since]}
    return {(chat, each.asking) for chat, _, pressed in _sent(early) for each in pressed if isinstance(each, _PUTS)}


def _data(markup: Any) -> list[str]:
    if isinstance(markup, str):
        markup = json.loads(markup)
    rows = (markup or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def _first_choices(journal: Json) -> dict[Put, str]:
    """The first choice tapped of each asking: the one that counts."""
    first: dict[Put, str] = {}
    for tap in journal["taps"]:
        pressed = b.unpack(tap["data"])
        if isinstance(pressed, b.Choose):
            first.setdefault((tap["person"], pressed.asking), pressed.choice)
    return first


def _doubled(given: Counter[Put], asked: Counter[Put], journal: Json) -> dict[Put, int]:
    """Messages of one asking beyond the first and those that its reader asked for."""
    wanted: Counter[Put] = Counter()
    for tap in journal["taps"]:
        pressed = b.unpack(tap["data"])
        if isinstance(pressed, b.ReadLesson):
            wanted[tap["person"], pressed.asking] += 1
    extra: Counter[Put] = Counter()
    for shown in (given, asked):
        extra.update({put: n - 1 - wanted[put] for put, n in shown.items() if n - 1 - wanted[put] > 0})
    return dict(extra)


def _known(call: Json, mended: set[str]) -> bool:
    """A tap acknowledged a second time because the first answer was not heard."""
    return call["method"] == "answerCallbackQuery" and call["params"].get("callback_query_id") in mended
