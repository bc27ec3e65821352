"""Adding a pair by hand: find the other record, compare both, add them to the list.

Belongs here: the pages before there is a pair. Does not: deciding on one (`steps`), and nothing
is written before the last button.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.audit.actions import record_read
from oslonac.duplicates import actions, queries
from oslonac.duplicates.actions.deciding import takes_back
from oslonac.duplicates.beside import READ, beside
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.duplicates.shown import percent
from oslonac.duplicates.steps import home, index_link
from oslonac.duplicates.views.base import compares, laid_out
from oslonac.duplicates.who_sees import answers_for
from oslonac.kit.errors import Hidden, Refused
from oslonac.kit.ids import uuid7
from oslonac.people import merging
from oslonac.people.models import Person
from oslonac.people.queries import NAMELESS, require, shown_names
from oslonac.people.queries import person as visible_person
from oslonac.search import asking, filters, shown
from oslonac.web.messages import toast
from oslonac.web.shapes import Link


@compares
def choose(request: ActingRequest, person_id: UUID) -> HttpResponse:
    """Who else is this person? Those with a name like theirs, then whatever is typed.

    What is typed travels in the body of a request, as in every search.
    """
    asked = _named(request, person_id)
    own = shown_names([asked]).get(asked.pk, "")
    record_read(actor=request.actor, at=request.at, subject=asked, fields=["shown_name"])
    own = "" if own == NAMELESS else own
    typed = request.POST.get("q", "")[: asking.LONGEST].replace("\x00", "").strip() or own
    result = asking.find(
        request.actor, typed, filters.Filters(), at=request.at, where="choose_other_record"
    )
    together = set(merging.group(asked.pk))
    door = reverse("duplicates:name")
    hits = [
        shown.line(hit) | {"compare": f"{door}?person={asked.pk}&person={hit.person.pk}"}
        for hit in result.people
        if hit.person.pk not in together
    ]
    context = {
        "page_title": _("Another record of this person"),
        "crumbs": [
            Link(_("People"), reverse("people:people")),
            Link(_("Person"), reverse("people:person", args=[asked.pk])),
            Link(_("Another record")),
        ],
        "person": asked,
        "name": own or _("no name yet"),
        "typed": typed,
        "close": [hit for hit in hits if not hit["hardly"]],
        "hardly": [hit for hit in hits if hit["hardly"]],
        "remarks": shown.remarks(result.answer),
    }
    return render(request, "duplicates/choose.html", context)


@compares
def name(request: ActingRequest) -> HttpResponse:
    """Two records that a worker believes are one: beside each other, and the button."""
    ids = _two(request.POST.getlist("person") or request.GET.getlist("person"))
    if len(ids) != 2:
        toast(request, _("Choose exactly two records to compare."), level=30)
        return redirect("search:page")
    one, other = (_named(request, pk) for pk in sorted(ids))
    if other.pk in merging.group(one.pk):
        toast(request, _("These records are already recorded as one person."))
        return redirect("people:person", one.pk)
    known = Pair.objects.filter(one=one, other=other).first()
    if known is not None and known.status != PairStatus.APART:
        toast(request, _("This pair is already on the list."))
        return redirect(home(known))
    if request.method == "POST":
        return _put(request, one, other)
    return _compare(request, one, other, known)


def _two(said: Sequence[str]) -> list[UUID]:
    try:
        return list(dict.fromkeys(UUID(each) for each in said))
    except ValueError:
        raise Hidden("person", "") from None


def _named(request: ActingRequest, person_id: UUID) -> Person:
    """Somebody whose names are open to the reader. Raises Hidden, or Denied below names."""
    found: Person = visible_person(request.actor, person_id, at=request.at)
    require(request.actor, found.pk, Level.IDENTITY, at=request.at)
    return found


def _compare(
    request: ActingRequest, one: Person, other: Person, known: Pair | None
) -> HttpResponse:
    """Nothing is kept: the pair shown here is not saved."""
    both = beside(request.actor, known or Pair(one=one, other=other, probability=0), at=request.at)
    for side in (both.left, both.right):
        record_read(actor=request.actor, at=request.at, subject=side.person, fields=READ)
    context: dict[str, Any] = {
        "page_title": _("Are these one person?"),
        "crumbs": [index_link(), Link(_("Add a pair of records"))],
        "request_key": str(uuid7()),
        "known": known,
        "decides": answers_for(
            request.actor, Permission.PERSONS_COMPARE, both.left.person.pk, both.right.person.pk
        ),
    }
    return render(request, "duplicates/name.html", context | laid_out(both))


def _put(request: ActingRequest, one: Person, other: Person) -> HttpResponse:
    try:
        pair = actions.name_pair(
            actor=request.actor,
            at=request.at,
            person=one,
            other=other,
            request_key=request.POST.get("request_key", "")[:70],
        )
    except Refused as refused:
        toast(request, str(refused.message), level=30)
        return redirect("people:person", one.pk)
    pair = queries.pair(request.actor, pair.pk, at=request.at)
    words = _("Added to the list, %(percent)s %%. Neither record has changed.")
    undo = reverse("duplicates:take_back", args=[pair.pk]) if takes_back(pair) else ""
    toast(request, words % {"percent": percent(pair.probability)}, undo_url=undo)
    return redirect(home(pair))
