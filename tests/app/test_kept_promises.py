"""Promises that one line keeps: of keys, the ledger, loading a pack, people joined as one."""

import logging
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured

from oslonac.access.models import Block
from oslonac.accounts import api_problems
from oslonac.audit import verification
from oslonac.audit.actions import mac_of
from oslonac.audit.models import Event
from oslonac.directory import loading
from oslonac.directory.models import CodeList, ContactPoint, Organisation, Pack
from oslonac.duplicates.models import Pair
from oslonac.kit.clock import now
from oslonac.people.models import Merge
from oslonac.search import asking, elsewhere
from oslonac.search import policy as search_policy
from oslonac.search.filters import Filters
from oslonac.vault import erasures, keyring, rotation, signing
from oslonac.vault.rotation import Holder
from tests import cast
from tests.app.pairs import child, fresh, keep_away, make_staff, make_two, merged

pytestmark = pytest.mark.django_db


# Keys


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    settings.OSLONAC_KEYS = str(tmp_path)
    keyring.ensure_key_file(tmp_path)
    return tmp_path


def test_a_key_that_only_second_factors_use_survives_rotations(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = keyring.current().active
    under = {"totp": {first}, "other": set[str]()}
    holders = [Holder(lambda name=name: under[name], lambda _to: 0) for name in under]  # type: ignore[misc]
    monkeypatch.setattr(rotation, "HOLDERS", holders)
    for _twice in range(2):
        rotation.rotate(keys)
        assert first in keyring.current().wrapping
    second = keyring.current().active
    under["totp"].clear()
    rotation.rotate(keys)
    assert first not in keyring.current().wrapping  # nothing is left under it
    assert second in keyring.current().wrapping  # until the next one: a slow writer may use it


def signed(folder: Path, settings: Any) -> erasures.Line:
    """A line of an erasure list, signed with the keys of a folder."""
    settings.OSLONAC_KEYS = str(folder)
    entry = {"keys": ["0190ff10-0000-7000-8000-000000000001"]}
    return erasures.Line(entry, signing.sign("erasure", entry), "")


def test_an_erasure_list_signed_elsewhere_destroys_nothing_here(
    keys: Path, tmp_path_factory: pytest.TempPathFactory, settings: Any
) -> None:
    foreign = tmp_path_factory.mktemp("foreign")
    keyring.ensure_key_file(foreign)
    theirs, ours = signed(foreign, settings), signed(keys, settings)
    erasures._check_ours(keys, [ours])
    for lines in ([theirs], [ours, theirs], [theirs, ours]):
        with pytest.raises(erasures.ListBroken, match="another installation"):
            erasures._check_ours(keys, lines)
    # An empty folder, to which a backup is brought back first, knows no signature yet.
    erasures._check_ours(tmp_path_factory.mktemp("empty"), [theirs])


# The ledger


def test_an_event_put_in_behind_the_chain_is_found_and_a_new_one_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast.case(cast.teodora(), at=now())
    event = Event.objects.order_by("id")[0]
    rows = SimpleNamespace(raw=lambda _query: [event])
    monkeypatch.setattr(verification, "Event", SimpleNamespace(objects=rows))

    def looked(last: int | None, mac: bytes = b"") -> list[str]:
        link = None if last is None else SimpleNamespace(xid=last)
        found = SimpleNamespace(order_by=lambda _by: SimpleNamespace(first=lambda: link))
        monkeypatch.setattr(verification, "Link", SimpleNamespace(objects=found))
        event.mac = mac or mac_of(event)
        return [each.kind for each in verification._inserted()]

    assert event.xid is not None
    assert looked(None) == []
    assert looked(event.xid) == []
    assert looked(event.xid - 1) == []
    assert looked(event.xid + 1) == ["inserted"]
    assert looked(event.xid, b"x" * 32) == ["inserted"]


def test_what_goes_wrong_in_the_api_is_logged_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails() -> None:
        raise ValueError("Farid Rahimi, soba 12")

    with caplog.at_level(logging.ERROR):
        try:
            fails()
        except ValueError as error:
            answer = api_problems._on_anything(SimpleNamespace(), error)  # type: ignore[arg-type]
    assert answer.status_code == 500
    (record,) = caplog.records
    said = record.getMessage()
    assert "ValueError" in said and "fails" in said
    assert "Farid" not in said and "soba" not in said and record.exc_info is None
    assert "Farid" not in answer.content.decode()


# A pack


def test_loading_again_keeps_what_people_added_and_renews_what_the_pack_said() -> None:
    office = Organisation.objects.filter(contacts__from_pack=True).order_by("code")[0]
    said = set(office.contacts.values_list("value", flat=True))
    ContactPoint.objects.create(
        organisation=office, kind="phone", value="+381 17 000 111", from_pack=False
    )
    ContactPoint.objects.create(
        organisation=office, kind="phone", value="+381 17 999 999", from_pack=True
    )
    loading.load(Path(configured.OSLONAC_PACK))
    now_there = list(office.contacts.values_list("value", flat=True))
    assert sorted(now_there) == sorted(said | {"+381 17 000 111"})


@pytest.mark.parametrize(
    ("told", "verified"),
    [
        ({}, False),
        ({"verified": None}, False),
        ({"verified": ""}, False),
        ({"verified": "no"}, False),
        ({"verified": "unknown"}, False),
        ({"verified": False}, False),
        ({"verified": True}, True),
        ({"verified": "true"}, True),
        ({"verified": "True"}, True),
    ],
)
def test_only_what_is_marked_verified_is_called_so(told: Any, verified: bool) -> None:
    found = loading._sourced({"source": "A gazette", "as_of": 2026} | told)
    assert found == {"source": "A gazette", "as_of": "2026", "verified": verified}


def test_what_an_editor_changed_is_theirs() -> None:
    office = Organisation.objects.get(code="csw-vranje")
    entry = {"id": office.code, "kind": office.kind, "names": {"en": "From the pack"}}
    assert loading._organisation(entry).names == {"en": "From the pack"}
    Organisation.objects.filter(pk=office.pk).update(revision=2, names={"en": "By an editor"})
    assert loading._organisation(entry).names == {"en": "By an editor"}


# People


def test_a_block_holds_for_every_record_of_somebody_joined() -> None:
    """Two and two are one each already; then the two become one."""
    staff = make_staff()
    one, other, pair = make_two(staff)
    third, fourth = (
        child(staff, name, manager=staff["ana"].user) for name in ("M. A. Rezai", "M. Ali")
    )
    for survivor, joined in ((other, third), (one, fourth)):
        Merge.objects.create(
            survivor=survivor.person,
            merged=joined.person,
            made_by=staff["dragan"].user,
            made_at=now() - timedelta(hours=1),
        )
    keep_away(staff, one, staff["zoran"])
    keep_away(staff, third, staff["jelena"])
    keep_away(staff, fourth, staff["ivan"])
    assert merged(staff, fresh(pair), one.person_id).merge is not None
    assert Pair.objects.filter(pk=pair.pk, status="merged").exists()
    both = {"zoran": (one, other, third), "jelena": (one, fourth, third)}
    for kept, there in (both | {"ivan": (fourth, other, third)}).items():
        closed = Block.objects.filter(user=staff[kept].user)
        assert {each.pk for each in there} <= set(closed.values_list("record_id", flat=True)), kept
        persons = set(closed.values_list("person_id", flat=True))
        assert {each.person_id for each in there} <= persons, kept


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Farid Rahimi", True),
        ("Farid Rahimy", True),
        ("فرید رحیمی", True),
        ("Farid Karimi", False),
        ("Karim Rahmani", False),
    ],
)
def test_of_an_unlike_name_nothing_is_told_elsewhere(name: str, told: bool) -> None:
    cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=2))
    jelena = cast.jelena().actor()
    asked = asking.question(asking.read(name), Filters(), at=now())
    found = elsewhere._known(jelena, asked, search_policy.rule_for(jelena), now())
    assert bool(found) is told


