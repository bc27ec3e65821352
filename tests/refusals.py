"""Waiting for a "no", always with what it is about: the only way in which tests do so.

Belongs here: one helper for each kind of "no". A refusal without its code would be met by any
other refusal too; `promises/test_refusals.py` forbids that and lists codes that no test raises.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest

from oslonac.kit.errors import Denied, Hidden, Invalid, Refused


@contextmanager
def refused(code: str, *, field: str | None = None) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """A rule forbids the step, by this code (and beside this field)."""
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code == code
    assert str(caught.value.message)
    assert field is None or caught.value.field == field


@contextmanager
def invalid(*fields: str) -> Iterator[pytest.ExceptionInfo[Invalid]]:
    """What was typed cannot be taken, in these fields and no other."""
    with pytest.raises(Invalid) as caught:
        yield caught
    assert set(caught.value.fields) == set(fields)


@contextmanager
def denied(permission: str) -> Iterator[pytest.ExceptionInfo[Denied]]:
    """The actor lacks this permission, or holds it elsewhere."""
    with pytest.raises(Denied) as caught:
        yield caught
    assert caught.value.permission == permission


@contextmanager
def hidden(kind: str) -> Iterator[pytest.ExceptionInfo[Hidden]]:
    """To the actor there is no record of this kind."""
    with pytest.raises(Hidden) as caught:
        yield caught
    assert caught.value.kind == kind


@contextmanager
def answered_with(code: str) -> Iterator[None]:
    """A page says no: it shows the sentence and not the code."""
    codes: list[str] = []
    real = Refused.__init__

    def noted(self: Refused, code: str, *given: Any, **named: Any) -> None:
        codes.append(code)
        real(self, code, *given, **named)

    with mock.patch.object(Refused, "__init__", noted):
        yield
    assert code in codes
