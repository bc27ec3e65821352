"""What the pages of the steps on an encounter do besides the step itself."""

from typing import Any
from uuid import UUID

from django.forms.utils import ErrorDict
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.cases import queries
from oslonac.encounters import actions as encounters
from oslonac.encounters.steps import AT_RISK, NAME
from oslonac.encounters.views import known
from oslonac.steps.page import show, view
from oslonac.web.messages import toast

_name = view(NAME)
_at_risk = view(AT_RISK)


@permitted(Permission.PERSON_WRITE)
def child(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """Say who the child met is, when nobody did at the encounter."""
    if request.method != "POST" or not request.POST.get("look"):
        return _name(request, encounter_id=encounter_id)
    # Without scripts: who may be known already.
    doing = NAME.on.begin(request.actor, request.at, encounter_id)
    form = NAME.form(request.POST, doing=doing)
    form._errors = ErrorDict()
    form.panel = known.context(request, "", ask_elsewhere=request.POST["look"] == "elsewhere")
    return show(request, NAME, doing, form)


@permitted(Permission.ENCOUNTER_DECIDE)
def at_risk(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """At risk, decided by somebody who may not open the case; the centre does."""
    queries.encounter(request.actor, encounter_id, at=request.at, level=Level.CASE)
    if Permission.CASE_OPEN in request.actor.permissions:
        return redirect("encounters:encounter_to_case", encounter_id)
    return _at_risk(request, encounter_id=encounter_id)


@permitted(Permission.ENCOUNTER_RECORD)
@require_POST
def told(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """Whoever told us was told the outcome."""
    met = queries.encounter(request.actor, encounter_id, at=request.at, level=Level.CASE)
    if met.reporter_told_at is None:
        # A stamp that hides nothing anybody wrote: it stands on the record as it is now.
        encounters.tell_reporter(
            actor=request.actor,
            at=request.at,
            encounter=met,
            revision=met.revision,
            request_key=request.POST.get("request_key", "")[:80],
        )
    toast(request, _("Recorded that the reporter is informed of the outcome."))
    return redirect("encounters:encounter", met.pk)


def _own(page: Any, step: Any) -> None:
    page.step = step  # a walk over all routes finds it by this


_own(child, NAME)
_own(at_risk, AT_RISK)
