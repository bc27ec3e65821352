"""Whatever people wrote, a spreadsheet never takes it for a formula."""

import csv
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oslonac.kit.sheets import Sheet, harmless, to_csv, to_xlsx

ATTACKS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u200b=1",
    "\ufeff@x",
    "\u00a0-1",
    '=HYPERLINK("http://x")',
    "|calc",
    "%x",
]


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ATTACKS)
def test_no_cell_of_a_csv_begins_a_formula(text: str) -> None:
    head, row = rows_of(to_csv(Sheet("t", [text], [[text]])))
    assert head == row == [f"'{text}"]


@pytest.mark.parametrize("text", ["Ана", "محمد", "a=b", "O'Brien", "", "5 – 7", "'=1"])
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives_and_is_harmless(text: str) -> None:
    cell = rows_of(to_csv(Sheet("t", ["a"], [[text]])))[1][0]
    assert cell.removeprefix("'") == text.replace("\0", "").removeprefix("'")
    first = cell.lstrip(
        "\ufeff\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069\u00a0 \u202a\u202b\u202c"
    )
    assert not first.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_numbers_and_days_stay_numbers_and_days() -> None:
    assert rows_of(to_csv(Sheet("t", ["n"], [[-5], [2.5], [date(2026, 3, 3)], [None]])))[1:] == [
        ["-5"],
        ["2.5"],
        ["2026-03-03"],
        [""],
    ]


def test_a_workbook_holds_texts_and_no_formula_link_or_relation() -> None:
    rows: list[list[object]] = [[text, 1, date(2026, 3, 3), None] for text in ATTACKS]
    rows.append(["http://evil.example/", "mailto:a@b", "x" * 40_000, True])
    content = to_xlsx(Sheet("Деца: [2026]/*?", ["=1", "n", "d", "e"], rows))  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
        assert not [name for name in book.namelist() if "externalLink" in name]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "=cmd|" in strings


def test_a_title_of_any_kind_is_a_sheet_name() -> None:
    for title in ("", "'", "x" * 80, "a/b:c", "Ћирилица"):
        assert to_xlsx(Sheet(title, ["a"], []))
