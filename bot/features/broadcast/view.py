"""Preview as the receiver sees it, to whom, when; progress, and the report."""

from collections import Counter
from datetime import time, timedelta
from typing import assert_never

from bot import callbacks as b
from bot.callbacks import broadcasting as c
from bot.features.broadcast import outcome as u
from bot.features.broadcast.aiming_view import aiming, aiming_by, marks
from bot.features.broadcast.letter import letter
from bot.message import Button, Message
from bot.office import Office
from bot.phrases import Html, Voice

INSIDE = 2200  # characters of HTML that fit into the panel beside what is said about them
HOURS = (8, 9, 12, 16)
AT_ONCE = 1440

Rows = tuple[tuple[Button, ...], ...]


def screen(outcome: u.Outcome, voice: Voice, office: Office) -> Message:
    """Whatever is to be shown to the coordinator."""
    match outcome:
        case u.Refused(why, draft):
            rows: Rows = ((b.button(voice.label("button.bc-aim"), c.Aim(draft)),),) if draft else ()
            longest = u.LONGEST_CAPTION if why is u.Refusal.LONG_CAPTION else u.LONGEST
            return Message(voice.say(f"broadcast.{why}", longest=longest), rows)
        case u.Which():
            rows = tuple((b.button(each.name, b.PickCohort(outcome.broadcast, each.id)),) for each in outcome.cohorts)
            return Message(voice.say("broadcast.which"), rows)
        case u.Preview():
            return _preview(outcome, voice, office)
        case u.Aiming():
            return aiming(outcome, voice)
        case u.AimingBy():
            return aiming_by(outcome, voice, office)
        case u.AskHour():
            return _ask_hour(outcome, voice)
        case u.Asked(cohort=cohort, receivers=n):
            return Message(voice.say("broadcast.asked", n=n, cohort=cohort.name))
        case u.AskReason():
            return Message(voice.say("broadcast.ask-reason"))
        case u.Decided():
            return Message(voice.say("broadcast.agreed" if outcome.agreed else "broadcast.refused-done"))
        case u.Report():
            return report(outcome, voice)
        case _:
            assert_never(outcome)


def above(found: u.Preview, voice: Voice, office: Office) -> tuple[Message, ...]:
    """The letter in each language that is read, where the panel has no room for it."""
    if _inside(found, voice, office) is not None:
        return ()
    said = office.phrases
    return tuple(
        letter(found.broadcast, said.voice(each, voice.zone), office, answerable=False)
        for each in found.reach.languages
    )


def _inside(found: u.Preview, voice: Voice, office: Office) -> Html | None:
    """The letter as part of the panel."""
    if found.broadcast.media:
        return None
    said = office.phrases
    letters = {each: letter(found.broadcast, said.voice(each, voice.zone), office) for each in found.reach.languages}
    parts = []
    for language, made in letters.items():
        head = "broadcast.preview" if len(letters) == 1 else "broadcast.preview-in"
        parts.append(voice.say(head, message=Html(made.html), language=voice.language_name(language)))
    whole = Html("\n\n".join(parts))
    return whole if len(whole) <= INSIDE else None


