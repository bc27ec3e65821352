"""Steps on an encounter: correct it, add the person, decide, open a case, reporter informed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import RepeatedDifferently, record_read
from oslonac.audit.models import Event, Outcome
from oslonac.cases import actions, lists, moments, queries
from oslonac.cases.encounter_forms import CorrectForm, place_error
from oslonac.cases.models import Encounter
from oslonac.cases.people_met_forms import ChildForm
from oslonac.cases.rules import EncounterOutcome, Safety
from oslonac.cases.triage_forms import AtRiskForm, CaseForm, StopForm
from oslonac.cases.views import known as known_already
from oslonac.cases.views.encounter_page import texts_of
from oslonac.directory import codes
from oslonac.kit.errors import Invalid, Refused, Stale
from oslonac.kit.ids import uuid7
from oslonac.people.models import Person
from oslonac.people.queries import shown_names
from oslonac.people.rules import Presence
from oslonac.web.messages import toast
from oslonac.web.refusals import complain_of_key
from oslonac.web.shapes import Conflict, Difference, Link

LISTS = ("present", "needs")


@permitted(Permission.ENCOUNTER_RECORD)
def correct(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """Write down what turned out: father and uncle were around the corner."""
    met = _encounter(request, encounter_id, Level.NARRATIVE)
    form = CorrectForm(_sent(request), initial=_as_known(met) | _hidden(met))
    if not form.is_bound:
        record_read(actor=request.actor, at=request.at, subject=met, fields=["narrative"])
    elif form.is_valid():
        try:
            actions.correct_triage(
                actor=request.actor,
                at=request.at,
                encounter=met,
                revision=form.cleaned_data["revision"],
                request_key=form.cleaned_data["request_key"],
                **form.triage(),
            )
        except Stale:
            return _two_versions(request, met.pk, form)
        except Refused as error:
            _explain(form, error)
        else:
            toast(
                request, _("The correction is saved. The earlier answers are in the activity log.")
            )
            return redirect("cases:encounter", met.pk)
    return _form_page(request, met, form, _("Correct what is known"), _("Save the correction"))


def _as_known(met: Encounter) -> dict[str, Any]:
    verified = {True: "yes", False: "no", None: ""}[met.presence_verified]
    return {
        "present": met.present,
        "presence_verified": verified,
        "safety": met.safety,
        "needs": met.needs,
        "narrative": texts_of(met)["narrative"],
    }


def _two_versions(request: ActingRequest, encounter_id: UUID, form: CorrectForm) -> HttpResponse:
    """Both versions side by side; the choice is sent to the same step again."""
    met = _encounter(request, encounter_id, Level.NARRATIVE)
    theirs, mine = _as_known(met), form.cleaned_data
    differences, same = [], {}
    for name, value in theirs.items():
        own = mine[name]
        if name == "narrative":
            own = own.replace("\r\n", "\n").strip()
        if own == value:
            same[name] = _flat(value)
        else:
            label = str(form.fields[name].label)
            differences.append(
                Difference(
                    name, label, _shown(name, value), _shown(name, own), _flat(value), _flat(own)
                )
            )
    by, when = _last_writer(met, request.at)
    item = Conflict(
        _("Encounter"),
        by,
        when,
        reverse("cases:encounter_correct", args=[met.pk]),
        differences,
        same | {"revision": str(met.revision), "request_key": str(uuid7()), "flat": "1"},
        reverse("cases:encounter", args=[met.pk]),
    )
    context = {"page_title": _("Two versions"), "item": item, "crumbs": _crumbs(met)}
    return render(request, "cases/encounter_conflict.html", context, status=409)


def _flat(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _shown(name: str, value: Any) -> str:
    if name == "present":
        return ", ".join(str(Presence(each).label) for each in value)
    if name == "needs":
        return ", ".join(codes.title("urgent_needs", each) for each in value)
    if name == "safety":
        return str(Safety(value).label)
    if name == "presence_verified":
        return {"yes": _("checked"), "no": _("only said")}.get(value, _("not checked yet"))
    return str(value)


def _sent(request: ActingRequest) -> QueryDict | None:
    """The form as sent; a choice between two versions sends each list in one value."""
    if request.method != "POST":
        return None
    if request.POST.get("flat") != "1":
        return request.POST
    sent = request.POST.copy()
    for name in LISTS:
        sent.setlist(name, [each for each in sent.get(name, "").split(",") if each])
    return sent


@permitted(Permission.PERSON_WRITE)
def child(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """Say who the child met is, when nobody did at the encounter."""
    met = _encounter(request, encounter_id)
    hidden = _HiddenForm(_sent(request), initial=_hidden(met))
    form = ChildForm(_sent(request), at=request.at)
    if request.POST.get("look"):  # without scripts: who may be known already
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        return _form_page(
            request, met, form, _("Who is the person?"), _("Save"), hidden=hidden, known=True
        )
    if form.is_bound and form.is_valid() and hidden.is_valid():
        outcome = _try(
            form,
            lambda: actions.add_child(
                actor=request.actor,
                at=request.at,
                encounter=met,
                child=form.said(),
                **hidden.cleaned_data,
            ),
        )
        if outcome is not None:
            toast(request, _("The person is recorded. Earlier statements are kept."))
            return redirect("cases:encounter", met.pk)
    return _form_page(
        request, met, form, _("Who is the person?"), _("Save"), hidden=hidden, known=True
    )


class _HiddenForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)


@permitted(Permission.ENCOUNTER_DECIDE)
def stop(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """Not endangered: record why, and stop."""
    met = _encounter(request, encounter_id)
    form = StopForm(_sent(request), encounter=met, initial=_hidden(met))
    decided = _decide(request, met, form, EncounterOutcome.NOT_ENDANGERED)
    if decided is not None:
        toast(request, _("Recorded: not endangered. No case was opened."))
        return redirect("cases:encounter", met.pk)
    return _form_page(
        request,
        met,
        form,
        _("Not endangered: close the encounter"),
        _("Record and stop"),
        decision=True,
    )


@permitted(Permission.ENCOUNTER_DECIDE)
def at_risk(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """At risk, decided by somebody who may not open the case; the centre does."""
    met = _encounter(request, encounter_id)
    if Permission.CASE_OPEN in request.actor.permissions:
        return redirect("cases:encounter_to_case", encounter_id)
    form = AtRiskForm(_sent(request), initial=_hidden(met))
    decided = _decide(request, met, form, EncounterOutcome.AT_RISK)
    if decided is not None:
        toast(request, _("Recorded: at risk. The centre opens the case."))
        return redirect("cases:encounter", met.pk)
    return _form_page(request, met, form, _("At risk"), _("Record the risk"), decision=True)


def _decide(
    request: ActingRequest, met: Encounter, form: Any, outcome: EncounterOutcome
) -> Encounter | None:
    if not form.is_bound or not form.is_valid():
        return None
    decided: Encounter | None = _try(
        form,
        lambda: actions.decide_triage(
            actor=request.actor,
            at=request.at,
            encounter=met,
            revision=form.cleaned_data["revision"],
            request_key=form.cleaned_data["request_key"],
            outcome=outcome,
            **form.arguments(),
        ),
    )
    return decided


@permitted(Permission.CASE_OPEN)
def to_case(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """At risk: open a case, also later, when new information turns a stop into one."""
    met = _encounter(request, encounter_id)
    form = CaseForm(
        _sent(request),
        actor=request.actor,
        at=request.at,
        encounter=met,
        persons=_children(request.actor, met, request.at),
        initial=_hidden(met),
    )
    if form.is_bound and form.is_valid():
        case = _try(
            form,
            lambda: actions.open_from_encounter(
                actor=request.actor,
                at=request.at,
                encounter=met,
                revision=form.cleaned_data["revision"],
                request_key=form.cleaned_data["request_key"],
                **form.arguments(),
            ),
        )
        if case is not None:
            toast(
                request,
                _("Case %(number)s is open. The deadlines are running.") % {"number": case.number},
            )
            return redirect("cases:case", case.pk)
    return _form_page(
        request, met, form, _("At risk: open a case"), _("Open the case"), decision=True
    )


def _children(actor: Actor, met: Encounter, at: datetime) -> list[tuple[Person, str]]:
    """Those met who may be under 18 and have no case from this encounter, the child first."""
    with_case = queries.visible_to(actor, at=at).filter(encounter=met).values("person")
    rows = (
        Person.objects.filter(appearances__record_id=met.pk)
        .exclude(pk__in=with_case)
        .order_by("made_at", "pk")
    )
    found = [
        (person, age)
        for person in rows
        if (age := lists.age_of(person, at)) is None or age.presumed_minor
    ]
    found.sort(key=lambda pair: pair[0].pk != met.person_id)
    names = (
        shown_names([person for person, _age in found]) if met.reach.shows(Level.IDENTITY) else {}
    )
    if names:
        record_read(actor=actor, at=at, subject=met, fields=["shown_name"])
    return [
        (
            person,
            ", ".join(
                part
                for part in (
                    moments.isolated(names.get(person.pk, "")) or _("no name yet"),
                    _("%(age)s years") % {"age": age} if age else "",
                )
                if part
            ),
        )
        for person, age in found
    ]


@permitted(Permission.ENCOUNTER_RECORD)
@require_POST
def told(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """Whoever told us was told the outcome."""
    met = _encounter(request, encounter_id)
    if met.reporter_told_at is None:
        # A stamp that hides nothing anybody wrote: it stands on the record as it is now.
        actions.tell_reporter(
            actor=request.actor,
            at=request.at,
            encounter=met,
            revision=met.revision,
            request_key=request.POST.get("request_key", "")[:80],
        )
    toast(request, _("Recorded that the reporter is informed of the outcome."))
    return redirect("cases:encounter", met.pk)


def _encounter(request: ActingRequest, encounter_id: UUID, level: Level = Level.CASE) -> Encounter:
    return queries.encounter(request.actor, encounter_id, at=request.at, level=level)


def _hidden(met: Encounter) -> dict[str, Any]:
    return {"revision": met.revision, "request_key": str(uuid7())}


def _try(form: forms.Form, act: Callable[[], Any]) -> Any:
    """The action's result, or None with its sentence in the form."""
    try:
        return act()
    except Stale as error:
        form.stale = error.current  # type: ignore[attr-defined]
    except Refused as error:
        _explain(form, error)
    return None


