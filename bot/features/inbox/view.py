"""Screens between a learner and the desk."""

from typing import assert_never

from bot import callbacks as b
from bot.callbacks import broadcasting as c
from bot.features.inbox import outcome as u
from bot.features.inbox.usecase import PAGE
from bot.message import Button, Message
from bot.phrases import Html, Voice

LONGEST_NAME = 40
LONGEST_LINE = 350  # characters of one line on the screen of a thread


def screen(outcome: u.Outcome, voice: Voice) -> Message:
    """Whatever is to be shown."""
    say = voice.say
    match outcome:
        case u.Refused(why):
            return Message(say(f"inbox.{why}", longest=u.LONGEST))
        case u.AskWords():
            return Message(say("inbox.ask-words"))
        case u.Confirm(words):
            rows = (
                (b.button(voice.label("button.in-send"), c.SendWords()),),
                (b.button(voice.label("button.in-drop"), c.DropWords()),),
            )
            return Message(say("inbox.confirm", words=words), rows)
        case u.Passed():
            return Message(say("inbox.passed"))
        case u.Kept():
            return Message(say("inbox.kept"))
        case u.Inbox():
            return _inbox(outcome, voice)
        case u.Open():
            return _open(outcome, voice)
        case u.AskAnswer(thread):
            return Message(say("inbox.ask-answer", name=thread.name or ""))
        case u.Answered(thread, waiting):
            rows_ = ((b.button(voice.label("button.in-list"), c.ShowInbox(0)),),) if waiting else ()
            return Message(say("inbox.answered", name=thread.name or "", n=waiting), rows_)
        case _:
            assert_never(outcome)


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def _inbox(found: u.Inbox, voice: Voice) -> Message:
    if not found.threads:
        return Message(voice.say("inbox.empty"))
    rows: list[tuple[Button, ...]] = [
        (b.button(_short(f"{each.name or '–'} · {each.about or ''}", LONGEST_NAME), c.ShowThread(each.id)),)
        for each in found.threads
    ]
    pages = []
    if found.page:
        pages.append(b.button(voice.label("button.bc-earlier"), c.ShowInbox(found.page - 1)))
    if (found.page + 1) * PAGE < found.total:
        pages.append(b.button(voice.label("button.bc-further"), c.ShowInbox(found.page + 1)))
    rows += [tuple(pages)] if pages else []
    return Message(voice.say("inbox.waiting", n=found.total), tuple(rows))


def _open(found: u.Open, voice: Voice) -> Message:
    say, thread = voice.say, found.thread
    parts = [say("inbox.title", name=thread.name or "–", cohort=found.cohort, about=thread.about or "–")]
    parts += [say("inbox.earlier", n=found.earlier)] if found.earlier else []
    for each in found.lines:
        who = thread.name or "–" if each.author_id is None else found.names.get(each.author_id) or str(each.author_id)
        when = voice.soon(each.said_at, found.now)
        parts.append(say("inbox.line", who=who, when=when, words=_short(each.words, LONGEST_LINE)))
    parts += [] if found.lines else [say("inbox.no-lines")]
    rows: list[tuple[Button, ...]] = []
    if thread.name is not None:
        rows.append((b.button(voice.label("button.in-answer"), c.AnswerThread(thread.id)),))
    if thread.state == "waiting":
        rows.append((b.button(voice.label("button.in-close"), c.CloseThread(thread.id)),))
    rows.append((b.button(voice.label("button.in-list"), c.ShowInbox(0)),))
    return Message(Html("\n\n".join(parts)), tuple(rows))


def notice(name: str, about: str, thread: int, voice: Voice) -> Message:
    """To colleagues: somebody wrote back."""
    read = b.button(voice.label("button.in-read"), c.ShowThread(thread))
    return Message(voice.say("inbox.notice", name=name, about=about), ((read,),))


def answer(words: str, thread: int, academy: str, voice: Voice) -> Message:
    """To the learner: the desk's answer, with a way to go on."""
    more = b.button(voice.label("button.write-back"), c.WriteMore(thread))
    return Message(voice.say("inbox.answer", academy=academy, words=words), ((more,),))
