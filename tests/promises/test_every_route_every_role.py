"""Every address, asked for by every role: what the role's permissions and grants let it see.

Belongs here: the walk over all routes with ids of real records. Does not: what a page shows to
those who may open it, and writes (`app/test_attacks`, `app/test_steps`). `make test` walks as a few
people; the others walk every night, and so does the access matrix, which asks every role.
"""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from oslonac.access.roles import ALLOWED, Permission, Role
from oslonac.accounts.guards import PUBLIC, permissions_of
from oslonac.accounts.models import Membership
from oslonac.cases.models import Case
from oslonac.cases.steps import registry
from oslonac.directory.models import ContactPoint
from oslonac.kit.clock import now
from oslonac.people import actions as people
from tests import cast
from tests.http import page_of
from tests.routes import address, walked

pytestmark = pytest.mark.django_db
NAME, STORY = "Farid Rahimi", "Sedeo je kraj puta, promrzao."
# What an answer may carry of its own address, and what is new each time.
OWN = re.compile(r'csrf\w*"? value="[^"]*"|"X-CSRFToken": ?"[^"]*"', re.IGNORECASE)
ANSWERS = {200, 204, 302, 403, 404, 405, 409, 422}


@pytest.fixture
def case() -> Case:
    """A child of Vranje with a name, a story and a travel group."""
    teodora = cast.teodora()
    made = cast.case(teodora, cast.ana(), at=now() - timedelta(hours=3))
    people.form_group(
        actor=teodora.actor(),
        at=now(),
        label="Kod Miratovca",
        case_id=made.pk,
        members=[(made.person, "member")],
    )
    return made


@pytest.fixture
def ids(case: Case) -> dict[str, Any]:
    """A real record for every parameter that routes have."""
    contact = ContactPoint.objects.filter(organisation__isnull=False).first()
    return {
        "case_id": case.pk,
        "encounter_id": case.encounter_id,
        "person_id": case.person_id,
        "group_id": case.person.groups.get().group_id,
        "organisation_id": case.organisation_id,
        "contact_id": contact.pk if contact else uuid4(),
        "user_id": case.manager_id,
        "membership_id": Membership.objects.filter(user=case.manager_id).get().pk,
        "code": "rs-vranje",
        "name": "concerns",
        "slug": "contact",
        "revision": 1,
    }


def plain(response: Any) -> str:
    """The body without the address asked for and without tokens."""
    text = page_of(response)
    text = text.replace(response.request["PATH_INFO"], "/")
    return OWN.sub("", text)


def ask(client: Client, url: str) -> Any:
    """The answer to GET; a failure of the server is an answer as well."""
    client.raise_request_exception = False
    response = client.get(url)
    assert response.status_code in ANSWERS, (url, response.status_code)
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"], url
    return response


# Who works on cases, who helps with them, who watches over them.
EVERY_TIME = (Role.CASE_MANAGER, Role.POLICE, Role.AUDITOR)


def some(everybody: Any, now_and_then: Any) -> list[Any]:
    """All of them as parameters; those who do not come every time come nightly."""
    return [
        pytest.param(each, marks=[] if each in now_and_then else [pytest.mark.long])
        for each in everybody
    ]


@pytest.mark.parametrize("role", some(Role, EVERY_TIME))
def test_no_route_shows_a_stranger_anything(role: Role, ids: dict[str, Any]) -> None:
    """Somebody of another town: 403 without the permission, 404 with it, never the child."""
    client = cast.member("Stran C.", role, "csw-subotica").client()
    for route, entry in walked():
        declared = permissions_of(entry.callback)
        response = ask(client, address(route, ids))
        status = response.status_code
        if not declared & {PUBLIC, *ALLOWED[role]}:
            assert status == 403, (route, status)
        elif re.search("case_id|encounter_id|person_id|group_id", route):
            if status == 302:  # to the step that this role takes instead, existing or not
                response = ask(client, response["Location"])
            assert response.status_code in (404, 405), (route, status)
        for secret in (NAME, STORY):
            assert secret not in response.content.decode(errors="replace"), route


@pytest.mark.parametrize(
    "who", some((cast.ana, cast.teodora, cast.dragan), (cast.ana,)), ids=lambda who: who.__name__
)
def test_no_route_fails_for_those_who_work_on_the_case(who: Any, ids: dict[str, Any]) -> None:
    client = who().client()
    for route, _entry in walked():
        ask(client, address(route, ids))
    for step in registry.all_steps():
        foreign = f"{uuid4()}/" if step.part is not None else ""
        answer = ask(client, f"/cases/{ids['case_id']}/do/{step.slug}/{foreign}")
        assert not foreign or answer.status_code in (302, 403, 404), step.slug


def test_unknown_and_foreign_ids_answer_with_the_same_body(ids: dict[str, Any]) -> None:
    client = cast.member("Marko Ž.", Role.CASE_MANAGER, "csw-subotica").client()
    assert Permission.ENCOUNTER_RECORD in ALLOWED[Role.CASE_MANAGER]
    bodies: dict[bool, set[str]] = {True: set(), False: set()}
    for route, entry in walked():
        if not re.search("case_id|encounter_id|person_id|group_id", route):
            continue
        if not permissions_of(entry.callback) & ALLOWED[Role.CASE_MANAGER]:
            continue
        for known in (ids, {"slug": "contact", "revision": 1}):
            response = ask(client, address(route, known))
            if response.status_code == 404:
                bodies[route.startswith("api/")].add(plain(response))
    assert len(bodies[False]) == 1
    assert len(bodies[True]) == 1
