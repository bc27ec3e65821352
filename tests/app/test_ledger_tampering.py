"""Whoever owns the database but not the keys: every change to the ledger is found and named.

Belongs here: changes made as the owner of the tables, with the triggers switched off. Does not:
how the chain is made (`test_ledger`), the tree (`rules/test_merkle`).
"""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.test import override_settings

from oslonac.access import reader
from oslonac.audit import chain, roots, statements, witness
from oslonac.audit.models import Event, Link, Root
from oslonac.audit.verification import Verdict, verify
from oslonac.kit.clock import now
from oslonac.vault.keyring import Keyring
from tests import cast, database

Owner = psycopg.Connection[Any]
DAYS = 3
TABLES = ("audit_event", "audit_link", "audit_root")


class Ledger:
    """Three days with a signed root each, a tail of today, and what was noted outside."""

    def __init__(self, owner: Owner, place: Path) -> None:
        self.owner, self.place = owner, place
        self.ids = [str(row) for row in Link.objects.values_list("event_id", flat=True)]
        self.size = len(self.ids)
        self.kept = roots.publication(list(Root.objects.all()))["roots"]

    def run(self, query: str, *values: Any) -> None:
        self.owner.execute(query, values)

    def verdict(self, outside: bool = True) -> Verdict:
        kept = witness.roots(self.place) if outside else []
        return verify(kept_elsewhere=kept, heads=witness.heads(self.place) if outside else [])


def seal_all() -> None:
    while chain.gap().waiting:
        assert chain.seal_pending(), "nobody else writes into this database"


def only_here(owner: Owner) -> None:
    """Nothing in this database runs beside its one writer, so what is committed is finished. The
    horizon as it is would wait for tests of other workers: their databases count as well."""
    query = "SELECT pg_get_functiondef('audit_xid_horizon'::regproc)"
    row = owner.execute(query).fetchone()
    assert row is not None and "txid_snapshot_xmin" in row[0]
    owner.execute(row[0].replace("txid_snapshot_xmin", "txid_snapshot_xmax"))


@pytest.fixture(scope="module")
def filled(
    database_server: Any,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Owner, Path]]:
    """A database with a sealed ledger, and the folder of what was noted outside. Made once: the
    owner keeps copies of its tables to begin every test anew with."""
    place = tmp_path_factory.mktemp("w")
    clone = database.clone_in_use(database_server, database_template)
    with (
        django_db_blocker.unblock(),
        clone as own,
        reader.system(),
        psycopg.connect(database_server.dsn("owner", own), autocommit=True) as owner,
    ):
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        only_here(owner)
        _fill(place)
        for table in TABLES:
            owner.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")
        yield owner, place


def _fill(place: Path) -> None:
    teodora, start = cast.teodora(), now() - timedelta(days=DAYS)
    for day in range(DAYS + 1):
        with pytest.MonkeyPatch.context() as then, override_settings(OSLONAC_WITNESS=str(place)):
            then.setattr(chain, "now", lambda day=day: start + timedelta(days=day))
            cast.encounter(teodora, at=cast.NOON)
            cast.encounter(teodora, at=cast.NOON)
            seal_all()
            roots.note_all(roots.make_due(start + timedelta(days=day)))
        last = Link.objects.order_by("-sequence").first()
        assert last is not None
        witness.note_head(
            place, witness.Head(last.sequence, bytes(last.hash).hex(), now().isoformat())
        )


@pytest.fixture
def ledger(filled: tuple[Owner, Path], tmp_path: Path, settings: Any) -> Iterator[Ledger]:
    owner, noted = filled
    place = tmp_path / "witness"
    shutil.copytree(noted, place)
    settings.OSLONAC_WITNESS = str(place)
    for table in TABLES:
        owner.execute(f"TRUNCATE {table} CASCADE")
    for table in TABLES:
        owner.execute(f"INSERT INTO {table} TABLE kept_{table}")
    made = Ledger(owner, place)
    assert Root.objects.count() == DAYS
    assert made.verdict().intact
    assert made.verdict(outside=False).intact
    yield made


def kinds(verdict: Verdict) -> set[str]:
    return {each.kind for each in verdict.breaks}


OTHER = {
    "id": str(uuid4()),
    "name": "x.y",
    "outcome": "denied",
    "role": "head",
    "channel": "x",
    "record_kind": "x",
    "actor_id": str(uuid4()),
    "organisation_id": str(uuid4()),
    "record_id": str(uuid4()),
    "case_id": str(uuid4()),
    "fields": '["x"]',
    "data": '{"x": 1}',
    "at": "2020-01-01T00:00:00Z",
    "recorded_at": "2020-01-01T00:00:00Z",
    "xid": 1,
    "mac": b"x",
}


