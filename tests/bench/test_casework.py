"""The casework benchmark measures what it says, and what it says has a documented shape."""

import re
from pathlib import Path
from typing import Any

import pytest

from oslonac import demo
from oslonac.directory import codes, loading
from tools.bench import casework
from tools.bench.measuring import Samples

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "benchmarks.md"


def test_percentiles_are_nearest_rank() -> None:
    samples = Samples([float(value) for value in range(1, 101)])
    assert samples.summary() == {"n": 100, "p50": 50.0, "p95": 95.0, "max": 100.0}
    assert Samples([7.0]).percentile(0.95) == 7.0


@pytest.fixture
def report(fresh_database: str, settings: Any) -> dict[str, Any]:
    settings.OSLONAC_SECOND_FACTOR = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    loading.load_if_changed(Path(settings.OSLONAC_PACK))
    codes.forget_cached()
    demo.build(children=150, seed=11)
    return casework.measure(rounds=6, updates=5, checkpoint=lambda: None)


def test_the_report_has_the_documented_shape(report: dict[str, Any]) -> None:
    described = set(re.findall(r"^- `([a-z_.]+)`", DOCUMENT.read_text(), re.MULTILINE))
    assert set(report) | {"build_seconds"} == {name for name in described if "." not in name}
    assert report["cases"] > 100
    for name in ("mine", "teams", "open_for"):
        assert report["queries"][name]["queries"]["max"] == 1, f"{name} asks more than once"
    for page in report["pages"].values():
        assert page["total_ms"]["p95"] >= page["sql_ms"]["p50"] > 0
    for kind in ("contact", "priority"):
        assert 500 < report["updates"][kind]["wal_bytes"]["p50"] < 100_000
    assert report["space"]["index_bytes_per_case"] > 0
    assert set(report["targets"]) == set(casework.TARGETS)
