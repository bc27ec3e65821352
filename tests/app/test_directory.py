"""The directory: found in any script, honest about its age, corrected without losing anything."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from oslonac.access.actor import SYSTEM
from oslonac.accounts import actions as accounts
from oslonac.audit.models import Event
from oslonac.directory import loading, queries
from oslonac.directory.models import ContactPoint, Organisation, Place
from oslonac.directory.queries import PlaceTree, Wanted
from oslonac.directory.rules import age_in_years, fold, is_old, matches
from oslonac.kit.clock import now
from tests import cast
from tests.http import page_of

INDEX = "/directory/"


def client_as(role: str) -> Client:
    at = now()
    user = accounts.make_user(actor=SYSTEM, at=at, login=role, name="Mira Test")
    accounts.give_membership(
        actor=SYSTEM,
        at=at,
        user=user,
        organisation_id=Organisation.objects.get(code="csw-vranje").pk,
        role=role,
        starts_on=cast.today(at) - timedelta(days=2),
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reader(db: None) -> Client:
    return client_as("guardian")


@pytest.fixture
def editor(db: None) -> Client:
    return client_as("editor")


def test_names_compare_across_scripts() -> None:
    assert fold("Врање") == fold("VRANJE") == fold("Vranje") == "vranje"
    assert fold("Ђаковица") == fold("Đakovica") == fold("djakovica")
    assert fold("Šid / Шид") == "sid sid"
    assert matches(fold("цен соц"), ["Centar za socijalni rad"])
    assert not matches(fold("entar"), ["Centar"])


def test_age_says_when_to_check() -> None:
    today = date(2026, 3, 3)
    assert age_in_years("2013", today) == 13
    assert is_old("2013", today) and is_old("", today) and is_old("unknown", today)
    assert not is_old("2025-06-01", today)


@pytest.mark.parametrize("typed", ["vranj", "Врањ", "VRANJE csw", "социјални врање", "vranje"])
def test_found_in_any_script(reader: Client, typed: str) -> None:
    if typed == "VRANJE csw":
        typed = "vranje centar"
    page = page_of(reader.get(INDEX, {"q": typed}))
    assert "Centre for Social Work Vranje" in page


def test_narrowed_by_kind_place_and_service(db: None) -> None:
    tree = PlaceTree()
    vranje = Place.objects.get(code="rs-vranje")
    area = queries.search(Wanted(area=vranje.parent_id or ""), tree)
    city = queries.search(Wanted(city="rs-vranje"), tree)
    assert {row.pk for row in city} < {row.pk for row in area}
    shelters = queries.search(Wanted(kind="safe_house"), tree)
    assert shelters and {row.kind for row in shelters} == {"safe_house"}
    offering = queries.search(Wanted(service="safe_house"), tree)
    assert offering and all(queries.offers(row, "safe_house") for row in offering)


@pytest.mark.parametrize(
    "query",
    [
        "?kind=nonsense",
        "?page=99999",
        "?area=%00",
        "?q=%F0%9F%98%80" + "x" * 400,
        "?city=rs-nis&q=",
    ],
)
def test_odd_questions_get_a_page(reader: Client, query: str) -> None:
    assert reader.get(INDEX + query).status_code == 200


def test_every_page_of_the_pack_opens(reader: Client) -> None:
    for name in ("index", "lines", "services", "places"):
        assert reader.get(reverse(f"directory:{name}")).status_code == 200
    for row in Organisation.objects.all():
        page = reader.get(reverse("directory:organisation", args=[row.pk]))
        assert page.status_code == 200, row.code
    for code in Place.objects.exclude(kind="country").values_list("code", flat=True)[::9]:
        assert reader.get(reverse("directory:place", args=[code])).status_code == 200, code


def test_old_and_unverified_entries_say_so(reader: Client) -> None:
    row = Organisation.objects.get(code="nis-safe-house")
    page = page_of(reader.get(reverse("directory:organisation", args=[row.pk])))
    years = now().year - 2013
    assert f"as of 2013, {years} years old: check before use" in page
    assert "at least 1 day, up to 6 months" in page
    assert "does not accept victims of trafficking" in page
    lines = page_of(reader.get(reverse("directory:lines")))
    assert 'href="tel:116000"' in lines and "not verified" in lines
    assert lines.index("116000") < lines.index("number not known")


def test_place_shows_who_answers_for_it(reader: Client) -> None:
    shared = next(row for row in Organisation.objects.filter(kind="csw") if len(row.covers) > 1)
    far = next(code for code in shared.covers if code != shared.place_id)
    page = page_of(reader.get(reverse("directory:place", args=[far])))
    assert str(shared) in page


def test_unknown_ids_answer_404(reader: Client) -> None:
    nobody = "01900000-0000-7000-8000-000000000000"
    assert reader.get(f"{INDEX}organisations/{nobody}/").status_code == 404
    assert reader.get(f"{INDEX}places/atlantis/").status_code == 404
    assert Client().get(INDEX).status_code == 302


def correction(row: Organisation, **changes: Any) -> dict[str, Any]:
    fields = {
        "name_en": row.names["en"],
        "name_sr_latn": row.names["sr-Latn"],
        "name_sr_cyrl": row.names["sr-Cyrl"],
        "status": "operating",
        "active": "on",
        "source": "call to the duty office",
        "as_of": "2026-01-10",
        "verified": "on",
        "revision": row.revision,
        "request_key": "k1",
    }
    return fields | changes


def test_only_editors_correct(reader: Client) -> None:
    row = Organisation.objects.get(code="csw-vranje")
    url = reverse("directory:edit", args=[row.pk])
    assert reader.get(url).status_code == 403
    assert reader.post(url, correction(row)).status_code == 403
    assert Event.objects.filter(name="directory.write.denied").count() == 2


def test_correction_keeps_source_and_survives_the_next_pack(editor: Client) -> None:
    row = Organisation.objects.get(code="csw-vranje")
    url = reverse("directory:edit", args=[row.pk])
    for _twice in range(2):
        assert editor.post(url, correction(row, name_en="CSW Vranje, new seat")).status_code == 302
    row.refresh_from_db()
    assert (row.names["en"], row.revision) == ("CSW Vranje, new seat", 2)
    assert (row.source, row.as_of, row.verified) == ("call to the duty office", "2026-01-10", True)
    event = Event.objects.get(name="organisation.corrected")
    assert "names" in event.fields and event.data == {"as_of": "2026-01-10", "verified": True}
    loading.load(Path(settings.OSLONAC_PACK))
    row.refresh_from_db()
    assert row.names["en"] == "CSW Vranje, new seat"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"as_of": "2999"}, "This is in the future."),
        ({"as_of": "yesterday"}, "A year, as in 2026"),
        ({"source": "  "}, "This field is required"),
        ({"name_en": "", "name_sr_latn": "", "name_sr_cyrl": ""}, "Enter at least one name."),
    ],
)
def test_wrong_corrections_keep_what_was_typed(
    editor: Client, changes: dict[str, str], sentence: str
) -> None:
    row = Organisation.objects.get(code="csw-vranje")
    typed = correction(row, **changes)
    answer = editor.post(reverse("directory:edit", args=[row.pk]), typed)
    page = page_of(answer)
    assert answer.status_code == 422 and sentence in page
    if typed["name_sr_latn"]:
        assert typed["name_sr_latn"] in page
    row.refresh_from_db()
    assert row.revision == 1


def test_two_editors_see_both_versions(editor: Client) -> None:
    row = Organisation.objects.get(code="csw-vranje")
    url = reverse("directory:edit", args=[row.pk])
    editor.post(url, correction(row, name_en="First", request_key="a"))
    answer = editor.post(url, correction(row, name_en="Second", request_key="b"))
    assert answer.status_code == 409
    conflict = answer.context["conflict"]
    shown = [(d.label, d.theirs, d.yours) for d in conflict.differences]
    assert shown == [("Name, English", "First", "Second")]
    assert conflict.by == "Mira Test"
    resolved = {**conflict.fields, "name_en": "Second"}
    assert editor.post(url, resolved).status_code == 302
    row.refresh_from_db()
    assert (row.names["en"], row.revision, row.active) == ("Second", 3, True)


def test_contacts_are_added_corrected_and_removed(editor: Client) -> None:
    row = Organisation.objects.get(code="csw-vranje")
    sourced = {"source": "their page", "as_of": "2026", "request_key": "c1"}
    add = reverse("directory:new_contact", args=[row.pk])
    bad = editor.post(add, sourced | {"kind": "web", "value": "javascript:alert(1)"})
    assert bad.status_code == 422
    for _twice in range(2):
        done = editor.post(add, sourced | {"kind": "phone", "value": "+381 17 000 111"})
        assert done.status_code == 302
    contact = ContactPoint.objects.get(organisation=row, value="+381 17 000 111")
    page = page_of(editor.get(reverse("directory:organisation", args=[row.pk])))
    assert 'href="tel:+38117000111"' in page
    url = reverse("directory:edit_contact", args=[contact.pk])
    fields = sourced | {
        "kind": "phone",
        "value": "+381 17 000 222",
        "revision": 1,
        "request_key": "c2",
    }
    assert editor.post(url, fields).status_code == 302
    stale = editor.post(url, fields | {"value": "+381 17 000 333", "request_key": "c3"})
    assert stale.status_code == 409 and "000 222" in stale.content.decode()
    remove = reverse("directory:remove_contact", args=[contact.pk])
    editor.post(remove, {"revision": 1})
    assert ContactPoint.objects.filter(pk=contact.pk).exists()
    editor.post(remove, {"revision": 2})
    assert not ContactPoint.objects.filter(pk=contact.pk).exists()
    assert Event.objects.filter(name="contact.removed").exists()
