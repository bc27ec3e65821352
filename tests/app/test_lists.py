"""Lists and search: what is shown to whom, filters, cost, and what is never revealed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from oslonac.access.roles import Role
from oslonac.audit.models import Event
from oslonac.cases import actions, moments
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from oslonac.people.models import Person
from tests import cast
from tests.http import page_of

pytestmark = pytest.mark.django_db


def page(member: cast.Member, url: str, **query: Any) -> str:
    response = member.client().get(url, query)
    assert response.status_code == 200, response.status_code
    return page_of(response)


def test_each_list_holds_its_own() -> None:
    ana, teodora, dragan = cast.ana(), cast.teodora(), cast.dragan()
    mine = cast.case(teodora, ana, at=now())
    other = cast.case(teodora, at=now())
    assert mine.number in page(ana, "/cases/")
    assert other.number not in page(ana, "/cases/")
    assert other.number in page(dragan, "/cases/team/")
    assert other.number in page(teodora, "/cases/shared/")
    assert mine.number not in page(ana, "/cases/closed/")
    assert mine.number not in page(cast.jelena(), "/cases/team/")


def test_a_closed_case_moves_to_the_closed_ones() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = cast.case(cast.teodora(), ana, at=now())
    Case.objects.filter(pk=case.pk).update(
        status="closed", closed_at=now(), closing_reason="reunited"
    )
    assert case.number not in page(ana, "/cases/")
    assert case.number in page(ana, "/cases/closed/")
    assert case.number in page(dragan, "/cases/team/", status="closed")
    assert case.number in page(dragan, "/cases/team/", status="all")


def test_filters_narrow_and_nonsense_is_ignored() -> None:
    ana, dragan, teodora = cast.ana(), cast.dragan(), cast.teodora()
    urgent = cast.case(teodora, ana, at=now())
    regular = cast.case(teodora, at=now(), priority="regular")
    Case.objects.filter(pk=regular.pk).update(next_due_at=now() - timedelta(days=1))
    Case.objects.filter(pk=urgent.pk).update(next_due_at=now() + timedelta(days=1))
    team = "/cases/team/"
    assert urgent.number not in page(dragan, team, priority="regular")
    assert urgent.number not in page(dragan, team, late="1")
    assert regular.number not in page(dragan, team, manager=str(ana.user.pk))
    assert urgent.number not in page(dragan, team, manager="none")
    text = page(dragan, team, priority="\x00", manager="x", order="; drop", status="?", page="-9")
    assert urgent.number in text and regular.number in text
    assert text.index(regular.number) < text.index(urgent.number), "soonest due first"
    assert "No cases match" in page(ana, "/cases/", priority="regular")
    assert page(ana, "/cases/", page="9" * 50)


def test_names_are_shown_only_where_the_grant_reaches_that_far() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    lawyer = cast.member("Vera Lawyer", Role.LAWYER)
    assert "Farid Rahimi" in page(ana, "/cases/")
    text = page(lawyer, "/cases/team/")
    assert case.number in text
    assert "Farid" not in text
    assert "name not shown" in text


def test_a_page_of_names_is_one_event_and_a_bounded_number_of_queries() -> None:
    ana, teodora = cast.ana(), cast.teodora()
    client = ana.client()
    cast.case(teodora, ana, at=now())
    client.get("/cases/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/cases/").status_code == 200
        return len(found)

    one = cost()
    for _n in range(5):
        cast.case(teodora, ana, at=now())
    reads = Event.objects.filter(name="sealed.read").count()
    assert cost() == one
    assert one <= 25
    assert Event.objects.filter(name="sealed.read").count() == reads + 1


def test_long_lists_are_paged() -> None:
    ana, teodora = cast.ana(), cast.teodora()
    first = cast.case(teodora, ana, at=now())
    _copy(first, 60)
    text = page(ana, "/cases/")
    assert text.count('<th scope="row"') == 50
    assert "61" in text
    assert page(ana, "/cases/", page="2").count('<th scope="row"') == 11


def _copy(case: Case, times: int) -> None:
    """More cases of the same child elsewhere in time, with the manager's grant."""
    from oslonac.access.models import Grant
    from oslonac.kit.ids import uuid7

    grant = Grant.objects.get(record_id=case.pk, reason="assignment")
    for n in range(times):
        case.pk = uuid7()
        case.number = f"2020-{n:04d}"
        case._state.adding = True
        case.save(force_insert=True)
        grant.pk, grant.record_id = uuid7(), case.pk
        grant._state.adding = True
        grant.save(force_insert=True)


