"""A lost key file comes back from paper; a rotation loses nobody."""

from itertools import combinations
from pathlib import Path

import pytest

from oslonac.people.models import PersonName
from oslonac.vault import keyring, recovery, rotation
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import open_one
from tests import cast

AT = cast.NOON


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    keyring.ensure_key_file(tmp_path)
    return tmp_path


def test_any_k_of_n_sheets_bring_the_key_file_back(keys: Path, tmp_path: Path) -> None:
    before = keyring.load(keys / keyring.FILE_NAME)
    sheets = recovery.make_sheets(keys, threshold=3, sheets=5)
    for chosen in combinations(sheets, 3):
        found = recovery.rehearse(keys, keys / recovery.COPY_NAME, list(chosen))
        assert found.same
        assert found.keys == 4
    path = recovery.restore(keys / recovery.COPY_NAME, sheets[1:4], tmp_path / "elsewhere")
    assert keyring.load(path) == before
    assert path.stat().st_mode & 0o077 == 0


def test_too_few_or_foreign_sheets_open_nothing(keys: Path) -> None:
    sheets = recovery.make_sheets(keys, threshold=3, sheets=5)
    copy = keys / recovery.COPY_NAME
    for wrong in ([], sheets[:2], ["abc def"], [sheets[0][:-4] + "xxxx", *sheets[1:3]]):
        with pytest.raises(recovery.BadSheets):
            recovery.open_copy(copy, wrong)
    kept = copy.read_bytes()
    recovery.make_sheets(keys, threshold=2, sheets=3)
    with pytest.raises(recovery.BadSheets):
        recovery.open_copy(copy, sheets[:3])
    assert copy.read_bytes() != kept


def test_the_copy_shows_nothing_of_the_keys(keys: Path) -> None:
    recovery.make_sheets(keys)
    content = (keys / recovery.COPY_NAME).read_bytes()
    ring = keyring.load(keys / keyring.FILE_NAME)
    assert all(key not in content for key in [*ring.wrapping.values(), *ring.hashing.values()])


def test_a_restore_never_overwrites_a_key_file(keys: Path) -> None:
    sheets = recovery.make_sheets(keys)
    with pytest.raises(FileExistsError):
        recovery.restore(keys / recovery.COPY_NAME, sheets, keys)


@pytest.fixture
def own_keys(keys: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    """The process works with a key file of this test alone."""
    settings.OSLONAC_KEYS = str(keys)
    return keys


def _wrapped_by() -> set[str]:
    return set(DataKey.objects.values_list("kek_id", flat=True))


@pytest.mark.django_db
def test_a_rotation_wraps_every_key_anew_and_the_sheets_still_open(own_keys: Path) -> None:
    sheets = recovery.make_sheets(own_keys)
    teodora = cast.teodora()
    cast.child(teodora, cast.encounter(teodora, at=AT), at=AT)
    assert rotation.rotate(own_keys) == DataKey.objects.count()
    assert _wrapped_by() == {"kek-2"}
    assert open_one(PersonName.objects.get(), "full") == "Farid Rahimi"
    assert recovery.rehearse(own_keys, own_keys / recovery.COPY_NAME, sheets).same


@pytest.mark.django_db
def test_a_key_wrapped_by_a_slow_writer_survives_two_rotations(own_keys: Path) -> None:
    slow = keyring.current()
    rotation.rotate(own_keys)
    late = DataKey()
    late.kek_id, late.wrapped = slow.wrap(b"k" * keyring.KEY_BYTES, str(late.pk))
    late.save(force_insert=True)
    rotation.rotate(own_keys)
    assert set(keyring.current().wrapping) == {"kek-1", "kek-2", "kek-3"}
    assert _wrapped_by() == {"kek-3"}
    rotation.rotate(own_keys)
    late.refresh_from_db()
    assert set(keyring.current().wrapping) == {"kek-3", "kek-4"}
    opened = keyring.current().unwrap(late.kek_id, bytes(late.wrapped or b""), str(late.pk))
    assert opened == b"k" * keyring.KEY_BYTES


@pytest.mark.django_db
def test_an_interrupted_rotation_is_carried_on(own_keys: Path) -> None:
    cast.ana()
    keyring.add_wrapping_key(own_keys)  # as far as a rotation got before it was stopped
    cast.dragan()
    assert _wrapped_by() == {"kek-1", "kek-2"}
    rotation.rotate(own_keys)
    assert _wrapped_by() == {"kek-3"}
