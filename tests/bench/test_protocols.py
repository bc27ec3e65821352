"""How fast: one case with 200 events, and all open cases of a country again (a sample of them).

Run with `pytest tests/bench/test_protocols.py -m bench -n 0 -s`; `oslonac bench protocols` measures
all of them. Seconds are those of the processor, so that a busy machine tells the same.
"""

from pathlib import Path

import pytest

from tools.bench import protocols

PACK = Path(__file__).parents[2] / "packs" / "serbia" / "protocols"
CASES, SAMPLE = 150_000, 6_000


@pytest.mark.bench
def test_one_case_with_200_events() -> None:
    found = protocols.long_case(PACK)
    print(f"\n{found}")
    assert found["one_procedure_ms"] <= protocols.LONG_TARGET_MS


@pytest.mark.bench
def test_all_open_cases_of_a_country() -> None:
    found = protocols.country(PACK, SAMPLE, 2)
    print(f"\n{found}")
    assert found["duties"] > SAMPLE * 10
    seconds = found["processor_seconds"] / 2 * CASES / SAMPLE
    assert seconds <= protocols.COUNTRY_TARGET_S
