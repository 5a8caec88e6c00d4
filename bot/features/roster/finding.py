"""What was found in a roster, on one screen: the first few rows of each kind; all of them go into a sheet."""

from collections.abc import Sequence

from bot import callbacks as b
from bot.callbacks import inviting
from bot.features.roster import outcome as u
from bot.features.roster.words import field_name, why
from bot.message import Button, Message
from bot.phrases import Html, Voice
from bot.rosters.comparing import Findings
from bot.rosters.headers import Missing, Twice
from bot.rosters.lines import Line

SHOWN = 10  # rows of a kind
LONGEST_NAME = 40  # characters on this screen


def trouble(outcome: u.Trouble | Missing | Twice, voice: Voice) -> Message:
    """One sentence: the place and the mend."""
    match outcome:
        case Missing(field, found):
            named = field_name(field, voice)
            return Message(voice.say("roster.no-column", field=named, found=", ".join(found) or "–"))
        case Twice(field, found):
            named = field_name(field, voice)
            return Message(voice.say("roster.two-columns", field=named, found=", ".join(found)))
        case u.Trouble(what, row):
            return Message(voice.say(f"roster.trouble-{what}", row=row))


def dry_run(outcome: u.DryRun, voice: Voice) -> Message:
    """What an import would do."""
    found, draft, say = outcome.findings, outcome.draft, voice.say
    read = found.good + len(found.there) + len(found.twice) + len(found.broken)
    parts = [say("roster.read", n=read, file=outcome.file, cohort=outcome.cohort.name), *_kinds(found, voice)]
    parts.append(say("roster.will", n=found.good) if found.good else say("roster.will-nothing"))
    rows: list[tuple[Button, ...]] = []
    if found.good:
        rows.append((b.button(voice.label("roster.button-do", n=found.good), inviting.ImportRoster(draft)),))
    rows.append((b.button(voice.label("button.ro-all"), inviting.AllFindings(draft)),))
    rows.append((b.button(voice.label("button.ro-drop"), inviting.DropRoster(draft)),))
    return Message("\n\n".join(parts), tuple(rows))


def _kinds(found: Findings, voice: Voice) -> list[str]:
    say = voice.say
    new = [_name(line) for line in found.new[:SHOWN]]
    there = [_name(line) for line in found.there[:SHOWN]]
    changed = [
        say("roster.row-changed", row=each.line.number, name=_name(each.line), fields=_fields(each.fields, voice))
        for each in found.changed[:SHOWN]
    ]
    twice = [
        say("roster.row-twice", row=each.line.number, name=_name(each.line), first=each.first)
        for each in found.twice[:SHOWN]
    ]
    broken = [say("roster.row-broken", row=line.number, why=why(line, voice)) for line in found.broken[:SHOWN]]
    return [
        *_names("new", new, len(found.new), voice),
        *_rows("changed", changed, len(found.changed), voice),
        *_names("there", there, len(found.there), voice),
        *_rows("twice", twice, len(found.twice), voice),
        *_rows("broken", broken, len(found.broken), voice),
    ]


def _fields(fields: Sequence[str], voice: Voice) -> str:
    return ", ".join(dict.fromkeys(field_name(field, voice) for field in fields))


def _name(line: Line) -> str:
    name = line.entry.name if line.entry else ""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _names(kind: str, names: Sequence[str], n: int, voice: Voice) -> list[str]:
    """Names in one line."""
    if not n:
        return []
    more = [voice.say("roster.more", n=n - len(names))] if n > len(names) else []
    head = voice.say("roster.kind-count", kind=voice.label(f"roster.kind-{kind}"), n=n)
    return ["\n".join([head, voice.say("roster.names", names=", ".join([*names, *more]))])]


def _rows(kind: str, rows: Sequence[Html], n: int, voice: Voice) -> list[str]:
    """A line each."""
    if not n:
        return []
    more = [voice.say("roster.more", n=n - len(rows))] if n > len(rows) else []
    head = voice.say("roster.kind-count", kind=voice.label(f"roster.kind-{kind}"), n=n)
    return ["\n".join([head, *rows, *more])]


def imported(outcome: u.Imported, voice: Voice, rows: tuple[tuple[Button, ...], ...]) -> Message:
    """What was done, what was left out, and what comes next."""
    say = voice.say
    parts = [say("roster.imported", n=outcome.new, cohort=outcome.cohort.name)]
    parts += [say("roster.imported-changed", n=outcome.changed)] if outcome.changed else []
    parts += [say("roster.left-out", n=outcome.left_out)] if outcome.left_out else []
    return Message("\n".join([*parts, "", say("roster.next-links")]), rows)
