"""The blind index: who is found at once, what a dump shows, a new key while work goes on."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.kit.clock import now
from oslonac.matching.index import building, generations, recipe, scope, service
from oslonac.matching.index.models import Entry, Generation
from oslonac.matching.index.service import Question
from oslonac.people import actions as people
from oslonac.people.models import Person
from tests import cast
from tests.promises.test_dump import _dump

pytestmark = pytest.mark.django_db


def person(name: str, **stated: str) -> Person:
    """Somebody met by the field worker of Vranje, who said this of themselves."""
    worker = cast.teodora()
    met = cast.encounter(worker, at=now())
    found = cast.child(worker, met, at=now(), name=name)
    for attribute, detail in stated.items():
        people.state(
            actor=SYSTEM,
            at=now(),
            person=found,
            attribute=attribute,
            detail=detail,
            code="passport" if attribute == "document" else "",
        )
    return found


def ids(question: Question, within: scope.Scope = scope.EVERYBODY) -> list[UUID]:
    return [each.person_id for each in service.find(question, within).found]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Mohammad Ahmadi", "محمد احمدی"),
        ("محمد احمدی", "Muhamed Ahmady"),
        ("Đorđe Petrović", "Ђорђе Петровић"),
        ("Djordje Petrovic", "Đorđe Petrović"),
        ("Abdul Rahman Noorzai", "عبدالرحمن نورزی"),
        ("Farid", "فرید"),
    ],
)
def test_a_name_just_written_is_found_in_another_script(written: str, asked: str) -> None:
    other = person("Selam Tesfay")
    wanted = person(written)
    found = service.find(Question(text=asked), scope.EVERYBODY)
    assert found.found[0].person_id == wanted.pk
    assert found.found[0].name == written
    assert found.found[0].reasons
    assert other.pk not in [each.person_id for each in found.found]


def test_another_name_of_a_person_is_found_at_once_and_the_first_one_too() -> None:
    wanted = person("Farid Rahimi")
    assert wanted.pk not in ids(Question(text="Zoran Kostić"))
    people.add_name(actor=SYSTEM, at=now(), person=wanted, full="Zoran Kostić")
    assert ids(Question(text="Зоран Костић"))[0] == wanted.pk
    assert ids(Question(text="فرید رحیمی"))[0] == wanted.pk


@pytest.mark.parametrize("asked", ["+381 64 123-4567", "064 1234567", "00381641234567", "1234567"])
def test_a_phone_is_found_however_it_is_written(asked: str) -> None:
    wanted = person("Farid Rahimi", phone="broj je 064/123-45-67 (majka)")
    person("Nabi Karimi", phone="065 999 8888")
    found = ids(Question(phone=asked))
    assert found == ([wanted.pk] if asked != "1234567" else [])


def test_a_document_is_found_by_its_number() -> None:
    wanted = person("Farid Rahimi", document="pasoš P۰۱۲۳ 4567")
    assert ids(Question(document="p0123-4567")) == [wanted.pk]
    assert ids(Question(document="P0123 4568")) == []


def test_a_change_that_fails_leaves_no_entry() -> None:
    wanted = person("Farid Rahimi")
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        people.add_name(actor=SYSTEM, at=now(), person=wanted, full="Zoran Kostić")
        raise RuntimeError
    assert ids(Question(text="Zoran Kostić")) == []


def test_nobody_outside_the_scope_is_found() -> None:
    wanted = person("Farid Rahimi")
    stranger = cast.jelena().actor()
    assert ids(Question(text="Farid Rahimi"), scope.of(stranger, at=now())) == []
    beyond = service.beyond(Question(text="Farid Rahimi"), scope.of(stranger, at=now()))
    assert [each.person_id for each in beyond.found] == [wanted.pk]


def test_sex_and_birth_bring_the_right_one_of_two_forward_and_only_leaves_the_other_out() -> None:
    older, younger = person("Mohammad Ahmadi"), person("Mohammad Ahmadi")
    people.state(
        actor=SYSTEM,
        at=now(),
        person=younger,
        attribute="birth",
        basis="document",
        birth=(date(2014, 1, 1), date(2014, 12, 31)),
    )
    born = (date(2014, 1, 1), date(2014, 12, 31))
    assert ids(Question(text="محمد احمدی", born=born)) == [younger.pk, older.pk]
    assert ids(Question(text="محمد احمدی", born=born, only=True)) == [younger.pk]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "م",
        "a",
        "😀",
        "😀😀 🏳️‍🌈",
        "'; DROP TABLE matching_entry; --",
        "%_\\%",
        "\u202e",
        "a\x00b",
        "ali " * 500,
        "علی Ali علی",
        "((((",
        "0",
        "ﷺ",
        "中文",
        "<script>",
        "_" * 3000,
    ],
)
def test_whatever_is_typed_there_is_an_answer_or_a_sentence(text: str) -> None:
    known = person("Ali Reza")
    answer = service.find(Question(text=text, phone=text, document=text), scope.EVERYBODY)
    assert {each.person_id for each in answer.found} <= {known.pk}
    for remark in answer.remarks:
        assert str(remark)


def test_five_hundred_words_say_that_only_some_were_searched() -> None:
    person("Ali Reza")
    answer = service.find(Question(text="Farid Rahimi Karimi " * 170), scope.EVERYBODY)
    assert any("words of what you typed" in str(remark) for remark in answer.remarks)


def test_a_new_key_is_taken_into_use_without_a_gap() -> None:
    wanted = person("Farid Rahimi")
    before = generations.searched()
    assert before is not None
    old_keys = set(Entry.objects.get(person=wanted).keys)
    generation = generations.begin(fresh_key=True)
    assert ids(Question(text="Farid Rahimi")) == [wanted.pk]  # the old one answers meanwhile
    met_meanwhile = person("Nabi Karimi")
    assert Entry.objects.filter(person=met_meanwhile).count() == 2
    assert building.keep() == 1
    assert [row.pk for row in Generation.objects.all()] == [generation.pk]
    now_used = generations.searched()
    assert now_used is not None and now_used.key_name != before.key_name
    assert old_keys.isdisjoint(Entry.objects.get(person=wanted).keys)
    assert ids(Question(text="Farid Rahimi")) == [wanted.pk]
    assert ids(Question(text="Nabi Karimi")) == [met_meanwhile.pk]
    from oslonac.vault import keyring

    assert before.key_name not in keyring.current().hashing
    assert building.check().good


def test_the_index_says_when_it_lacks_somebody_and_catches_up() -> None:
    wanted = person("Farid Rahimi")
    assert building.check().good
    Entry.objects.filter(person=wanted).delete()
    assert building.check().missing == 1
    assert building.keep() == 1
    assert ids(Question(text="Farid Rahimi")) == [wanted.pk]


def test_another_recipe_makes_the_index_anew_and_says_so_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = person("Farid Rahimi")
    monkeypatch.setattr(generations, "recipe_now", lambda: "f" * 64)
    answer = service.find(Question(text="Farid Rahimi"), scope.EVERYBODY)
    assert any("being rebuilt" in str(remark) for remark in answer.remarks)
    assert building.keep() == 1
    assert building.check().recipe_current
    assert ids(Question(text="Farid Rahimi")) == [wanted.pk]


def test_a_lost_key_of_names_costs_a_rebuild_and_nothing_else() -> None:
    from oslonac.vault import keyfile

    wanted = person("Farid Rahimi")
    used = generations.searched()
    assert used is not None
    with keyfile.changing(Path(settings.OSLONAC_KEYS)) as content:
        del content["hashing"][used.key_name]
    assert any(
        "being rebuilt" in str(r)
        for r in service.find(Question(text="x y"), scope.EVERYBODY).remarks
    )
    assert building.keep() == 1
    assert ids(Question(text="Farid Rahimi")) == [wanted.pk]


def test_the_same_name_has_other_values_in_every_salt_and_generation() -> None:
    one, other = person("Mohammad Ahmadi"), person("Mohammad Ahmadi")
    values = [set(Entry.objects.get(person=each).fine) for each in (one, other)]
    keys, _fine = recipe.stored(recipe.Facts(names=("Mohammad Ahmadi",)))
    assert recipe.expected_share("k:mohammad") > 0.01
    used = generations.searched()
    assert used is not None
    everything = set(used.sealer.of_question(keys))
    assert len(everything) > len(keys)
    assert values[0] and values[1]


def test_a_dump_shows_no_name_and_no_phonetic_code(
    fresh_database: str, database_server: Any
) -> None:
    name = "Zulmaryam Haqparast"
    person(name, phone="+93 70 1234567", document="P0987654")
    dumped = _dump(database_server, fresh_database)
    keys, fine = recipe.stored(
        recipe.Facts(names=(name,), phones=("+93 70 1234567",), documents=("P0987654",))
    )
    assert "matching_entry" in dumped
    for key in keys | fine:
        code = key.partition(":")[2]
        if len(code) >= 6:
            assert code not in dumped, key
    unkeyed = {hashlib.sha256(key.encode()).digest()[:8] for key in keys | fine}
    for digest in unkeyed:
        for signed in (True, False):
            assert str(int.from_bytes(digest, "big", signed=signed)) not in dumped


def test_an_erased_person_is_found_by_nothing_and_not_missed(fresh_database: str) -> None:
    from oslonac.matching.index import writing
    from oslonac.vault.erasers import ERASERS, Erased
    from oslonac.vault.models import DataKey

    wanted, other = person("Farid Rahimi"), person("Nabi Karimi")
    DataKey.objects.filter(pk=wanted.key_id).update(wrapped=None, destroyed_at=now())
    assert ERASERS["index"] is writing.erase
    for _ in range(2):
        writing.erase(Erased(wanted.pk, (wanted.key_id,), now()))
    assert not Entry.objects.filter(person=wanted).exists()
    assert ids(Question(text="Farid Rahimi")) == []
    assert ids(Question(text="Nabi Karimi")) == [other.pk]
    assert building.keep() == 0
    assert building.check().good


def test_a_register_written_in_bulk_is_caught_up_in_one_go() -> None:
    wanted = [person(name) for name in ("Farid Rahimi", "Nabi Karimi", "Selam Tesfay")]
    Entry.objects.all().delete()
    Generation.objects.all().delete()
    assert service.find(Question(text="Nabi Karimi"), scope.EVERYBODY).remarks
    assert building.keep_if_small(most=2) == 0
    assert building.keep_if_small() == 3
    assert ids(Question(text="Nabi Karimi"))[0] == wanted[1].pk


def test_nobody_who_may_not_be_found_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sees much is told of people left out; of those they may not see, never."""
    monkeypatch.setattr(scope, "FEW", 0)
    monkeypatch.setattr(service, "OPENED", 2)
    own = [person("Farid Rahimi") for _ in range(2)]
    worker = cast.member("Neko N.", Role.FIELD_WORKER, "csw-subotica")
    from oslonac.access.models import Grant
    from oslonac.people.models import Appearance

    mine = Appearance.objects.filter(person__in=own).values("record_id")
    Grant.objects.filter(record_id__in=mine).delete()
    for appearance in Appearance.objects.filter(person__in=own):
        from oslonac.access.actions import grant_user

        grant_user(
            actor=SYSTEM,
            at=now(),
            kind="encounter",
            record_id=appearance.record_id,
            user_id=worker.user.pk,
            level=60,
            reason="decision",
        )
    within = scope.of(worker.actor(), at=now())
    assert within.ids is None
    before = service.find(Question(text="فرید رحیمی"), within)
    for _ in range(4):
        person("Farid Rahimi")
    after = service.find(Question(text="فرید رحیمی"), within)
    assert {each.person_id for each in after.found} == {each.pk for each in own}
    assert [str(r) for r in before.remarks] == [str(r) for r in after.remarks] == []
    assert len(service.find(Question(text="فرید رحیمی"), scope.EVERYBODY).remarks) == 1


