"""What people type or open in their own way: numbers, one-time passwords, look-alikes, Excel."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.utils import translation

from oslonac.access.actor import SYSTEM
from oslonac.accounts import actions
from oslonac.accounts.hashers import HandedOver
from oslonac.directory.models import ContactPoint, Organisation
from oslonac.directory.queries import PlaceTree, Wanted, search
from oslonac.kit.clock import now
from oslonac.kit.sheets import Sheet, to_csv
from oslonac.kit.spreadsheets import csv_text
from tests.refusals import invalid

pytestmark = pytest.mark.django_db
CHOSEN = "jesen u Vranju 2026"


def made(login: str, password: str = CHOSEN) -> Any:
    return actions.make_user(
        actor=SYSTEM, at=now(), login=login, name="Ana Kostić", password=password
    )


@pytest.mark.parametrize("typed", ["0800 200", "017 555", "+381 17 555-01", "38117555", "555 019"])
def test_the_directory_is_searched_by_number(typed: str) -> None:
    here = Organisation.objects.filter(code="csw-vranje").get()
    for value in ("+381 17 555 019", "0800 200 201"):
        ContactPoint.objects.create(organisation=here, kind="phone", value=value)
    assert here in search(Wanted(text=typed), PlaceTree())
    assert here not in search(Wanted(text="0800 999"), PlaceTree())


def test_a_one_time_password_may_bring_a_blank_but_a_chosen_one_is_as_typed() -> None:
    user = made("ana")
    assert authenticate(None, login="ana", password="jesen u Vranju 2026 ") is None
    user.password = HandedOver().encode("k7m2-p9qx-zzzz", HandedOver().salt())
    user.save(update_fields=["password"])
    for typed in ("k7m2-p9qx-zzzz", " k7m2-p9qx-zzzz", "k7m2-p9qx-zzzz \n"):
        assert authenticate(None, login="ana", password=typed) == user
    assert authenticate(None, login="ana", password="k7m2 p9qx zzzz") is None


@pytest.mark.parametrize("twin", ["аna", "anа", "ana\u0430"])
def test_a_login_name_of_two_scripts_is_refused(twin: str) -> None:
    made("ana")
    with invalid("login"):
        made(twin)


def test_a_login_name_that_looks_like_another_is_refused() -> None:
    made("pera.cec")  # the Cyrillic letters of its twin are all drawn like these
    made("ђорђе.петровић")
    made("soca")
    with invalid("login"):
        made("ѕоса")
    made("jovan")


@pytest.mark.parametrize(("language", "between"), [("sr-latn", ";"), ("sr", ";"), ("en", ",")])
def test_a_csv_opens_in_columns_in_the_excel_of_the_language(language: str, between: str) -> None:
    with translation.override(language):
        table = to_csv(Sheet("t", ["ime", "broj"], [["Šabac, Srbija", 2.5]])).decode("utf-8-sig")
        other = csv_text(["ime", "broj"], [["Šabac; Srbija", 3]]).lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(table), delimiter=between))
    number = "2,5" if between == ";" else "2.5"
    assert rows == [["ime", "broj"], ["Šabac, Srbija", number]]
    assert list(csv.reader(io.StringIO(other), delimiter=between))[1] == ["Šabac; Srbija", "3"]
