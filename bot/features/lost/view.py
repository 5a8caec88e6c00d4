"""What may not have arrived, on one screen; the words to the coordinator about it."""

from bot import callbacks as b
from bot.features.lost.usecase import Group, Listed, Receiver
from bot.message import Button, Message
from bot.phrases import Html, Voice, plain

LONGEST_WORDS = 60  # characters of a broadcast's first line, so that all groups fit into one message
LONGEST_NAME = 40


def screen(found: Listed, voice: Voice) -> Message:
    """Groups with their buttons, below what a tap has just done; one calm sentence where there is none."""
    parts = [voice.say(f"lost.{found.did}", n=found.n)] if found.did else []
    if not found.groups:
        return Message("\n\n".join([*parts, voice.say("lost.none")]))
    many = len(found.groups) > 1
    parts.append(voice.say("lost.title"))
    parts += [_group(group, f"{n}. " if many else "", voice) for n, group in enumerate(found.groups, 1)]
    if found.further:
        parts.append(voice.say("lost.further", n=found.further))
    rows = tuple(_buttons(group, f"{n}. " if many else "", voice) for n, group in enumerate(found.groups, 1))
    return Message("\n\n".join(parts), rows)


def _buttons(group: Group, number: str, voice: Voice) -> tuple[Button, ...]:
    again = b.button(number + voice.label("button.send-again"), b.SendAgain(group.name, group.seen))
    return again, b.button(number + voice.label("button.leave-it"), b.LeaveIt(group.name, group.seen))


def _group(group: Group, number: str, voice: Voice) -> Html:
    say = voice.say
    if group.words is not None:
        words = _short(plain(group.words), LONGEST_WORDS)
        head = say("lost.broadcast", number=number, words=words, cohort=group.cohort or "", count=group.count)
    else:
        head = say("lost.group", number=number, what=say(f"lost.kind-{group.kind}"), count=group.count)
    lines = [head, *(_receiver(each, voice) for each in group.receivers)]
    if group.count > len(group.receivers):
        lines.append(say("lost.and-more", n=group.count - len(group.receivers)))
    return Html("\n".join(lines))


def _receiver(who: Receiver, voice: Voice) -> Html:
    if who.learner is None:
        whose = voice.say("lost.coordinator" if who.coordinates else "lost.visitor")
        return voice.say("lost.to-other", who=whose, when=voice.when(who.due_at))
    there = voice.at(who.learner.zone).when(who.due_at)
    return voice.say("lost.to", name=_short(plain(who.learner.name), LONGEST_NAME), place=who.learner.place, when=there)


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def notice(n: int, voice: Voice) -> Message:
    """To a coordinator, once a day at most."""
    return Message(voice.say("lost.notice", n=n))
