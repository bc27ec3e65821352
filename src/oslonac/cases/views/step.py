"""The one address of every step on a case, and the way back from what was just done."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.cases import queries
from oslonac.cases.steps import registry
from oslonac.kit.errors import Denied, Hidden, Refused, Stale
from oslonac.steps.page import answer, home
from oslonac.steps.step import Doing, Step
from oslonac.web.messages import toast


@permitted(Permission.CASE_READ)
def take(
    request: ActingRequest, case_id: UUID, slug: str, subject_id: UUID | None = None
) -> HttpResponse:
    """Show the form of a step, or take the step."""
    step = registry.find(slug, on_record=subject_id is not None)
    if step is None:
        queries.case(request.actor, case_id, at=request.at)  # hidden cases come first
        if subject_id is None or registry.find(slug, on_record=False) is None:
            raise Hidden("step", slug)
        # An obligation may name a record that the step does not need.
        return redirect("cases:step", case_id=case_id, slug=slug)
    doing = step.on.begin(request.actor, request.at, case_id, subject_id, slug=slug)
    other = _instead(request, step, doing)
    if other is not None:
        return redirect("cases:step_on", case_id=case_id, slug=slug, subject_id=other.pk)
    return answer(request, step, doing, undo=_undo_url)


def _instead(request: HttpRequest, step: Step, doing: Doing) -> Any:
    """The record that was begun already and is gone on with."""
    if request.method == "POST" or step.instead is None or "new" in request.GET:
        return None
    may = step.permission in doing.actor.permissions and step.competent(doing.actor, doing.of)
    may = may and doing.of.reach.shows(step.level)
    return step.instead(doing.of) if may else None


def _undo_url(step: Step, doing: Doing, result: Any) -> str:
    inverse = registry.find(step.undone_by, on_record=True) if step.undone_by else None
    if inverse is None or not inverse.open_to(doing.actor, doing.of, result):
        return ""
    data = inverse.undo_data or {}
    if data and all(getattr(result, name, None) == value for name, value in data.items()):
        return ""  # this was itself the way back
    return reverse("cases:undo", args=[doing.of.pk, inverse.slug, result.pk, result.revision])


@permitted(Permission.CASE_READ)
def undo(
    request: ActingRequest, case_id: UUID, slug: str, subject_id: UUID, revision: int
) -> HttpResponse:
    """Take back what was just done, if nobody went on from it."""
    step = registry.find(slug, on_record=True)
    if step is None or step.undo_data is None:
        queries.case(request.actor, case_id, at=request.at)
        raise Hidden("step", slug)
    doing = step.on.begin(request.actor, request.at, case_id, subject_id, slug=slug)
    back = HttpResponseRedirect(home(step, doing))
    if request.method != "POST":
        return back
    policy.require(doing.actor, step.permission)
    if not step.competent(doing.actor, doing.of):
        raise Denied(f"{step.permission}.elsewhere", record=case_id)
    doing = replace(doing, request_key=f"undo:{subject_id}:{revision}", revision=revision)
    data = {name: "" for name in step.form.base_fields} | dict(step.undo_data)
    try:
        step.take(doing, data)
    except Stale:
        toast(
            request,
            _("Somebody has made a later change, so this was not undone."),
            level=messages.WARNING,
        )
    except Refused as refused:
        toast(request, str(refused.message), level=messages.WARNING)
    else:
        toast(request, _("Undone."))
    return back
