"""Settings: one message, edited in place."""

from datetime import datetime, time, timedelta

from babel import Locale

from bot import callbacks as b
from bot import upcoming
from bot.features.preferences.usecase import HOURS, PACES, QUIETS, Forecast, Preferences, Resumed
from bot.message import Button, Message
from bot.phrases import Html, Voice
from bot.seat import Seat
from bot.wording import SUNDAY, working_week
from lessons.enrolment import EnrolmentState

Rows = tuple[tuple[Button, ...], ...]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def home(found: Preferences, voice: Voice, now: datetime) -> Message:
    """Everything that is set, and what can be changed."""
    set_ = Html("\n".join(_lines(found, voice)))
    html = Html(f"{voice.say('settings.title')}\n\n{set_}")
    if found.seat.enrolment.state is EnrolmentState.ENDED:
        html = voice.say("settings.ended", settings=html)
    else:
        html = Html(f"{html}\n\n{upcoming.words(found.upcoming, voice, now)}")
    buttons = _buttons(found, voice)
    rows = tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
    return Message(html, rows)


def _lines(found: Preferences, voice: Voice) -> list[Html]:
    around, say = found.seat.around, voice.say
    quiet = {"start": voice.hour(around.quiet.start), "end": voice.hour(around.quiet.end)}
    lines = [
        say("settings.name", name=found.seat.learner.name),
        say("settings.place", place=found.posting.place),
        *(say("posting.announced", day=voice.day(p.from_on), place=p.place) for p in found.announced),
        say("settings.days", days=working_week(found.seat.calendar.posting_on(found.today), voice)),
        *([say("settings.pace", n=around.pace)] if found.deadline_on else []),
        say("settings.hour-now", hour=voice.hour(around.slot)),
        say("settings.quiet-now", **quiet),
    ]
    if found.leaves:
        dates = ", ".join(voice.days(leave.span.first, leave.span.last) for leave in found.leaves)
        lines.append(say("settings.leave", dates=dates))
    if found.deadline_on is not None:
        lines.append(say("settings.deadline", day=voice.day(found.deadline_on)))
    return lines


def _buttons(found: Preferences, voice: Voice) -> list[Button]:
    """What can be changed, two in a row and four rows at most."""
    label, studying = voice.label, found.deadline_on is not None
    buttons = [
        b.button(label("button.hour"), b.Settings("hour")),
        b.button(label("button.quiet"), b.Settings("quiet")),
        b.button(label("button.days"), b.Settings("days")),
        *([b.button(label("button.pace"), b.Settings("pace"))] if studying else []),
        b.button(label("button.posting"), b.ChangePosting()),
        b.button(label("button.leave"), b.ShowLeave()),
    ]
    if len(found.languages) > 1:
        buttons.append(b.button(label("button.language"), b.Settings("language")))
    match found.seat.enrolment.state:
        case EnrolmentState.PAUSED:
            buttons.append(b.button(label("button.resume"), b.Resume()))
        case EnrolmentState.ACTIVE:
            buttons.append(b.button(label("button.pause"), b.Pause()))
        case EnrolmentState.COMPLETED if found.seat.enrolment.refresher_on is not None:
            buttons.append(b.button(label("button.stop-refreshers"), b.Refreshers(0)))
        case EnrolmentState.COMPLETED:
            buttons.append(b.button(label("button.refreshers-yes"), b.Refreshers(1)))
    return buttons


def hours(voice: Voice) -> Message:
    """The hours offered."""
    made = [b.button(voice.hour(at), b.SetHour(_minutes(at))) for at in HOURS]
    return Message(voice.say("settings.hour"), (tuple(made[:3]), tuple(made[3:]), _back(voice)))


def quiets(voice: Voice) -> Message:
    """The quiet hours offered."""
    rows = tuple(
        (b.button(f"{voice.hour(start)} – {voice.hour(end)}", b.SetQuiet(_minutes(start), _minutes(end))),)
        for start, end in QUIETS
    )
    return Message(voice.say("settings.quiet"), (*rows, _back(voice)))