def _explain(form: forms.Form, error: Refused) -> None:
    if isinstance(error, RepeatedDifferently):
        complain_of_key(form)
        form.fresh = True  # type: ignore[attr-defined]
    elif isinstance(error, Invalid):
        for name, sentence in error.fields.items():
            place_error(form, name, sentence)
    else:
        place_error(form, error.field, error.message)


def _form_page(
    request: ActingRequest,
    met: Encounter,
    form: forms.Form,
    title: str,
    save: str,
    *,
    hidden: forms.Form | None = None,
    decision: bool = False,
    known: bool = False,
) -> HttpResponse:
    """The form with what was typed; after a stale write, with what changed meanwhile."""
    looking = known and bool(request.POST.get("look"))
    stale = getattr(form, "stale", None)
    context = {
        "page_title": title,
        "title": title,
        "save": save,
        "met": met,
        "form": form,
        "crumbs": [*_crumbs(met), Link(title)],
        "back": reverse("cases:encounter", args=[met.pk]),
        "request_key": str(uuid7()),
        "revision": met.revision,
        "decision": decision,
        "known": known,
        "panel": known_already.context(
            request, "", ask_elsewhere=request.POST.get("look") == "elsewhere"
        )
        if looking
        else None,
    }
    if stale is not None:
        current = queries.encounter(request.actor, met.pk, at=request.at)
        by, when = _last_writer(current, request.at)
        context |= {"stale_by": by, "stale_when": when, "revision": current.revision}
        context["stale_now"] = [_shown(n, getattr(current, n)) for n in ("safety", "present")]
    elif form.is_bound:
        source = hidden if hidden is not None else form
        context["revision"] = source.data.get("revision", met.revision)
        if not getattr(form, "fresh", False):
            context["request_key"] = source.data.get("request_key", context["request_key"])
    status = 409 if stale is not None else 422 if form.is_bound and not looking else 200
    return render(request, "cases/encounter_step.html", context, status=status)


def _crumbs(met: Encounter) -> list[Link]:
    return [
        Link(_("Encounters"), reverse("cases:encounters")),
        Link(moments.day(met.happened_at), reverse("cases:encounter", args=[met.pk])),
    ]


def _last_writer(met: Encounter, at: datetime) -> tuple[str, str]:
    """Who changed the encounter last, and how long ago."""
    event = (
        Event.objects.filter(record_id=met.pk, outcome=Outcome.DONE).order_by("-at", "-id").first()
    )
    if event is None:
        return _("Somebody"), ""
    name = names_of([event.actor_id]).get(event.actor_id) if event.actor_id else ""
    return name or _("Somebody"), _("%(span)s ago") % {"span": moments.span(at - event.at)}