def test_search_finds_by_the_whole_number_and_by_its_end() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    tail = case.number.split("-")[1].lstrip("0")
    assert case.number in page(ana, "/search/", q=case.number)
    assert case.number in page(ana, "/search/", q=tail)
    eastern = tail.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert f">{case.number}<" in page(ana, "/search/", q=eastern)


@pytest.mark.parametrize("typed", ["", "nobody", "\x00", "9" * 100_000, "²", "-", "%", "2026-9999"])
def test_search_of_anything_answers_with_a_sentence(typed: str) -> None:
    assert page(cast.ana(), "/search/", q=typed)


def test_search_does_not_reveal_what_is_not_open() -> None:
    case = cast.case(cast.teodora(), at=now())
    jelena = cast.jelena()
    hidden = page(jelena, "/search/", q=case.number).replace(case.number, "N")
    unknown = page(jelena, "/search/", q="1999-0001").replace("1999-0001", "N")
    assert _main(hidden) == _main(unknown)
    assert "No results for" in hidden


def _main(text: str) -> str:
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", text)
    return text[text.index("<main") : text.index("</main>")]


def test_people_of_my_cases_and_the_dossier() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    assert "Farid Rahimi" in page(ana, "/people/")
    text = page(ana, f"/people/{case.person_id}/")
    assert "Solar Hijri 1389" in text
    assert case.number in text
    lawyer = cast.member("Vera Lawyer", Role.LAWYER)
    closed = page(lawyer, f"/people/{case.person_id}/")
    assert "Farid" not in closed
    assert "Farid" not in page(lawyer, "/people/")
    jelena = cast.jelena().client()
    unknown = "018f0000-0000-7000-8000-000000000000"
    assert jelena.get(f"/people/{case.person_id}/").status_code == 404
    assert jelena.get(f"/people/{unknown}/").status_code == 404


def test_the_people_list_costs_the_same_for_one_and_for_many() -> None:
    ana, teodora = cast.ana(), cast.teodora()
    client = ana.client()
    cast.case(teodora, ana, at=now())
    client.get("/people/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/people/")
        return len(found)

    one = cost()
    for _n in range(4):
        cast.case(teodora, ana, at=now())
    assert cost() == one


def test_moments_are_said_as_people_say_them() -> None:
    at = localtime(now()).replace(hour=10, minute=0)
    assert moments.due(at - timedelta(hours=3), at) == "3 h late"
    assert (
        moments.due(at - timedelta(days=3), at, by_law=False) == "3 days after the recommended date"
    )
    assert moments.due(at + timedelta(hours=1), at) == "today 11:00"
    assert moments.due(at.replace(hour=16) + timedelta(days=1), at) == "tomorrow 16:00"
    assert moments.due(at + timedelta(days=20), at) == "in 20 days"
    assert moments.due(None, at) == "no date"
    assert moments.ago(at - timedelta(days=12), at) == "12 days ago"
    assert moments.ago(None, at, "never") == "never"


def test_a_closing_waits_for_another_person() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = cast.case(cast.teodora(), ana, at=now())
    actions.request_closing(
        actor=ana.actor(),
        at=now(),
        case=case,
        revision=case.revision,
        code="turned_18",
        reason="Otišao.",
    )
    text = page(dragan, "/")
    assert "Approve or return the closing" in text
    assert Person.objects.count() == 1
