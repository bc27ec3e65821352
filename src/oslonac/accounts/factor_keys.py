"""Rotating the keys of second factors, which are encrypted with the key-encryption key itself.

Belongs here: telling which keys they need, and wrapping them anew. Does not: sealing and opening
one (`adapter`).
"""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

# Fields of an authenticator's data that the adapter encrypts, by allauth's own naming.
_SECRETS = ("secret", "seed")


def used() -> set[str]:
    """Ids of key-encryption keys that some secret still needs."""
    return {
        str(row.data[name]).partition(":")[0]
        for row in Authenticator.objects.all()
        for name in _held(row)
    }


def rewrap(name: str) -> int:
    """Wrap secrets anew that are not under `name`; how many there were."""
    done = 0
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update():
            stale = [each for each in _held(row) if not row.data[each].startswith(f"{name}:")]
            for each in stale:
                row.data[each] = _again(row.data[each])
            if stale:
                row.save(update_fields=["data"])
            done += len(stale)
    return done


def _held(row: Authenticator) -> Iterator[str]:
    return (name for name in _SECRETS if ":" in str(row.data.get(name, "")))


def _again(text: Any) -> str:
    adapter = get_adapter()
    return str(adapter.encrypt(adapter.decrypt(text)))
