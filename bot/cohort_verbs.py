"""The verbs `attache cohort …`: options, and words for what was done."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot import cohort_desk, roster_desk
from bot.verbs import Json, print_out, settled

cohort = typer.Typer(no_args_is_help=True, help="Cohorts and their invitations.")

NO_LINK = "The bot's name is not known yet, so there is no link: start `attache run` once, or check the token."
Name = Annotated[str, typer.Argument(help="The cohort's name.")]
Uses = Annotated[int, typer.Option(min=1, max=10_000, help="How many people the invitation lets in.")]
Start = Annotated[str | None, typer.Option(help="First day, as 2026-11-29 or '29 Nov'.")]
Deadline = Annotated[str | None, typer.Option(help="Last day, as 2027-04-30; none: by the course.")]
Pace = Annotated[str | None, typer.Option(help="A lesson every 1, 2 or 3 working days.")]
Days = Annotated[str | None, typer.Option(help="Lesson days, as Sun-Thu; usual: the working week of each place.")]
Reminders = Annotated[str | None, typer.Option(help="0 to 3 about a lesson that waits, then lessons rest.")]
Bar = Annotated[str | None, typer.Option(help="Per cent of objectives that completes, 50 to 100.")]
Home = Annotated[str | None, typer.Option(help="Country whose holidays count everywhere, by ISO 3166.")]


def _told(made: dict[str, Any], opening: str, *, as_json: bool) -> None:
    if made["link"] is None:
        typer.echo(NO_LINK, err=True)
    words = f"{opening}Invitation: {made['link'] or '/start ' + made['code']}\nIt is shown only now."
    print_out(made, as_json=as_json, words=words)


@cohort.command("create")
def create(
    *,
    name: Annotated[str, typer.Option(help="The cohort's name; one of its kind.")],
    course: Annotated[str, typer.Option(help="Id of the course.")] = "migration-diplomacy",
    start: Start = None,
    uses: Uses = 100,
    deadline: Deadline = None,
    pace: Pace = None,
    days: Days = None,
    reminders: Reminders = None,
    bar: Bar = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Open a cohort and print its invitation. The code is shown once.

    What is not said is usual: from the next working day, a lesson every working day, three reminders, 80 per cent.

    Example: attache cohort create --name "Gulf 2026" --uses 40 --deadline 2027-04-30 --days Sun-Thu
    """
    typed = {"home": home, "deadline": deadline, "pace": pace, "days": days, "reminders": reminders, "bar": bar}
    made = settled(
        lambda settings: cohort_desk.create_cohort(
            settings, course=course, name=name, start=start, uses=uses, typed=typed
        )
    )
    _told(made, f"Cohort {made['cohort']}.\n", as_json=as_json)


@cohort.command("edit")
def edit(
    name: Name,
    *,
    new_name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    start: Start = None,
    deadline: Deadline = None,
    pace: Pace = None,
    days: Days = None,
    reminders: Reminders = None,
    bar: Bar = None,
    home: Home = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would change and whom it concerns.")] = False,
    as_json: Json = False,
) -> None:
    """Change what stands for a cohort; everybody under way is planned anew, and told of another deadline.

    Example: attache cohort edit "Gulf 2026" --deadline 2027-05-31 --reminders 2 --dry-run
    """
    typed = {"name": new_name, "start": start, "deadline": deadline, "pace": pace, "days": days}
    typed |= {"reminders": reminders, "bar": bar, "home": home}
    done = settled(lambda settings: cohort_desk.edit_cohort(settings, name=name, typed=typed, dry=dry))
    lines = [f"{key}: {_plain(old)} -> {_plain(new)}" for key, (old, new) in done["changed"].items()]
    would = "would be " if dry else ""
    lines.append(f"People under way {would}planned anew: {done['people']}; {would}told of the deadline: {done['told']}")
    print_out(done, as_json=as_json, words="\n".join(lines))


def _plain(value: Any) -> str:
    if value is None:
        return "usual"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


@cohort.command("roster")
def roster(
    name: Name,
    file: Annotated[Path, typer.Argument(help="An XLSX or CSV file with the columns name, mission and country.")],
    *,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would be imported.")] = False,
    as_json: Json = False,
) -> None:
    """Import a roster: all rows that can be used, or none. Links are made in the chat, by /invite.

    Example: attache cohort roster "Gulf 2026" roster.xlsx --dry-run
    """
    done = settled(lambda settings: roster_desk.import_roster(settings, name=name, file=file, dry=dry))
    would = "Would be new" if dry else "New"
    lines = [f"{would}: {done['new']}; changed: {done['changed']}; as they stand already: {done['there']}"]
    lines += [f"Row {each['row']}: as in row {each['first']}; left out" for each in done["twice"]]
    lines += [f"Row {each['row']}: {each['why']}" for each in done["broken"]]
    print_out(done, as_json=as_json, words="\n".join(lines))


@cohort.command("invite")
def invite(name: Name, uses: Uses = 100, as_json: Json = False) -> None:
    """Print another invitation into a cohort.

    Example: attache cohort invite "Gulf 2026" --uses 5
    """
    made = settled(lambda settings: cohort_desk.invite(settings, name=name, uses=uses))
    _told(made, "", as_json=as_json)


@cohort.command("list")
def list_(as_json: Json = False) -> None:
    """List the cohorts.

    Example: attache cohort list
    """
    rows = settled(cohort_desk.list_cohorts)
    lines = [f"{row['cohort']}: {row['course']}{_gone(row)}, from {row['start']}" for row in rows]
    print_out(rows, as_json=as_json, words="\n".join(lines) or "No cohort yet.")


def _gone(row: dict[str, Any]) -> str:
    return "" if row["taught"] else " (its files are no longer in the content folder)"


@cohort.command("show")
def show(name: Name, as_json: Json = False) -> None:
    """Show a cohort's terms and how many of it are where.

    Example: attache cohort show "Gulf 2026"
    """
    row = settled(lambda settings: cohort_desk.show_cohort(settings, name=name))
    usual = {"deadline": row["deadline"] or "by the course", "days": _plain(row["days"])}
    told = {key: value for key, value in (row | usual).items() if key != "taught"}
    told["course"] = f"{row['course']}{_gone(row)}"
    print_out(row, as_json=as_json, words="\n".join(f"{key}: {value}" for key, value in told.items()))
