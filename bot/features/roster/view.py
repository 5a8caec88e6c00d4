"""The screens of inviting: how far it has come, what a roster would change, links."""

from datetime import datetime
from typing import assert_never

from bot import callbacks as b
from bot.callbacks import desk, inviting
from bot.features.roster import finding
from bot.features.roster import outcome as u
from bot.message import Button, Message, Paper
from bot.phrases import Html, Voice
from bot.rosters.headers import Missing, Twice
from storage.cohorts import Cohort
from storage.rosters import Entry

PLACES = (10, 30, 100)
PAPERS = {"sheet": "links", "page": "links-page"}


def screen(outcome: u.Outcome, voice: Voice) -> Message:
    """Whatever is to be shown."""
    say = voice.say
    match outcome:
        case u.Refused():
            return Message(say("roster.refused"))
        case u.NoCohort():
            return Message(say("roster.no-cohort"), ((b.button(voice.label("button.ro-new"), desk.NewCohort()),),))
        case u.WhichCohort():
            return _which(outcome, voice)
        case u.Overview():
            return _overview(outcome, voice)
        case u.AskRoster(cohort):
            blank = b.button(voice.label("button.ro-blank"), inviting.BlankRoster(cohort.id))
            return Message(say("roster.ask", cohort=cohort.name), ((blank,), _back(cohort, voice)))
        case u.Trouble() | Missing() | Twice():
            return finding.trouble(outcome, voice)
        case u.DryRun():
            return finding.dry_run(outcome, voice)
        case u.Imported(cohort):
            return finding.imported(outcome, voice, (*_ways_to_links(cohort, voice), _back(cohort, voice)))
        case u.Dropped():
            return Message(say("roster.dropped"))
        case u.Settled():
            return Message(say("roster.settled"))
        case u.WhoRelinks() | u.OfferedRelink() | u.RelinkFollows():
            return _relinking(outcome, voice)
        case _:
            return _links(outcome, voice)


def _back(cohort: Cohort, voice: Voice) -> tuple[Button, ...]:
    return (b.button(voice.label("button.ro-back"), desk.InvitePeople(cohort.id)),)


def _which(outcome: u.WhichCohort, voice: Voice) -> Message:
    draft = outcome.draft
    rows = tuple(
        (
            b.button(
                cohort.name,
                desk.InvitePeople(cohort.id) if draft is None else inviting.PickRosterCohort(draft, cohort.id),
            ),
        )
        for cohort in outcome.cohorts
    )
    return Message(voice.say("roster.which" if draft is None else "roster.which-for-file"), rows)


