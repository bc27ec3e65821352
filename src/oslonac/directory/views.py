"""Pages of the directory: search, organisations, places, phone lines, kinds of service."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.access import policy
from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.country import alphabetical
from oslonac.directory import kinds, labels, queries, showing
from oslonac.directory.drawing import draw_map
from oslonac.directory.forms import SearchForm
from oslonac.directory.models import Organisation, Place, PlaceKind, in_language
from oslonac.directory.queries import PlaceTree, Wanted
from oslonac.kit.clock import local_day
from oslonac.web.middleware import direction
from oslonac.web.shapes import Action, Fact, Flag, Identity, Link, Name

PAGE_SIZE = 25


def _tabs(current: str) -> list[Link]:
    entries = [
        ("index", _("Organisations"), reverse("directory:index")),
        ("places", _("Places"), reverse("directory:places")),
        ("lines", _("Phone lines"), reverse("directory:lines")),
        ("services", _("Services"), reverse("directory:services")),
    ]
    return [Link(label, url, current=key == current) for key, label, url in entries]


def _today(request: ActingRequest) -> Any:
    return local_day(request.at)


def _map(tree: PlaceTree, *, inside: set[str] | None = None) -> dict[str, Any]:
    """The drawing and its lines to read."""
    counts = queries.located(tree)
    urls = {code: reverse("directory:place", args=[code]) for code in counts}
    svg = draw_map(
        tree.places,
        counts,
        urls,
        inside=inside,
        direction=direction(translation.get_language() or "en"),
    )
    near = [code for code in counts if inside is None or code in inside]
    near.sort(key=lambda code: (-sum(counts[code].values()), alphabetical(tree.places[code])))
    lines = [
        f"{tree.places[code]}: "
        + ", ".join(f"{kinds.label(kind)} {n}" for kind, n in counts[code].most_common())
        for code in near
    ]
    return {"svg": svg, "lines": lines}


def entry_of(row: Organisation, today: Any) -> showing.Entry:
    return showing.Entry(
        organisation=row,
        name=str(row),
        url=reverse("directory:organisation", args=[row.pk]),
        kind=kinds.label(row.kind),
        place=str(row.place or ""),
        age=showing.short_age(row, today),
        verified=row.verified,
    )


@permitted(Permission.DIRECTORY_READ)
def index(request: ActingRequest) -> HttpResponse:
    """Look up an organisation by name in any script, kind, place or service."""
    tree = PlaceTree()
    located = queries.located(tree)
    towns = (PlaceKind.CITY, PlaceKind.MUNICIPALITY)
    cities = [place for place in tree.places.values() if place.kind in towns]
    cities = sorted((p for p in cities if tree.within(p.code) & located.keys()), key=alphabetical)
    form = SearchForm(request.GET or {}, tree, cities)
    wanted = form.wanted()
    found = queries.search(wanted, tree)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    today = _today(request)
    inside = tree.within(wanted.city or wanted.area) if wanted.city or wanted.area else None
    context = {
        "page_title": _("Directory"),
        "tabs": _tabs("index"),
        "form": form,
        "narrowed": wanted != Wanted(),
        "more_open": bool(wanted.kind or wanted.area or wanted.city or wanted.service),
        "page_obj": page,
        "count_text": ngettext("%(n)s organisation", "%(n)s organisations", len(found))
        % {"n": len(found)},
        "entries": [entry_of(row, today) for row in page.object_list],
        "map": _map(tree, inside=inside),
        "call_now": [_line(row, today) for row in queries.lines()[:4]],
    }
    return render(request, "directory/index.html", context)


@permitted(Permission.DIRECTORY_READ)
def organisation(request: ActingRequest, organisation_id: UUID) -> HttpResponse:
    """Everything the register says of one organisation, each entry with source and age."""
    row = queries.organisation(organisation_id)
    today = _today(request)
    may_write = policy.may(request.actor, Permission.DIRECTORY_WRITE)
    context = {
        "page_title": kinds.label(row.kind),
        "crumbs": [Link(_("Directory"), reverse("directory:index")), Link(str(row))],
        "row": row,
        "strip": _strip(row, today, may_write),
        "mandate": in_language(row.mandate) if row.mandate else "",
        "notes": in_language(row.notes) if row.notes else "",
        "source": showing.source_line(row, today),
        "contacts": [
            showing.contact_line(contact, today)
            for contact in row.contacts.order_by("kind", "value")
        ],
        "services": [showing.service_line(s, today) for s in queries.services_of(row)],
        "offers": showing.offered(row),
        "posts": [Fact(label, str(n)) for label, n in queries.posts_at(row.pk, at=request.at)],
        "covers": _covers(row),
        "parts": [entry_of(part, today) for part in row.parts.filter(active=True)],
        "may_write": may_write,
    }
    return render(request, "directory/organisation.html", context)


def _strip(row: Organisation, today: Any, may_write: bool) -> Identity:
    shown = str(row)
    facts = [
        Fact(labels.language_name(tag), name) for tag, name in row.names.items() if name != shown
    ]
    if row.place:
        facts.append(Fact(_("Place"), str(row.place), url=_place_url(row.place)))
    if row.parent:
        url = reverse("directory:organisation", args=[row.parent_id])
        facts.append(Fact(_("Part of"), str(row.parent), url=url))
    if row.status:
        facts.append(Fact(_("Status"), labels.status_word(row.status)))
    if row.aliases:
        facts.append(Fact(_("Also called"), "; ".join(row.aliases)))
    flags = showing.trust_flags(row, today)
    if not row.active:
        flags.insert(0, Flag(_("not shown in the directory"), "alert"))
    actions = []
    if may_write:
        url = reverse("directory:edit", args=[row.pk])
        actions.append(Action(_("Correct"), url, icon="edit", shortcut="e"))
    return Identity(Name(shown), kinds.label(row.kind), (), facts, flags, actions)


def _place_url(place: Place) -> str:
    return reverse("directory:place", args=[place.code])


def _covers(row: Organisation) -> list[Link]:
    found = Place.objects.filter(code__in=row.covers)
    return [Link(str(place), _place_url(place)) for place in sorted(found, key=alphabetical)]


@permitted(Permission.DIRECTORY_READ)
def places(request: ActingRequest) -> HttpResponse:
    """The districts, with how many organisations are in each, and the map."""
    tree = PlaceTree()
    counts = queries.located(tree)

    def count(code: str) -> int:
        return sum(sum(counts[c].values()) for c in tree.within(code) if c in counts)

    areas = [Link(str(area), _place_url(area), count=count(area.code)) for area in tree.areas()]
    context = {
        "page_title": _("Places"),
        "tabs": _tabs("places"),
        "areas": areas,
        "map": _map(tree),
    }
    return render(request, "directory/places.html", context)


@permitted(Permission.DIRECTORY_READ)
def place(request: ActingRequest, code: str) -> HttpResponse:
    """A place, what lies in it, and the organisations there or answering for it."""
    tree = PlaceTree()
    here = tree.get(code)
    today = _today(request)
    within = tree.within(code)
    there = queries.search(Wanted(area=code), tree)
    ids = {row.pk for row in there}
    covering = [
        row
        for row in Organisation.objects.filter(active=True).exclude(covers=[])
        if row.pk not in ids and within & set(row.covers)
    ]
    crumbs = [Link(_("Directory"), reverse("directory:index"))]
    crumbs.append(Link(_("Places"), reverse("directory:places")))
    crumbs += [Link(str(p), _place_url(p)) for p in tree.above(code)]
    context = {
        "page_title": _("Place"),
        "crumbs": [*crumbs, Link(str(here))],
        "place": here,
        "kind": str(PlaceKind(here.kind).label),
        "other_names": [Name(t, g) for g, t in here.names.items() if t != str(here)],
        "parts": [Link(str(part), _place_url(part)) for part in tree.parts(code)],
        "here": _by_kind(there, today),
        "covering": [entry_of(row, today) for row in sorted(covering, key=alphabetical)],
        "source": showing.source_line(here, today),
        "map": _map(tree, inside=within),
    }
    return render(request, "directory/place.html", context)


def _by_kind(rows: list[Organisation], today: Any) -> list[showing.Entry]:
    """Entries in the order in which kinds are declared, by name within a kind."""
    ranked = sorted(rows, key=lambda row: kinds.rank(row.kind))
    return [entry_of(row, today) for row in ranked]


def _line(row: Organisation, today: Any) -> dict[str, Any]:
    """A phone line: its number as something to press."""
    phones = [c for c in row.contacts.all() if c.kind == "phone"]
    shown = showing.contact_line(phones[0], today) if phones else None
    return {
        "name": str(row),
        "url": reverse("directory:organisation", args=[row.pk]),
        "call": shown,
        "purpose": in_language(row.mandate) if row.mandate else "",
        "operator": str(row.parent) if row.parent else "",
        "hours": phones[0].hours if phones else "",
        "flags": showing.trust_flags(phones[0] if phones else row, today),
        "source": showing.source_line(phones[0] if phones else row, today),
    }


@permitted(Permission.DIRECTORY_READ)
def lines(request: ActingRequest) -> HttpResponse:
    """Numbers to call now; lines whose number no source gives come last and say so."""
    today = _today(request)
    context = {
        "page_title": _("Phone lines"),
        "tabs": _tabs("lines"),
        "lines": [_line(row, today) for row in queries.lines()],
    }
    return render(request, "directory/lines.html", context)


@permitted(Permission.DIRECTORY_READ)
def services(request: ActingRequest) -> HttpResponse:
    """The law's groups of services, and who offers what."""
    groups = [
        {
            "number": group.entry.extra.get("number"),
            "title": in_language(group.entry.titles),
            "anchor": group.entry.code,
            "source": group.entry.source,
            "kinds": [
                {
                    "title": in_language(entry.titles),
                    "url": f"{reverse('directory:index')}?service={entry.code}",
                    "offering": [
                        Link(str(row), reverse("directory:organisation", args=[row.pk]))
                        for row in offering
                    ],
                }
                for entry, offering in group.kinds
            ],
        }
        for group in queries.services_by_group()
    ]
    context = {"page_title": _("Services"), "tabs": _tabs("services"), "groups": groups}
    return render(request, "directory/services.html", context)
