"""The search page, the box in the header, and the question to other offices.

Belongs here: forms and pages. What is searched travels in the body of a request: an address with
a name in it would stay in histories and in the logs of servers.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.cases import whereabouts
from oslonac.cases.rules import CaseStatus
from oslonac.cases.views.links import case_url
from oslonac.cases.views.lists import table_of
from oslonac.directory import codes
from oslonac.directory.showing import ContactLine, contact_line
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid, Refused
from oslonac.people import pairing
from oslonac.people.rules import Sex
from oslonac.search import asking, elsewhere, filters, policy, shown

QUICK = 6


@permitted(Permission.CASE_READ)
def page(request: ActingRequest) -> HttpResponse:
    """Everything that may be typed, with filters. A number may also stand in the address."""
    sent = request.POST if request.method == "POST" else request.GET
    typed = sent.get("q", "")[: asking.LONGEST].replace("\x00", "").strip()
    if request.method != "POST" and not asking.read(typed).number:
        # Names do not belong into addresses: the form asks for it again.
        return render(request, "search/page.html", _form(request, "", filters.Filters()))
    narrowed = filters.read(sent)
    context = _form(request, typed, narrowed) | _found(request, typed, narrowed)
    return render(request, "search/page.html", context)


@permitted(Permission.CASE_READ)
@require_POST
def quick(request: ActingRequest) -> HttpResponse:
    """The few likeliest for what is typed so far; a list under the box in the header."""
    typed = request.POST.get("q", "")[: asking.LONGEST].replace("\x00", "").strip()
    if len(typed) < 2:
        return render(request, "search/quick.html", {"typed": ""})
    result = asking.find(
        request.actor, typed, filters.Filters(), at=request.at, top=QUICK, where="search_quick"
    )
    context = {
        "typed": typed,
        "cases": [(row, case_url(row.case.pk)) for row in result.cases[:QUICK]],
        "people": [shown.line(hit) for hit in result.people],
        "remarks": shown.remarks(result.answer),
    }
    return render(request, "search/quick.html", context)


@permitted(Permission.CASE_READ)
@require_POST
def ask_elsewhere(request: ActingRequest) -> HttpResponse:
    """The same question past what is open, with the purpose that the ledger keeps."""
    typed = request.POST.get("q", "")[: asking.LONGEST].replace("\x00", "").strip()
    narrowed = filters.read(request.POST)
    purpose = request.POST.get("purpose", "")[:60]
    context = _form(request, typed, narrowed) | {"purpose": purpose}
    status = 200
    try:
        found = elsewhere.ask(
            actor=request.actor,
            at=request.at,
            asked=asking.read(typed),
            filters=narrowed,
            purpose=purpose,
        )
    except Invalid as error:
        context["refused"] = next(iter(error.fields.values()))
        status = 422
    except Refused as error:
        context["refused"] = error.message
        status = 409
    else:
        context |= told(found, local_day(request.at)) | {"purpose": ""}
    context |= _found(request, typed, narrowed)
    return render(request, "search/page.html", context, status=status)


def _form(request: ActingRequest, typed: str, narrowed: filters.Filters) -> dict[str, Any]:
    rule = policy.rule_for(request.actor)
    return {
        "page_title": _("Search"),
        "typed": typed,
        "filters": narrowed,
        "filtered": narrowed != filters.Filters(),
        "places": whereabouts.offered(),
        "sexes": [(Sex.FEMALE.value, Sex.FEMALE.label), (Sex.MALE.value, Sex.MALE.label)],
        "statuses": [
            *((str(v), _("case %(status)s") % {"status": w}) for v, w in CaseStatus.choices),
            (filters.NO_CASE, _("met, no case")),
        ],
        "asks_elsewhere": rule.asks,
        "purposes": codes.choices("search_purposes"),
        "elsewhere_words": elsewhere_words(rule),
    }


def elsewhere_words(rule: policy.Rule) -> str:
    """What whoever asks elsewhere is to expect, said before they ask."""
    if rule.ordinary in (policy.Told.CONTACT, policy.Told.PREVIEW):
        return _(
            "You will see which office to ask, but no names and no files. For people who "
            "need special protection you will see nothing: their office gets a notice that "
            "you asked, and decides."
        )
    return _(
        "You will not see any records. If an office knows the person, it gets a notice "
        "that you asked and why, and decides whether to call you."
    )


def told(found: elsewhere.Elsewhere, today: date) -> dict[str, Any]:
    """What may be said, for the page and for the intake."""
    return {
        "told": True,
        "offices": [_office(each, today) for each in found.offices],
        "relayed": found.relayed,
    }


def _office(office: elsewhere.Office, today: date) -> dict[str, Any]:
    organisation = office.organisation
    contacts: Sequence[ContactLine] = [
        contact_line(contact, today)
        for contact in organisation.contacts.order_by("kind", "value")
        if contact.kind in ("phone", "email")
    ]
    return {
        "name": str(organisation),
        "url": reverse("directory:organisation", args=[organisation.pk]),
        "contacts": contacts,
        "previews": office.previews,
    }


def _found(request: ActingRequest, typed: str, narrowed: filters.Filters) -> dict[str, Any]:
    result = asking.find(request.actor, typed, narrowed, at=request.at)
    if result.asked:
        asking.note_asked(request.actor, result, at=request.at)
    people = [shown.line(hit) for hit in result.people]
    close = [each for each in people if not each["hardly"]]
    pairs = pairing.offered_to(request.actor) if len(people) > 1 else None
    return {
        "searched": bool(result.asked),
        "asked": result.asked,
        "quoted": shown.quoted(result.asked.text),
        "table": table_of(request.actor, result.cases, request.at, _("Cases found"), team=True),
        "cases_found": len(result.cases),
        "people": people,
        "close": close,
        "hardly": [each for each in people if each["hardly"]],
        "people_words": ngettext("One person", "%(n)d people", len(close)) % {"n": len(close)},
        "compare_url": pairs.compare() if pairs else "",
        "remarks": shown.remarks(result.answer),
    }
