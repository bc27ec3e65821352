"""Operations on the directory: places, organisations, services, code lists, colleagues."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from ninja import Query, Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.accounts.queries import memberships_in_force
from oslonac.country import country
from oslonac.directory.models import (
    CodeList,
    ContactPoint,
    Organisation,
    Place,
    PlaceKind,
    Service,
    in_language,
)
from oslonac.kit.errors import Hidden
from oslonac.kit.text import clean_line
from oslonac.web.api import (
    ApiRequest,
    Id,
    Line,
    OfficeRef,
    Out,
    Page,
    PageIn,
    StaffRef,
    office,
    operation,
    paged,
    shape_of,
    staff,
)

router = Router(tags=["Directory"])


class Sourced(Out):
    source: str = Field(description="Where the entry comes from.")
    as_of: str = Field(description="The year or day of which it speaks.")
    verified: bool = Field(description="Whether a source was read.")


class PlaceOut(Sourced):
    """A place; named in the language of the request."""

    code: str
    kind: PlaceKind
    parent: str | None = Field(description="Code of the place that this one is part of.")
    name: str
    latitude: float | None = Field(description="Degrees north, WGS 84.")
    longitude: float | None = Field(description="Degrees east, WGS 84.")


class ContactPointOut(Sourced):
    """A public phone, e-mail, web or street address of an organisation."""

    id: UUID
    revision: int
    kind: str
    value: str
    hours: str
    languages: list[Any]


class ServiceOut(Sourced):
    """What an organisation offers, to whom and with what limits."""

    id: UUID
    code: str
    organisation: OfficeRef | None
    kind: str
    name: str
    target_groups: list[Any]
    capacity: int | None = Field(description="Places (persons).")
    stay_limits: list[Any]
    accepts_trafficking_victims: str
    status: str


class OrganisationOut(Sourced):
    """An organisation in a list."""

    id: UUID
    code: str
    kind: str = Field(description="A code of the list `office_kinds`.")
    name: str
    place: str | None = Field(description="Code of its place.")
    status: str
    active: bool
    revision: int


class OrganisationDetailOut(OrganisationOut):
    """An organisation with its contacts and services."""

    names: dict[str, Any]
    parent: OfficeRef | None
    contacts: list[ContactPointOut]
    services: list[ServiceOut]


class CodeOut(Out):
    code: str
    title: str


class PlaceFilter(PageIn):
    kind: PlaceKind | None = None
    parent: Annotated[str, Field(max_length=60)] = ""


class OrganisationFilter(PageIn):
    kind: Annotated[str, Field(max_length=30, description="A code of `office_kinds`.")] = ""
    place: Annotated[str, Field(max_length=60)] = ""
    q: Annotated[Line, Field(description="Part of a name, in any of its languages.")] = ""


class ServiceFilter(PageIn):
    organisation: UUID | None = None
    kind: Annotated[str, Field(max_length=60)] = ""


class StaffOut(StaffRef):
    roles: list[str] = Field(description="Codes of the list `roles`.")


class StaffFilter(Out):
    role: Annotated[str, Field(max_length=20, description="A code of the list `roles`.")] = ""


def _sourced(row: Any) -> dict[str, Any]:
    return {"source": row.source, "as_of": row.as_of, "verified": row.verified}


def _places(rows: Sequence[Place]) -> list[PlaceOut]:
    return [
        PlaceOut(
            code=row.code,
            kind=PlaceKind(row.kind),
            parent=row.parent_id,
            name=str(row),
            latitude=row.latitude,
            longitude=row.longitude,
            **_sourced(row),
        )
        for row in rows
    ]


def _line(row: Organisation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "kind": row.kind,
        "name": str(row),
        "place": row.place_id,
        "status": row.status,
        "active": row.active,
        "revision": row.revision,
        **_sourced(row),
    }


def _organisations(rows: Sequence[Organisation]) -> list[OrganisationOut]:
    return [OrganisationOut(**_line(row)) for row in rows]


def _services(rows: Sequence[Service]) -> list[ServiceOut]:
    return [
        ServiceOut(
            id=row.pk,
            code=row.code,
            organisation=office(row.organisation),
            kind=row.kind,
            name=str(row),
            target_groups=row.target_groups,
            capacity=row.capacity,
            stay_limits=row.stay_limits,
            accepts_trafficking_victims=row.accepts_trafficking_victims,
            status=row.status,
            **_sourced(row),
        )
        for row in rows
    ]


@shape_of(ContactPoint)
def contact_out(request: ApiRequest, row: ContactPoint) -> ContactPointOut:
    return ContactPointOut(
        id=row.pk,
        revision=row.revision,
        kind=row.kind,
        value=row.value,
        hours=row.hours,
        languages=row.languages,
        **_sourced(row),
    )


@shape_of(Organisation)
def organisation_out(request: ApiRequest, row: Organisation) -> OrganisationDetailOut:
    return OrganisationDetailOut(
        **_line(row),
        names=row.names,
        parent=office(row.parent),
        contacts=[contact_out(request, each) for each in row.contacts.order_by("kind", "id")],
        services=_services(list(row.services.select_related("organisation").order_by("code"))),
    )


def find_organisation(organisation_id: UUID) -> Organisation:
    found = Organisation.objects.select_related("parent").filter(pk=organisation_id).first()
    if found is None:
        raise Hidden("organisation", organisation_id)
    return found


@operation(router, "GET", "/places", Permission.DIRECTORY_READ)
def list_places(request: ApiRequest, filters: Query[PlaceFilter]) -> Page[PlaceOut]:
    """Lists places by code: districts, municipalities, towns, border crossings."""
    rows = Place.objects.all()
    if filters.kind is not None:
        rows = rows.filter(kind=filters.kind)
    if parent := clean_line(filters.parent):
        rows = rows.filter(parent_id=parent)
    return paged(rows, filters, _places, order=("code",))  # type: ignore[return-value]


@operation(router, "GET", "/organisations", Permission.DIRECTORY_READ)
def list_organisations(
    request: ApiRequest, filters: Query[OrganisationFilter]
) -> Page[OrganisationOut]:
    """Lists organisations by code."""
    rows = Organisation.objects.all()
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if place := clean_line(filters.place):
        rows = rows.filter(place_id=place)
    if words := clean_line(filters.q):
        rows = _named(rows, words)
    return paged(rows, filters, _organisations, order=("code",))  # type: ignore[return-value]


def _named(rows: QuerySet[Organisation], words: str) -> QuerySet[Organisation]:
    found = Q(code__icontains=words)
    for language in country().languages:
        found |= Q(**{f"names__{language}__icontains": words})
    return rows.filter(found)


@operation(router, "GET", "/organisations/{organisation_id}", Permission.DIRECTORY_READ)
def get_organisation(request: ApiRequest, organisation_id: Id) -> OrganisationDetailOut:
    """Shows an organisation with its public contacts and its services."""
    return organisation_out(request, find_organisation(organisation_id))


@operation(router, "GET", "/organisations/{organisation_id}/staff", Permission.DIRECTORY_READ)
def list_staff(
    request: ApiRequest, organisation_id: Id, filters: Query[StaffFilter]
) -> list[StaffOut]:
    """Lists who holds a post at an organisation today, to assign or appoint them."""
    held = memberships_in_force(request.at).filter(organisation=find_organisation(organisation_id))
    if filters.role:
        held = held.filter(role=filters.role)
    roles: dict[UUID, list[str]] = {}
    for user_id, role in held.order_by("user_id", "role").values_list("user_id", "role"):
        roles.setdefault(user_id, []).append(role)
    people = staff(roles)
    return [
        StaffOut(id=pk, name=people[pk].name, roles=list(dict.fromkeys(held_roles)))
        for pk, held_roles in roles.items()
    ]


@operation(router, "GET", "/services", Permission.DIRECTORY_READ)
def list_services(request: ApiRequest, filters: Query[ServiceFilter]) -> Page[ServiceOut]:
    """Lists services by code."""
    rows = Service.objects.select_related("organisation")
    if filters.organisation is not None:
        rows = rows.filter(organisation_id=filters.organisation)
    if kind := clean_line(filters.kind):
        rows = rows.filter(kind=kind)
    return paged(rows, filters, _services, order=("code",))  # type: ignore[return-value]


@operation(router, "GET", "/code-lists", Permission.DIRECTORY_READ)
def list_code_lists(request: ApiRequest) -> list[str]:
    """Lists the names of the code lists that the country pack holds."""
    return list(
        CodeList.objects.filter(active=True)
        .order_by("name")
        .values_list("name", flat=True)
        .distinct()
    )


@operation(router, "GET", "/code-lists/{name}", Permission.DIRECTORY_READ)
def get_code_list(request: ApiRequest, name: str) -> list[CodeOut]:
    """Shows the codes of one list with their titles, in the pack's order."""
    rows = CodeList.objects.filter(name=clean_line(name)[:60], active=True)
    found = [CodeOut(code=row.code, title=in_language(row.titles)) for row in rows]
    if not found:
        raise Hidden("code list", None)
    return found
