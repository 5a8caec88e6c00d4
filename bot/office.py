"""What every feature finds on its desk: the courses, the words, the places and the settings. No network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from bot.call import Role
from bot.phrases import Phrases, Voice
from bot.settings import Settings
from lessons.course import Course
from scheduler.places import Gazetteer
from storage.people import Learner


def known_places() -> Gazetteer:
    """Every place that people may name."""
    return Gazetteer.read(files("scheduler").joinpath("cities.csv").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Office:
    """Built once by the composition root."""

    courses: Mapping[str, Course]
    phrases: Phrases
    places: Gazetteer
    settings: Settings
    owner: str  # this process, in leases
    help_lines: Callable[[frozenset[Role]], list[tuple[str, str]]]  # from the table of routes

    def voice(self, learner: Learner) -> Voice:
        """The voice in which a learner is spoken to."""
        return self.phrases.voice(learner.language, learner.zone)
