"""Sheets for coordinators: a template, what was found in a roster, personal links. XLSX, no cell comes alive."""

import io
from typing import Any

import xlsxwriter


def sheet(values: dict[str, Any]) -> bytes:
    """XLSX of {"title", "columns": names, "widths": characters, "rows": cells as text or numbers}."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        page = book.add_worksheet(values["title"][:31])
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        page.freeze_panes(1, 0)
        for n, width in enumerate(values["widths"]):
            page.set_column(n, n, width)
        for n, name in enumerate(values["columns"]):
            page.write_string(0, n, name, head)
        for at, row in enumerate(values["rows"], 1):
            for n, cell in enumerate(row):
                if isinstance(cell, int | float):
                    page.write_number(at, n, cell, body)
                else:
                    page.write_string(at, n, cell or "", body)
    return made.getvalue()
