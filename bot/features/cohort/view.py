"""A cohort on one screen."""

from bot import callbacks as b
from bot.features.cohort.usecase import Choose, Roll
from bot.message import Message
from bot.phrases import Html, Voice
from storage.cohorts import Census

TO_CALL = ("silent", "paused", "ended", "unreachable", "active", "completed")


def screen(found: Roll | Choose | None, voice: Voice) -> Message:
    """The roll, the choice of a cohort, or how to make one."""
    if found is None:
        return Message(voice.say("cohort.none"))
    if isinstance(found, Choose):
        rows = tuple((b.button(cohort.name, b.ShowCohort(cohort.id)),) for cohort in found.cohorts)
        return Message(voice.say("cohort.which"), rows)
    return _roll(found, voice)


def _roll(found: Roll, voice: Voice) -> Message:
    say, census = voice.say, found.census
    counts = [say(f"cohort.{name}", n=getattr(census, name)) for name in Census._fields]
    parts = [
        say(
            "cohort.title",
            cohort=found.cohort.name,
            course=found.course,
            day=voice.day(found.cohort.start_on),
        ),
        Html("\n".join(counts)),
    ]
    for group in TO_CALL:
        names = [say("cohort.member", name=m.name, place=m.place or "") for m in found.members if m.group == group]
        if names:
            parts.append(say(f"cohort.names-{group}", names=Html("\n".join(names))))
    again = b.button(voice.label("button.refresh"), b.ShowCohort(found.cohort.id))
    return Message("\n\n".join(parts), ((again,),))
