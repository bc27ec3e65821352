"""Downloads made in memory: file names and headers in one place.

Belongs here: a table as CSV or XLSX (made safe by `kit.sheets`), a paper as PDF. Does not: exports
about children, which go out sealed to their receiver (`exchange`).
"""

from typing import Literal

from django.http import HttpResponse

from oslonac.kit.sheets import Sheet, to_csv, to_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Format = Literal["csv", "xlsx"]


def sheet(table: Sheet, name: str, form: Format) -> HttpResponse:
    """A table as a file; `name` without suffix, in plain letters."""
    if form == "csv":
        return attachment(to_csv(table), f"{name}.csv", "text/csv; charset=utf-8")
    return attachment(to_xlsx(table), f"{name}.xlsx", XLSX)


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    """Bytes as a download that no browser shows or keeps."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["Cache-Control"] = "no-store"
    return response
