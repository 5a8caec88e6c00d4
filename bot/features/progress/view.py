"""Progress in words."""

from datetime import datetime

from bot import callbacks as b
from bot.features.progress.usecase import Standing
from bot.message import Button, Message
from bot.phrases import Html, Voice


def screen(standing: Standing | None, voice: Voice, now: datetime) -> Message:
    """Done, mastered, coming back, and what comes next."""
    say = voice.say
    if standing is None:
        return Message(say("refusal.not-learner"))
    progress, mine = standing.progress, standing.seat
    lines = [
        say("progress.done", done=progress.answered, of=progress.lessons),
        say("progress.mastered", mastered=progress.mastered),
    ]
    if progress.coming_back:
        lines.append(say("progress.coming-back", n=progress.coming_back))
    parts = [say("progress.title", course=mine.course.title), Html("\n".join(lines))]
    rows: tuple[tuple[Button, ...], ...] = ()
    if standing.waiting is not None:
        parts.append(say("progress.waiting", lesson=standing.waiting))
        rows = ((b.button(voice.label("button.read-lesson"), b.Today()),),)
    elif standing.next_at is not None:
        parts.append(say("next.lesson", when=voice.soon(standing.next_at, now), place=mine.learner.place))
    elif mine.enrolment.state == "paused":
        parts.append(say("progress.paused"))
        rows = ((b.button(voice.label("button.resume"), b.Resume()),),)
    elif mine.enrolment.refresher_on is not None:
        parts.append(say("next.refresher", day=voice.day(mine.enrolment.refresher_on)))
    else:
        parts.append(say(f"progress.no-more-{'completed' if mine.enrolment.state == 'completed' else 'active'}"))
    return Message("\n\n".join(parts), rows)
