"""The pages of questions: the list, one question, answering it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import record, record_read
from oslonac.audit.models import Outcome
from oslonac.duplicates.who_sees import answers_for
from oslonac.kit.errors import Invalid, Refused, Stale
from oslonac.signals import actions, forms, queries, shown
from oslonac.signals.queries import Asked
from oslonac.signals.rules import SignalKind, SignalStatus
from oslonac.web.messages import toast
from oslonac.web.shapes import Link

PAGE = 25
asks = permitted(Permission.PERSONS_COMPARE)
TABS = {"": (SignalStatus.OPEN,), "closed": (SignalStatus.ANSWERED, SignalStatus.DISMISSED)}


@asks
def index(request: ActingRequest) -> HttpResponse:
    """Questions whose every file the reader sees."""
    actor, at = request.actor, request.at
    tab = request.GET.get("show", "")
    tab = tab if tab in TABS else ""
    kind = request.GET.get("kind", "")
    listed = queries.visible_to(actor, at=at)
    chosen = [
        each
        for each in listed
        if each.signal.status in TABS[tab]
        and (kind not in SignalKind.values or each.signal.kind == kind)
    ]
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    rows = shown.of_asked(actor, list(page), at=at)
    _note_read(request, list(page))
    context = {
        "page_title": _("Links between cases"),
        "rows": rows,
        "page": page,
        "tab": tab,
        "kind": kind,
        "kinds": [("", _("all questions")), *SignalKind.choices],
        "tabs": [
            Link(
                label,
                reverse("signals:index") + (f"?show={name}" if name else ""),
                current=tab == name,
                count=sum(each.signal.status in TABS[name] for each in listed),
            )
            for name, label in (("", _("To check")), ("closed", _("Answered or dismissed")))
        ],
    }
    return render(request, "signals/index.html", context)


def _note_read(request: ActingRequest, asked: list[Asked]) -> None:
    ids = sorted({str(pk) for each in asked for pk in each.people})
    if ids:
        record(
            "sealed.read",
            actor=request.actor,
            at=request.at,
            kind="signals_list",
            fields=["shown_name"],
            data={"persons": ids},
            outcome=Outcome.READ,
        )


@asks
def signal(request: ActingRequest, signal_id: UUID) -> HttpResponse:
    """One question: why it is asked, the files it is about, what was answered."""
    actor, at = request.actor, request.at
    asked = queries.signal(actor, signal_id, at=at)
    question = shown.of_asked(actor, [asked], at=at)[0]
    _note_read(request, [asked])
    why = queries.why_of(asked)
    if why:
        record_read(actor=actor, at=at, subject=asked.signal, fields=["why"])
    may = answers_for(actor, Permission.PERSONS_COMPARE, *asked.people)
    context = {
        "page_title": _("Question"),
        "crumbs": [
            Link(_("Links between cases"), reverse("signals:index")),
            Link(_("Question")),
        ],
        "question": question,
        "answered": shown.answered(asked.signal, why),
        "may_answer": may and asked.signal.status == SignalStatus.OPEN,
        "may_reopen": may and asked.signal.status != SignalStatus.OPEN,
    }
    return render(request, "signals/signal.html", context)


@asks
def answer(request: ActingRequest, signal_id: UUID) -> HttpResponse:
    """Say what was found."""
    asked = queries.signal(request.actor, signal_id, at=request.at)
    form = forms.AnswerForm(request.POST or None, revision=asked.signal.revision)
    return _step(
        request,
        form,
        asked,
        actions.answer,
        _("Answer the question"),
        _("Answer"),
        _("Answered. It is asked again only if other people are involved."),
    )


@asks
def dismiss(request: ActingRequest, signal_id: UUID) -> HttpResponse:
    """Put a question aside."""
    asked = queries.signal(request.actor, signal_id, at=request.at)
    form = forms.DismissForm(request.POST or None, revision=asked.signal.revision)
    return _step(
        request,
        form,
        asked,
        actions.dismiss,
        _("Dismiss the question"),
        _("Dismiss"),
        _("Dismissed. The files are not changed."),
    )


@asks
@require_POST
def reopen(request: ActingRequest, signal_id: UUID) -> HttpResponse:
    """Ask again."""
    asked = queries.signal(request.actor, signal_id, at=request.at)
    said = request.POST.get("revision", "")
    try:
        actions.reopen(
            actor=request.actor,
            at=request.at,
            signal=asked.signal,
            revision=int(said) if said.isdecimal() else 0,
        )
    except Refused as refused:
        toast(request, str(refused.message), level=30)
    except Stale:
        toast(request, _("Somebody else has changed this. Check it before you continue."), level=30)
    else:
        toast(request, _("The question is asked again."))
    return redirect("signals:signal", signal_id)


def _step(
    request: ActingRequest, form: Any, asked: Asked, act: Any, title: str, submit: str, done: str
) -> HttpResponse:
    """Show a form, or take its step: errors beside the fields, what was typed stays."""
    home = reverse("signals:signal", args=[asked.signal.pk])
    if form.is_bound and form.is_valid():
        said = form.cleaned_data | {"revision": form.cleaned_data["revision"] or 0}
        try:
            act(actor=request.actor, at=request.at, signal=asked.signal, **said)
        except Invalid as invalid:
            for name, sentence in invalid.fields.items():
                form.add_error(name if name in form.fields else None, str(sentence))
        except Refused as refused:
            form.add_error(None, str(refused.message))
        except Stale as stale:
            form.add_error(None, _("Somebody else has changed this. Check it, then save again."))
            now_at = getattr(stale.current, "revision", 0)
            form.data = {**request.POST.dict(), "revision": str(now_at)}
        else:
            toast(request, done)
            return redirect(home)
    context = {
        "page_title": title,
        "title": title,
        "form": form,
        "submit": submit,
        "back": home,
        "crumbs": [
            Link(_("Links between cases"), reverse("signals:index")),
            Link(_("Question"), home),
            Link(title),
        ],
    }
    return render(request, "signals/form.html", context, status=422 if form.is_bound else 200)
