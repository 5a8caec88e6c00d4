"""Help and the helpful line."""

from bot.call import Role
from bot.message import Message
from bot.office import Office
from bot.phrases import Html, Voice


def guide(lines: list[tuple[str, str]], voice: Voice, office: Office) -> Message:
    """Every command that this person may use, and the human behind."""
    listed = "\n".join(voice.say("help.line", command=command, line=voice.say(line)) for command, line in lines)
    return Message(voice.say("help.words", lines=Html(listed), contact=office.settings.contact))


def unknown(roles: frozenset[Role], voice: Voice) -> Message:
    """What to do instead."""
    known = "learner" if Role.LEARNER in roles else "coordinator" if Role.COORDINATOR in roles else "stranger"
    return Message(voice.say(f"unknown.{known}"))


def cancelled(something: bool, voice: Voice) -> Message:
    """The dialogue is left."""
    return Message(voice.say("cancel.done" if something else "cancel.nothing"))