def test_a_limit_that_left_somebody_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from oslonac.matching.index import candidates

    monkeypatch.setattr(candidates, "MOST_LOOKED_AT", 2)
    monkeypatch.setattr(candidates, "MOST_OF_A_WORD", 2)
    for _ in range(4):
        person("Farid Rahimi")
    for asked in ("Farid Rahimi", "Farid"):
        remarks = service.find(Question(text=asked), scope.EVERYBODY).remarks
        assert any("than were compared" in str(remark) for remark in remarks), asked


def test_the_view_of_entries_is_empty_without_a_reason_to_look_past_sight() -> None:
    """Whatever a reader may see: entries are found by code that says why, or not at all."""
    from django.db import connection

    from oslonac.access import reader

    worker = cast.teodora()
    person("Farid Rahimi")

    def shown() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sight.found_matching_entry")
            (count,) = cursor.fetchone()
            return int(count)

    with reader.acting(worker.actor(), now()):
        assert shown() == 0
        with scope.past_sight():
            assert shown() == 1


def test_a_reader_of_much_finds_their_own_under_their_own_sight_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a page asks: the policies in force, grants asked of each candidate in the statement."""
    from oslonac.access import reader
    from oslonac.access.actions import grant_user
    from oslonac.people.models import Appearance

    monkeypatch.setattr(scope, "FEW", 0)
    worker = cast.member("Neko N.", Role.FIELD_WORKER, "csw-subotica")
    own, _other = person("Farid Rahimi"), person("Farid Rahimi")
    for record in Appearance.objects.filter(person=own).values_list("record_id", flat=True):
        grant_user(
            actor=SYSTEM,
            at=now(),
            kind="encounter",
            record_id=record,
            user_id=worker.user.pk,
            level=60,
            reason="decision",
        )
    actor, at = worker.actor(), now()
    with reader.acting(actor, at):
        within = scope.of(actor, at=at)
        assert within.ids is None and "sight.people_person" in within.condition("x")[0]
        assert ids(Question(text="فرید رحیمی"), within) == [own.pk]
        nobody = cast.jelena().actor()
        assert ids(Question(text="فرید رحیمی"), scope.of(nobody, at=at)) == []


def test_entries_laid_in_order_find_the_same_people_and_lose_nobody(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application's own role may ask for it; the rows are the same ones, side by side."""
    from django.db import connection

    from oslonac.matching.index import arranging

    for number in range(6):
        person("Farid Rahimi" if number % 2 else "Selam Tesfay")
    rows = list(Entry.objects.order_by("pk").values_list("person", "revision", "keys", "fine"))
    asked = [ids(Question(text=text)) for text in ("فرید رحیمی", "Selam Tesfay")]
    monkeypatch.setattr(arranging, "SMALL", 5)
    assert arranging.due()
    assert arranging.arrange()
    assert not arranging.due()
    assert list(Entry.objects.order_by("pk").values_list("person", "revision", "keys", "fine")) == (
        rows
    )
    assert [ids(Question(text=text)) for text in ("فرید رحیمی", "Selam Tesfay")] == asked
    with connection.cursor() as cursor:
        cursor.execute("SELECT fine FROM matching_entry ORDER BY ctid")
        laid = [row[0] for row in cursor.fetchall()]
    assert laid == sorted(laid)
    for _ in range(2):  # a third more: enough to close the table for
        person("Nabi Karimi")
    assert arranging.due()


def test_entries_in_use_are_laid_in_order_another_time(
    fresh_database: str, database_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from oslonac.matching.index import arranging

    person("Farid Rahimi")
    monkeypatch.setattr(arranging, "PATIENCE", "50ms")
    with psycopg.connect(database_server.dsn("owner", fresh_database)) as reader:
        reader.execute("LOCK TABLE matching_entry IN ACCESS SHARE MODE")
        assert not arranging.arrange()
    assert Generation.objects.get().arranged == 0
    assert arranging.arrange()
    assert Generation.objects.get().arranged == 1
