"""What is taken out: stable columns, cells that stay dead, statements that keep their ids."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from python_calamine import load_workbook

from bot.exporting import forms
from bot.exporting.forms import Form
from bot.exporting.rows import COLUMNS, Kind, Wanted, pseudonym
from bot.exporting.xapi import Teller
from bot.papers.exports import made

ALIVE = ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "\r=1"]
ROW = {
    "telegram_id": 77,
    "cohort": "Gulf 2026",
    "question": "who-pays",
    "version": "0" * 16,
    "choice": "employer",
    "sure": True,
    "correct": False,
    "asking": 1,
    "answered_at": "2026-11-22T05:31:00Z",
    "update_id": 9,
    "sure_update_id": 10,
    "correct_now": True,
}
TELLER = Teller("https://t.me/attache_bot", "migration-diplomacy", "Foreign Service Academy")


@pytest.mark.parametrize("cell", ALIVE)
def test_no_cell_of_a_csv_comes_alive(cell: str) -> None:
    text = forms.text_of(Form.CSV, ["words"], [{"words": cell}])
    (_, (read,)) = csv.reader(io.StringIO(text, newline=""))
    assert read == f"'{cell}"


@pytest.mark.parametrize("cell", ALIVE)
def test_no_cell_of_a_workbook_comes_alive(cell: str) -> None:
    file = made({"columns": ["words", "n"], "rows": [{"words": cell, "n": 2**60}]})
    (_, row) = load_workbook(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert [str(each).replace("_x000D_", "\r") for each in row] == [cell, str(2**60)]
    assert b"<f>" not in file


def test_the_documented_columns_are_those_that_go_out() -> None:
    readme = Path("deploy/EXPORTS.md").read_text("utf-8")
    for kind, columns in COLUMNS.items():
        section = readme.partition(f"## {kind.value.capitalize()}")[2].partition("\n## ")[0]
        assert tuple(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE)) == columns


def test_a_pseudonym_is_the_same_each_time_and_says_nothing() -> None:
    assert pseudonym("key", 7) == pseudonym("key", 7)
    assert len({pseudonym("key", n) for n in range(1000)} | {pseudonym("other", 7)}) == 1001


def statements(remarks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*TELLER.answers([(5, ROW)], remarks)]


def test_a_statement_is_what_xapi_asks_for_and_keeps_its_id() -> None:
    (told,) = statements([])
    assert told == statements([])[0]
    UUID(told["id"])
    assert set(told) <= {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"}
    assert told["actor"]["account"] == {"homePage": "https://telegram.org", "name": "77"}
    assert told["verb"]["id"] == "http://adlnet.gov/expapi/verbs/answered"
    assert told["result"]["success"] is False
    assert all(
        re.fullmatch(r"https?://\S+", key) for key in told["result"]["extensions"] | told["context"]["extensions"]
    )
    assert json.loads(json.dumps(told)) == told


def test_a_correction_voids_the_statement_and_makes_another() -> None:
    remark = {"attempt": 5, "correction": 3, "correct": 1, "made_at": "2026-11-26T08:00:00Z"}
    first, void, second = statements([remark])
    assert void["verb"]["id"] == "http://adlnet.gov/expapi/verbs/voided"
    assert void["object"] == {"objectType": "StatementRef", "id": first["id"]}
    assert second["result"]["success"] is True
    assert len({first["id"], void["id"], second["id"]}) == 3
    assert statements([remark]) == [first, void, second]
    assert first == statements([])[0]  # what was sent before stays as it was


def test_whoever_was_forgotten_has_a_statement_without_a_number() -> None:
    (told,) = TELLER.answers([(5, ROW | {"telegram_id": None})], [])
    assert told["actor"]["account"]["name"] == "forgotten"


def test_completions_are_of_those_who_have_completed() -> None:
    rows = [(1, ROW | {"completed_at": None}), (2, ROW | {"completed_at": "2026-11-26T08:00:00Z"})]
    (told,) = TELLER.completions(rows)
    assert told["result"] == {"completion": True}


def test_a_row_names_a_person_by_number_or_by_pseudonym_and_never_by_both() -> None:
    cohort: Any = None  # a row does not ask for it
    for key, first in ((None, "telegram_id"), ("key", "pseudonym")):
        told = Wanted(Kind.ANSWERS, cohort, date(2026, 11, 26), key).told(7, dict(ROW))
        assert next(iter(told)) == first
        assert ("telegram_id" in told) is (key is None)