def test_every_column_of_an_event_is_in_the_list() -> None:
    assert set(OTHER) == {field.column for field in Event._meta.concrete_fields}


@pytest.mark.parametrize("column", OTHER)
def test_a_changed_event_is_named(ledger: Ledger, column: str) -> None:
    event = ledger.ids[ledger.size // 2]
    ledger.run(f"UPDATE audit_event SET {column} = %s WHERE id = %s", OTHER[column], event)
    verdict = ledger.verdict(outside=False)
    named = {each.event_id for each in verdict.breaks}
    assert event in named, verdict.breaks
    assert kinds(verdict) & ({"removed", "inserted"} if column == "id" else {"changed"})
    assert ledger.size // 2 + 1 in {each.sequence for each in verdict.breaks}


@pytest.mark.parametrize("place", [0, 1, -1, -2, "middle"])
def test_a_removed_event_is_named(ledger: Ledger, place: Any) -> None:
    event = ledger.ids[ledger.size // 2 if place == "middle" else place]
    ledger.run("DELETE FROM audit_event WHERE id = %s", event)
    found = [each for each in ledger.verdict(outside=False).breaks if each.kind == "removed"]
    assert [each.event_id for each in found] == [event]
    assert event in found[0].message


# The same for every process: it stands in the names of tests.
ANOTHER_ID = "00000000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event_id", ANOTHER_ID),
        ("xid", 1),
        ("leaf", b"x"),
        ("hash", b"x"),
        ("sealed_at", "2020-01-01T00:00:00Z"),
        ("sequence", 10_000_000),
    ],
)
@pytest.mark.parametrize("number", [1, 2, "last"])
def test_a_changed_link_is_named(ledger: Ledger, column: str, value: Any, number: Any) -> None:
    number = ledger.size if number == "last" else number
    ledger.run(f"UPDATE audit_link SET {column} = %s WHERE sequence = %s", value, number)
    verdict = ledger.verdict(outside=False)
    assert not verdict.intact
    assert number in {each.sequence for each in verdict.breaks}, verdict.breaks


def test_every_column_of_a_link_was_tried() -> None:
    tried = {"event_id", "xid", "leaf", "hash", "sealed_at", "sequence"}
    assert tried == {field.column for field in Link._meta.concrete_fields}


@pytest.mark.parametrize("number", [1, 2, -1])
def test_a_removed_link_is_found(ledger: Ledger, number: int) -> None:
    number = number if number > 0 else ledger.size
    ledger.run("DELETE FROM audit_link WHERE sequence = %s", number)
    verdict = ledger.verdict()
    assert kinds(verdict) & {"missing", "cut", "inserted"}, verdict.breaks


def test_a_removed_event_with_its_link_is_found(ledger: Ledger) -> None:
    ledger.run("DELETE FROM audit_link WHERE sequence = 3")
    ledger.run("DELETE FROM audit_event WHERE id = %s", ledger.ids[2])
    verdict = ledger.verdict(outside=False)
    assert ("missing", 3) in {(each.kind, each.sequence) for each in verdict.breaks}


COPY = (
    "INSERT INTO audit_event SELECT gen_random_uuid(), name, outcome, at, recorded_at, actor_id, "
    "organisation_id, role, channel, record_kind, record_id, case_id, fields, data, mac, {xid} "
    "FROM audit_event WHERE id = %s RETURNING id"
)


@pytest.mark.parametrize("xid", ["1", "xid", "xid + 1000000"])
def test_a_forged_event_is_named(ledger: Ledger, xid: str) -> None:
    row = ledger.owner.execute(COPY.format(xid=xid), [ledger.ids[1]]).fetchone()
    assert row is not None
    found = [each for each in ledger.verdict(outside=False).breaks if each.kind == "inserted"]
    assert [each.event_id for each in found] == [str(row[0])]


def test_swapped_numbers_are_found(ledger: Ledger) -> None:
    ledger.run("UPDATE audit_link SET sequence = -sequence WHERE sequence IN (2, 3)")
    ledger.run("UPDATE audit_link SET sequence = 5 + sequence WHERE sequence < 0")
    verdict = ledger.verdict(outside=False)
    assert {2, 3} <= {each.sequence for each in verdict.breaks}


