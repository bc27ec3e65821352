"""Before a person is written down: who may be known already."""

from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.encounters import known
from oslonac.encounters.api.intake import SaidIn, said_of
from oslonac.kit.clock import local_day
from oslonac.people.queries import person as visible_person
from oslonac.search.api import HitOut, hits
from oslonac.web.api import ApiRequest, In, operation

router = Router(tags=["Intake"])


class KnownIn(In):
    described: SaidIn
    already: Annotated[
        UUID | None, Field(description="The person themselves, where they are written down.")
    ] = None


@operation(router, "POST", "/known-already", Permission.PERSON_WRITE)
def known_already(request: ApiRequest, body: KnownIn) -> list[HitOut]:
    """Finds people you can see who may be the person described, before you record a new one.

    For forms, and for records that were written on a device while it was offline.
    """
    said = said_of(body.described, local_day(request.at))
    if body.already is not None:
        person = visible_person(request.actor, body.already, at=request.at)
        return hits(known.again(request.actor, person.pk, said, at=request.at))
    return hits(known.of_said(request.actor, said, at=request.at))
