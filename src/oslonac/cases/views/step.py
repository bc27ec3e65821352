"""One view for every step on a case: form, write, errors, conflicts.

Nothing typed is lost: errors land beside the fields, a lost race shows both versions.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

import oslonac.cases.steps  # noqa: F401  (registers the steps of casework)
from oslonac.access import policy
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import record_read
from oslonac.cases import queries, tabs
from oslonac.cases.models import Case
from oslonac.cases.page.identity import whose
from oslonac.cases.rules import CaseStatus
from oslonac.cases.steps import registry
from oslonac.cases.steps.base import StepForm
from oslonac.cases.steps.conflict import conflict_of
from oslonac.cases.steps.registry import Doing, Step
from oslonac.kit.errors import Denied, Hidden, Invalid, Refused, Stale
from oslonac.kit.ids import uuid7
from oslonac.vault.sealing import open_many
from oslonac.web.messages import toast
from oslonac.web.refusals import complain_of_upload
from oslonac.web.shapes import Link


@permitted(Permission.CASE_READ)
def take(
    request: HttpRequest, case_id: UUID, slug: str, subject_id: UUID | None = None
) -> HttpResponse:
    """Show the form of a step, or take the step."""
    step, doing = _find(request, case_id, slug, subject_id)
    if step is None:  # an obligation may name a record that the step does not need
        return redirect("cases:step", case_id=case_id, slug=slug)
    policy.require(doing.actor, step.permission)
    if not step.competent(doing.actor, doing.case):
        raise Denied(f"{step.permission}.elsewhere", record=case_id)
    policy.require_level(doing.actor, "case", case_id, step.level, at=doing.at)
    if request.method == "POST":
        return _take(request, step, doing)
    other = step.instead(doing.case) if step.instead and doing.subject is None else None
    if other is not None and "new" not in request.GET:
        return redirect("cases:step_on", case_id=case_id, slug=slug, subject_id=other.pk)
    if not step.open_to(doing.actor, doing.case, doing.subject):
        toast(request, _not_now(step, doing), level=messages.WARNING)
        return HttpResponseRedirect(_home(doing.case, step.anchor))
    form = step.form(None, doing=doing, initial=step.initial(doing))
    return _show(request, step, doing, form)


def _find(
    request: HttpRequest, case_id: UUID, slug: str, subject_id: UUID | None
) -> tuple[Step | None, Doing]:
    """The step and what it is taken on. Unknown steps and foreign records look alike."""
    case = queries.case(request.actor, case_id, at=request.at)  # type: ignore[attr-defined]
    step = registry.find(slug, on_record=subject_id is not None)
    doing = Doing(request.actor, request.at, case)  # type: ignore[attr-defined]
    if step is None:
        if subject_id is not None and registry.find(slug, on_record=False):
            return None, doing
        raise Hidden("step", slug)
    if subject_id is not None:
        doing = replace(doing, subject=_subject(step, case, subject_id))
    return step, doing


def _subject(step: Step, case: Case, subject_id: UUID) -> Any:
    if step.find is not None:
        found = step.find(case, subject_id)
        if found is None:
            raise Hidden(step.slug, subject_id)
        return found
    assert step.on is not None  # noqa: S101  (registered on a record)
    found = queries.part(case, step.on, subject_id, through=step.through)
    return found


def _take(request: HttpRequest, step: Step, doing: Doing) -> HttpResponse:
    form = step.form(request.POST, doing=doing, files=request.FILES)
    complain_of_upload(request, form)
    if not form.is_valid():
        return _show(request, step, doing, form, status=422)
    data = dict(form.cleaned_data)
    doing = replace(
        doing,
        request_key=data.pop("request_key") or str(uuid7()),
        revision=data.pop("revision") or getattr(doing.record, "revision", 0),
    )
    data["button"] = request.POST.get("button", "")
    try:
        result = step.run(doing, data)
    except Stale as stale:
        return _both_versions(request, step, doing, form, stale)
    except Invalid as invalid:
        for name, sentence in invalid.fields.items():
            _complain(form, step.aliases.get(name, name), sentence)
    except Refused as refused:
        if refused.code == "request.key_reused":
            form.data = form.data.copy()
            form.data["request_key"] = str(uuid7())
            sentence = _("This form was already saved. Check the case before you save again.")
            _complain(form, "", sentence)
        else:
            _complain(form, step.aliases.get(refused.field, refused.field), refused.message)
    else:
        _tell(request, step, doing, result)
        return HttpResponseRedirect(_home(doing.case, step.anchor))
    return _show(request, step, doing, form, status=422)


def _complain(form: StepForm, field: str, sentence: Any) -> None:
    form.add_error(field if field in form.fields else None, str(sentence))


def _tell(request: HttpRequest, step: Step, doing: Doing, result: Any) -> None:
    toast(request, str(step.done), undo_url=_undo_url(step, doing, result))


def _undo_url(step: Step, doing: Doing, result: Any) -> str:
    inverse = registry.find(step.undone_by, on_record=True) if step.undone_by else None
    if inverse is None or not inverse.open_to(doing.actor, doing.case, result):
        return ""
    data = inverse.undo_data or {}
    if data and all(getattr(result, name, None) == value for name, value in data.items()):
        return ""  # this was itself the way back
    return reverse("cases:undo", args=[doing.case.pk, inverse.slug, result.pk, result.revision])


@permitted(Permission.CASE_READ)
def undo(
    request: HttpRequest, case_id: UUID, slug: str, subject_id: UUID, revision: int
) -> HttpResponse:
    """Take back what was just done, if nobody went on from it."""
    step, doing = _find(request, case_id, slug, subject_id)
    if step is None or step.undo_data is None:
        raise Hidden("step", slug)
    home = _home(doing.case, step.anchor)
    if request.method != "POST":
        return HttpResponseRedirect(home)
    policy.require(doing.actor, step.permission)
    if not step.competent(doing.actor, doing.case):
        raise Denied(f"{step.permission}.elsewhere", record=case_id)
    doing = replace(doing, request_key=f"undo:{subject_id}:{revision}", revision=revision)
    data = {name: "" for name in step.form.base_fields} | dict(step.undo_data)
    try:
        step.run(doing, data)
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
    return HttpResponseRedirect(home)


def _both_versions(
    request: HttpRequest, step: Step, doing: Doing, form: StepForm, stale: Stale
) -> HttpResponse:
    conflict = conflict_of(step, doing, form, stale.current, _home(doing.case, step.anchor))
    context = _frame(step, doing) | {"conflict": conflict}
    return render(request, "cases/conflict.html", context, status=409)


def _show(
    request: HttpRequest, step: Step, doing: Doing, form: StepForm, status: int = 200
) -> HttpResponse:
    context = _frame(step, doing) | {"form": form, "step": step}
    return render(request, "cases/step.html", context, status=status)


def _frame(step: Step, doing: Doing) -> dict[str, Any]:
    home = reverse("cases:case", args=[doing.case.pk])
    name = _name_shown(step, doing)
    return {
        "whose": name,
        "whose_facts": whose(doing.case, doing.at),
        "page_title": f"{step.title} · {doing.case.number}",
        "case": doing.case,
        "cancel_url": _home(doing.case, step.anchor),
        "crumbs": [
            Link(_("Case %(number)s") % {"number": doing.case.number}, home),
            Link(str(step.title)),
        ],
    }


def _name_shown(step: Step, doing: Doing) -> str:
    """The child's name beside the form, so that nobody writes into the wrong file. Whatever
    sealed text the form shows is part of the same read event."""
    fields = list(step.reads)
    name = ""
    if doing.case.reach.shows(Level.IDENTITY):
        keys = {doing.case.person.key_id: doing.case.person.key}
        opened = open_many([doing.case.person], "shown_name", keys=keys)
        name = opened[doing.case.person_id]["shown_name"]
        fields.append("shown_name")
    if fields:
        record_read(
            actor=doing.actor,
            at=doing.at,
            subject=doing.record,
            fields=fields,
            case_id=doing.case.pk,
        )
    return name


def _home(case: Case, anchor: str) -> str:
    return tabs.at(case.pk, anchor)


def _not_now(step: Step, doing: Doing) -> str:
    if doing.case.status == CaseStatus.CLOSED and not step.when_closed:
        return _("The case is closed. Re-open it first.")
    if not step.who(doing.actor, doing.subject):
        return _("This step is for somebody else.")
    return _("This was already done, or is no longer needed.")
