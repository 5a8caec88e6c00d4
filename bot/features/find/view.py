"""What was found, as one message: each lesson with the card that says it and its sources."""

import re
from collections.abc import Sequence
from html import unescape

from bot import callbacks as b
from bot.features.find.usecase import Found, Why
from bot.message import Message
from bot.phrases import Html, Voice
from lessons.course import Source
from lessons.searching import LessonHit, TermHit

LONGEST = 4000  # characters as shown; Telegram takes 4096
BETWEEN = "\n\n———\n\n"


def screen(outcome: tuple[Found, ...] | Why, voice: Voice) -> Message:
    """The hits that fit one message, the best first."""
    if isinstance(outcome, Why):
        return Message(voice.say("find.how" if outcome is Why.NOTHING_ASKED else "find.nothing"))
    html = ""
    for found in outcome:
        longer = BETWEEN.join(part for part in (html, _told(found, voice)) if part)
        if html and _length(longer) > LONGEST:
            break
        html = longer
    rows = tuple(
        (b.button(voice.label("term.button", term=found.hit.term.short), b.Explain(found.hit.term.id)),)
        for found in outcome
        if isinstance(found.hit, TermHit)
    )
    return Message(html, rows)


def _told(found: Found, voice: Voice) -> Html:
    match found.hit:
        case LessonHit(lesson, card, _):
            module = next(module for module in found.course.modules if lesson in module.lessons)
            number, of = found.course.lessons.index(lesson) + 1, len(found.course.lessons)
            head = [
                voice.say("lesson.title", title=lesson.title),
                voice.say("lesson.place", module=module.title, number=number, of=of),
                *([voice.say("find.later")] if found.later else []),
            ]
            told = voice.say("lesson.card", lead=card.lead, text=card.text)
            return Html("\n\n".join(["\n".join(head), told, _sources(lesson.sources, voice)]))
        case TermHit(term, _):
            told = voice.say("term.meaning", term=term.term, means=term.means)
            return Html(f"{told}\n\n{_sources(term.sources, voice)}")


def _sources(sources: Sequence[Source], voice: Voice) -> Html:
    lines = [voice.say("lesson.source", name=s.name, date=s.date, address=s.address) for s in sources]
    return voice.say("lesson.sources", sources=Html("\n".join(lines)))


def _length(html: str) -> int:
    """Characters as Telegram counts them, once markup is read."""
    return len(unescape(re.sub(r"<[^>]*>", "", html)).encode("utf-16-le")) // 2
