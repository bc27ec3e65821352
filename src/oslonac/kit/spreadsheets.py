"""Cells of files that a spreadsheet opens: text that begins like a formula stays text.

Source: OWASP, "CSV Injection": = + - @ tab and carriage return at the beginning of a cell, also
after a quote. Belongs here: one cell, one CSV. Does not: what is exported.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from oslonac.kit.sheets import separator

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """Text that no spreadsheet takes for a formula; control characters are dropped."""
    text = "".join(char for char in str(value) if char == "\n" or ord(char) >= 32 or char in "\t\r")
    return (
        f"'{text}" if text.lstrip(" '\"").startswith(_STARTS) or text.startswith(_STARTS) else text
    )


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV (RFC 4180) that Excel reads as UTF-8, every cell quoted and safe."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, delimiter=separator())
    writer.writerow([cell(each) for each in header])
    for row in rows:
        writer.writerow([cell(each) for each in row])
    return "\ufeff" + out.getvalue()