def test_swapped_events_are_found(ledger: Ledger) -> None:
    first, second = ledger.ids[1], ledger.ids[2]
    for number, event in ((2, str(uuid4())), (3, first), (2, second)):
        ledger.run("UPDATE audit_link SET event_id = %s WHERE sequence = %s", event, number)
    verdict = ledger.verdict(outside=False)
    assert {2, 3} <= {each.sequence for each in verdict.breaks}


def relink(ledger: Ledger, key: bytes) -> None:
    """Make every link anew, as whoever has some key but not ours would."""
    previous = statements.GENESIS
    for number, event in enumerate(Event.objects.order_by("xid", "id"), 1):
        said = statements.words([getattr(event, name) for name in statements.SAID])
        leaf = statements.leaf(number, said, event.recorded_at, event.xid)
        mac = statements.mac(key, said)
        link = Link.objects.filter(event_id=event.pk).get()
        previous = statements.link(key, previous, leaf, mac, link.sealed_at)
        ledger.run("UPDATE audit_event SET mac = %s WHERE id = %s", mac, event.pk)
        ledger.run(
            "UPDATE audit_link SET sequence = %s, leaf = %s, hash = %s WHERE event_id = %s",
            -number,
            leaf,
            previous,
            event.pk,
        )
    ledger.run("UPDATE audit_link SET sequence = -sequence")


def test_a_ledger_sealed_with_another_key_is_found_everywhere(ledger: Ledger) -> None:
    relink(ledger, b"wrong" * 8)
    verdict = ledger.verdict(outside=False)
    assert verdict.found >= ledger.size
    assert {each.event_id for each in verdict.breaks} >= set(ledger.ids)


def test_removed_and_linked_anew_with_our_own_sealer_is_found(ledger: Ledger) -> None:
    """The owner cuts the end off without one event, and lets the running sealer link the rest."""
    for event in ledger.ids[-2:-1]:
        ledger.run("DELETE FROM audit_event WHERE id = %s", event)
    ledger.run("DELETE FROM audit_link WHERE sequence > %s", ledger.size - 2)
    seal_all()
    assert ledger.verdict(outside=False).intact  # nothing inside can tell: hence the witness
    verdict = ledger.verdict()
    assert kinds(verdict) & {"relinked", "cut"}


@pytest.mark.parametrize("keep", ["events", "nothing"])
def test_a_cut_tail_is_found(ledger: Ledger, keep: str) -> None:
    last_root = Root.objects.order_by("-day").first()
    assert last_root is not None
    if keep == "nothing":
        tail = ledger.ids[last_root.last :]
        ledger.run("DELETE FROM audit_event WHERE id = ANY(%s::uuid[])", tail)
    ledger.run("DELETE FROM audit_link WHERE sequence > %s", last_root.last)
    found = {each.kind: each for each in ledger.verdict().breaks}
    assert "cut" in found
    assert str(ledger.size) in found["cut"].message


def cut_days(ledger: Ledger, count: int) -> None:
    """Take the last days away with their roots: what is left is whole in itself."""
    gone = list(Root.objects.order_by("-day")[:count])
    first = gone[-1].first
    ledger.run("DELETE FROM audit_event WHERE id = ANY(%s::uuid[])", ledger.ids[first - 1 :])
    ledger.run("DELETE FROM audit_link WHERE sequence >= %s", first)
    ledger.run("DELETE FROM audit_root WHERE first >= %s", first)


@pytest.mark.parametrize("count", [1, 2])
def test_a_day_cut_off_is_found_by_roots_kept_elsewhere(ledger: Ledger, count: int) -> None:
    cut_days(ledger, count)
    assert ledger.verdict(outside=False).intact
    verdict = verify(kept_elsewhere=ledger.kept)
    days = {each.message for each in verdict.breaks if each.kind == "root_removed"}
    assert len(days) == count
    assert all(str(root["day"]) in " ".join(days) for root in ledger.kept[-count:])
    assert "cut" in kinds(ledger.verdict())


def test_an_old_tail_put_in_its_place_is_found(ledger: Ledger) -> None:
    """Yesterday's copy of the database is played back, and work goes on from there."""
    cut_days(ledger, 1)
    cast.encounter(cast.teodora(), at=cast.NOON)
    cast.encounter(cast.teodora(), at=cast.NOON)
    seal_all()
    roots.make_due(now() + timedelta(days=1))
    assert ledger.verdict(outside=False).intact
    verdict = ledger.verdict()
    assert {"relinked", "root_replaced"} <= kinds(verdict)


