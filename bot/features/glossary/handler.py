"""/term, the button of a term, and inline queries."""

from bot.call import Call
from bot.features.glossary import usecase, view
from bot.message import Article, Replies, fresh
from bot.office import Office
from storage.store import Tx


async def term(tx: Tx, call: Call, office: Office) -> Replies:
    """/term WORDS."""
    return fresh(view.screen(await usecase.look_up(tx, call, office), call.caller.voice))


async def explain(tx: Tx, call: Call, office: Office) -> Replies:
    """A term tapped. The message with the button stays as it is: it may be a lesson."""
    outcome = await usecase.explain(tx, call, office)
    if outcome is None:
        return Replies(toast=call.caller.voice.label("term.gone"))
    return fresh(view.meaning(outcome, call.caller.voice))


def inline(words: str, office: Office) -> tuple[Article, ...]:
    """Words behind the bot's name in any chat. In the base language: Telegram shows one answer to everybody."""
    return view.articles(usecase.inline(words, office), office.phrases.voice(None))
