"""“Possibly already known”: a panel in forms that record people, updated while the user types.

Belongs here: reading what is typed so far, showing who may be meant. It never stands in the way:
whoever ignores it writes down a person of their own.
"""

import re
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.encounters import known
from oslonac.encounters.actions import Said
from oslonac.encounters.people_met_forms import ChildForm, MetTooForm, births, chosen_of
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.text import clean_line
from oslonac.search import asking, elsewhere, filters, policy, shown
from oslonac.search import views as search

PURPOSE = "child_present"  # what an intake is about; of the pack's list `search_purposes`
_PREFIX = re.compile(r"(child|other-\d)?")


@permitted(Permission.PERSON_WRITE)
@require_POST
def panel(request: ActingRequest) -> HttpResponse:
    """The panel for one person of a form; `elsewhere` also asks other offices."""
    prefix = request.POST.get("prefix", "")
    if not _PREFIX.fullmatch(prefix):
        prefix = ""
    asked = request.POST.get("look") == "elsewhere"
    return render(request, "encounters/known.html", context(request, prefix, ask_elsewhere=asked))


def context(request: ActingRequest, prefix: str, *, ask_elsewhere: bool = False) -> dict[str, Any]:
    """What the panel shows for the person that the fields under `prefix` describe."""
    said = typed_so_far(request, prefix)
    found = known.of_said(request.actor, said, at=request.at)
    rule = policy.rule_for(request.actor)
    said_now: dict[str, Any] = {
        "prefix": prefix,
        "field": f"{prefix}-" if prefix else "",
        "hits": [shown.line(hit) for hit in found],
        "chosen": str(said.known or ""),
        "others": [str(pk) for pk in said.not_same],
        "asks_elsewhere": rule.asks and bool(said.names),
        "elsewhere_words": search.elsewhere_words(rule),
    }
    return said_now | (_elsewhere(request, said) if ask_elsewhere and said.names else {})


def _elsewhere(request: ActingRequest, said: Said) -> dict[str, Any]:
    narrowed = filters.Filters(sex=said.sex, born_between=known.born(said))
    try:
        found = elsewhere.ask(
            actor=request.actor,
            at=request.at,
            asked=asking.read(said.names[0]),
            filters=narrowed,
            purpose=PURPOSE,
        )
    except Invalid as error:
        return {"refused": next(iter(error.fields.values()))}
    except Refused as error:
        return {"refused": error.message}
    return search.told(found, local_day(request.at))


def typed_so_far(request: ActingRequest, prefix: str) -> Said:
    """What the fields say, as far as it can be read; half a date is not yet an answer."""
    if prefix.startswith("other"):
        met = MetTooForm(request.POST, at=request.at, prefix=prefix)
        given = _cleaned(met)
        name = clean_line(given.get("name") or "")
        return Said(
            names=(name,) if name else (),
            births=births(None, given.get("age"), request.at),
            **chosen_of(met),
        )
    form = ChildForm(request.POST, at=request.at, prefix=prefix or None)
    given = _cleaned(form)
    names = [clean_line(given.get(field) or "") for field in ("name", "name_2", "name_3")]
    languages = [given.get("first_language"), given.get("other_language")]
    return Said(
        names=tuple(dict.fromkeys(name for name in names if name)),
        births=births(given.get("born"), given.get("age"), request.at),
        sex=given.get("sex") or "",
        citizenship=given.get("citizenship") or "",
        languages=tuple(dict.fromkeys(code for code in languages if code)),
        **chosen_of(form),
    )


def _cleaned(form: forms.Form) -> dict[str, Any]:
    form.is_valid()
    return form.cleaned_data
