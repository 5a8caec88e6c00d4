"""A term as a phone screen, and as the cards that Telegram offers behind the bot's name."""

from collections.abc import Sequence

from bot import callbacks as b
from bot.features.glossary.usecase import Meaning, NotShown, Why
from bot.message import Article, Button, Message
from bot.phrases import Html, Voice
from lessons.course import Term
from lessons.glossary import Near

IN_A_ROW = 2


def screen(outcome: Meaning | Near | NotShown, voice: Voice) -> Message:
    """Whatever is to be shown."""
    match outcome:
        case Meaning():
            return meaning(outcome, voice)
        case Near():
            return Message(voice.say("term.near"), _one_below_the_other(outcome.terms, voice))
        case NotShown():
            return not_shown(outcome, voice)


def meaning(shown: Meaning, voice: Voice) -> Message:
    """The meaning, its sources, the lesson that teaches it, and related terms to tap."""
    parts = [_explained(shown.term, voice)]
    if shown.lesson is not None:
        parts.append(voice.say("term.lesson", lesson=shown.lesson.title))
    related = [_button(term, voice) for term in shown.related]
    rows = tuple(tuple(related[at : at + IN_A_ROW]) for at in range(0, len(related), IN_A_ROW))
    return Message("\n\n".join(parts), rows)


def not_shown(outcome: NotShown, voice: Voice) -> Message:
    """What to type, with examples to tap."""
    rows = _one_below_the_other(outcome.examples, voice)
    match outcome.why:
        case Why.NO_GLOSSARY:
            return Message(voice.say("term.no-glossary"))
        case Why.NOTHING_ASKED:
            example = min((term.short for term in outcome.examples), key=len)
            return Message(voice.say("term.how", example=example.lower()), rows)
        case Why.TOO_LONG:
            return Message(voice.say("term.long"), rows)
        case Why.UNKNOWN:
            return Message(voice.say("term.unknown-find" if outcome.may_search else "term.unknown"), rows)


def articles(terms: Sequence[Term], voice: Voice) -> tuple[Article, ...]:
    """The cards offered in any chat; what is tapped is sent there by the person who asked."""
    return tuple(Article(term.id, term.term, term.means, _explained(term, voice)) for term in terms)


def _explained(term: Term, voice: Voice) -> Html:
    sources = [voice.say("lesson.source", name=s.name, date=s.date, address=s.address) for s in term.sources]
    told = voice.say("term.meaning", term=term.term, means=term.means)
    return Html(f"{told}\n\n{voice.say('feedback.source', sources=Html(chr(10).join(sources)))}")


def _button(term: Term, voice: Voice) -> Button:
    return b.button(voice.label("term.button", term=term.short), b.Explain(term.id))


def _one_below_the_other(terms: Sequence[Term], voice: Voice) -> tuple[tuple[Button, ...], ...]:
    return tuple((_button(term, voice),) for term in terms)