def _ways_to_links(cohort: Cohort, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    return (
        (b.button(voice.label("button.ro-sheet"), inviting.OfferLinks(cohort.id, "sheet")),),
        (b.button(voice.label("button.ro-page"), inviting.OfferLinks(cohort.id, "page")),),
    )


def _overview(outcome: u.Overview, voice: Voice) -> Message:
    say, cohort, standing, link = voice.say, outcome.cohort, outcome.standing, outcome.link
    lines = [
        say("roster.people", n=standing.people),
        say("roster.joined", n=standing.joined),
        say("roster.linked", n=standing.linked),
        say("roster.places", n=link.places, until=voice.day_of(link.until)) if link.until else say("roster.no-places"),
    ]
    waiting = standing.people - standing.joined
    hint = "roster.next-file" if not standing.people else "roster.next-links" if waiting else "roster.next-none"
    rows: list[tuple[Button, ...]] = [(b.button(voice.label("button.ro-send"), inviting.SendRoster(cohort.id)),)]
    rows += list(_ways_to_links(cohort, voice)) if waiting else []
    rows.append((b.button(voice.label("button.ro-open"), inviting.OpenLink(cohort.id)),))
    rows.append((b.button(voice.label("button.ro-cohort"), b.ShowCohort(cohort.id)),))
    title = say("roster.overview", cohort=cohort.name)
    return Message("\n\n".join([title, "\n".join(lines), say(hint)]), tuple(rows))


def _links(outcome: u.Links, voice: Voice) -> Message:
    say, cohort = voice.say, outcome.cohort
    back = _back(cohort, voice)
    match outcome:
        case u.OfferedLinks(form=form, waiting=n, standing=standing):
            parts = [say(f"roster.offer-{form}", n=n, cohort=cohort.name)]
            parts += [say("roster.closes", n=standing.linked)] if standing.linked else []
            make = b.button(voice.label("button.ro-make"), inviting.MakeLinks(cohort.id, form, standing.newest))
            return Message("\n\n".join(parts), ((make,), back))
        case u.MadeLinks(people=n, until=until):
            return Message(say("roster.made", n=n, until=voice.day_of(until)), (back,))
        case u.MadeAlready():
            return Message(say("roster.made-already"), (back,))
        case u.NobodyWaits():
            return Message(say("roster.nobody-waits", cohort=cohort.name), (back,))
        case u.TooManyForPaper(most=most):
            return Message(say("roster.too-many-for-paper", most=most), (back,))
        case u.AskPlaces():
            key = "roster.places-misread" if outcome.misread else "roster.ask-places"
            offers = tuple(b.button(str(n), inviting.OpenPlaces(cohort.id, n, outcome.newest)) for n in PLACES)
            return Message(say(key, cohort=cohort.name), (offers, back))
        case u.LinkFollows(places=n):
            return Message(say("roster.link-follows", n=n, cohort=cohort.name), (back,))
        case _:
            assert_never(outcome)


def paper(outcome: u.MadeLinks, voice: Voice) -> Message:
    """The links, made when they are sent."""
    words = voice.say("roster.links-caption", cohort=outcome.cohort.name, until=voice.day_of(outcome.until))
    meaning = {"cohort": outcome.cohort.id, "drawn": outcome.drawn}
    return Message(words, paper=Paper(PAPERS[outcome.form], meaning, voice.say("roster.links-failed")))


def template(voice: Voice) -> Message:
    """The columns, to be filled in."""
    failed = voice.say("roster.paper-failed")
    return Message(voice.say("roster.template-caption"), paper=Paper("roster-template", {}, failed))


def findings(draft: int, voice: Voice) -> Message:
    """Every row and what was found."""
    failed = voice.say("roster.paper-failed")
    return Message(voice.say("roster.findings-caption"), paper=Paper("roster-findings", {"draft": draft}, failed))


def _relinking(outcome: u.Relinking, voice: Voice) -> Message:
    say = voice.say
    match outcome:
        case u.WhoRelinks(asked, people):
            key = "roster.relink-which" if people else "roster.relink-nobody" if asked else "roster.relink-usage"
            rows = tuple(
                (
                    b.button(
                        voice.label("roster.button-person", name=each.name[:24], cohort=each.cohort[:24]),
                        inviting.Relink(each.enrolment_id),
                    ),
                )
                for each in people
            )
            return Message(say(key, asked=asked), rows)
        case u.OfferedRelink(person):
            make = b.button(voice.label("button.ro-relink"), inviting.MakeRelink(person.enrolment_id))
            back = b.button(voice.label("button.ro-cohort"), b.ShowCohort(person.cohort_id))
            return Message(say("roster.relink-offer", name=person.name, cohort=person.cohort), ((make,), (back,)))
        case u.RelinkFollows(person):
            back = b.button(voice.label("button.ro-cohort"), b.ShowCohort(person.cohort_id))
            return Message(say("roster.relink-follows", name=person.name), ((back,),))
        case _:
            assert_never(outcome)


def cohort_link(cohort: Cohort, link: str, places: int, until: datetime, voice: Voice) -> Message:
    """The link with places."""
    html = voice.say("roster.cohort-link", n=places, cohort=cohort.name, link=link, until=voice.day_of(until))
    return Message(html)


def relink(name: str, link: str, until: datetime, voice: Voice) -> Message:
    """The link to a new account."""
    return Message(voice.say("roster.relink-link", name=name, link=link, until=voice.when(until), zone=voice.zone))


def forwarded(person: Entry, cohort: Cohort, voice: Voice) -> Message:
    """Somebody else opened the link of this person."""
    words = Html(voice.say("roster.forwarded", name=person.name, mission=person.mission or "", cohort=cohort.name))
    again = b.button(voice.label("button.ro-invite"), desk.InvitePeople(cohort.id))
    return Message(words, ((again,),))
