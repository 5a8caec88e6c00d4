"""A roster that was read beside the one that stands: who is new, who changed, who is there, who comes twice. Pure.

The same person is who has the same e-mail, or the same name at the same mission.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.rosters.lines import Line
from storage.rosters import Entry, Invitee


@dataclass(frozen=True, slots=True)
class Change:
    """A row that says something else of somebody who is on the roster: the fields, and how it will read."""

    line: Line
    invitee: int
    fields: tuple[str, ...]
    becomes: Entry


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row about somebody whom an earlier row names."""

    line: Line
    first: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Every row in one of five kinds."""

    new: tuple[Line, ...]
    changed: tuple[Change, ...]
    there: tuple[Line, ...]
    twice: tuple[Repeat, ...]
    broken: tuple[Line, ...]

    @property
    def good(self) -> int:
        """How many rows an import writes."""
        return len(self.new) + len(self.changed)


def compare(lines: Iterable[Line], known: Sequence[Invitee]) -> Findings:
    """What an import would do."""
    return _Comparison(known).of(lines)


class _Comparison:
    def __init__(self, known: Sequence[Invitee]) -> None:
        self._by_same = {each.same: each for each in known}
        self._by_mail = {each.entry.email.casefold(): each for each in known if each.entry.email}
        self._seen: dict[str, int] = {}  # a key of somebody in the file → the row
        self._touched: dict[int, int] = {}  # somebody on the roster → the row

    def of(self, lines: Iterable[Line]) -> Findings:
        new, changed, there, twice, broken = [], [], [], [], []
        for line in lines:
            match self._judged(line):
                case Change() as change if change.fields:
                    changed.append(change)
                case Change():
                    there.append(line)
                case Repeat() as repeat:
                    twice.append(repeat)
                case Line(entry=None) as fault:
                    broken.append(fault)
                case Line() as fresh:
                    new.append(fresh)
        return Findings(tuple(new), tuple(changed), tuple(there), tuple(twice), tuple(broken))

    def _judged(self, line: Line) -> Line | Change | Repeat:
        entry = line.entry
        if entry is None:
            return line
        mail = entry.email.casefold() if entry.email else None
        keys = [entry.same, *([f"@{mail}"] if mail else [])]
        first = next((self._seen[key] for key in keys if key in self._seen), None)
        if first is not None:
            return Repeat(line, first)
        same, by_mail = self._by_same.get(entry.same), self._by_mail.get(mail or "")
        if same and by_mail and same is not by_mail:
            return Line(line.number, None, "two-people", entry.email or "")
        there = by_mail or same
        if there is not None and there.id in self._touched:
            return Repeat(line, self._touched[there.id])
        self._seen |= dict.fromkeys(keys, line.number)
        if there is None:
            return line
        self._touched[there.id] = line.number
        return _change(line, entry, there)


def _change(line: Line, entry: Entry, there: Invitee) -> Change:
    """What the sheet leaves empty stays as it is."""
    said = {field: value for field, value in entry._asdict().items() if value is not None}
    if "place" in said:  # one statement, with its empty parts
        said |= {"subdivision": entry.subdivision}
    becomes = there.entry._replace(**said)
    fields = tuple(field for field in Entry._fields if getattr(becomes, field) != getattr(there.entry, field))
    return Change(line, there.id, fields, becomes)
