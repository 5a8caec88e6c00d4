"""The deadline has passed: what stands, what follows, and whom to ask for more time."""

from bot import completion
from bot.completion import Completion
from bot.features.ending.usecase import Ended
from bot.message import Message
from bot.phrases import Voice


def screen(outcome: Ended | Completion, voice: Voice, contact: str) -> Message:
    """Whatever is to be told."""
    if isinstance(outcome, Completion):
        return completion.screen(outcome, voice)
    progress = outcome.progress
    parts = [
        voice.say(
            "ended.words",
            course=outcome.seat.course.title,
            day=voice.day(outcome.on),
            done=progress.answered,
            of=progress.lessons,
            mastered=progress.mastered,
            contact=contact,
        )
    ]
    if outcome.check_at is not None:
        parts.append(voice.say("ended.check", day=voice.day_of(outcome.check_at)))
    return Message("\n\n".join(parts))
