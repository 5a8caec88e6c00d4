"""To whom of a cohort: the screens that narrow, and an audience in words."""

from itertools import groupby

from bot import callbacks as b
from bot.callbacks import broadcasting as c
from bot.features.broadcast import outcome as u
from bot.features.broadcast.audience import SIDES, Item
from bot.message import Button, Message
from bot.office import Office
from bot.phrases import Html, Voice

LONGEST = 34  # characters of a name on a button
MOST_NAMED = 6  # names in one line


def named(side: str, name: str, voice: Voice, office: Office) -> str:
    """An item as people read it."""
    match side:
        case "country":
            there = office.places.names.by_country.get(name)
            return there[0].country_name if there else name
        case "language":
            return voice.language_name(name)
        case "group":
            return voice.label(f"broadcast.group-{name}")
        case _:
            return name or voice.label("broadcast.no-mission")


def marks(chosen: tuple[tuple[str, str, str], ...], voice: Voice, office: Office) -> list[Html]:
    """A line for each side that narrows."""
    lines = []
    for (kind, side), group in groupby(chosen, key=lambda mark: mark[:2]):
        names = [named(side, name, voice, office) for _, _, name in group]
        more = len(names) - MOST_NAMED
        also = [voice.label("broadcast.more-names", n=more)] if more > 0 else []
        lines.append(voice.say(f"broadcast.{kind}-these", names=", ".join(names[:MOST_NAMED] + also)))
    return lines


def aiming(found: u.Aiming, voice: Voice) -> Message:
    """How many of how many, and what to narrow by."""
    number = found.broadcast.id
    sides = [b.button(voice.label(f"broadcast.by-{side}"), c.AimBy(number, side, 0)) for side in SIDES]
    rows: list[tuple[Button, ...]] = [tuple(sides[:2]), tuple(sides[2:])]
    if 0 < found.gulf < found.of:
        sign = "✓ " if found.only_gulf else ""
        label = sign + voice.label("broadcast.button-gulf", n=found.gulf)
        rows.insert(0, (b.button(label, c.OnlyGulf(number)),))
    if found.audience.only or found.audience.but:
        rows.append((b.button(voice.label("broadcast.button-all", n=found.of), c.Everybody(number)),))
    rows.append((b.button(voice.label("button.bc-back"), c.ShowDraft(number)),))
    return Message(voice.say("broadcast.aim", n=found.people, of=found.of), tuple(rows))


def aiming_by(found: u.AimingBy, voice: Voice, office: Office) -> Message:
    """One side: a button for each, marked as it stands."""
    number, side = found.broadcast.id, found.side
    rows: list[tuple[Button, ...]] = [(_turn(found, item, voice, office),) for item in found.items]
    pages: list[Button] = []
    if found.page:
        pages.append(b.button(voice.label("button.bc-earlier"), c.AimBy(number, side, found.page - 1)))
    if found.page + 1 < found.pages:
        pages.append(b.button(voice.label("button.bc-further"), c.AimBy(number, side, found.page + 1)))
    rows += [tuple(pages)] if pages else []
    rows.append((b.button(voice.label("button.bc-aim-back"), c.Aim(number)),))
    return Message(voice.say("broadcast.aim-by", n=found.people), tuple(rows))


def _turn(found: u.AimingBy, item: Item, voice: Voice, office: Office) -> Button:
    mark = (found.side, item.word)
    sign = "✓ " if mark in found.audience.only else "✕ " if mark in found.audience.but else ""
    name = named(found.side, item.name, voice, office)
    short = name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
    return b.button(f"{sign}{short} · {item.people}", c.Turn(found.broadcast.id, found.side, item.word, found.page))
