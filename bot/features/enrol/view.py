"""The screens of enrolling: short, and each says what happens next."""

from datetime import datetime
from typing import assert_never

from bot import callbacks as b
from bot import upcoming
from bot.callbacks import inviting
from bot.features.enrol import outcome as u
from bot.features.enrol.usecase import LONGEST_NAME
from bot.message import Message
from bot.office import Office
from bot.phrases import Html, Voice
from bot.wording import place_name, working_week


def screen(outcome: u.Outcome, voice: Voice, office: Office, now: datetime) -> Message:
    """Whatever is to be shown."""
    academy, contact = office.settings.academy, office.settings.contact
    match outcome:
        case u.Refused(why):
            return Message(voice.say(f"enrol.{why}", contact=contact, longest=LONGEST_NAME))
        case u.Welcome(course):
            html = voice.say(
                "enrol.welcome", academy=academy, course=course.title, minutes=course.cadence.minutes_a_day
            )
            return Message(html, ((b.button(voice.label("button.continue"), b.Begin()),),))
        case u.AskConsent():
            rows = (
                (b.button(voice.label("button.agree"), b.Agree()),),
                (b.button(voice.label("button.decline"), b.Decline()),),
            )
            return Message(voice.say("enrol.consent", academy=academy), rows)
        case u.Declined():
            return Message(voice.say("enrol.declined"))
        case u.AskName(shown):
            rows_ = ((b.button(shown, b.UseShownName()),),) if shown else ()
            return Message(voice.say("enrol.name"), rows_)
        case u.AskWho(name, mission):
            return _ask_who(name, mission, voice)
        case u.NotMe() | u.Moved():
            return Message(_of_named(outcome, voice, contact))
        case u.AskPlace():
            return _ask_place(outcome, voice)
        case u.AskConfirm():
            return _confirm(outcome, voice, now)
        case u.Enrolled():
            return _enrolled(outcome, voice, now)
        case u.WelcomeBack():
            return _welcome_back(outcome, voice, now)
        case _:
            assert_never(outcome)


def _ask_who(name: str, mission: str | None, voice: Voice) -> Message:
    rows = (
        (b.button(voice.label("button.is-me"), inviting.ItIsMe()),),
        (b.button(voice.label("button.not-me"), inviting.NotMe()),),
    )
    if mission is None:
        return Message(voice.say("enrol.who-new-phone", name=name), rows)
    return Message(voice.say("enrol.who", name=name, mission=mission), rows)


def _of_named(outcome: u.NotMe | u.Moved, voice: Voice, contact: str) -> Html:
    if isinstance(outcome, u.Moved):
        return voice.say("enrol.moved", contact=contact)
    return voice.say("enrol.not-me-relink" if outcome.relink else "enrol.not-me", contact=contact)


def moved_on(voice: Voice, office: Office) -> Message:
    """To the chat that was left."""
    return Message(voice.say("enrol.moved-on", contact=office.settings.contact))


def _ask_place(outcome: u.AskPlace, voice: Voice) -> Message:
    key = "enrol.place-unknown" if outcome.unknown else "enrol.place-several" if outcome.options else "enrol.place"
    return Message(
        voice.say(key),
        tuple((b.button(place_name(p), b.PickPlace(n)),) for n, p in enumerate(outcome.options)),
    )


def _confirm(outcome: u.AskConfirm, voice: Voice, now: datetime) -> Message:
    here = voice.at(outcome.place.zone)
    html = voice.say(
        "enrol.confirm",
        name=outcome.name,
        place=place_name(outcome.place),
        time_there=here.when(now),
        days=working_week(outcome.calendar, voice),
        hour=voice.hour(outcome.cohort.slot),
    )
    rows = (
        (b.button(voice.label("button.confirm"), b.ConfirmEnrolment()),),
        (
            b.button(voice.label("button.change-name"), b.ChangeName()),
            b.button(voice.label("button.change-place"), b.ChangePlace()),
        ),
    )
    return Message(html, rows)


def _enrolled(outcome: u.Enrolled, voice: Voice, now: datetime) -> Message:
    learner = outcome.seat.learner
    here = voice.at(learner.zone)
    if outcome.first_at is None:
        return Message(voice.say("enrol.enrolled-no-lesson", name=learner.name))
    when, until = here.soon(outcome.first_at, now), here.day(outcome.seat.around.deadline_on)
    html = voice.say("enrol.enrolled", name=learner.name, when=when, place=learner.place, until=until)
    return Message(html, ((b.button(voice.label("button.start-now"), b.Today()),),))


def _welcome_back(outcome: u.WelcomeBack, voice: Voice, now: datetime) -> Message:
    if outcome.seat is None:
        return Message(voice.say("enrol.coordinator"))
    learner, state = outcome.seat.learner, outcome.seat.enrolment.state
    if outcome.waiting is not None and state == "active":
        read = b.button(upcoming.open_label(outcome.waiting, voice), b.ReadLesson(outcome.waiting.asking))
        html = voice.say("enrol.back-waiting", name=learner.name, lesson=outcome.waiting.title)
        return Message(html, ((read,),))
    if outcome.next_at is not None:
        html = voice.say("enrol.back", name=learner.name, when=voice.soon(outcome.next_at, now), place=learner.place)
        return Message(html)
    rows = ((b.button(voice.label("button.resume"), b.Resume()),),) if state == "paused" else ()
    return Message(voice.say(f"enrol.back-{state}", name=learner.name), rows)
