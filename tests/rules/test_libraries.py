"""How old the libraries may be: the day of the last renewal, looked at by doctor and audit."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from oslonac.config.health import libraries

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("age", "level"), [(0, "ok"), (78, "ok"), (79, "warning"), (92, "warning"), (93, "error")]
)
def test_the_libraries_are_as_young_as_is_documented(age: int, level: str, tmp_path: Path) -> None:
    noted = tmp_path / "renewed-on"
    noted.write_text(f"{DAY}\n")
    found = libraries.renewed(today=DAY + timedelta(days=age), noted=noted)
    assert found.level == level
    assert str(DAY) in found.sentence
    assert bool(found.next_step) is (level != "ok")


@pytest.mark.parametrize("written", [None, "", "yesterday"])
def test_a_day_nobody_wrote_down_is_no_proof(written: str | None, tmp_path: Path) -> None:
    noted = tmp_path / "renewed-on"
    if written is not None:
        noted.write_text(written)
    assert libraries.renewed(noted=noted).level == "warning"


def test_the_day_is_kept_and_the_time_is_the_documented_one() -> None:
    date.fromisoformat(libraries.RENEWED.read_text().strip())
    said = (ROOT / "docs/security/updates.md").read_text("utf-8")
    assert f"fail after {libraries.MOST_DAYS} days" in said
    made = (ROOT / "Makefile").read_text("utf-8")
    renew = re.search(r"^renew:\n((?:\t.*\n)+)", made, re.MULTILINE)
    assert renew and "--upgrade" in renew[1] and "requirements/renewed-on" in renew[1]
    assert "oslonac.config.health.libraries" in (ROOT / ".ci/audit").read_text("utf-8")
