"""The team, a colleague, a link, and the trail in words."""

from typing import assert_never

from bot import callbacks as b
from bot.call import HELD, Role
from bot.callbacks import appointing as a
from bot.features.roles.usecase import (
    Appointed,
    Leaving,
    Left,
    Link,
    One,
    Outcome,
    Refused,
    Team,
    Trail,
    WhichCohorts,
    WhichRole,
)
from bot.message import Button, Message
from bot.office import Office
from bot.phrases import Html, Voice
from storage.audit import Entry
from storage.colleagues import Colleague

Rows = tuple[tuple[Button, ...], ...]


def screen(outcome: Outcome, voice: Voice, office: Office) -> Message:
    """Whatever is to be shown."""
    match outcome:
        case Refused(why):
            return Message(voice.say(f"roles.{why}", contact=office.settings.contact), (_back(voice),))
        case Team():
            return _team(outcome, voice)
        case One():
            return _one(outcome, voice)
        case WhichRole():
            offers = tuple((b.button(_role(role, voice), a.OfferRole(role)),) for role in HELD)
            return Message(voice.say("roles.which"), (*offers, _back(voice)))
        case WhichCohorts():
            return _which_cohorts(outcome, voice)
        case Link():
            return _link(outcome, voice)
        case Leaving(colleague):
            rows = ((b.button(voice.label("button.revoke"), a.RevokeRole(colleague.telegram_id)),), _back(voice))
            return Message(voice.say("roles.leaving", name=_name(colleague, voice)), rows)
        case Left(name):
            return Message(voice.say("roles.left", name=name or voice.say("roles.nameless")), (_back(voice),))
        case Appointed():
            return appointed(outcome, voice, office)
        case _:
            assert_never(outcome)


def _back(voice: Voice) -> tuple[Button, ...]:
    return (b.button(voice.label("button.team"), a.ShowTeam()),)


def _name(colleague: Colleague, voice: Voice) -> str:
    return colleague.name or voice.say("roles.nameless")


def _role(role: str, voice: Voice) -> str:
    return voice.label(f"roles.label-{role}")


def _may(role: str, voice: Voice) -> Html:
    return voice.say(f"roles.may-{role}")


def _scope(colleague: Colleague, names: dict[int, str], voice: Voice) -> str:
    if colleague.cohorts is None:
        return voice.say("roles.every-cohort")
    return ", ".join(names[number] for number in sorted(colleague.cohorts) if number in names)


def _team(found: Team, voice: Voice) -> Message:
    lines = [
        voice.say(
            "roles.line",
            name=_name(each, voice),
            role=_role(each.role, voice),
            cohorts=_scope(each, found.cohorts, voice),
        )
        for each in found.colleagues
    ]
    rows: Rows = tuple(
        (b.button(_name(each, voice), a.ShowColleague(each.telegram_id)),)
        for each in found.colleagues
        if each.telegram_id != found.me
    )
    html = "\n\n".join([voice.say("roles.title"), Html("\n".join(lines))])
    return Message(html, (*rows[:20], (b.button(voice.label("button.add-colleague"), a.AddColleague()),)))


def _one(found: One, voice: Voice) -> Message:
    who = found.colleague
    known: dict[int, str] = {each.id: each.name for each in found.cohorts}
    role = _role(who.role, voice)
    parts = [
        voice.say("roles.one", name=_name(who, voice), role=role, cohorts=_scope(who, known, voice)),
        _may(who.role, voice),
    ]
    if not found.changeable:
        return Message("\n\n".join([*parts, voice.say("roles.fixed")]), (_back(voice),))
    others = [other for other in HELD if other != who.role]
    rows: list[tuple[Button, ...]] = [
        tuple(b.button(_role(other, voice), a.SetRole(who.telegram_id, other)) for other in others)
    ]
    if who.role != Role.OWNER and len(found.cohorts) > 1:
        rows += [(_toggle(who, each.id, each.name, voice),) for each in found.cohorts]
        rows.append((b.button(voice.label("roles.every-cohort"), a.ToggleCohort(who.telegram_id, 0)),))
    rows.append((b.button(voice.label("button.ask-revoke"), a.AskRevoke(who.telegram_id)),))
    return Message("\n\n".join(parts), (*rows, _back(voice)))


def _toggle(who: Colleague, number: int, name: str, voice: Voice) -> Button:
    key = "roles.cohort-on" if who.cohorts is not None and number in who.cohorts else "roles.cohort-off"
    return b.button(voice.label(key, name=name), a.ToggleCohort(who.telegram_id, number))


def _which_cohorts(found: WhichCohorts, voice: Voice) -> Message:
    every = (b.button(voice.label("roles.every-cohort"), a.MakeLink(found.role, 0)),)
    rows = tuple((b.button(each.name, a.MakeLink(found.role, each.id)),) for each in found.cohorts)
    head = voice.say("roles.for-which", role=_role(found.role, voice))
    return Message("\n\n".join([head, _may(found.role, voice)]), (every, *rows, _back(voice)))


def _link(found: Link, voice: Voice) -> Message:
    address = f"https://t.me/{found.bot}?start={found.code}" if found.bot else f"/start {found.code}"
    words = voice.say(
        "roles.link",
        role=_role(found.role, voice),
        cohorts=found.cohort or voice.say("roles.every-cohort"),
        link=address,
        n=found.days,
    )
    return Message(words, (_back(voice),))


def appointed(found: Appointed, voice: Voice, office: Office) -> Message:
    """To somebody who has just become a colleague."""
    cohorts = ", ".join(found.cohorts) or voice.say("roles.every-cohort")
    role = _role(found.role, voice)
    head = voice.say("roles.appointed", academy=office.settings.academy, role=role, cohorts=cohorts)
    return Message("\n\n".join([head, _may(found.role, voice), voice.say("roles.begin")]))


def somebody_came(name: str | None, role: str, who: int, voice: Voice) -> Message:
    """To the owner whose link was opened."""
    words = voice.say("roles.came", name=name or voice.say("roles.nameless"), role=_role(role, voice))
    return Message(words, ((b.button(voice.label("button.look-colleague"), a.ShowColleague(who)),),))


def trail(found: Trail, voice: Voice) -> Message:
    """The trail, the newest first."""
    if not found.entries:
        return Message(voice.say("trail.none"))
    lines = [_entry(each, found, voice) for each in found.entries]
    rows: list[Button] = []
    if found.older is not None:
        rows.append(b.button(voice.label("button.older"), a.ShowTrail(found.older)))
    rows.append(b.button(voice.label("button.newest"), a.ShowTrail(0)))
    return Message("\n\n".join([voice.say("trail.title"), *lines]), (tuple(rows),))


def _entry(entry: Entry, found: Trail, voice: Voice) -> Html:
    who = found.names.get(entry.actor_id) if entry.actor_id is not None else voice.say("trail.command-line")
    done = entry.what.replace(".", "-")
    cohort = found.cohorts.get(entry.cohort_id) if entry.cohort_id is not None else None
    about = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in entry.about.items() if _plain(value))
    return voice.say(
        "trail.line",
        at=voice.when(entry.at),
        who=who or voice.say("roles.nameless"),
        what=voice.say(f"trail.{done}"),
        about=f" ({about})" if about else "",
        cohort=f", {cohort}" if cohort else "",
    )


def _plain(value: object) -> bool:
    return isinstance(value, str | int) and not (isinstance(value, int) and value > 10**8)  # no Telegram ids
