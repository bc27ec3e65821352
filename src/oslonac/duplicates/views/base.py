"""What the pages of pairs share: crumbs, a form with its step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.duplicates import queries, shown
from oslonac.duplicates.beside import Beside
from oslonac.duplicates.forms import PairForm
from oslonac.duplicates.models import Pair
from oslonac.kit.errors import Invalid, Refused, Stale
from oslonac.web.messages import toast
from oslonac.web.shapes import Flag, Link

compares = permitted(Permission.PERSONS_COMPARE)
leads = permitted(Permission.CASE_APPROVE)


def crumbs(*more: Link) -> list[Link]:
    return [Link(_("Possible duplicates"), reverse("duplicates:index")), *more]


def home(pair: Pair) -> str:
    return reverse("duplicates:pair", args=[pair.pk])


def step(
    request: ActingRequest,
    form: PairForm,
    pair: Pair,
    *,
    title: str,
    submit: str,
    act: Callable[..., Any],
    done: str,
    template: str = "duplicates/form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form, or take its step by the action `act`: errors beside the fields, what was typed
    stays."""
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        said["revision"] = said["revision"] or 0
        try:
            act(actor=request.actor, at=request.at, pair=pair, **said)
        except Invalid as invalid:
            for name, sentence in invalid.fields.items():
                form.add_error(name if name in form.fields else None, str(sentence))
        except Refused as refused:
            form.add_error(None, str(refused.message))
        except Stale as stale:
            form.add_error(
                None, _("Somebody else has changed this. Check the pair, then save again.")
            )
            now_at = getattr(stale.current, "revision", 0)
            form.data = {**request.POST.dict(), "revision": str(now_at)}
        else:
            toast(request, done)
            return redirect(home(pair))
    context = {
        "page_title": title,
        "title": title,
        "form": form,
        "submit": submit,
        "pair": pair,
        "back": home(pair),
        "crumbs": crumbs(Link(_("Two records"), home(pair)), Link(title)),
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


def form_step(
    request: ActingRequest, pair_id: UUID, form: type[PairForm], **words: Any
) -> HttpResponse:
    """A step that asks for no more than its form says; `words` as `step` takes them."""
    found = queries.pair(request.actor, pair_id, at=request.at)
    return step(request, form(request.POST or None, revision=found.revision), found, **words)


def press(
    request: ActingRequest, pair_id: UUID, act: Callable[..., Any], done: str, then: str = ""
) -> HttpResponse:
    """A button without a form; without a revision (an undo) what stands now is meant. Whatever
    refuses it is said on the page it was pressed on."""
    found = queries.pair(request.actor, pair_id, at=request.at)
    said = request.POST.get("revision", "")
    try:
        act(
            actor=request.actor,
            at=request.at,
            pair=found,
            revision=int(said) if said.isdecimal() else found.revision,
            request_key=request.POST.get("request_key", "")[:70],
        )
    except Refused as refused:
        toast(request, str(refused.message), level=30)
    except Stale:
        toast(request, _("Somebody else has changed this. Check it before you continue."), level=30)
    else:
        toast(request, done)
        return redirect(then or home(found))
    return redirect(home(found))


def laid_out(both: Beside) -> dict[str, Any]:
    """Two records beside each other, for the template: lines, and what nobody knows of either."""
    return {
        "both": both,
        "lines": [
            (line, Flag(capfirst(str(line.agreement.label)), shown.AGREES[line.agreement]))
            for line in both.lines
            if line.left or line.right
        ],
        "unknown": [line.label for line in both.lines if not (line.left or line.right)],
    }
