"""Places as people type them, and the centre responsible for a place."""

import unicodedata
from uuid import UUID

from oslonac.access.actor import Actor
from oslonac.country import alphabetical
from oslonac.directory import kinds
from oslonac.directory.models import Organisation, Place, PlaceKind, in_language

_NOT_OFFERED = (PlaceKind.COUNTRY, PlaceKind.AREA)


def offered() -> list[tuple[str, str]]:
    """(code, label) of every place smaller than a district: "Miratovac, Preševo"."""
    rows = list(Place.objects.exclude(kind__in=_NOT_OFFERED).select_related("parent"))
    return sorted(((row.code, label(row)) for row in rows), key=lambda pair: alphabetical(pair[1]))


def label(place: Place) -> str:
    """A place with the municipality it lies in, where that says more."""
    parent = place.parent
    name = in_language(place.names)
    if parent is None or parent.kind in _NOT_OFFERED or in_language(parent.names) == name:
        return name
    return f"{name}, {in_language(parent.names)}"


def find(typed: str) -> Place | None:
    """The place somebody typed: a label as offered, or a name in any of its spellings.

    None when nothing, or more than one place, fits.
    """
    wanted = _plain(typed)
    if not wanted:
        return None
    rows = list(Place.objects.exclude(kind__in=_NOT_OFFERED).select_related("parent"))
    labelled = [row for row in rows if wanted in _spellings(row, with_parent=True)]
    named = [row for row in rows if wanted in _spellings(row)]
    for found in (labelled, named):
        # A town and its municipality share a name; the town is the nearer answer.
        if found:
            smallest = [row for row in found if row.kind == PlaceKind.SETTLEMENT] or found
            return smallest[0] if len(smallest) == 1 else None
    return None


def _spellings(place: Place, *, with_parent: bool = False) -> set[str]:
    names = {_plain(name) for name in place.names.values()}
    if not with_parent or place.parent is None:
        return names
    around = {_plain(name) for name in place.parent.names.values()}
    return {f"{name} {parent}" for name in names for parent in around}


def _plain(text: str) -> str:
    """Without case, marks and punctuation: "Preševo," and "presevo" are the same."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("đ", "dj"))
    kept = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return " ".join(kept.split())


def responsible(place: Place | None) -> Organisation | None:
    """The centre that covers a place, or the nearest area around it; None when none is known."""
    while place is not None:
        covering = Organisation.objects.filter(
            kind__in=kinds.competent(), active=True, covers__contains=[place.code]
        )
        found = covering.order_by("code").first()
        if found is not None:
            return found
        place = place.parent
    return None


def own_centre(actor: Actor) -> Organisation | None:
    """The competent centre the actor works for, when they do."""
    return Organisation.objects.filter(
        pk__in=actor.organisation_ids, kind__in=kinds.competent(), active=True
    ).first()


def centres() -> list[tuple[str, str]]:
    """(id, name) of every competent centre, by name."""
    rows = Organisation.objects.filter(kind__in=kinds.competent(), active=True)
    return sorted(((str(row.pk), str(row)) for row in rows), key=lambda pair: alphabetical(pair[1]))


def centre(chosen: str) -> Organisation | None:
    """A centre by its id; None for anything else."""
    try:
        pk = UUID(chosen)
    except ValueError:
        return None
    return Organisation.objects.filter(pk=pk, kind__in=kinds.competent(), active=True).first()
