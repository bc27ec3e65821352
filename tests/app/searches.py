"""A father far away who seeks his son, and the child who may be him: for tests of tracing."""

from datetime import date, timedelta
from typing import Any

import pytest

from oslonac.access.roles import Role
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from oslonac.people import actions as people
from oslonac.tracing import actions
from oslonac.tracing.models import Candidate, TracingRequest
from tests import cast
from tests.cast import Member

CHILD = "Farid Rahimi"


@pytest.fixture
def seeker() -> Member:
    """Somebody of a civil society organisation far from the child's centre."""
    return cast.member("Sanja Vuk", Role.NGO_WORKER, "csw-subotica")


@pytest.fixture
def child() -> tuple[Case, Member]:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    people.state(
        actor=ana.actor(),
        at=now(),
        person=case.person,
        attribute="sex",
        code="male",
        case_id=case.pk,
    )
    return case, ana


def asked(by: Member, **more: Any) -> TracingRequest:
    """A father's request for his son Farid."""
    at = now()
    request: TracingRequest = actions.open_request(
        actor=by.actor(),
        at=at,
        organisation=by.organisation,
        names=["Karim Rahimi"],
        sex="male",
        contact="through the camp office",
        may_search=True,
        may_share=True,
    )
    values: dict[str, Any] = {
        "names": ["فرید رحیمی"],
        "relation": "child",
        "sex": "male",
        "birth": (date(2010, 1, 1), date(2011, 12, 31)),
    }
    actions.seek(actor=by.actor(), at=at, request=request, **(values | more))
    actions.look_again(actor=by.actor(), at=at, request=request)
    return request


def found(request: TracingRequest) -> Candidate:
    return Candidate.objects.select_related("trace__request", "case", "key").get(
        trace__request=request
    )
