"""Suggested people for a step: few, each with what is needed to choose."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.access import reader
from oslonac.access import roles as access_roles
from oslonac.access.roles import SEES_CASES, Role
from oslonac.access.rules import Level
from oslonac.accounts.models import Membership
from oslonac.accounts.queries import memberships_in_force, names_of, withheld
from oslonac.cases import queries
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.cases.steps.registry import Doing
from oslonac.country import alphabetical
from oslonac.kit.clock import local_day
from oslonac.people.models import Appearance, Person
from oslonac.people.queries import NAMELESS, shown_names
from oslonac.people.rules import age_interval
from oslonac.vault.row_policy import Bypass

Offer = list[tuple[str, str]]
MANAGERS = (Role.CASE_MANAGER, Role.SUPERVISOR, Role.HEAD)


def by_label(pairs: Iterable[tuple[UUID | str, str]]) -> Offer:
    """Choices in the order of the alphabet."""
    return sorted(((str(pk), label) for pk, label in pairs), key=lambda pair: alphabetical(pair[1]))


def _roles(rows: Iterable[Membership]) -> dict[UUID, str]:
    """The role to show for each user; the first post when there are several."""
    found: dict[UUID, str] = {}
    for row in rows:
        found.setdefault(row.user_id, access_roles.label(row.role))
    return found


def managers(doing: Doing) -> Offer:
    """Case managers of the responsible centre with their open cases, the least loaded first."""
    posts = memberships_in_force(doing.at).filter(
        organisation_id=doing.case.organisation_id, role__in=access_roles.codes_of(*MANAGERS)
    )
    roles = _roles(post for post in posts if post.user_id != doing.case.manager_id)
    names = names_of(roles)
    loads = _open_cases(roles)
    shown = sorted(names, key=lambda pk: (loads.get(pk, 0), alphabetical(names[pk])))
    return [(str(pk), f"{names[pk]}, {roles[pk]} · {_cases(loads.get(pk, 0))}") for pk in shown]


def _open_cases(user_ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = Case.objects.filter(manager_id__in=list(user_ids), status=CaseStatus.OPEN)
    with reader.bypass(Bypass.CASELOAD):
        return dict(rows.values_list("manager_id").annotate(n=Count("pk")))


def _cases(count: int) -> str:
    return ngettext("%(n)d open case", "%(n)d open cases", count) % {"n": count}


def colleagues(doing: Doing) -> Offer:
    """Who already sees the case in person, and the staff of the responsible centre."""
    grants = queries.grants_on(doing.case.pk, at=doing.at)
    seeing = {grant.grantee_id for grant in grants if grant.grantee_id}
    posts = memberships_in_force(doing.at).filter(
        Q(organisation_id=doing.case.organisation_id) | Q(user_id__in=seeing),
        role__in=access_roles.codes_of(*SEES_CASES),
    )
    roles = _roles(posts)
    # Whoever would tell the reader where the child is, is not offered either.
    names = names_of({*roles, *seeing, doing.actor.user_id} - withheld(doing.actor.user_id))
    me = doing.actor.user_id
    rest = by_label((pk, _named(name, roles.get(pk))) for pk, name in names.items() if pk != me)
    return [(str(me), _("Myself")), *rest] if me in names else rest


def neighbours(doing: Doing) -> Offer:
    """People at the responsible centre and at organisations of the same place who may see
    cases at all, and do not see this one yet."""
    here = doing.case.organisation
    posts = (
        memberships_in_force(doing.at)
        .filter(role__in=access_roles.codes_of(*SEES_CASES))
        .filter(
            Q(organisation_id=here.pk)
            | Q(organisation__place_id=here.place_id, organisation__place__isnull=False)
        )
        .select_related("organisation")
    )
    grants = queries.grants_on(doing.case.pk, at=doing.at)
    seeing = {grant.grantee_id for grant in grants if grant.grantee_id}
    where = {row.user_id: str(row.organisation) for row in posts if row.user_id not in seeing}
    roles = _roles(posts)
    names = names_of(where.keys() - withheld(doing.actor.user_id))
    return by_label((pk, f"{name}, {roles[pk]} · {where[pk]}") for pk, name in names.items())


def _named(name: str, role: str | None) -> str:
    return f"{name}, {role}" if role else name


def people_in(doing: Doing) -> Offer:
    """The other persons who appear in the case, by name as far as the reader may see names."""
    shown = []
    for person in persons_in(doing.case).exclude(pk=doing.case.person_id):
        shown.append(person)
    names = shown_names(shown) if doing.case.reach.shows(Level.IDENTITY) else {}
    return by_label((p.pk, described(p, names.get(p.pk, ""), doing.at)) for p in shown)


def described(person: Person, name: str, at: datetime) -> str:
    """A person in a list: name and age, each only when known."""
    age = age_interval(person.born_from, person.born_to, local_day(at))
    return ", ".join(part for part in (name or NAMELESS, str(age) if age else "") if part)


def persons_in(case: Case) -> models.QuerySet[Person]:
    appearing = Appearance.objects.filter(record_id=case.pk).values("person_id")
    return Person.objects.filter(pk__in=appearing)
