"""The command `attache`: verbs, their options, and sentences for what goes wrong."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot import authoring, cohort_verbs, desk, logs, moving, report_verbs
from bot.verbs import Json, print_out, settled

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
database = typer.Typer(no_args_is_help=True, help="The database as a whole.")
app.add_typer(cohort_verbs.cohort, name="cohort")
app.add_typer(report_verbs.export, name="export")
app.add_typer(report_verbs.report, name="report")
app.add_typer(database, name="db")
authoring.add_to(app)


@app.command("run")
def run_(verbose: Annotated[bool, typer.Option("--verbose", help="Log more.")] = False) -> None:
    """Serve: receive, teach, remind. Needs ATTACHE_BOT_TOKEN.

    Example: ATTACHE_BOT_TOKEN_FILE=/run/secrets/token attache run
    """
    from bot.app import run  # noqa: PLC0415 - half a second that the other verbs need not spend

    logs.set_up(10 if verbose else 20)
    settled(run, serving=True)


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Play a week without a page, print a table.")] = False,
    learners: Annotated[int, typer.Option(min=1, max=500, help="How many simulated officials.")] = 20,
    days: Annotated[int, typer.Option(min=1, max=200, help="How many days to play.")] = 7,
    faults: Annotated[bool, typer.Option("--faults", help="Add 429s, cuts, 5xx and a restart.")] = False,
    seed: Annotated[int, typer.Option(help="Another seed, other habits.")] = 1,
    port: Annotated[int, typer.Option(help="Port of the page; 0 chooses a free one.")] = 0,
    keep: Annotated[Path | None, typer.Option(help="Keep the data in this folder.")] = None,
) -> None:
    """Try everything with no Telegram at hand: three phones and a clock on one web page.

    Example: attache demo --headless --learners 20 --days 7
    """
    from bot.demo import stage, week  # noqa: PLC0415 - a tenth of the start of a service that has no use for it

    if headless:
        ended_well = settled(lambda _: week.play(learners=learners, days=days, faults=faults, seed=seed, keep=keep))
        raise typer.Exit(0 if ended_well else 1)
    settled(lambda _: stage.show(port=port, keep=keep))


@app.command()
def migrate() -> None:
    """Create the database or bring it up to date. The service does this by itself when it starts.

    Example: attache migrate
    """
    typer.echo(settled(desk.migrate))


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite it.")] = False,
) -> None:
    """Copy the database beside a running service, and check the copy.

    Example: attache backup backups/attache-2026-11-23.sqlite3
    """
    typer.echo(f"Backed up and checked: {settled(lambda settings: desk.backup(settings, to, force=force))}")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A backup.")]) -> None:
    """Put a backup in place of the database; the service must be stopped. Who was forgotten stays forgotten.

    Example: attache restore backups/attache-2026-11-23.sqlite3
    """
    typer.echo(settled(lambda settings: desk.restore(settings, file)))


@database.command("move")
def db_move(
    to: Annotated[str, typer.Option("--to", help="Address of an empty PostgreSQL database or SQLite file.")],
    as_json: Json = False,
) -> None:
    """Move everything to another database; the service must be stopped. The one of the settings is only read.

    All of it arrives or nothing does: rows and checksums are compared before the move counts.

    Example: attache db move --to postgresql+asyncpg://attache@db.example/attache
    """
    moved = settled(lambda settings: moving.move(settings, to))
    print_out(asdict(moved), as_json=as_json, words=moving.words_of(moved))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Examine database, files and disk; say what is wrong and how to mend it.

    Example: attache doctor
    """
    findings = settled(desk.examine)
    words = "\n".join(f"{'ok  ' if each.ok else 'LOOK'}  {each.name}: {each.sentence}" for each in findings)
    print_out([desk.as_json(each) for each in findings], as_json=as_json, words=words)
    raise typer.Exit(0 if all(each.ok for each in findings) else 1)


def main() -> None:
    """Entry point."""
    app()
