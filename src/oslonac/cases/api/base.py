"""What operations on a case share: finding it and its parts, references in a body, the sight."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from oslonac.access import policy
from oslonac.access.rules import Level
from oslonac.accounts.models import User
from oslonac.cases import queries
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.steps.fields import organisation, place, user
from oslonac.steps.operations import values
from oslonac.web.api import ApiRequest, Disclosure

M = TypeVar("M", bound=Model)
__all__ = [
    "disclosure",
    "disclosure_of",
    "find",
    "optional_organisation",
    "optional_user",
    "organisation",
    "part",
    "place",
    "user",
    "values",
]


def find(request: ApiRequest, case_id: UUID, *, level: Level = Level.CASE) -> Case:
    """The case, or Hidden; Denied below `level`."""
    return queries.case(request.actor, case_id, at=request.at, level=level)


def part(
    request: ApiRequest, case_id: UUID, model: type[M], record_id: UUID, *, through: str = "case"
) -> M:
    """A part of this very case, or Hidden."""
    found: M = queries.part(find(request, case_id), model, record_id, through=through)
    return found


def disclosure(request: ApiRequest, case: Case) -> Disclosure:
    """The sight of a case that `find` returned."""
    return Disclosure(request, case.reach)


def disclosure_of(request: ApiRequest, case_id: UUID) -> Disclosure:
    """The sight of a case as it stands after whatever was just done."""
    return Disclosure(request, policy.reach(request.actor, case_id, at=request.at))


def optional_organisation(organisation_id: UUID | None, field: str) -> Organisation | None:
    return None if organisation_id is None else organisation(organisation_id, field)


def optional_user(user_id: UUID | None, field: str) -> User | None:
    return None if user_id is None else user(user_id, field)
