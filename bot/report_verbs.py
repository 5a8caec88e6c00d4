"""The verbs `attache export …` and `attache report …`: data and evidence taken out."""

from pathlib import Path
from typing import Annotated

import typer

from bot import export_desk, report_desk
from bot.exporting.forms import Form
from bot.exporting.rows import Kind
from bot.verbs import Json, print_out, settled

export = typer.Typer(no_args_is_help=True, help="Take data out.")
report = typer.Typer(no_args_is_help=True, help="Reports on a cohort.")

Cohort = Annotated[str, typer.Option("--cohort", help="The cohort's name.")]
Format = Annotated[Form, typer.Option("--format", help="Lines of JSON, CSV, a workbook, or xAPI statements.")]
Pseudonyms = Annotated[bool, typer.Option("--pseudonyms", help="Names nobody by Telegram's number.")]
Out = Annotated[Path | None, typer.Option("-o", "--out", help="The file; else standard output.")]


def _taken_out(kind: Kind, cohort: str, form: Form, pseudonyms: bool, out: Path | None) -> None:
    n = settled(
        lambda settings: export_desk.export(
            settings, kind=kind, cohort=cohort, form=form, pseudonyms=pseudonyms, to=out
        )
    )
    if out is not None:
        typer.echo(f"{out}: {n:,} rows", err=True)


@export.command("answers")
def answers(cohort: Cohort, form: Format = Form.JSONL, pseudonyms: Pseudonyms = False, out: Out = None) -> None:
    """One row an answer, oldest first. In xAPI a correction voids a statement and makes another.

    Example: attache export answers --cohort "Gulf 2026" --format csv --pseudonyms > answers.csv
    """
    _taken_out(Kind.ANSWERS, cohort, form, pseudonyms, out)


@export.command("progress")
def progress(cohort: Cohort, form: Format = Form.JSONL, pseudonyms: Pseudonyms = False, out: Out = None) -> None:
    """One row a person: where they stand and how far they have come.

    Example: attache export progress --cohort "Gulf 2026" --format xlsx -o progress.xlsx
    """
    _taken_out(Kind.PROGRESS, cohort, form, pseudonyms, out)


@export.command("deliveries")
def deliveries(cohort: Cohort, form: Format = Form.JSONL, pseudonyms: Pseudonyms = False, out: Out = None) -> None:
    """One row a message that the service sent by itself, and what became of it.

    Example: attache export deliveries --cohort "Gulf 2026" --format csv -o deliveries.csv
    """
    _taken_out(Kind.DELIVERIES, cohort, form, pseudonyms, out)


@export.command("cases")
def cases(cohort: Cohort, form: Format = Form.JSONL, pseudonyms: Pseudonyms = False, out: Out = None) -> None:
    """One row a decision in a case, with the state before and after it.

    Example: attache export cases --cohort "Gulf 2026" --format xapi -o cases.json
    """
    _taken_out(Kind.CASES, cohort, form, pseudonyms, out)


@report.command("evidence")
def evidence(
    cohort: Cohort,
    out: Annotated[Path, typer.Option("-o", "--out", help="The PDF file.")],
    as_json: Json = False,
) -> None:
    """Write the evidence pack of a cohort: who came how far, what was learnt and kept, and how it was measured.

    Figures of fewer than five people are held back, and with them whatever would let one work them out.

    Example: attache report evidence --cohort "Gulf 2026" -o pack.pdf
    """
    made = settled(lambda settings: report_desk.evidence(settings, cohort=cohort, to=out))
    print_out(made, as_json=as_json, words=f"{out}: {made['pages']} pages")
