"""Progress in words, under a strip of five weeks."""

from datetime import datetime

from bot import callbacks as b
from bot import standings, upcoming
from bot.features.progress.strip import strip_of
from bot.features.progress.usecase import HowFar
from bot.message import Button, Message
from bot.phrases import Html, Voice
from lessons.enrolment import EnrolmentState
from scheduler.outlook import next_check_on, next_refresher_on


def screen(found: HowFar | None, voice: Voice, now: datetime) -> Message:
    """Done, mastered, coming back, until when, and what comes next."""
    if found is None:
        return Message(voice.say("refusal.not-learner"))
    parts = [
        voice.say("progress.title", course=found.seat.course.title),
        Html("\n".join(_counts(found, voice))),
        Html("\n".join(_next(found, voice, now))),
        *_deadline(found, voice),
    ]
    strip = strip_of(found.known, found.lessons_left, found.answered, now, voice)
    return Message("\n\n".join(parts), _rows(found, voice), picture=strip)


def _counts(found: HowFar, voice: Voice) -> list[Html]:
    say, progress = voice.say, found.progress
    lines = [
        say("progress.done", done=progress.answered, of=progress.lessons),
        say("progress.mastered", mastered=progress.mastered),
    ]
    if progress.cases:
        lines.append(say("progress.cases", decided=progress.decided, of=progress.cases))
    if progress.coming_back:
        lines.append(say("progress.coming-back", n=progress.coming_back))
    return lines


def _next(found: HowFar, voice: Voice, now: datetime) -> list[Html]:
    """What is open, and what comes by itself."""
    open_ = [voice.say("progress.question", lesson=found.question.title)] if found.question else []
    match found.seat.enrolment.state:
        case EnrolmentState.COMPLETED:
            return [voice.say("progress.completed"), *open_, *_refresher(found, voice, now), *_check(found, voice, now)]
        case EnrolmentState.ENDED:
            on = standings.ended_on(found.seat.around) or found.seat.around.deadline_on
            return [voice.say("progress.ended", day=voice.day(on)), *open_, *_check(found, voice, now)]
        case EnrolmentState.PAUSED:
            return [upcoming.words(found.upcoming, voice, now)]
    given = found.known.next_lesson is None and found.upcoming.waiting is None
    all_given = [voice.say("progress.all-given")] if given else []
    silent = bool(open_) and given and found.upcoming.question_at is None
    return [*all_given, *open_, *([] if silent else [upcoming.words(found.upcoming, voice, now)])]


def _refresher(found: HowFar, voice: Voice, now: datetime) -> list[Html]:
    on = next_refresher_on(found.known, now)
    if on is not None:
        return [voice.say("next.refresher", day=voice.day(on))]
    return [voice.say("progress.refreshers-off")] if found.seat.enrolment.refresher_on is None else []


def _check(found: HowFar, voice: Voice, now: datetime) -> list[Html]:
    on = next_check_on(found.known, now)
    return [voice.say("progress.check", day=voice.day(on))] if on is not None else []


def _deadline(found: HowFar, voice: Voice) -> list[Html]:
    if (deadline := found.deadline) is None:
        return []
    lines = [voice.say("progress.deadline", day=voice.day(deadline.on), place=deadline.place)]
    if deadline.moved_days > 0:
        key = "progress.moved-crisis" if deadline.by_crisis else "progress.moved"
        lines.append(voice.say(key, n=deadline.moved_days))
    return [Html(" ".join(lines))]


def _rows(found: HowFar, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    if found.seat.enrolment.state is EnrolmentState.PAUSED:
        return ((b.button(voice.label("button.resume"), b.Resume()),),)
    rows: tuple[tuple[Button, ...], ...] = ()
    if found.upcoming.waiting is not None:
        rows = ((b.button(upcoming.open_label(found.upcoming.waiting, voice), b.Today()),),)
    if found.question is not None:
        rows += ((b.button(voice.label("button.see-question"), b.ReadLesson(found.question.asking)),),)
    return rows
