"""The pack's retention.yaml: reading it, and saying what is wrong with it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from oslonac.country import in_language
from oslonac.retention.rules import LONGEST_YEARS, MARKS, STARTS, Category

FILE_NAME = "retention.yaml"


class BadPeriods(ValueError):
    """The file cannot be used; the message says where and why."""


def categories() -> tuple[Category, ...]:
    """Categories of the country pack; none where the pack has no such file."""
    path = Path(settings.OSLONAC_PACK) / FILE_NAME
    if not path.is_file():
        return ()
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: Path, changed: int) -> tuple[Category, ...]:
    return read(path.read_text(encoding="utf-8"))


def read(text: str) -> tuple[Category, ...]:
    """Categories of a file's text. Raises BadPeriods."""
    try:
        rows = yaml.safe_load(text)["categories"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise BadPeriods(f"{FILE_NAME} must hold a list named categories.") from error
    found = tuple(_category(row) for row in rows)
    if len({each.code for each in found}) != len(found):
        raise BadPeriods("A category stands twice.")
    return found


def _category(row: Any) -> Category:
    code = str(row.get("code", "")) if isinstance(row, dict) else ""
    if not code:
        raise BadPeriods("A category has no code.")
    years, marks = row.get("years"), frozenset(row.get("marks") or ())
    if years is not None and (type(years) is not int or not 0 < years <= LONGEST_YEARS):
        raise BadPeriods(f"{code}: years must be a whole number up to {LONGEST_YEARS}, or null.")
    if marks - MARKS:
        raise BadPeriods(f"{code}: unknown marks {', '.join(sorted(marks - MARKS))}.")
    if row.get("from", "closing") not in STARTS:
        raise BadPeriods(f"{code}: from must be one of {', '.join(STARTS)}.")
    if not row.get("source"):
        raise BadPeriods(f"{code}: say the source, also of a category whose period is not known.")
    verified = row.get("verified") is True
    if verified and years is None:
        raise BadPeriods(f"{code}: a period that is not known cannot be verified.")
    title = dict(row.get("title") or {})
    if "en" not in title:
        raise BadPeriods(f"{code}: the title needs en.")
    start = str(row.get("from", "closing"))
    return Category(code, title, marks, years, start, verified, str(row["source"]))


def title(code: str) -> str:
    """Title of a category in the language of the page."""
    for each in categories():
        if each.code == code:
            return in_language(each.title)
    return code
