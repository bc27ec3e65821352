"""Encounters: the intake, the list, the page of one encounter."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import RepeatedDifferently
from oslonac.cases import moments, whereabouts
from oslonac.cases.lists import page_of
from oslonac.cases.models import Encounter
from oslonac.cases.rules import EncounterOutcome, Safety
from oslonac.country import alphabetical
from oslonac.directory import codes
from oslonac.directory.models import in_language
from oslonac.encounters import lists
from oslonac.encounters.actions import record_intake
from oslonac.encounters.forms import OTHERS_SHOWN, Intake
from oslonac.encounters.views import encounter_page, known
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.ids import uuid7
from oslonac.people.rules import accompaniment
from oslonac.web.messages import toast
from oslonac.web.shapes import Action, Due, DueState, Link

PAGE = 25


@permitted(Permission.ENCOUNTER_RECORD)
def new(request: ActingRequest) -> HttpResponse:
    """The intake: one question a screen on a phone, one page on a desk."""
    people = Permission.PERSON_WRITE in request.actor.permissions
    sent = request.POST if request.method == "POST" else None
    request_key = request.POST.get("request_key", "")[:80] or str(uuid7())
    form = Intake(sent, actor=request.actor, at=request.at, people=people, request_key=request_key)
    looking = sent is not None and people and bool(sent.get("look"))
    panels = _look(request, form) if looking else {}
    if sent is not None and not looking and form.is_valid():
        found = _record(request, form, request_key)
        if found is not None:
            toast(
                request,
                _("The encounter is saved. %(centre)s can see it now.")
                % {"centre": found.responsible},
            )
            return redirect("encounters:encounter", found.pk)
    context = {
        "page_title": _("New encounter"),
        "intake": form,
        "places": whereabouts.offered(),
        "others_shown": form.others[:OTHERS_SHOWN],
        "others_more": form.others[OTHERS_SHOWN:],
        "more_open": any(
            other.is_bound and other.has_changed() for other in form.others[OTHERS_SHOWN:]
        ),
        "suspicions": form.suspicion_groups(),
        "panels": panels,
        "crumbs": [Link(_("Encounters"), reverse("encounters:all")), Link(_("New encounter"))],
    }
    status = 422 if sent and not looking else 200
    return render(request, "encounters/new.html", context, status=status)


def _look(request: ActingRequest, form: Intake) -> dict[str, Any]:
    """Who may be known already, for browsers without scripts: the form as it is, no complaints
    about what is not filled in yet, nothing saved."""
    form.without_complaints()
    asked = request.POST.get("look") == "elsewhere"
    for other in form.others:
        if request.POST.get(f"{other.prefix}-name", "").strip():
            other.panel = known.context(request, str(other.prefix))
    return {"child": known.context(request, "child", ask_elsewhere=asked)}


def _record(request: ActingRequest, form: Intake, request_key: str) -> Encounter | None:
    """The recorded encounter; None when it was refused, with the sentences in the form."""
    try:
        return record_intake(
            actor=request.actor, at=request.at, request_key=request_key, **form.arguments()
        )
    except Invalid as error:
        form.refuse(error)
    except RepeatedDifferently:
        form.encounter.add_error(
            None,
            _(
                "This form was already saved with other answers. Nothing was changed now. Open "
                "the encounter in the list and correct it there."
            ),
        )
    except Refused as error:
        form.encounter.add_error(error.field or None, str(error.message))
    return None


@permitted(Permission.ENCOUNTER_RECORD)
def responsible(request: ActingRequest) -> HttpResponse:
    """Which centre answers for the place typed so far; a fragment for the form."""
    typed = request.GET.get("place", "")[:200]
    place = whereabouts.find(typed)
    found = whereabouts.responsible(place)
    if not typed.strip():
        words = ""
    elif found is not None:
        words = _("Responsible for %(place)s: %(centre)s.") % {
            "place": whereabouts.label(place) if place else "",
            "centre": found,
        }
    elif place is not None:
        words = _("No centre is listed for this place. Choose it below.")
    else:
        words = _("Not found. Choose from the list, or choose the centre below.")
    return render(request, "encounters/responsible.html", {"words": words})


@permitted(Permission.ENCOUNTER_RECORD)
def listing(request: ActingRequest) -> HttpResponse:
    """Waiting for a decision, not endangered, at risk."""
    outcome = request.GET.get("outcome", EncounterOutcome.PENDING)
    if outcome not in EncounterOutcome.values:
        outcome = EncounterOutcome.PENDING.value
    actor, at = request.actor, request.at
    places, sources = _offered(actor, outcome, at)
    narrowed = _narrowed(request.GET, places, sources)
    found = lists.encounters(actor, outcome, at=at, narrowed=narrowed)
    page = page_of(found, request.GET.get("page"), PAGE)
    rows = lists.met(actor, page, at=at, where="encounter_list")
    counts = lists.encounter_counts(actor, at=at)
    names = {
        EncounterOutcome.PENDING: _("Waiting for a decision"),
        EncounterOutcome.AT_RISK: _("At risk"),
        EncounterOutcome.NOT_ENDANGERED: _("Not endangered"),
    }
    tabs = [
        Link(
            name,
            f"{reverse('encounters:all')}?outcome={key.value}",
            key == outcome,
            counts.get(key.value, 0),
        )
        for key, name in names.items()
    ]
    context = {
        "page_title": _("Encounters"),
        "tabs": tabs,
        "page": page,
        "lines": lines_of(rows, at),
        "total": page.paginator.count,
        "outcome": outcome,
        "filters": narrowed,
        "narrowed": narrowed != lists.Met(),
        "safeties": [(value, capfirst(str(label))) for value, label in Safety.choices],
        "places": sorted(places.items(), key=lambda pair: alphabetical(pair[1])),
        "sources": sorted(sources.items(), key=lambda pair: alphabetical(pair[1])),
        "none": _none_words(outcome),
    }
    return render(request, "encounters/list.html", context)


def _offered(actor: Actor, outcome: str, at: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """Places and sources that one can narrow a tab to: those that occur in it."""
    places: dict[str, str] = {}
    sources: dict[str, str] = {}
    for place, names, source in lists.met_where(actor, outcome, at=at):
        sources[source] = codes.title("referral_sources", source)
        if place:
            places[str(place)] = in_language(names)
    return places, sources


def _narrowed(query: Any, places: dict[str, str], sources: dict[str, str]) -> lists.Met:
    """Filters from the address; what makes no sense is left out."""
    safety, place, source = (query.get(name, "") for name in ("safety", "place", "source"))
    return lists.Met(
        safety if safety in Safety.values else "",
        place if place in places else "",
        source if source in sources else "",
    )


def _none_words(outcome: str) -> str:
    if outcome == EncounterOutcome.PENDING:
        return _("No encounters are waiting for a decision.")
    if outcome == EncounterOutcome.AT_RISK:
        return _("No encounter you can see was assessed as at risk.")
    return _("No encounter you can see ended without a case.")


def lines_of(rows: Sequence[lists.MetRow], at: datetime) -> list[Due]:
    """Encounters as lines: since when, who, what is known, the button."""
    return [_line(row, at) for row in rows]


def _line(row: lists.MetRow, at: datetime) -> Due:
    met = row.encounter
    url = reverse("encounters:encounter", args=[met.pk])
    pending = met.outcome == EncounterOutcome.PENDING
    place = str(met.place) if met.place else _("place not known")
    who = moments.isolated(row.name) or _child_words(met)
    return Due(
        title=_("%(who)s, %(place)s") % {"who": who, "place": moments.isolated(place)},
        when=_when(met, at),
        state=_state(met),
        when_iso=moments.iso(met.happened_at),
        url=url,
        why=_known(met),
        who=_came_of(row),
        action=Action(_("Review and decide") if pending else _("Open"), url),
    )


def _child_words(met: Encounter) -> str:
    if met.children > 1:
        return _("%(n)d people") % {"n": met.children}
    return _("No name yet")


def _when(met: Encounter, at: datetime) -> str:
    if met.outcome == EncounterOutcome.PENDING:
        return _("%(span)s ago") % {"span": moments.span(at - met.happened_at)}
    return moments.day(met.happened_at)


def _state(met: Encounter) -> DueState:
    if met.outcome != EncounterOutcome.PENDING:
        return "done" if met.outcome == EncounterOutcome.NOT_ENDANGERED else "later"
    return "late" if met.safety == Safety.AT_RISK else "soon"


def _known(met: Encounter) -> str:
    safety = str(Safety(met.safety).label)
    unknown = met.safety == Safety.UNKNOWN
    parts = [f"{_('Safe now')}: {safety}" if unknown else capfirst(safety)]
    parts.append(str(accompaniment(met.present).label))
    if met.needs:
        parts.append(", ".join(codes.title("urgent_needs", code) for code in met.needs[:3]))
    if met.suspicions:
        parts.append(_("a suspicion is recorded"))
    return " · ".join(parts)


def _came_of(row: lists.MetRow) -> str:
    met = row.encounter
    told = _("source: %(source)s") % {"source": codes.title("referral_sources", met.reported_by)}
    parts = [told, str(met.responsible)]
    if row.cases:
        numbers = ", ".join(case.number for case in row.cases)
        parts.append(_("case %(numbers)s") % {"numbers": numbers})
    elif met.outcome == EncounterOutcome.AT_RISK:
        parts.append(_("no case opened yet"))
    if met.outcome != EncounterOutcome.PENDING and met.reporter_told_at is None:
        parts.append(_("reporter not informed of the outcome"))
    return " · ".join(parts)


@permitted(Permission.ENCOUNTER_RECORD)
def page(request: ActingRequest, encounter_id: UUID) -> HttpResponse:
    """One encounter: what is known, who was met, what came of it, what to do."""
    context: dict[str, Any] = encounter_page.context(request.actor, encounter_id, request.at)
    return render(request, "encounters/page.html", context)
