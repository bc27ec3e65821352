"""Who recorded an event, as procedures are told: for which roles it counts, and where they sit.

A step is recorded by those it is asked of, at the centre that is responsible; there a post above
may stand in. What is asked of another body (the victims' centre, the police, the guardian) is
recorded by that body alone, by whoever of it sees the case. Belongs here: that table, read by the
engine (whose deed meets a duty) and by the step that records one. Does not: permissions.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from oslonac.access.roles import Role, of_country
from oslonac.country.values import Role as CountryRole
from oslonac.protocols.dcr.authors import Author

STANDS_IN: Mapping[Role, tuple[Role, ...]] = {
    Role.HEAD: (Role.HEAD,),
    Role.SUPERVISOR: (Role.SUPERVISOR, Role.HEAD),
    Role.LAWYER: (Role.LAWYER, Role.SUPERVISOR, Role.HEAD),
    Role.CASE_MANAGER: (Role.CASE_MANAGER, Role.SUPERVISOR, Role.HEAD),
    Role.ADMISSION: (Role.ADMISSION, Role.SUPERVISOR, Role.HEAD),
    Role.FIELD_WORKER: (Role.FIELD_WORKER, Role.CASE_MANAGER, Role.SUPERVISOR, Role.HEAD),
}
# Roles of other bodies: where they sit is not what counts.
OUTSIDE = frozenset(Role.values) - frozenset(STANDS_IN)


def author(
    role: str, person: Any, office: Any, centre: Any, roles: Mapping[str, CountryRole] | None = None
) -> Author | None:
    """Whoever recorded an event under a role at an office, while `centre` was responsible for the
    case. None where no role is told: the system, or a file that names nobody. `roles`: those of
    another country than this installation's."""
    if not role:
        return None
    elsewhere = bool(office and centre) and str(office) != str(centre)
    counted = roles_of(role, elsewhere) if roles is None else _counted(roles, role, elsewhere)
    return Author(counted, person or None, office or None)


def roles_of(role: str, elsewhere: bool = False) -> frozenset[str]:
    """The roles for which somebody's deed counts. A post of another centre (`elsewhere`) counts
    for none of the responsible one: its case manager is not the case's."""
    return _roles_of(str(settings.OSLONAC_PACK), role, elsewhere)


# Asked for every event of every case; the roles of a pack stay as they are while it is loaded.
@lru_cache(maxsize=1024)
def _roles_of(pack: str, role: str, elsewhere: bool) -> frozenset[str]:
    return _counted(of_country(), role, elsewhere)


def _counted(roles: Mapping[str, CountryRole], role: str, elsewhere: bool) -> frozenset[str]:
    found = roles[role].archetype if role in roles else role
    if found not in Role.values:
        return frozenset({role})
    own = Role(found)
    if own not in STANDS_IN:
        return frozenset({role, own.value})
    if elsewhere:
        return frozenset()
    covered = {asked for asked, by in STANDS_IN.items() if own in by}
    codes = {code for code, each in roles.items() if each.archetype in covered}
    return frozenset({role, *codes, *(each.value for each in covered)})


def telling(data: Mapping[str, Any], role: str, office: Any) -> Mapping[str, Any]:
    """The data of an event with what guards may ask of its author."""
    return {**data, "by_role": role, "by_office": office or ""} if role or office else data