ROOT_CHANGES = {
    "day": "1999-01-01",
    "first": 2,
    "last": 3,
    "root": b"x",
    "head": b"x",
    "previous": b"x",
    "made_at": "2020-01-01T00:00:00Z",
    "signature": '{"key": "a", "public": "", "value": ""}',
}


@pytest.mark.parametrize("column", ROOT_CHANGES)
@pytest.mark.parametrize("place", [0, -1])
def test_a_changed_root_is_named(ledger: Ledger, column: str, place: int) -> None:
    assert set(ROOT_CHANGES) == {field.column for field in Root._meta.concrete_fields}
    day = ledger.kept[place]["day"]
    query = f"UPDATE audit_root SET {column} = %s WHERE day = %s"
    ledger.run(query, ROOT_CHANGES[column], day)
    verdict = ledger.verdict(outside=False)
    found = [each.message for each in verdict.breaks if each.kind.startswith("root_")]
    assert (day if column != "day" else "1999-01-01") in " ".join(found), verdict.breaks


@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_removed_root_is_found(ledger: Ledger, place: int) -> None:
    day = ledger.kept[place]["day"]
    ledger.run("DELETE FROM audit_root WHERE day = %s", day)
    assert "root_removed" in kinds(ledger.verdict())
    assert ("root_removed" in kinds(ledger.verdict(outside=False))) == (place != -1)


def test_a_root_signed_with_a_wrong_key_is_named(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oslonac.vault import keyring, signing

    ring = keyring.current()
    foreign = Keyring(ring.active, ring.wrapping, ring.hashing, "sig-9", {"sig-9": b"w" * 32})
    entry = dict(ledger.kept[-1])
    said = {name: value for name, value in entry.items() if name != "signature"}
    with monkeypatch.context() as other:
        other.setattr(keyring, "current", lambda: foreign)
        forged = signing.sign(roots.PURPOSE, said).as_json()
    ledger.run(
        "UPDATE audit_root SET signature = %s WHERE day = %s", json.dumps(forged), entry["day"]
    )
    found = [each for each in ledger.verdict(outside=False).breaks if each.kind == "root_wrong_key"]
    assert entry["day"] in found[0].message
    foreign_file = verify(kept_elsewhere=[entry | {"signature": forged}])
    assert "kept_wrong_key" in kinds(foreign_file)


def test_a_forged_line_in_the_file_handed_over_is_named(ledger: Ledger) -> None:
    verdict = verify(kept_elsewhere=[ledger.kept[0] | {"root": "00" * 32}])
    assert kinds(verdict) == {"kept_changed"}


def test_parts_checked_side_by_side_find_the_same(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oslonac.audit.verification.WORTH_SHARING", 1)
    assert verify(processes=2).intact
    middle = ledger.size // 2
    ledger.run("DELETE FROM audit_event WHERE id = %s", ledger.ids[middle])
    ledger.run("UPDATE audit_link SET hash = 'x' WHERE sequence = %s", middle + 2)
    alone, shared = verify(processes=1), verify(processes=2)
    assert alone.breaks == shared.breaks
    assert ledger.ids[middle] in {each.event_id for each in shared.breaks}


def test_an_event_is_proven_to_stand_under_its_root(ledger: Ledger) -> None:
    proof = json.loads(json.dumps(roots.prove(Event.objects.get(pk=ledger.ids[1]).pk)))
    assert roots.check_proof(proof) == ""
    forged = json.loads(json.dumps(proof))
    forged["event"]["words"] = forged["event"]["words"].replace("done", "read")
    assert roots.check_proof(forged) == "leaf"
    moved = proof | {"index": proof["index"] + 1}
    assert roots.check_proof(moved) == "leaf"
    if proof["path"]:
        assert roots.check_proof(proof | {"path": proof["path"][1:]}) == "path"
    other = proof["root"] | {"last": proof["root"]["last"] + 1}
    assert roots.check_proof(proof | {"root": other}) in {"path", "changed"}
    waiting = roots.prove(Event.objects.get(pk=ledger.ids[-1]).pk)
    assert roots.check_proof(waiting) == "not_yet"


def test_days_without_events_have_a_root_too(ledger: Ledger) -> None:
    made = roots.make_due(now() + timedelta(days=5))
    assert [root.last - root.first for root in made[1:]] == [-1] * (len(made) - 1)
    assert verify().intact
    assert roots.make_due(now() + timedelta(days=5)) == []
