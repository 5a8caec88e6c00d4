"""The screens of a correction, and the two sentences to whom it concerns."""

from datetime import date
from typing import assert_never

from bot import callbacks as b
from bot.asked import LETTERS
from bot.callbacks import questioning as c
from bot.features.correcting import outcome as u
from bot.message import Button, Message
from bot.phrases import Html, Voice

Rows = tuple[tuple[Button, ...], ...]


def screen(outcome: u.Outcome, voice: Voice) -> Message:
    """Whatever is to be shown."""
    say = voice.say
    match outcome:
        case u.Refused(why):
            return Message(say(f"correcting.{why}"))
        case u.Drafted():
            return _drafted(outcome, voice)
        case u.AskPart(number, _, words, longest):
            head = say("correcting.ask-part", words=words)
            parts = [say("correcting.too-long", longest=longest), head] if longest else [head]
            return Message("\n\n".join(parts), ((_back(number, voice),),))
        case u.AskReason(number):
            return Message(say("correcting.ask-reason"), ((_back(number, voice),),))
        case u.Trial():
            return _trial(outcome, voice)
        case u.Done():
            return _done(outcome, voice)
        case u.Dropped():
            return Message(say("correcting.dropped"))
        case _:
            assert_never(outcome)


def _back(number: int, voice: Voice) -> Button:
    return b.button(voice.label("button.q-back"), c.ShowCorrection(number))


def _question(found: u.Drafted, voice: Voice) -> list[Html]:
    parts = [voice.say("question.stem", stem=found.then.stem)]
    lines = []
    for n, choice in enumerate(found.then.choices):
        key = "correcting.key" if choice.id == found.then.key else "correcting.choice"
        lines.append(voice.say(key, letter=LETTERS[n], text=choice.text, because=choice.because))
    return [*parts, Html("\n\n".join(lines))]


def _drafted(found: u.Drafted, voice: Voice) -> Message:
    number, choices = found.correction.id, found.then.choices
    parts = [voice.say("correcting.title", lesson=found.lesson), *_question(found, voice), voice.say("correcting.how")]
    keys = tuple(
        b.button(voice.label("correcting.button-key", letter=LETTERS[n]), c.SetKey(number, n))
        for n, choice in enumerate(choices)
        if choice.id != found.then.key
    )
    words = [b.button(voice.label("button.q-stem"), c.AskPart(number, 0))]
    rows: list[tuple[Button, ...]] = [keys, tuple(words)]
    for n, _ in enumerate(choices):
        text = b.button(voice.label("correcting.button-text", letter=LETTERS[n]), c.AskPart(number, 2 * n + 1))
        why = b.button(voice.label("correcting.button-because", letter=LETTERS[n]), c.AskPart(number, 2 * n + 2))
        rows.append((text, why))
    rows += [(b.button(voice.label("button.q-go-on"), c.AskReason(number)),)] if found.changed else []
    rows.append((b.button(voice.label("button.q-drop"), c.DropCorrection(number)),))
    return Message("\n\n".join(parts), tuple(rows))


def _trial(found: u.Trial, voice: Voice) -> Message:
    say, number = voice.say, found.drafted.correction.id
    key = found.drafted.then.choice(found.drafted.then.key)
    parts = [say("correcting.trial", lesson=found.drafted.lesson, key=key.text if key else "")]
    lines = []
    if found.wronged:
        more = found.wronged - len(found.names)
        names = ", ".join([*found.names, *([voice.label("broadcast.more-names", n=more)] if more > 0 else [])])
        lines.append(say("correcting.wronged", n=found.wronged, names=names))
    lines += [say("correcting.righted", n=found.righted)] if found.righted else []
    if found.wronged or found.righted:
        lines.append(say("correcting.told"))
        lines += [say("correcting.stay", n=found.stay)] if found.stay else []
    else:
        lines.append(say("correcting.nobody"))
    parts += [Html("\n".join(lines)), say("correcting.reason", reason=found.drafted.correction.reason)]
    rows = (
        (b.button(voice.label("button.q-do"), c.ConfirmCorrection(number)),),
        (_back(number, voice),),
        (b.button(voice.label("button.q-drop"), c.DropCorrection(number)),),
    )
    return Message("\n\n".join(parts), rows)


def _done(found: u.Done, voice: Voice) -> Message:
    done = found.correction.done_at is not None
    key = "correcting.done" if done else "correcting.going-on"
    html = voice.say(key, lesson=found.lesson, n=found.correction.marked)
    rows: list[tuple[Button, ...]] = []
    if not done:
        rows.append((b.button(voice.label("button.refresh"), c.CorrectionProgress(found.correction.id)),))
    if found.cohort is not None:
        rows.append((b.button(voice.label("button.q-list"), c.ShowQuestions(found.cohort)),))
    return Message(html, tuple(rows))


def told(lesson: str, reason: str, key: str, *, right: bool, comes_on: date | None, voice: Voice) -> Message:
    """To a learner: two sentences, and when the question comes again."""
    parts = [voice.say("corrected.right" if right else "corrected.wrong", lesson=lesson, key=key, reason=reason)]
    parts += [voice.say("corrected.again", day=voice.day(comes_on))] if comes_on else []
    return Message("\n\n".join(parts))


def clash(lesson: str, ours: str, theirs: str, voice: Voice) -> Message:
    """To colleagues: the files and a correction disagree."""
    return Message(voice.say("corrected.clash", lesson=lesson, ours=ours, theirs=theirs))
