"""One-click sign-in as one of the cast, and the list of scenarios."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from oslonac.access import reader
from oslonac.accounts.guards import public
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for
from oslonac.audit.actions import record
from oslonac.audit.models import Event
from oslonac.demo.cast import BY_CODE
from oslonac.demo.context import card
from oslonac.demo.mass import mark
from oslonac.demo.scenarios import SCENARIOS, Scenario
from oslonac.kit.clock import now

_BACKEND = "oslonac.accounts.backends.LoginName"


@public
@require_POST
def sign_in(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in as a member of the invented cast. Answers 404 outside a demonstration."""
    user = User.objects.filter(is_demo=True, demo_code=code, is_active=True).first()
    if not settings.OSLONAC_DEMO or user is None or code not in BY_CODE:
        raise Http404
    if request.user.is_authenticated:
        request.session.flush()  # nothing of the former person may stay in the session
    login(request, user, backend=_BACKEND)
    request.session["demo_code"] = code
    at = now()
    record("demo.signed_in", actor=actor_for(user, at=at), at=at, subject=user)
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return redirect(wanted if safe else settings.LOGIN_REDIRECT_URL)


@public
@require_GET
def scenarios(request: HttpRequest) -> HttpResponse:
    """What happened, what to look at, and one button that signs in and opens it."""
    marks = {mark(f"scenario:{scenario.number}"): scenario.number for scenario in SCENARIOS}
    with reader.system():  # the builder's own marks of invented cases: kinds and ids
        events = list(Event.objects.filter(record_id__in=list(marks), name="demo.built"))
    targets = {marks[event.record_id]: event.data for event in events if event.record_id}
    rows = [_row(scenario, targets.get(scenario.number)) for scenario in SCENARIOS]
    return render(request, "demo/scenarios.html", {"scenarios": rows})


def _row(scenario: Scenario, target: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "number": scenario.number,
        "title": gettext(scenario.title),
        "happened": gettext(scenario.happened),
        "look": gettext(scenario.look),
        "later": gettext(scenario.later) if scenario.later else "",
        "person": card(BY_CODE[scenario.opens_as]),
        "next": _address(target) if target else "",
    }


def _address(target: dict[str, Any]) -> str:
    names = {"case": "cases:case", "encounter": "encounters:encounter"}
    names["organisation"] = "directory:organisation"
    try:
        return reverse(names[target["kind"]], args=[target["id"]])
    except NoReverseMatch:
        return "/"
