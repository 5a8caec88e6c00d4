"""What the papers of a roster hold, in words."""

from collections.abc import Sequence
from typing import Any

from bot.bindery import Contents
from bot.features.roster.words import field_name, why
from bot.phrases import Voice
from bot.rosters.comparing import Findings
from storage.rosters import Entry, Invitee

COLUMNS = ("name", "mission", "country", "zone", "language", "rank", "sex", "email")
EXAMPLES = ("first", "second")


def _sheet(file: str, title: str, columns: Sequence[str], widths: Sequence[int], rows: Any) -> Contents:
    values = {"title": title, "columns": list(columns), "widths": list(widths), "rows": rows}
    return Contents(f"{file}.xlsx", values)


def links(cohort: str, made: Sequence[tuple[Invitee, str]], voice: Voice) -> Contents:
    """Name, mission, e-mail, link."""
    rows = [[each.entry.name, each.entry.mission, each.entry.email, link] for each, link in made]
    columns = [*(field_name(field, voice) for field in ("name", "mission", "email")), voice.label("roster.col-link")]
    return _sheet(f"links-{_slug(cohort)}", voice.label("roster.links-title"), columns, (28, 36, 30, 60), rows)


def page(cohort: str, made: Sequence[tuple[Invitee, str]], voice: Voice) -> Contents:
    """A card each, to be cut apart."""
    cards = [{"name": each.entry.name, "mission": each.entry.mission or "", "link": link} for each, link in made]
    how = [voice.label(f"roster.how-{n}") for n in ("1", "2", "3")]
    return Contents(f"links-{_slug(cohort)}.pdf", {"how": how, "cards": cards})


def template(voice: Voice) -> Contents:
    """The columns, and two rows to be written over."""
    rows = [[voice.label(f"roster.example-{row}-{field}") for field in COLUMNS] for row in EXAMPLES]
    columns = [field_name(field, voice) for field in COLUMNS]
    return _sheet("roster", voice.label("roster.template-title"), columns, (28, 36, 18, 18, 12, 22, 10, 30), rows)


def findings(found: Findings, voice: Voice) -> Contents:
    """Row, name, mission, what was found, why."""
    kind = {name: voice.label(f"roster.kind-{name}") for name in ("new", "changed", "there", "twice", "broken")}
    rows = [(line.number, line.entry, kind["new"], "") for line in found.new]
    rows += [(each.line.number, each.becomes, kind["changed"], _fields(each.fields, voice)) for each in found.changed]
    rows += [(line.number, line.entry, kind["there"], "") for line in found.there]
    for each in found.twice:
        rows.append((each.line.number, each.line.entry, kind["twice"], voice.label("roster.first-in", row=each.first)))
    rows += [(line.number, None, kind["broken"], why(line, voice)) for line in found.broken]
    cells = [
        [str(number), *_who(entry), what, reason] for number, entry, what, reason in sorted(rows, key=lambda r: r[0])
    ]
    columns = [voice.label("roster.col-row"), *(field_name(field, voice) for field in ("name", "mission"))]
    columns += [voice.label("roster.col-found"), voice.label("roster.col-why")]
    return _sheet("roster-findings", voice.label("roster.findings-title"), columns, (6, 28, 36, 20, 60), cells)


def _fields(fields: Sequence[str], voice: Voice) -> str:
    return ", ".join(dict.fromkeys(field_name(field, voice) for field in fields))


def _who(entry: Entry | None) -> tuple[str, str]:
    return ("", "") if entry is None else (entry.name, entry.mission or "")


def _slug(name: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:40] or "cohort"
