"""Operations of editors: correcting organisations and their public contacts, with a source.

They join the router of `directory.api`: two routers cannot share an address.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from oslonac.directory import actions
from oslonac.directory.api import (
    ContactPointOut,
    OrganisationDetailOut,
    contact_out,
    find_organisation,
    organisation_out,
    router,
)
from oslonac.directory.models import ContactPoint
from oslonac.kit.errors import Hidden
from oslonac.web.api import ApiRequest, Code, Id, In, Line, Revision, operation, perform

Language = Annotated[str, Field(min_length=2, max_length=12)]
ContactKind = Literal["phone", "email", "web", "address"]


class SourcedIn(In):
    source: Annotated[str, Field(min_length=1, max_length=300, description="Who or what says so.")]
    as_of: Annotated[str, Field(max_length=10, description="A year or a day: 2026, 2026-03-05.")]
    verified: Annotated[bool, Field(description="Whether the source was read.")] = False


class OrganisationIn(SourcedIn):
    revision: Revision
    names: Annotated[
        dict[Language, Line],
        Field(min_length=1, description="By language: those of the country's staff, and en."),
    ]
    status: Annotated[Code, Field(description="A code of the list `service_status`.")] = ""
    active: bool = True


class ContactPointIn(SourcedIn):
    kind: ContactKind
    value: Annotated[str, Field(min_length=1, max_length=300)]
    hours: Annotated[str, Field(max_length=120)] = ""


class ContactPointChangeIn(ContactPointIn):
    revision: Revision


class RemovalIn(In):
    revision: Revision


def _contact(organisation_id: UUID, contact_id: UUID) -> ContactPoint:
    organisation = find_organisation(organisation_id)
    found = organisation.contacts.select_related("organisation").filter(pk=contact_id).first()
    if found is None:
        raise Hidden("contactpoint", contact_id)
    return found


@operation(router, "PUT", "/organisations/{organisation_id}", actions.correct_organisation)
def correct_organisation(
    request: ApiRequest, organisation_id: Id, body: OrganisationIn
) -> OrganisationDetailOut:
    """Corrects the names and the status of an organisation, saying where that comes from."""
    row = find_organisation(organisation_id)
    done = perform(request, actions.correct_organisation, organisation=row, **body.model_dump())
    return organisation_out(request, done)


@operation(
    router, "POST", "/organisations/{organisation_id}/contacts", actions.add_contact, status=201
)
def add_contact_point(
    request: ApiRequest, organisation_id: Id, body: ContactPointIn
) -> ContactPointOut:
    """Adds a public number or address to an organisation."""
    row = find_organisation(organisation_id)
    done = perform(request, actions.add_contact, organisation=row, **body.model_dump())
    return contact_out(request, done)


@operation(
    router, "PUT", "/organisations/{organisation_id}/contacts/{contact_id}", actions.correct_contact
)
def correct_contact_point(
    request: ApiRequest, organisation_id: Id, contact_id: Id, body: ContactPointChangeIn
) -> ContactPointOut:
    """Corrects a public number or address."""
    row = _contact(organisation_id, contact_id)
    done = perform(request, actions.correct_contact, contact=row, **body.model_dump())
    return contact_out(request, done)


@operation(
    router,
    "POST",
    "/organisations/{organisation_id}/contacts/{contact_id}/removal",
    actions.remove_contact,
)
def remove_contact_point(
    request: ApiRequest, organisation_id: Id, contact_id: Id, body: RemovalIn
) -> OrganisationDetailOut:
    """Removes a wrong number or address."""
    row = _contact(organisation_id, contact_id)
    done = perform(request, actions.remove_contact, contact=row, revision=body.revision)
    return organisation_out(request, done)
