"""Words about places, dates, weeks and courses that several screens share."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.phrases import Html, Voice
from lessons.course import Course
from scheduler.calendar import Calendar, Move
from scheduler.places import Place

SUNDAY = date(2026, 11, 22)  # any Sunday: weekdays are named from real dates


def place_name(place: Place) -> str:
    """`Jeddah, Saudi Arabia`; a country alone is said once."""
    return place.name if place.name == place.country_name else f"{place.name}, {place.country_name}"


def dated(on: date, today: date, voice: Voice) -> str:
    """`Friday 30 April`, with the year where it is another."""
    day = voice.day(on)
    return day if on.year == today.year else str(voice.say("calendar.dated", day=day, year=on.year))


def course_title(course_id: str, courses: Mapping[str, Course], voice: Voice) -> Html:
    """The title, or that its files are no longer there."""
    course = courses.get(course_id)
    return voice.say("course.title", title=course.title) if course else voice.say("course.gone", course=course_id)


def working_week(calendar: Calendar | Move, voice: Voice) -> Html:
    """`Sunday to Thursday`, or the days one by one where they do not follow each other; `Tuesday` alone."""
    days = [SUNDAY + timedelta(days=n) for n in range(14)]
    weekend = {day.isoweekday() % 7 for day in days if day.isoweekday() in calendar.weekend}
    first = next((n for n in range(7) if n not in weekend and (n - 1) % 7 in weekend), 0)
    week = [day for n, day in enumerate(days[first : first + 7], first) if n % 7 not in weekend]
    names = [voice.weekday(day) for day in week]
    if 1 < len(week) == (week[-1] - week[0]).days + 1:
        return voice.say("days.range", first=names[0], last=names[-1])
    return Html(", ".join(names))
