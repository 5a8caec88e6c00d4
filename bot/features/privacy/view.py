"""Privacy in plain words."""

from bot import callbacks as b
from bot.features.privacy.usecase import Answer, Kept
from bot.message import Message
from bot.office import Office
from bot.phrases import Html, Voice

A_MESSAGE = 30  # answers; well under Telegram's 4,096 characters


def policy(voice: Voice, office: Office) -> Message:
    """What is kept, why, who sees it, how to get a copy and how to be forgotten."""
    return Message(voice.say("privacy.policy", academy=office.settings.academy, contact=office.settings.contact))


def copy(kept: Kept | None, voice: Voice) -> tuple[Message, ...]:
    """Everything kept, in as many messages as it takes."""
    say = voice.say
    if kept is None or not kept.seats:
        return (Message(say("privacy.nothing-kept")),)
    learner = kept.seats[0].learner
    about = say(
        "privacy.kept",
        name=learner.name,
        telegram_id=str(kept.telegram_id),
        place=learner.place,
        zone=learner.zone,
        language=learner.language,
    )
    courses = [
        say("privacy.kept-course", course=s.course.title, state=voice.label(f"state.{s.enrolment.state}"))
        for s in kept.seats
    ]
    head = Message("\n".join([about, *courses, say("privacy.kept-answers", n=len(kept.answers))]))
    here = voice.at(learner.zone)
    pages = [kept.answers[n : n + A_MESSAGE] for n in range(0, len(kept.answers), A_MESSAGE)]
    return (head, *(Message("\n".join(_line(answer, here) for answer in page)) for page in pages))


def _line(answer: Answer, voice: Voice) -> Html:
    verdict = "right" if answer.correct else "wrong"
    sure = "unsaid" if answer.sure is None else "sure" if answer.sure else "unsure"
    return voice.say(
        "privacy.answer",
        at=voice.when(answer.at),
        question=answer.question,
        choice=answer.choice,
        verdict=voice.label(f"verdict.{verdict}"),
        sure=voice.label(f"verdict.{sure}"),
    )


def ask_forget(voice: Voice) -> Message:
    """What forgetting means, and the two ways."""
    rows = (
        (b.button(voice.label("button.keep-me"), b.KeepMe()),),
        (b.button(voice.label("button.forget"), b.Forget()),),
    )
    return Message(voice.say("privacy.forget"), rows)


def forgotten(done: bool, voice: Voice) -> Message:
    """It is done."""
    return Message(voice.say("privacy.forgotten" if done else "privacy.nothing-kept"))


def stays(voice: Voice) -> Message:
    """Nothing was erased."""
    return Message(voice.say("privacy.stays"))
