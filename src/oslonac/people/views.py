"""People: the list of those one may see, and the dossier of one, within the reader's reach."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reach
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import record, record_read
from oslonac.audit.models import Outcome
from oslonac.directory import codes
from oslonac.kit.clock import local_day
from oslonac.people import dossier_page, merging, pairing, queries, records
from oslonac.people.merging import groups
from oslonac.people.models import Appearance, Merge, Person
from oslonac.people.rules import Sex, age_interval
from oslonac.web.messages import toast
from oslonac.web.middleware import direction
from oslonac.web.shapes import Action, Cell, Column, Link, Table

PAGE = 50


@permitted(Permission.CASE_READ)
def listing(request: ActingRequest) -> HttpResponse:
    """Persons of the cases and encounters open to the reader, the last written down first."""
    actor, at = request.actor, request.at
    found = Paginator(visible(actor, at), PAGE)
    page = found.get_page(request.GET.get("page"))
    context = {
        "page_title": _("People"),
        "page": page,
        "total": found.count,
        "table": _table(actor, page, at),
    }
    return render(request, "people/list.html", context)


def visible(actor: Actor, at: datetime) -> Any:
    """Persons driven from the grants: the records first, then who appears in them."""
    granted = policy.grants_of(actor, at=at).values("record_id")
    appearing = Appearance.objects.filter(record_id__in=granted).values("person_id")
    found = Person.objects.filter(pk__in=appearing)
    found = found.exclude(pk__in=queries.closed_to(actor, at=at))
    # A record joined to another that is in this list by its name stands there; else for itself.
    named = policy.grants_of(actor, at=at).filter(level__gte=Level.IDENTITY).values("record_id")
    survivors = Appearance.objects.filter(record_id__in=named).values("person_id")
    joined = Merge.objects.filter(undone_at__isnull=True, survivor__in=survivors).values("merged")
    return found.exclude(pk__in=joined).order_by("-made_at", "pk")


def _table(actor: Actor, page: Page[Person], at: datetime) -> Table:
    persons = list(page)
    stands_for = _stands_for(persons)
    appearances = list(Appearance.objects.filter(person__in=stands_for))
    reaches = policy.reaches(actor, [a.record_id for a in appearances], at=at)
    reach: dict[UUID, Reach] = {}
    for a in appearances:
        reach[a.person_id] = reach.get(a.person_id, Reach()) | reaches.get(a.record_id, Reach())
        a.person_id = stands_for[a.person_id]  # listed with the survivor; names by its own reach
    named = [p for p in persons if reach[p.pk].shows(Level.IDENTITY)]
    names = queries.shown_names(named) if named else {}
    if names:
        _note_read(actor, at, named)
    lines = records.lines(
        (a.record_kind, a.record_id) for a in appearances if a.record_id in reaches
    )
    rows = [
        _row(p, reach[p.pk], names.get(p.pk, ""), _records_of(p, appearances, lines), at)
        for p in persons
    ]
    columns = [_("Name"), _("Age"), _("Sex"), _("Citizenship, as they say"), _("Appears in")]
    return Table(_("People"), [Column(name) for name in columns], rows)


def _stands_for(persons: Sequence[Person]) -> dict[UUID, UUID]:
    """Every part of the people listed, and the one it stands with here. What of a part the reader
    does not see is left out further on, by the reach of its records."""
    listed = [person.pk for person in persons]
    found = {part: pk for pk, ids in groups(listed).items() for part in ids}
    return found | {pk: pk for pk in listed}


def _records_of(
    person: Person, appearances: Sequence[Appearance], lines: dict[UUID, records.RecordLine]
) -> list[records.RecordLine]:
    own = [
        lines[a.record_id] for a in appearances if a.person_id == person.pk and a.record_id in lines
    ]
    return sorted(own, key=lambda line: line.at, reverse=True)


def _row(
    person: Person, reach: Reach, name: str, where: Sequence[records.RecordLine], at: datetime
) -> list[Cell | str]:
    url = reverse("people:person", args=[person.pk])
    open_ = reach.shows(Level.CASE)
    age = age_interval(person.born_from, person.born_to, local_day(at))
    shown = name or (_("no name yet") if reach.shows(Level.IDENTITY) else _("name not shown"))
    latest = where[0] if where else None
    return [
        Cell(shown, url),
        str(age) if open_ and age is not None else _("not known") if open_ else "",
        str(Sex(person.sex).label) if open_ else "",
        codes.title("citizenships", person.citizenship) if open_ and person.citizenship else "",
        Cell(latest.title, latest.url, latest.note) if latest else "",
    ]


def _note_read(actor: Actor, at: datetime, persons: Sequence[Person]) -> None:
    record(
        "sealed.read",
        actor=actor,
        at=at,
        kind="people_list",
        fields=["shown_name"],
        data={"persons": sorted(str(person.pk) for person in persons)},
        outcome=Outcome.READ,
    )


# A post that opens neither cases nor encounters opens nobody in them, whatever was granted.
@permitted(Permission.CASE_READ, Permission.ENCOUNTER_RECORD)
def person(request: ActingRequest, person_id: UUID) -> HttpResponse:
    """One person: names, statements side by side, relations, groups, appearances.

    Of records joined as one, those that the reader sees stand here together, under the survivor.
    """
    actor, at = request.actor, request.at
    asked = queries.person(actor, person_id, at=at)
    queries.require(actor, asked.pk, Level.CASE, at=at)
    whole = merging.whole(actor, asked, at=at)
    if whole.first.pk != asked.pk:
        toast(request, _("The record you opened was joined with this one. They are one person."))
        return redirect("people:person", whole.first.pk)
    closed = set(queries.closed_to(actor, at=at))
    parts = [queries.dossier(part, reach, closed) for part, reach in whole.parts]
    dossier = queries.together(parts)
    reach = dossier.reach
    seen = list(Appearance.objects.filter(person__in=whole.ids))
    open_to = policy.reaches(actor, [a.record_id for a in seen], at=at)
    where = records.lines((a.record_kind, a.record_id) for a in seen if a.record_id in open_to)
    for part, own in whole.parts:
        _note_dossier(actor, at, part, own)
    writers = names_of(
        {n.name.written_by_id for n in dossier.names}
        | {s.statement.recorded_by_id for s in dossier.statements}
    )
    side = direction(get_language() or "en")
    context = {
        "page_title": _("Person"),
        "crumbs": [Link(_("People"), reverse("people:people")), Link(_("Person"))],
        "strip": dossier_page.strip(dossier, at, _steps(actor, asked, reach)),
        "names": dossier_page.names(dossier, writers),
        "parts": dossier_page.parts(parts) if len(parts) > 1 else [],
        "names_open": reach.shows(Level.IDENTITY),
        "attributes": dossier_page.statements(dossier, writers, at),
        "relations": dossier_page.relations(dossier),
        "groups": dossier_page.groups(dossier),
        "picture": dossier_page.picture(dossier, at, side),
        "where": sorted(where.values(), key=lambda line: line.at, reverse=True),
        "elsewhere": len(seen) - len(open_to),
    }
    return render(request, "people/person.html", context)


def _steps(actor: Actor, asked: Person, reach: Reach) -> list[Action]:
    """What may be done with a whole person: today, to say that another record is theirs."""
    pairs = pairing.offered_to(actor) if reach.shows(Level.IDENTITY) else None
    if pairs is None:
        return []
    return [Action(_("Another record of this person"), pairs.choose(asked.pk), icon="people")]


def _note_dossier(actor: Actor, at: datetime, person: Person, reach: Reach) -> None:
    fields = []
    if reach.shows(Level.NARRATIVE):
        fields += ["detail", "evidence", "reasons", "child_view"]
    if reach.shows(Level.IDENTITY):
        fields += ["full", "given", "family", "shown_name"]
    if fields:
        record_read(actor=actor, at=at, subject=person, fields=fields)