def _preview(found: u.Preview, voice: Voice, office: Office) -> Message:
    say, reach = voice.say, found.reach
    lines = [say("broadcast.to", n=reach.receivers, cohort=found.cohort.name)]
    lines += marks(found.audience, voice, office)
    lines += [say("broadcast.later", n=reach.later)] if reach.later else []
    lines += [say("broadcast.unreachable", n=reach.unreachable)] if reach.unreachable else []
    lines.append(_span(found, voice))
    if found.takes >= timedelta(minutes=1):
        lines.append(say("broadcast.takes", n=-(-found.takes // timedelta(minutes=1))))
    if found.broadcast.media and found.broadcast.media["kind"] == "poll":
        lines.append(say("broadcast.poll"))
    if found.needs_second:
        lines.append(say("broadcast.needs-second", n=office.settings.approval_above))
    if found.undo:
        lines.append(say("broadcast.undo", n=found.undo // timedelta(seconds=1)))
    inside = _inside(found, voice, office)
    whole = "\n\n".join([inside or say("broadcast.preview-above"), "\n".join(lines)])
    return Message(whole, _ways(found, voice))


def _span(found: u.Preview, voice: Voice) -> Html:
    reach = found.reach
    hours = {"earliest": voice.hour(reach.earliest), "latest": voice.hour(reach.latest)}
    whole = {"first": voice.when(reach.first), "last": voice.when(reach.last), "zone": _city(voice)}
    if found.broadcast.hour is not None:
        return voice.say("broadcast.at-hour", hour=voice.hour(found.broadcast.hour), **whole)
    key = "broadcast.span" if reach.first != reach.last else "broadcast.at-once"
    return voice.say(key, **whole, **hours)


def _city(voice: Voice) -> str:
    """`Dhaka`, of Asia/Dhaka."""
    return voice.zone.rpartition("/")[2].replace("_", " ")


def _ways(found: u.Preview, voice: Voice) -> Rows:
    number, hour = found.broadcast.id, found.broadcast.hour
    send = voice.label("button.send") if hour is None else voice.label("broadcast.button-at", hour=voice.hour(hour))
    send = voice.label("button.bc-ask") if found.needs_second else send
    return (
        (b.button(send, b.SendBroadcast(number)),),
        (
            b.button(voice.label("button.bc-aim"), c.Aim(number)),
            b.button(voice.label("button.bc-when"), c.AskWhen(number)),
        ),
        (b.button(voice.label("button.drop"), b.DropBroadcast(number)),),
    )


def _ask_hour(found: u.AskHour, voice: Voice) -> Message:
    number = found.broadcast.id
    hours = tuple(b.button(voice.hour(time(each)), c.AtHour(number, each * 60)) for each in HOURS)
    rows = (
        (b.button(voice.label("button.bc-now"), c.AtHour(number, AT_ONCE)),),
        hours,
        (b.button(voice.label("button.bc-back"), c.ShowDraft(number)),),
    )
    return Message(voice.say("broadcast.hour-misread" if found.misread else "broadcast.ask-hour"), rows)


def report(found: u.Report, voice: Voice) -> Message:
    """How far it has come, by reason; what can still be done about it."""
    say, sent = voice.say, found.broadcast
    lines = [say("broadcast.sent", n=found.of("sent"))]
    waiting, held = found.of("pending", "sending"), found.counts.get(("cancelled", "paused"), 0)
    lines += [say("broadcast.waiting", n=waiting)] if waiting else []
    lines += [say("broadcast.held", n=held)] if held else []
    lines += [say(f"broadcast.{state}", n=n, why=why) for (state, why), n in _by_reason(found, voice)]
    parts = [say("broadcast.report", cohort=found.cohort.name), Html("\n".join(lines))]
    if sent.state in ("asked", "refused", "paused", "cancelled"):
        parts.append(say(f"broadcast.stands-{sent.state}", reason=sent.reason or ""))
    if found.can_undo and sent.leaves_at is not None:
        parts.append(say("broadcast.can-undo", when=voice.clock(sent.leaves_at)))
    return Message("\n".join(parts[:2]) + "".join(f"\n\n{each}" for each in parts[2:]), _holds(found, waiting, voice))


def _by_reason(found: u.Report, voice: Voice) -> list[tuple[tuple[str, Html], int]]:
    """(state, why in words) → how many, of what did not arrive; Telegram says one thing in many ways."""
    counted: Counter[tuple[str, Html]] = Counter()
    for (state, reason), n in found.counts.items():
        if state in ("failed", "unknown", "cancelled") and (state, reason) != ("cancelled", "paused"):
            why = next((each for each in u.WHY if state != "unknown" and each in (reason or "")), None)
            counted[state, voice.say(f"broadcast.why-{why.replace(' ', '-')}") if why else Html("")] += n
    return sorted(counted.items())


def _holds(found: u.Report, waiting: int, voice: Voice) -> Rows:
    number = found.broadcast.id
    if found.broadcast.state == "paused":
        return (
            (b.button(voice.label("button.bc-on"), c.GoOn(number)),),
            (b.button(voice.label("button.bc-stop"), c.StopRest(number)),),
        )
    if found.broadcast.state != "confirmed" or not waiting:
        return ()
    again = b.button(voice.label("button.refresh"), b.BroadcastReport(number))
    if found.can_undo:
        return ((b.button(voice.label("button.bc-undo"), c.TakeBack(number)),), (again,))
    hold = b.button(voice.label("button.bc-hold"), c.Hold(number))
    return (again,), (hold, b.button(voice.label("button.bc-stop"), c.StopRest(number)))


def dropped(done: bool, voice: Voice) -> Message:
    """Nothing goes out, or it went out before."""
    return Message(voice.say("broadcast.dropped" if done else "broadcast.sent-already"))


def approval(found: u.Report, receivers: int, author: str, voice: Voice, office: Office) -> Message:
    """To a second coordinator: the letter, whose it is, and a yes or a no."""
    made = letter(found.broadcast, office.phrases.voice(None, voice.zone), office, answerable=False)
    words = voice.say("broadcast.approval", name=author, n=receivers, cohort=found.cohort.name)
    number = found.broadcast.id
    rows = (
        (b.button(voice.label("button.bc-yes"), c.Approve(number)),),
        (b.button(voice.label("button.bc-no"), c.Refuse(number)),),
    )
    return Message("\n\n".join(part for part in (made.html, words) if part), rows, media=made.media)


def decided(found: u.Report, who: str, voice: Voice) -> Message:
    """To the author: what a second coordinator said."""
    refused = found.broadcast.state == "refused"
    key = "broadcast.decided-no" if refused else "broadcast.decided-yes"
    reason = found.broadcast.reason or ""
    again = b.button(voice.label("button.refresh"), b.BroadcastReport(found.broadcast.id))
    html = voice.say(key, name=who, reason=reason, title=found.broadcast.title, cohort=found.cohort.name)
    return Message(html, () if refused else ((again,),))
