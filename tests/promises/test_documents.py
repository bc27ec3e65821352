"""Documents say what the code says."""

from pathlib import Path

import pytest

from oslonac.config import reference

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", reference.makers())
def test_generated_pages_are_current(name: str) -> None:
    assert (DOCS / name).read_text() == reference.page(name), "run: oslonac docs build"
