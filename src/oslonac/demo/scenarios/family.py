"""Beside the twenty stories: a father who asks for his son, so that tracing has somebody in it."""

from datetime import date

from django.utils.translation import gettext as told

from oslonac.demo.scenarios.story import Teller
from oslonac.directory.models import Organisation
from oslonac.tracing import actions
from oslonac.tracing.models import Candidate, TracingRequest

ASKED_BY = "jelena"


def father_asks(t: Teller) -> TracingRequest:
    """A father in another country asks an organisation for Waleed of scenario 5; his case manager
    was asked and has not spoken with him yet."""
    by, at = t.cast(ASKED_BY), t.ago(days=1)
    office = Organisation.objects.get(pk=by.organisation_id)
    request: TracingRequest = actions.open_request(
        actor=by.actor,
        at=at,
        organisation=office,
        names=["Gul Agha Ahmadzai", "ګل اغا احمدزی"],
        sex="male",
        contact=told("Through the Red Cross of the country he lives in."),
        story=told("Lost his son at a border two years ago; last heard of him near Sofia."),
        may_search=True,
        may_share=True,
    )
    actions.seek(
        actor=by.actor,
        at=at,
        request=request,
        names=["Waleed Ahmadzai", "ولید"],
        relation="child",
        sex="male",
        birth=(date(2011, 1, 1), date(2012, 12, 31)),
        citizenship="AF",
        language="ps",
    )
    actions.look_again(actor=by.actor, at=at, request=request)
    likeliest = Candidate.objects.filter(trace__request=request).order_by("-probability").first()
    if likeliest is not None:
        actions.ask_about(actor=by.actor, at=at, candidate=likeliest, revision=likeliest.revision)
    return request
