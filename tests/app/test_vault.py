"""Sealed values open where they were sealed, and nowhere else."""

from datetime import UTC, datetime

import pytest

from oslonac.accounts.models import User, login_key
from oslonac.people.models import PersonName
from oslonac.vault.keyring import CannotOpen, ensure_key_file, load
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import ERASED, open_many, open_one, seal
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.NOON
TEXTS = ["Farid", "فرید رحیمی", "Ђорђе", "😀" * 3, "a" * 100_000, "\u200fمحمد\u200e"]


def _name(text: str) -> PersonName:
    person = cast.child(cast.teodora(), cast.encounter(cast.teodora(), at=AT), at=AT)
    return PersonName.objects.filter(person=person).first()


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_any_text_opens_as_it_was_sealed(text: str) -> None:
    key = DataKey.make()
    key.save()
    user = User(key=key, username="x")
    seal(user, key, name=text)
    user.save(force_insert=True)
    assert open_one(User.objects.get(pk=user.pk), "name") == text
    assert text.encode() not in bytes(user.name)


def test_a_value_moved_to_another_row_or_column_does_not_open() -> None:
    teodora = cast.teodora()
    one = cast.child(teodora, cast.encounter(teodora, at=AT), at=AT).names.get()
    other = cast.child(teodora, cast.encounter(teodora, at=AT), at=AT).names.get()
    other.full, other.key_id = one.full, one.key_id
    with pytest.raises(CannotOpen):
        open_one(other, "full")
    one.given = one.full
    with pytest.raises(CannotOpen):
        open_one(one, "given")


def test_changed_bytes_do_not_open() -> None:
    name = _name("Farid")
    damaged = bytearray(bytes(name.full))
    damaged[20] ^= 1
    name.full = bytes(damaged)
    with pytest.raises(CannotOpen):
        open_one(name, "full")


def test_destroying_a_key_erases_the_person_everywhere() -> None:
    name = _name("Farid")
    assert open_one(name, "full") == "Farid Rahimi"
    DataKey.objects.filter(pk=name.key_id).update(wrapped=None, destroyed_at=datetime.now(UTC))
    assert open_one(name, "full") == ERASED


def test_many_records_open_with_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    teodora = cast.teodora()
    for _ in range(5):
        cast.child(teodora, cast.encounter(teodora, at=AT), at=AT)
    rows = list(PersonName.objects.all())
    with django_assert_num_queries(1):
        opened = open_many(rows, "full", "given")
    assert len(opened) == 5


def test_a_login_name_is_stored_as_a_keyed_hash_only() -> None:
    ana = cast.ana()
    login = open_one(ana.user, "login")
    assert User.objects.by_login(login.upper()) == ana.user
    assert ana.user.username == login_key(login)
    assert login not in ana.user.username


def test_the_key_file_is_private_and_made_once(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = ensure_key_file(tmp_path / "keys")
    assert path.stat().st_mode & 0o077 == 0
    before = path.read_bytes()
    assert ensure_key_file(tmp_path / "keys").read_bytes() == before
    assert len(load(path).hashing) == 3
