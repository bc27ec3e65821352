"""Queries for administrators and auditors: users with posts, grants, events."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from oslonac.access import policy, reader
from oslonac.access.actor import Actor, principals_of
from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import Reason
from oslonac.accounts.house_staff import Untold, untold
from oslonac.accounts.models import Membership, User
from oslonac.accounts.queries import actor_for, memberships_in_force
from oslonac.cases.models import Case
from oslonac.country import alphabetical
from oslonac.directory.rules import matches
from oslonac.kit.errors import Hidden
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import open_many

# Lists of names to choose from stop here; a larger installation narrows down first.
MOST_CHOICES = 3000


def sorted_people(users: Iterable[User]) -> list[tuple[User, str]]:
    """Users with their opened names, by name."""
    rows = list(users)
    names = open_many(rows, "name")
    pairs = [(user, names[user.pk]["name"]) for user in rows]
    return sorted(pairs, key=lambda pair: alphabetical(pair[1]))


def find_users(
    *, text: str, organisation_id: UUID | None, role: str, state: str, at: datetime
) -> list[tuple[User, str]]:
    """Users by present post and name in any script; sealed names are compared here."""
    rows = User.objects.all()
    if state:
        rows = rows.filter(is_active=state == "on")
    if organisation_id or role:
        posts = memberships_in_force(at) if state != "off" else Membership.objects.all()
        if organisation_id:
            posts = posts.filter(organisation_id=organisation_id)
        if role:
            posts = posts.filter(role=role)
        rows = rows.filter(pk__in=posts.values("user_id"))
    found = sorted_people(rows)
    return [pair for pair in found if matches(text, [pair[1]])] if text else found


def user(user_id: UUID) -> User:
    """Raises Hidden."""
    found = User.objects.select_related("key").filter(pk=user_id).first()
    if found is None:
        raise Hidden("user", user_id)
    return found


def membership(membership_id: UUID) -> Membership:
    """Raises Hidden."""
    rows = Membership.objects.select_related("user", "organisation")
    found = rows.filter(pk=membership_id).first()
    if found is None:
        raise Hidden("membership", membership_id)
    return found


def posts_of(users: Iterable[User]) -> dict[UUID, list[Membership]]:
    """Every post, past ones included, latest first."""
    rows = Membership.objects.filter(user__in=list(users)).select_related("organisation")
    found: dict[UUID, list[Membership]] = {}
    for row in rows.order_by("-starts_on", "-id"):
        found.setdefault(row.user_id, []).append(row)
    return found


def checks_everything(actor: Actor) -> bool:
    """Auditors see every grant and event, without any right to a case."""
    return Permission.LEDGER_READ in actor.permissions


def case_id_of(number: str) -> UUID | None:
    """The id behind a case number, for whoever checks everything."""
    with reader.bypass(Bypass.NUMBERS):
        return Case.objects.filter(number=number.strip()).values_list("pk", flat=True).first()


def people_to_choose(actor: Actor, *, at: datetime) -> list[tuple[str, str]]:
    """(id, name) of users: all for auditors, one's own colleagues for whoever leads."""
    rows = User.objects.all()
    if not checks_everything(actor):
        held = memberships_in_force(at).filter(organisation_id__in=actor.organisation_ids)
        rows = rows.filter(pk__in=held.values("user_id"))
    return [(str(found.pk), name) for found, name in sorted_people(rows[:MOST_CHOICES])]


def grants(
    actor: Actor, *, at: datetime, case: str, person: str, reason: str, ended: bool
) -> QuerySet[Grant]:
    """Grants the actor may know of: every one, or those on records that a grant shows them."""
    rows = Grant.objects.select_related("organisation", "grantee")
    rows = rows.exclude(record_id__in=policy.closed_to(actor, at=at))
    if not ended:
        rows = rows.filter(policy.in_force(at))
    if not checks_everything(actor):
        rows = rows.filter(record_id__in=policy.grants_of(actor, at=at).values("record_id"))
    if case:
        case_id = case_id_of(case)
        rows = rows.filter(record_id=case_id) if case_id else rows.none()
    if reason:
        rows = rows.filter(reason=reason)
    if person:
        # Asked for somebody of a house, the list would say which children live there.
        seen = policy.grants_of(actor, at=at).filter(whereabouts=True).values("record_id")
        offices = Membership.objects.filter(user_id=person).values("organisation_id")
        lives = Grant.objects.filter(reason=Reason.PLACEMENT, organisation_id__in=offices)
        rows = rows.filter(principal__in=_principals(person, at=at)).exclude(
            record_id__in=lives.exclude(record_id__in=seen).values("record_id")
        )
    return rows.order_by("-starts_at", "-id")


def unnamed(actor: Actor, rows: Iterable[Grant], *, at: datetime) -> Untold:
    """Who is not named: the house, and whoever works there, of a child whose whereabouts are
    restricted, or from whose whereabouts a block keeps the reader."""
    listed = list(rows)
    with reader.bypass(Bypass.NUMBERS):
        restricted = set(
            Case.objects.filter(
                whereabouts_restricted=True, pk__in={row.record_id for row in listed}
            ).values_list("pk", flat=True)
        )
    return untold(actor, listed, at=at, restricted=restricted)


def _principals(user_id: str, *, at: datetime) -> list[UUID]:
    """What a user is named by in grants: in person, and as holder of each present post."""
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        return []
    posts = actor_for(found, at=at).posts
    return [found.pk, *(each for post in posts for each in principals_of(post))]


def case_numbers(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {record_id for record_id in ids if record_id is not None}
    with reader.bypass(Bypass.NUMBERS):
        return dict(Case.objects.filter(pk__in=wanted).values_list("pk", "number"))


def about_case(case_id: UUID) -> Q:
    """Events of a case, the refused look at it included."""
    return Q(case_id=case_id) | Q(record_id=case_id)


def as_plain(value: Any) -> str:
    """A value of an event's data, short."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
