"""What operations on a case share: finding it and its parts, references in a body, the sight."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.rules import Level
from oslonac.accounts.models import User
from oslonac.cases import queries
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation, Place
from oslonac.kit.errors import Invalid
from oslonac.web.api import ApiRequest, Disclosure

M = TypeVar("M", bound=Model)


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


def organisation(organisation_id: UUID, field: str) -> Organisation:
    """An organisation that a body names. Raises Invalid."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise Invalid({field: _("There is no such organisation.")})
    return found


def optional_organisation(organisation_id: UUID | None, field: str) -> Organisation | None:
    return None if organisation_id is None else organisation(organisation_id, field)


def place(code: str, field: str) -> Place | None:
    """A place that a body names by its code; None for an empty one. Raises Invalid."""
    if not code:
        return None
    found = None if "\0" in code else Place.objects.filter(pk=code).first()
    if found is None:
        raise Invalid({field: _("There is no such place.")})
    return found


def user(user_id: UUID, field: str) -> User:
    """An active user that a body names. Raises Invalid."""
    found = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None:
        raise Invalid({field: _("There is no such user.")})
    return found


def optional_user(user_id: UUID | None, field: str) -> User | None:
    return None if user_id is None else user(user_id, field)


def values(body: Any, *leave_out: str) -> dict[str, Any]:
    """The fields of a body as arguments of an action; choices as their codes."""
    return {
        name: value.value if hasattr(value, "value") else value
        for name, value in body.model_dump(exclude=set(leave_out)).items()
    }
