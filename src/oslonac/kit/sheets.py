"""Tables for spreadsheets, safe to open: a cell is never a formula, whoever wrote its text.

A text that begins with one of = + - @ (also in their full-width forms), a tab or a line break is
run as a formula by spreadsheet programs that read a CSV file (OWASP, "CSV Injection"; CWE-1236).
There such a text gets an apostrophe before it. XLSX has types: every text is written as a text.

Every spreadsheet of the product is made here. Does not belong here: who may take it away.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import get_format

Value = str | int | float | date | None
MOST_ROWS = 1_048_575  # of an XLSX sheet, below its heading
_MOST_CHARS = 32_767  # of an XLSX cell
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u00a0 "


@dataclass(frozen=True)
class Sheet:
    """A heading for each column, then rows of the same length. Texts are already localised."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def harmless(text: str) -> str:
    """The text as it may stand in a CSV cell: never the beginning of a formula, and without the
    zero bytes that cut a cell off."""
    text = text.replace("\0", "")
    # What cannot be seen before it does not stop a program from taking it for a formula.
    return f"'{text}" if text.lstrip(_INVISIBLE).startswith(_FORMULA) else text


def separator() -> str:
    """What stands between cells in the spreadsheets of the page's language: where the comma is in
    numbers, Excel takes a semicolon and would put a row with commas into one column."""
    return ";" if get_format("DECIMAL_SEPARATOR") == "," else ","


def to_csv(sheet: Sheet) -> bytes:
    """RFC 4180, every text quoted, UTF-8 with a byte order mark so that Excel reads Cyrillic."""
    target = io.StringIO(newline="")
    between = separator()
    writer = csv.writer(target, quoting=csv.QUOTE_NONNUMERIC, delimiter=between)
    writer.writerow([harmless(name) for name in sheet.columns])
    for row in sheet.rows:
        cells = [_plain(value) for value in row]
        if between == ";":
            cells = [str(c).replace(".", ",") if isinstance(c, float) else c for c in cells]
        writer.writerow(cells)
    return target.getvalue().encode("utf-8-sig")


def to_xlsx(sheet: Sheet) -> bytes:
    """One worksheet, in memory: nothing of it is written to a disk. Raises ValueError above
    MOST_ROWS."""
    import xlsxwriter

    if len(sheet.rows) > MOST_ROWS:
        raise ValueError(f"more than {MOST_ROWS} rows")
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        page = book.add_worksheet(_name(sheet.title))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, name in enumerate(sheet.columns):
            page.write_string(0, column, name[:_MOST_CHARS], bold)
        for number, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row):
                _write(page, number, column, value, wrapped, day)
        page.freeze_panes(1, 0)
        page.set_column(0, max(0, len(sheet.columns) - 1), 24)
    return target.getvalue()


def _write(page: Any, row: int, column: int, value: Value, text: Any, day: Any) -> None:
    if isinstance(value, bool) or value is None:
        page.write_string(row, column, "" if value is None else str(value), text)
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        page.write_datetime(row, column, value, day)
    else:
        said = value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)
        page.write_string(row, column, said.replace("\0", "")[:_MOST_CHARS], text)


def _plain(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return harmless(str(value))


def _name(title: str) -> str:
    """A worksheet's name: at most 31 characters, none of []:*?/\\ and no apostrophe at its ends."""
    kept = "".join(char for char in title if char not in "[]:*?/\\")[:31].strip("' ")
    return kept or "1"
