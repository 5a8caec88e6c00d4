"""The menu of reports, and the messages that carry the files."""

from typing import assert_never

from bot import callbacks as b
from bot.callbacks import reporting as c
from bot.features.reports import usecase as u
from bot.message import Button, Message, Paper
from bot.phrases import Html, Voice


def screen(outcome: u.Outcome, voice: Voice) -> Message:
    """Whatever is to be shown."""
    match outcome:
        case u.Refused(why):
            return Message(voice.say(f"reports.{why}"))
        case u.Which(cohorts):
            rows = tuple((b.button(each.name, c.ShowReports(each.id)),) for each in cohorts)
            return Message(voice.say("reports.which"), rows)
        case u.Menu():
            return _menu(outcome, voice)
        case u.Taken(cohort, what, on):
            paper = Paper(
                "evidence" if what == "evidence" else "export",
                {"cohort": cohort.id, "what": what, "on": on},
                voice.say("reports.failed"),
            )
            return Message(voice.say(f"reports.{what}", cohort=cohort.name), paper=paper)
        case _:
            assert_never(outcome)


def _menu(found: u.Menu, voice: Voice) -> Message:
    cohort = found.cohort.id
    parts = [voice.say("reports.menu", cohort=found.cohort.name)]
    rows: list[tuple[Button, ...]] = [(b.button(voice.label("button.rp-evidence"), c.EvidencePack(cohort)),)]
    if found.data:
        parts.append(voice.say("reports.menu-data"))
        made = [b.button(voice.label(f"button.rp-{what}"), c.TakeOut(cohort, what)) for what in u.DATA]
        rows += [tuple(made[:2]), tuple(made[2:])]
    rows.append((b.button(voice.label("button.ro-cohort"), b.ShowCohort(cohort)),))
    return Message(Html("\n\n".join(parts)), tuple(rows))
