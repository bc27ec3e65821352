"""Sealed texts are filled up so that their length tells nothing of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oslonac.vault import padding


@given(st.binary(max_size=5_000))
def test_what_was_filled_up_comes_back(text: bytes) -> None:
    filled = padding.pad(text)
    assert padding.unpad(filled) == text
    assert len(filled) == padding.padded_length(len(text) + 1) > len(text)


@given(st.integers(min_value=1, max_value=10_000_000))
def test_little_is_added_and_lengths_are_few(length: int) -> None:
    filled = padding.padded_length(length)
    assert filled >= length
    assert filled <= max(-(-length // padding.STEP) * padding.STEP, length * 1.13)
    if length <= padding.SHORT:
        assert filled % padding.STEP == 0


@pytest.mark.parametrize("name", ["Ana", "محمد علی رحیمی", "Мухамед Али Рахими", "x" * 63])
def test_names_in_every_script_have_one_length(name: str) -> None:
    assert len(padding.pad(name.encode())) == padding.STEP


def test_what_was_not_filled_up_is_told() -> None:
    with pytest.raises(ValueError, match=r"."):
        padding.unpad(b"")
