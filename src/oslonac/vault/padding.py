"""Ciphertexts that do not show how long their text is.

AES-GCM keeps lengths: beside sex, years of birth and citizenship, the length of a sealed name tells
nearly everybody apart. So texts are filled up: to the next 64 bytes up to 512, which holds names,
telephone numbers, addresses and short notes; above, to lengths whose binary form has few digits, so
that at most about an eighth is added (Padme: Nikitin et al., "Reducing Metadata Leakage from
Encrypted Files and Communication with PURBs", PETS 2019).

Belongs here: the filling, as pure functions, and filling up what was sealed before
(`pad_older`). Does not: sealing.
"""

from collections.abc import Iterator
from typing import Any

_END = b"\x80"  # then zeros: ISO/IEC 7816-4
STEP, SHORT = 64, 512
_BATCH = 1_000


def padded_length(length: int) -> int:
    """Of a text of so many bytes with its end mark."""
    if length <= SHORT:
        return -(-length // STEP) * STEP
    exponent = length.bit_length() - 1
    free = exponent - (exponent.bit_length() + 1)
    return (length + (1 << free) - 1) >> free << free


def pad(text: bytes) -> bytes:
    return (text + _END).ljust(padded_length(len(text) + 1), b"\0")


def unpad(filled: bytes) -> bytes:
    """Raises ValueError for what `pad` did not make."""
    return filled[: filled.rindex(_END)]


def pad_older() -> int:
    """Seal anew what was sealed without filling; how many values. What nobody can open any more,
    its key being destroyed, stays. Safe to interrupt and to run again."""
    return sum(_pad(model, names) for model, names in _sealed_columns())


def _sealed_columns() -> Iterator[tuple[type[Any], list[str]]]:
    from django.apps import apps

    from oslonac.vault.models import SealedField, SealedModel

    for model in apps.get_models():
        names = [f.name for f in model._meta.concrete_fields if isinstance(f, SealedField)]
        if names and issubclass(model, SealedModel):
            yield model, names


def _pad(model: type[Any], names: list[str]) -> int:
    """Compare and swap, value by value: somebody may write meanwhile."""
    from django.db.models import Q

    from oslonac.vault.sealing import older, seal_again

    done = 0
    for name in names:
        rows = model._base_manager.filter(
            Q(key__wrapped__isnull=False), **{f"{name}__isnull": False}
        ).select_related("key")
        batch = rows.only("pk", name, "key").order_by("pk")
        last = None
        while found := list((batch if last is None else batch.filter(pk__gt=last))[:_BATCH]):
            last = found[-1].pk
            for row in found:
                before = bytes(getattr(row, name))
                if older(before) and seal_again(row, name):
                    after = {name: getattr(row, name)}
                    mine = model._base_manager.filter(pk=row.pk, **{name: before})
                    done += mine.update(**after)
    return done
