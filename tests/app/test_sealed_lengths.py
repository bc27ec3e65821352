"""The length of a ciphertext tells nothing, also of what an earlier version sealed."""

from typing import Any

import pytest

from oslonac.kit.clock import now
from oslonac.people.models import PersonName
from oslonac.vault import keyring, padding
from oslonac.vault.sealing import ERASED, _data_key, open_one
from tests import cast

pytestmark = pytest.mark.django_db
NAMES = ["Ali", "Mohammad Reza Karimi Nazari", "محمد علی", "Ђорђе Ћирић"]


def names() -> list[PersonName]:
    teodora = cast.teodora()
    for name in NAMES:
        cast.child(teodora, cast.encounter(teodora, at=now()), at=now(), name=name)
    return list(PersonName.objects.select_related("key").order_by("pk"))


def as_sealed_before(row: Any, field: str) -> None:
    """Exactly as the version before did it."""
    context = f"{row._meta.label_lower}.{field}:{row.pk}"
    text = open_one(row, field).encode()
    value = b"\x01" + keyring.encrypt(_data_key(row.key), text, context)
    type(row)._base_manager.filter(pk=row.pk).update(**{field: value})


def test_names_of_every_length_and_script_look_alike() -> None:
    assert len({len(bytes(row.full)) for row in names()}) == 1


def test_what_an_earlier_version_sealed_opens_and_is_sealed_anew() -> None:
    rows = names()
    for row in rows:
        as_sealed_before(row, "full")
    before = list(PersonName.objects.order_by("pk"))
    assert len({len(bytes(row.full)) for row in before}) == len(NAMES)
    assert [open_one(row, "full") for row in before] == NAMES
    assert padding.pad_older() == len(NAMES)
    after = list(PersonName.objects.order_by("pk"))
    assert len({len(bytes(row.full)) for row in after}) == 1
    assert [open_one(row, "full") for row in after] == NAMES
    assert padding.pad_older() == 0


def test_the_form_of_a_ciphertext_cannot_be_exchanged() -> None:
    row = names()[0]
    PersonName.objects.filter(pk=row.pk).update(full=b"\x01" + bytes(row.full)[1:])
    with pytest.raises(keyring.CannotOpen):
        open_one(PersonName.objects.get(pk=row.pk), "full")


def test_of_an_erased_person_nothing_is_sealed_anew() -> None:
    row = names()[0]
    as_sealed_before(row, "full")
    type(row.key).objects.filter(pk=row.key_id).update(wrapped=None, destroyed_at=now())
    assert padding.pad_older() == 0
    assert open_one(PersonName.objects.get(pk=row.pk), "full") == ERASED
