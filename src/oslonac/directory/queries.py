"""Reading the register. Nothing in it is secret: whoever is signed in may read all of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from phonenumbers import country_code_for_region

from oslonac.access import roles
from oslonac.accounts.queries import memberships_in_force
from oslonac.country import alphabetical, country
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.directory.models import (
    CodeList,
    ContactPoint,
    Organisation,
    Place,
    PlaceKind,
    Service,
)
from oslonac.directory.rules import fold, matches
from oslonac.kit.errors import Hidden

SHORTEST_NUMBER = 3  # digits that one searches a number by


class PlaceTree:
    """All places of the pack (some hundreds) in one query, with who lies within whom."""

    @cached_property
    def places(self) -> dict[str, Place]:
        return {place.code: place for place in Place.objects.all()}

    @cached_property
    def _parts(self) -> dict[str, list[str]]:
        parts: dict[str, list[str]] = {}
        for place in self.places.values():
            parts.setdefault(place.parent_id or "", []).append(place.code)
        return parts

    def areas(self) -> list[Place]:
        found = [place for place in self.places.values() if place.kind == PlaceKind.AREA]
        return sorted(found, key=alphabetical)

    def parts(self, code: str) -> list[Place]:
        found = [self.places[part] for part in self._parts.get(code, [])]
        return sorted(found, key=alphabetical)

    def within(self, code: str) -> set[str]:
        """The place and everything below it."""
        found, waiting = {code}, [code]
        while waiting:
            below = self._parts.get(waiting.pop(), [])
            found.update(below)
            waiting.extend(below)
        return found

    def above(self, code: str) -> list[Place]:
        """From the widest place down to the one that directly holds it."""
        chain: list[Place] = []
        place = self.places.get(code)
        while place is not None and place.parent_id:
            place = self.places.get(place.parent_id)
            if place is not None:
                chain.insert(0, place)
        return chain

    def get(self, code: str) -> Place:
        """Raises Hidden."""
        if code not in self.places:
            raise Hidden("place", code)
        return self.places[code]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty means any."""

    text: str = ""
    kind: str = ""
    area: str = ""
    city: str = ""
    service: str = ""


def names_of(organisation: Organisation) -> list[str]:
    return [*organisation.names.values(), *organisation.aliases]


def search(wanted: Wanted, tree: PlaceTree) -> list[Organisation]:
    """Organisations by name in any script, by kind, place and service; by name.

    Names are compared in Python: the register holds hundreds of rows, and folding three scripts
    in the database would need an extension that not every server has.
    """
    rows: QuerySet[Organisation] = Organisation.objects.filter(active=True)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if code := wanted.city or wanted.area:
        rows = rows.filter(place_id__in=tree.within(code))
    found: Iterable[Organisation] = rows.select_related("place").prefetch_related("services")
    if wanted.service:
        found = [row for row in found if offers(row, wanted.service)]
    text = fold(wanted.text)
    if number := _number(wanted.text):
        known = set(_with_number(number))
        found = [row for row in found if row.pk in known or matches(text, names_of(row))]
    elif text:
        found = [row for row in found if matches(text, [*names_of(row), *_place_names(row)])]
    return sorted(found, key=lambda row: (_rank(row, text), alphabetical(row)))


def _number(text: str) -> str:
    """The digits of a telephone number somebody typed; empty when it is none."""
    digits = "".join(char for char in text if char.isdecimal())
    return "" if len(digits) < SHORTEST_NUMBER or any(map(str.isalpha, text)) else digits


def _with_number(number: str) -> Iterable[UUID]:
    """Organisations with a number that holds these digits, written with or without the country's
    code."""
    wanted = {number, number.lstrip("0")} - {""}
    if code := country_code_for_region(country().phone_region):
        wanted |= {number.lstrip("0").removeprefix(str(code))} - {""}
    for organisation_id, value in ContactPoint.objects.filter(kind="phone").values_list(
        "organisation_id", "value"
    ):
        digits = "".join(char for char in value if char.isdecimal())
        if any(each in digits for each in wanted if len(each) >= SHORTEST_NUMBER):
            yield organisation_id


def _place_names(row: Organisation) -> Iterable[str]:
    return row.place.names.values() if row.place else ()


def _rank(row: Organisation, text: str) -> int:
    """Names that begin with what was typed come first."""
    return 0 if text and any(fold(name).startswith(text) for name in names_of(row)) else 1


def offers(row: Organisation, code: str) -> bool:
    """Whether an organisation offers a service, by the classification or by its own entries."""
    return code in row.offers or any(service.kind == code for service in row.services.all())


def organisation(organisation_id: Any) -> Organisation:
    """One organisation, switched off ones included. Raises Hidden."""
    rows = Organisation.objects.select_related("place", "parent")
    found = rows.filter(pk=organisation_id).first()
    if found is None:
        raise Hidden("organisation", organisation_id)
    return found


def contact(contact_id: UUID) -> ContactPoint:
    """One contact point with its organisation. Raises Hidden."""
    rows = ContactPoint.objects.select_related("organisation")
    found = rows.filter(pk=contact_id).first()
    if found is None:
        raise Hidden("contact", contact_id)
    return found


def posts_at(organisation_id: UUID, *, at: datetime) -> list[tuple[str, int]]:
    """How many people hold which role there; never who."""
    held = memberships_in_force(at).filter(organisation_id=organisation_id)
    counted = Counter(held.values_list("role", flat=True))
    return [(roles.label(code), counted[code]) for code in roles.of_country() if counted[code]]


def lines() -> list[Organisation]:
    """Phone lines: those with a number first, those a source confirms before the others."""
    rows = Organisation.objects.filter(kind__in=kinds.doing(Task.PHONE_LINE), active=True)
    found = list(rows.select_related("parent").prefetch_related("contacts"))

    def order(row: Organisation) -> tuple[bool, bool, Any]:
        numbers = [contact for contact in row.contacts.all() if contact.kind == "phone"]
        return (not numbers, not any(contact.verified for contact in numbers), alphabetical(row))

    return sorted(found, key=order)


@dataclass
class ServiceGroup:
    """A group of the classification, its kinds of service, and who offers each."""

    entry: CodeList
    kinds: list[tuple[CodeList, list[Organisation]]] = field(default_factory=list)


def services_by_group() -> list[ServiceGroup]:
    """The pack's classification of services, with the organisations that offer them."""
    entries = list(CodeList.objects.filter(name="services", active=True).order_by("order"))
    rows = list(Organisation.objects.filter(active=True).prefetch_related("services"))
    groups = {entry.code: ServiceGroup(entry) for entry in entries if is_group(entry)}
    for entry in entries:
        group = groups.get(entry.extra.get("group", ""))
        if group is not None and not is_group(entry):
            offering = [row for row in rows if offers(row, entry.code)]
            group.kinds.append((entry, sorted(offering, key=alphabetical)))
    return list(groups.values())


def is_group(entry: CodeList) -> bool:
    return entry.extra.get("group") == entry.code


def services_of(row: Organisation) -> list[Service]:
    return sorted(row.services.all(), key=alphabetical)


def located(tree: PlaceTree) -> dict[str, Counter[str]]:
    """How many active organisations of each kind are at each place."""
    found: dict[str, Counter[str]] = {}
    rows = Organisation.objects.filter(active=True, place__isnull=False)
    for place_id, kind in rows.values_list("place_id", "kind"):
        if place_id in tree.places:
            found.setdefault(str(place_id), Counter())[kind] += 1
    return found
