"""The page of a step: the form, the write, what went wrong, what changed meanwhile.

Nothing typed is lost: errors land beside the fields, a lost race shows both versions, a key that
was used before is replaced. Belongs here: what is so for every step. Does not: what a record shows
beside the form (its `Target`), taking a step back (`undo`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.access import policy
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import RepeatedDifferently, record_read
from oslonac.kit.errors import Denied, Invalid, Refused, Stale
from oslonac.kit.ids import uuid7
from oslonac.steps.conflict import as_it_stands, conflict_of, own_words
from oslonac.steps.forms import StepForm
from oslonac.steps.step import Doing, Step, page_name
from oslonac.web.messages import toast
from oslonac.web.refusals import complain_of_key, complain_of_upload
from oslonac.web.shapes import Link

Undo = Callable[[Step, Doing, Any], str]


def pages(*steps: Step) -> list[URLPattern]:
    """A route for each step, below the address of its target, named by its slug."""
    return [path(step.on.page + _address(step), view(step), name=page_name(step)) for step in steps]


def _address(step: Step) -> str:
    return f"{step.slug}/" if step.address is None else step.address


def view(step: Step) -> Callable[..., HttpResponse]:
    """What answers at the address of one step."""

    def take(request: ActingRequest, **ids: Any) -> HttpResponse:
        if step.on.asked is not None:
            doing = step.on.doing(request.actor, request.at, step.on.asked(request))
        else:
            doing = step.on.begin(request.actor, request.at, next(iter(ids.values()), None))
        return answer(request, step, doing)

    take.__doc__ = str(step.action.__doc__)
    take.step = step  # type: ignore[attr-defined]  # a walk over all routes finds it by this
    # Whoever may not take it is refused whatever the method.
    return permitted(step.on.permission or step.permission)(
        require_POST(take) if step.press else take
    )


def answer(
    request: ActingRequest, step: Step, doing: Doing, *, undo: Undo | None = None
) -> HttpResponse:
    """Show the form of a step, or take the step."""
    policy.require(doing.actor, step.permission)
    if not step.competent(doing.actor, doing.of):
        raise Denied(f"{step.permission}.elsewhere", record=getattr(doing.of, "pk", None))
    step.on.require(doing.actor, doing.of, step.level, doing.at)
    if request.method == "POST":
        return _take(request, step, doing, undo)
    if not step.open_to(doing.actor, doing.of, doing.subject):
        toast(request, not_now(step, doing), level=messages.WARNING)
        return HttpResponseRedirect(home(step, doing))
    form = step.form(None, doing=doing, initial=step.initial(doing))
    return show(request, step, doing, form)


def _take(request: HttpRequest, step: Step, doing: Doing, undo: Undo | None) -> HttpResponse:
    form = step.form(request.POST, doing=doing, files=request.FILES)
    complain_of_upload(request, form)
    if not form.is_valid():
        return show(request, step, doing, form, status=422)
    data = dict(form.cleaned_data)
    doing = replace(
        doing,
        request_key=data.pop("request_key") or str(uuid7()),
        revision=data.pop("revision") or doing.standing,
    )
    data["button"] = request.POST.get("button", "")
    try:
        result = step.take(doing, data)
    except Stale as stale:
        return _both_versions(request, step, doing, form, stale)
    except Refused as refused:
        return _refused(request, step, doing, form, refused)
    words = step.done(result) if callable(step.done) else step.done
    toast(request, str(words), undo_url=undo(step, doing, result) if undo else "")
    return HttpResponseRedirect(step.then(result) if step.then else home(step, doing))


def _refused(
    request: HttpRequest, step: Step, doing: Doing, form: StepForm, refused: Refused
) -> HttpResponse:
    """What refused it, beside the fields; for a button of another page, on that page."""
    if step.press:
        toast(request, str(refused.message), level=messages.WARNING)
        return HttpResponseRedirect(home(step, doing))
    if isinstance(refused, Invalid):
        for name, sentence in refused.fields.items():
            complain(form, step.aliases.get(name, name), sentence)
    elif isinstance(refused, RepeatedDifferently):
        complain_of_key(form)
    else:
        complain(form, step.aliases.get(refused.field, refused.field), refused.message)
    return show(request, step, doing, form, status=422)


def complain(form: StepForm, field: str, sentence: Any) -> None:
    """A sentence beside its field, or above the form."""
    form.add_error(field if field in form.fields else None, str(sentence))


def _both_versions(
    request: HttpRequest, step: Step, doing: Doing, form: StepForm, stale: Stale
) -> HttpResponse:
    back = home(step, doing)
    conflict = conflict_of(step, doing, form, stale.current, url=request.get_full_path(), home=back)
    now = as_it_stands(step, doing, stale.current)
    stands, shown = step.on.stands(now)
    context = frame(step, now, *step.reveals, *shown) | {
        "conflict": conflict,
        "step": step,
        "stands": stands,
        "settled": step.settled(now),
        "own_words": own_words(form),
    }
    return render(request, "steps/conflict.html", context, status=409)


def show(
    request: HttpRequest, step: Step, doing: Doing, form: StepForm, status: int = 200
) -> HttpResponse:
    """The form, with what was typed and what is wrong with it."""
    context = frame(step, doing) | {"form": form, "step": step, "doing": doing}
    return render(request, step.template or step.on.template, context, status=status)


def frame(step: Step, doing: Doing, *more: str) -> dict[str, Any]:
    """What stands around the form. Whatever sealed text it shows is one read event."""
    beside, shown = step.on.beside(doing)
    trail: Sequence[Any] = step.on.crumbs(doing)
    fields = [*step.reads, *shown, *more]
    if fields:
        record_read(
            actor=doing.actor,
            at=doing.at,
            subject=doing.record,
            fields=fields,
            case_id=step.on.case_id(doing),
        )
    return {
        "page_title": str(step.title),
        "crumbs": [*trail, Link(str(step.title))],
        "cancel_url": home(step, doing),
        **beside,
        **step.context(doing),
    }


def home(step: Step, doing: Doing) -> str:
    """The page a step returns to, at the place where it was begun."""
    return step.on.at(doing.of, step.anchor)


def not_now(step: Step, doing: Doing) -> str:
    """Why a step that exists is not offered."""
    closed = step.on.closed(doing.of)
    if closed and not step.when_closed:
        return closed
    if not step.who(doing.actor, doing.subject):
        return _("This step is for somebody else.")
    return _("This was already done, or is no longer needed.")
