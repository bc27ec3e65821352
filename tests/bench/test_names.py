"""Names at the size of a country: run by `make bench`."""

import pytest

from oslonac.matching.known import entries
from oslonac.matching.parts import Reader
from tools.trial import bench, registers

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("size", [10_000, 100_000])
def test_recall_and_time_across_scripts(size: int) -> None:
    made = registers.make(entries(), size, 200, seed=size + 1)
    found = bench.ours(made, Reader())
    assert found["by name"]["recall_at_1"] >= 0.90
    assert found["by name"]["recall_at_10"] >= 0.97
    assert found["with sex and birth"]["recall_at_10"] >= 0.97
    assert found["by name"]["ms_median"] < 200
    assert found["keys"]["single_recall"] >= 0.95


def test_pairs_keep_their_promise() -> None:
    assert bench.name_calibration(False, [])["calibration_error"] <= 0.03
    persons = bench.person_pairs()
    assert persons["calibration_error"] <= 0.03
    assert persons["precision_at_0.8"] >= 0.98