def days(found: Preferences, voice: Voice, now: datetime) -> Message:
    """The weekdays, each to be tapped on or off, from the first of the working week on."""
    first = next(day for day in range(1, 8) if day in found.usual_days and (day - 2) % 7 + 1 not in found.usual_days)
    made = [_day((first + n - 1) % 7 + 1, found, voice) for n in range(7)]
    week = working_week(found.seat.calendar.posting_on(found.today), voice)
    html = voice.say("settings.which-days", place=found.posting.place, days=week)
    last = b.button(voice.label("button.usual-days"), b.UsualDays()), *_back(voice)
    rows = (tuple(made[:4]), tuple(made[4:]), last)
    return Message(Html(f"{html}\n\n{upcoming.words(found.upcoming, voice, now)}"), rows)


def _day(day: int, found: Preferences, voice: Voice) -> Button:
    on = day in found.days
    return b.button(_ticked(voice.short_weekday(SUNDAY + timedelta(days=day)), on=on), b.SetDay(day, int(not on)))


def _ticked(label: str, *, on: bool) -> str:
    return f"✓ {label}" if on else label


def paces(found: Preferences, forecast: Forecast | None, voice: Voice, now: datetime) -> Message:
    """The paces offered, and what the one now set means for the deadline."""
    around, own = found.seat.around, found.seat.learner.pace
    parts = [voice.say("settings.which-pace", n=around.pace)]
    if forecast is not None:
        said = {"day": voice.day(forecast.last_on), "deadline": voice.day(forecast.deadline_on), "n": forecast.left}
        late = forecast.missed > 0
        parts.append(voice.say("pace.late", missed=forecast.missed, **said) if late else voice.say("pace.kept", **said))
    parts.append(upcoming.words(found.upcoming, voice, now))
    made = [b.button(_ticked(voice.label(f"button.pace-{n}"), on=n == own), b.SetPace(n)) for n in PACES]
    made.append(b.button(_ticked(voice.label("button.pace-cohort"), on=own is None), b.SetPace(0)))
    return Message(Html("\n\n".join(parts)), (*((each,) for each in made), _back(voice)))


def languages(found: Preferences, voice: Voice) -> Message:
    """The languages spoken, each by its own name."""
    made = ((b.button(_own_name(tag), b.SetLanguage(tag)),) for tag in found.languages)
    return Message(voice.say("settings.language"), (*made, _back(voice)))


def _own_name(tag: str) -> str:
    locale = Locale.parse(tag)
    return (locale.get_display_name(locale) or tag).capitalize()


def _back(voice: Voice) -> tuple[Button, ...]:
    return (b.button(voice.label("button.back"), b.Settings("home")),)


def paused(mine: Seat, voice: Voice) -> Message:
    """Lessons rest; the deadline stays."""
    deadline_on = upcoming.deadline_on(mine)
    if deadline_on is None:
        over = mine.enrolment.state is EnrolmentState.ENDED
        return Message(voice.say("settings.nothing-to-pause-ended" if over else "settings.nothing-to-pause"))
    ways = (b.button(voice.label("button.resume"), b.Resume()), b.button(voice.label("button.leave"), b.ShowLeave()))
    return Message(voice.say("settings.paused", deadline=voice.day(deadline_on)), (ways,))


def resumed(found: Resumed, voice: Voice, now: datetime) -> Message:
    """Lessons go on."""
    if found.waiting is not None:
        read = b.button(upcoming.open_label(found.waiting, voice), b.ReadLesson(found.waiting.asking))
        return Message(voice.say("settings.resumed-waiting", lesson=found.waiting.title), ((read,),))
    if found.next_at is not None:
        when = voice.at(found.seat.learner.zone).soon(found.next_at, now)
        return Message(voice.say("settings.resumed", when=when, place=found.seat.learner.place))
    over = found.seat.enrolment.state is EnrolmentState.ENDED
    return Message(voice.say("settings.resumed-ended" if over else "settings.resumed-no-lesson"))