@pytest.mark.parametrize(
    ("name", "probability", "told"),
    [("Farid", 0.85, True), ("Farid", 0.84, False), ("Farid", 0.5, False), ("", 0.0, True)],
)
def test_how_like_a_name_must_be_to_be_told_elsewhere(
    name: str, probability: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number alone (no name was asked) is exact by itself."""
    case = cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=2))
    hit = SimpleNamespace(person_id=case.person_id, name_probability=probability, name=name)
    answer = SimpleNamespace(found=[hit])
    monkeypatch.setattr(elsewhere.service, "beyond", lambda *given: answer)
    jelena = cast.jelena().actor()
    asked = asking.question(asking.read("Farid"), Filters(), at=now())
    found = elsewhere._known(jelena, asked, search_policy.rule_for(jelena), now())
    assert bool(found) is told


def test_a_retired_code_is_kept_and_offered_no_more() -> None:
    listed = {"list": "test_list", "codes": [{"code": "a", "title": {"en": "A"}}]}
    retired = [{"code": "b", "title": {"en": "B"}, "retired": "2026-01-01", "needs": {"step": "x"}}]
    listed["codes"] += retired  # type: ignore[operator]
    loading._codes(listed)
    rows = {row.code: row for row in CodeList.objects.filter(name="test_list")}
    assert (rows["a"].active, rows["b"].active) == (True, False)
    assert (rows["a"].order, rows["b"].order) == (0, 1)
    assert rows["b"].extra == {"needs": {"step": "x"}}


def test_a_line_without_a_number_has_no_contact_and_a_parent_may_come_later() -> None:
    line = {"id": "test-line", "names": {"en": "A line"}, "part_of": "csw-vranje"}
    loading._line(line | {"number": "19 000", "verified": "true", "for": {"en": "Children"}})
    office = Organisation.objects.get(code="test-line")
    (contact,) = office.contacts.all()
    assert (contact.kind, contact.value, contact.from_pack) == ("phone", "19 000", True)
    assert contact.verified
    loading._line(line)
    assert not office.contacts.exists()
    loading._parents([line, {"id": "test-line"}])
    office.refresh_from_db()
    assert office.parent is not None and office.parent.code == "csw-vranje"


def test_a_pack_is_loaded_again_only_when_a_file_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "country"
    folder.mkdir()
    (folder / "a.yaml").write_text("one")
    first = loading.content_hash(folder)
    (folder / "b.yaml").write_text("two")
    second = loading.content_hash(folder)
    (folder / "b.yaml").rename(folder / "c.yaml")
    assert len({first, second, loading.content_hash(folder)}) == 3
    loaded: list[Path] = []
    monkeypatch.setattr(loading, "load", loaded.append)
    assert loading.load_if_changed(folder) and loaded == [folder]
    Pack.objects.create(code="country", fingerprint=loading.content_hash(folder), loaded_at=now())
    assert not loading.load_if_changed(folder) and loaded == [folder]
    (folder / "a.yaml").write_text("three")
    assert loading.load_if_changed(folder) and loaded == [folder, folder]
