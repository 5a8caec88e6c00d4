"""Preview as the receiver sees it, progress, and the report."""

from datetime import timedelta
from typing import assert_never

from bot import callbacks as b
from bot.features.broadcast.usecase import LONGEST, Outcome, Preview, Refused, Report, Which
from bot.message import Message
from bot.office import Office
from bot.phrases import Html, Voice


def received(words: str, voice: Voice, office: Office) -> Message:
    """What a receiver sees."""
    return Message(voice.say("broadcast.received", academy=office.settings.academy, words=words))


def screen(outcome: Outcome, voice: Voice, office: Office) -> Message:
    """Whatever is to be shown to the coordinator."""
    match outcome:
        case Refused(why):
            return Message(voice.say(f"broadcast.{why}", longest=LONGEST))
        case Which():
            rows = tuple((b.button(c.name, b.PickCohort(outcome.broadcast, c.id)),) for c in outcome.cohorts)
            return Message(voice.say("broadcast.which"), rows)
        case Preview():
            return _preview(outcome, voice, office)
        case Report():
            return report(outcome, voice)
        case _:
            assert_never(outcome)


def _preview(found: Preview, voice: Voice, office: Office) -> Message:
    say = voice.say
    lines = [say("broadcast.to", n=found.receivers, cohort=found.cohort.name)]
    if found.later:
        lines.append(say("broadcast.later", n=found.later))
    if found.unreachable:
        lines.append(say("broadcast.unreachable", n=found.unreachable))
    if found.takes >= timedelta(minutes=1):
        lines.append(say("broadcast.takes", n=-(-found.takes // timedelta(minutes=1))))
    inside = say("broadcast.preview", message=Html(received(found.broadcast.words, voice, office).html))
    rows = (
        (b.button(voice.label("button.send"), b.SendBroadcast(found.broadcast.id)),),
        (b.button(voice.label("button.drop"), b.DropBroadcast(found.broadcast.id)),),
    )
    return Message("\n\n".join([inside, Html("\n".join(lines))]), rows)


def report(found: Report, voice: Voice) -> Message:
    """How far it has come; a button to look again while some wait."""
    say, counts = voice.say, found.counts
    lines = [say("broadcast.sent", n=counts.get("sent", 0))]
    if found.waiting:
        lines.append(say("broadcast.waiting", n=found.waiting))
    lines += [
        say(f"broadcast.{state}", n=counts[state]) for state in ("failed", "unknown", "cancelled") if state in counts
    ]
    html = "\n".join([say("broadcast.report", cohort=found.cohort.name), *lines])
    again = b.button(voice.label("button.refresh"), b.BroadcastReport(found.broadcast.id))
    return Message(html, ((again,),) if found.waiting else ())


def dropped(done: bool, voice: Voice) -> Message:
    """Nothing goes out, or it went out before."""
    return Message(voice.say("broadcast.dropped" if done else "broadcast.sent-already"))
