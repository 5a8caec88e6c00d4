"""Terms in words: a line for each, what differs, and one sentence for what cannot hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.circumstances import EVERY_DAY
from bot.phrases import Html, Voice
from bot.terms.value import BARS, LONGEST_NAME, Terms, Trouble
from bot.wording import course_title, dated, working_week
from lessons.course import Course
from scheduler.calendar import Calendar

_A_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells terms to whom: the courses taught, the reader's voice and local date."""

    courses: Mapping[str, Course]
    voice: Voice
    today: date

    def line(self, field: str, terms: Terms) -> Html:
        """`Pace: a lesson every working day`."""
        return self.voice.say("terms.line", what=self.label(field), value=self.value(field, terms))

    def changed(self, field: str, old: Terms, new: Terms) -> Html:
        """The same, with what it was."""
        was, value = self.value(field, old), self.value(field, new)
        return self.voice.say("terms.changed", what=self.label(field), value=value, was=was)

    def label(self, field: str) -> str:
        """`Pace`."""
        return self.voice.label(f"button.term-{field}")

    def value(self, field: str, terms: Terms) -> Html:
        """`a lesson every working day`."""
        say = self.voice.say
        match field:
            case "course":
                return course_title(terms.course_id, self.courses, self.voice)
            case "start":
                return say("terms.day", day=dated(terms.start_on, self.today, self.voice))
            case "deadline":
                return self._deadline(terms)
            case "pace":
                return say("terms.pace", n=terms.pace)
            case "days":
                return self._days(terms.days)
            case "reminders":
                return say("terms.reminders", n=terms.reminders) if terms.reminders else say("terms.no-reminders")
            case "bar":
                return say("terms.bar", n=terms.bar)
        return say("terms.word", word=terms.home if field == "home" else terms.name)

    def _deadline(self, terms: Terms) -> Html:
        if terms.deadline_on is not None:
            return self.voice.say("terms.day", day=dated(terms.deadline_on, self.today, self.voice))
        course = self.courses.get(terms.course_id)
        if course is None:
            return self.voice.say("terms.deadline-course")
        return self.voice.say("terms.deadline-weeks", n=course.cadence.weeks_to_deadline)

    def _days(self, days: frozenset[int] | None) -> Html:
        if days is None:
            return self.voice.say("terms.days-usual")
        return working_week(Calendar("UTC", EVERY_DAY - days), self.voice)

    def sentence(self, trouble: Trouble) -> Html:
        """Why it cannot hold and what mends it."""
        soon = max(self.today, trouble.on or self.today) + _A_MONTH
        return self.voice.say(
            f"terms.{trouble.why}",
            typed=trouble.typed,
            example=f"{soon.day} {soon:%b} {soon.year}",
            day=dated(trouble.on, self.today, self.voice) if trouble.on else "",
            longest=LONGEST_NAME,
            least=BARS[0],
            most=BARS[-1],
            courses=", ".join(sorted(self.courses)),
        )
