"""The authors' verbs: check, rehearse, preview, and question banks in and out."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import content_desk
from bot.clock import SystemClock
from bot.content_desk import BankForm, Exchange
from bot.settings import Settings
from bot.verbs import Json, print_out, settled

author = typer.Typer()
course = typer.Typer(no_args_is_help=True, help="Question banks from and to Moodle.")

Form = Annotated[BankForm, typer.Option("--format", help="GIFT keeps the feedback, Aiken does not.")]
Out = Annotated[Path | None, typer.Option("--output", "-o", help="The new file; else it is printed.")]


def add_to(app: typer.Typer) -> None:
    """Hang the authors' verbs beside the others."""
    app.registered_commands += author.registered_commands
    app.add_typer(course, name="course")


def _told(done: Exchange, out: Path | None) -> None:
    """The text where it was asked for, what was lost on stderr, and the exit status."""
    if out is None and done.text:
        typer.echo(done.text, nl=False)
    for problem in done.problems:
        typer.echo(str(problem), err=True)
    typer.echo(f"Questions: {done.questions}{f', written to {out}' if out and done.questions else ''}", err=True)
    raise typer.Exit(0 if done.is_whole else 1)


@author.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="A course or a folder of courses; else the built-in one.")] = None,
    against: Annotated[
        str | None, typer.Option(help="A database whose answers hang on the course: removed ids are errors.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the content of a course; all problems at once, as file:line: sentence.

    Example: attache check lessons/content/migration-diplomacy --against data/attache.sqlite3
    """
    from bot import content_check  # noqa: PLC0415 - half a second that only authors spend

    today = SystemClock().machine_now().date()
    report = settled(lambda _: content_check.check(path, today=today, database=against))
    print_out(report.as_json(), as_json=as_json, words=report.in_words())
    raise typer.Exit(0 if report.sound else 1)


@author.command()
def rehearse(
    name: Annotated[str, typer.Argument(metavar="COURSE", help="A course's folder or id.")] = "migration-diplomacy",
    lesson: Annotated[str | None, typer.Option(help="Id of the lesson to begin with.")] = None,
    simulation: Annotated[str | None, typer.Option(help="Id of a simulation to play instead.")] = None,
) -> None:
    """Play a course in the terminal with the real use cases and a clock that you wind, or one of its simulations.

    Example: attache rehearse migration-diplomacy --lesson the-contract-floor
    """

    from bot import rehearsal, rehearsal_simulation  # noqa: PLC0415 - half a second that only authors spend

    async def play(settings: Settings) -> None:
        taught = rehearsal.course_named(name, settings.content)
        if simulation is None:
            await rehearsal.rehearse(taught, lesson=lesson, lines=sys.stdin, out=sys.stdout)
        else:
            await rehearsal_simulation.rehearse(taught, simulation, lines=sys.stdin, out=sys.stdout)

    settled(play)


@author.command("preview")
def preview_(
    piece: Annotated[str, typer.Argument(help="Id of a lesson or a simulation, or its file.")],
    out: Annotated[Path, typer.Option("--output", "-o", help="The page to write.")],
) -> None:
    """Write a page that shows every screen of a lesson as phones show it; of a simulation, its map too.

    Example: attache preview the-contract-floor -o page.html
    """

    from bot import preview, preview_simulation  # noqa: PLC0415 - half a second that only authors spend

    async def write(settings: Settings) -> None:
        course, name = preview.piece_named(piece, settings.content)
        kind = preview_simulation if course.simulation(name) else preview
        out.write_text(kind.preview(course, name), "utf-8")

    settled(write)
    typer.echo(f"Written: {out}")


@course.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The question bank.")],
    form: Form = BankForm.GIFT,
    out: Out = None,
) -> None:
    """Read a question bank and write its questions as the YAML of a lesson; what cannot be kept is told by line.

    Example: attache course import bank.gift --format gift -o questions.yaml
    """

    async def read(_: Settings) -> Exchange:
        return content_desk.import_bank(file, form, out)

    _told(settled(read), out)


@course.command("export")
def export(
    name: Annotated[str, typer.Argument(metavar="COURSE", help="A course's folder or id.")] = "migration-diplomacy",
    form: Form = BankForm.GIFT,
    out: Out = None,
) -> None:
    """Write every question of a course as a question bank for Moodle.

    Example: attache course export migration-diplomacy --format gift -o bank.gift
    """

    from bot import rehearsal  # noqa: PLC0415 - half a second that only authors spend

    async def write(settings: Settings) -> Exchange:
        return content_desk.export_bank(rehearsal.course_named(name, settings.content), form, out)

    _told(settled(write), out)
