"""Every address, asked for by every role: what the role's permissions and grants let it see.

Belongs here: the walk over all routes with ids of real records. Does not: what a page shows to
those who may open it, and writes (`app/test_attacks`, `app/test_steps`).
"""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern

from oslonac.access.roles import ALLOWED, Permission, Role
from oslonac.accounts.guards import PUBLIC, permissions_of
from oslonac.accounts.models import Membership
from oslonac.cases.models import Case
from oslonac.cases.steps import registry
from oslonac.config.api import api
from oslonac.directory.models import ContactPoint
from oslonac.kit.clock import now
from oslonac.people import actions as people
from tests import cast
from tests.promises.test_declared import ROUTES

pytestmark = pytest.mark.django_db
NAME, STORY = "Farid Rahimi", "Sedeo je kraj puta, promrzao."
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
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


def address(route: str, ids: dict[str, Any]) -> str:
    return "/" + PARAMETER.sub(lambda found: str(ids.get(found[1], uuid4())), route)


def walked() -> list[tuple[str, URLPattern]]:
    """Routes that answer to GET; signing out would end the walk."""
    paths = api.get_openapi_schema()["paths"]
    read = {
        path.strip("/").replace("{", "<").replace("}", ">")
        for path in paths
        if "get" in paths[path]
    }
    return [
        (route, entry)
        for route, entry in ROUTES
        if not route.startswith("account/logout")
        and (not route.startswith("api/") or route in read)
    ]


WALKED = walked()


def plain(response: Any) -> str:
    """The body without the address asked for and without tokens."""
    text = response.content.decode()
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


@pytest.mark.parametrize("role", list(Role))
def test_no_route_shows_a_stranger_anything(role: Role, ids: dict[str, Any]) -> None:
    """Somebody of another town: 403 without the permission, 404 with it, never the child."""
    client = cast.member("Stran C.", role, "csw-subotica").client()
    for route, entry in WALKED:
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


@pytest.mark.parametrize("who", [cast.ana, cast.teodora, cast.dragan], ids=lambda who: who.__name__)
def test_no_route_fails_for_those_who_work_on_the_case(who: Any, ids: dict[str, Any]) -> None:
    client = who().client()
    for route, _entry in WALKED:
        ask(client, address(route, ids))
    for step in registry.all_steps():
        foreign = f"{uuid4()}/" if step.part is not None else ""
        answer = ask(client, f"/cases/{ids['case_id']}/do/{step.slug}/{foreign}")
        assert not foreign or answer.status_code in (302, 403, 404), step.slug


def test_unknown_and_foreign_ids_answer_with_the_same_body(ids: dict[str, Any]) -> None:
    client = cast.member("Marko Ž.", Role.CASE_MANAGER, "csw-subotica").client()
    assert Permission.ENCOUNTER_RECORD in ALLOWED[Role.CASE_MANAGER]
    bodies: dict[bool, set[str]] = {True: set(), False: set()}
    for route, entry in WALKED:
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
