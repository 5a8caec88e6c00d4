"""What people did and what the rules make of it, in plain dicts: the book that is kept beside the real store."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.year.few_lessons import course
from tests.year.local_days import DAY, instant
from tests.year.parts import name_of
from tests.year.reckoning import PLACES, SLOT, Person, deadline, posted, today

LESSONS = [lesson.id for lesson in course().lessons]
UNDER_WAY = ("active", "paused")
OPEN = ("planned", "put", "chosen")
RIGHT, UNSURE, SURE_WRONG = 18, 10, 4  # days until a question comes again


def joined(chat: int, place: str, at: datetime, crises: list[tuple[str, date, date]]) -> Person:
    """Somebody who takes a seat now: the first lesson may come with the next slot on a day of the working week."""
    zone = PLACES[place][2]
    on = at.astimezone(ZoneInfo(zone)).date()
    here, first_on = posted(place, on), on
    while first_on.isoweekday() in here.weekend or instant(here, first_on, SLOT) <= at:
        first_on += DAY
    return {
        "chat": chat,
        "name": name_of(chat),
        "postings": [(place, here)],
        "leaves": [],
        "crises": crises,
        "state": "active",
        "reachable": True,
        "first_on": first_on,
        "extension": 0,
        "free_since": at,
        "seen": [at],
        "askings": {},
        "rungs": {},
        "nudged": set(),
        "refreshers": False,
        "excused_until": at,
    }


def heard(person: Person, at: datetime) -> None:
    """Whatever they do: they can be written to, and are no longer silent."""
    if not person["reachable"]:
        person |= {"reachable": True, "free_since": at}
    person["seen"].append(at)


def choose(person: Person, asking: int, choice: str, at: datetime) -> None:
    """The first choice wins; what was taken back takes no answer."""
    known = person["askings"][asking]
    if known["state"] in ("planned", "put"):
        known |= {"state": "chosen", "choice": choice, "chosen_at": at}


def sure(person: Person, asking: int, is_sure: bool, at: datetime) -> None:
    """The second tap settles."""
    if person["askings"][asking]["state"] == "chosen":
        settle(person, asking, is_sure, today(person, at))


def settle(person: Person, asking: int, is_sure: bool, on: date) -> None:
    """Verdict, ladder, and whether that was the course."""
    known = person["askings"][asking]
    known |= {"state": "settled", "sure": is_sure}
    if known["kind"] == "refresher":
        return
    person["free_since"] = max(person["free_since"], known["chosen_at"])
    row, _, retired, _ = person["rungs"].get(known["lesson"], (0, None, False, None))
    if not retired:
        person["rungs"][known["lesson"]] = _rung(row, known["choice"] == "good", is_sure, on)
    days = {a["lesson"] for a in person["askings"].values() if a["kind"] == "day" and a["state"] == "settled"}
    mastered = sum(rung[2] for rung in person["rungs"].values())
    if person["state"] in UNDER_WAY and days == set(LESSONS) and mastered >= 0.8 * len(LESSONS):
        person["state"] = "completed"


def _rung(row: int, right: bool, is_sure: bool, on: date) -> tuple[int, date | None, bool, date | None]:
    if not right:
        return 0, on + DAY * (SURE_WRONG if is_sure else UNSURE), False, on
    row += is_sure
    return (row, None, True, None) if row == 2 else (row, on + DAY * RIGHT, False, on)


def resume(person: Person, at: datetime) -> None:
    """Lessons go on; the clock of reminders starts anew for what is open."""
    person |= {"state": "active", "free_since": at}
    for known in person["askings"].values():
        if known["state"] in OPEN and known["put_at"]:
            known["put_at"] = at


def take_leave(person: Person, first: date, last: date, at: datetime) -> None:
    """Leave, without the days that have passed; none that begins after the deadline, and each but once."""
    now_on = today(person, at)
    if person["state"] in UNDER_WAY and first > deadline(person):
        return
    entered = [span for span in person["leaves"] if span[1] >= now_on]
    span = (max(first, now_on), last)
    if span not in entered and len(entered) < 10:
        person["leaves"].append(span)


def come_back(person: Person, at: datetime) -> None:
    """All leave in force ended yesterday; the next slot counts."""
    now_on = today(person, at)
    if any(first <= now_on <= last for first, last in person["leaves"]):
        person["free_since"] = at
    cut = [(f, min(la, now_on - DAY) if f <= now_on <= la else la) for f, la in person["leaves"]]
    person["leaves"] = [(first, last) for first, last in cut if first <= last]


def move(person: Person, place: str, from_on: date | None, at: datetime) -> None:
    """A posting from a date on, or at once; later ones that were announced are taken back."""
    if from_on is None:
        from_on = min(today(person, at), at.astimezone(ZoneInfo(PLACES[place][2])).date())
        person["free_since"] = at
    kept = [each for each in person["postings"] if each[1].from_on < from_on]
    person["postings"] = [*kept, (place, posted(place, from_on))]


def extend(person: Person, days: int, at: datetime) -> None:
    """More time, where that still helps; who had ended goes on."""
    longer = person | {"extension": person["extension"] + days}
    if person["state"] == "completed" or deadline(longer) < today(person, at):
        return
    person["extension"] += days
    if person["state"] == "ended":
        resume(person, at)
