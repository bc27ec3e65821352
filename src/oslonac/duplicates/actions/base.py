"""What all decisions on a pair share: access to both, authority, the step, its event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Level
from oslonac.audit.actions import record
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.duplicates import finding, rules, who_sees
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.kit import statuses
from oslonac.kit.errors import Denied
from oslonac.kit.revisions import swap
from oslonac.people import queries
from oslonac.people.models import Person
from oslonac.people.queries import reach
from oslonac.vault.sealing import sealed

LEADS = (Role.SUPERVISOR, Role.HEAD)


def require_both(
    actor: Actor, pair: Pair, *, at: datetime, permission: Permission = Permission.PERSONS_COMPARE
) -> None:
    """The actor reads both names, and decides for a centre that answers for one of the two."""
    for person_id in (pair.one_id, pair.other_id):
        queries.require(actor, person_id, Level.IDENTITY, at=at)
    if not who_sees.answers_for(actor, permission, pair.one_id, pair.other_id):
        raise Denied(f"{permission.value}.elsewhere", record=pair.pk)


def move(pair: Pair, revision: int, to: PairStatus, **changes: Any) -> Pair:
    """Bring a pair to its next status. Raises Refused for a step there is not, Stale."""
    decided = _("This was already decided: %(now)s. Nothing was changed; look at the pair again.")
    statuses.step(rules.NEXT, pair.status, to, "duplicate.step", decided)
    return swap(pair, revision, status=to, **changes)


def words(pair: Pair, text: str) -> dict[str, Any]:
    """The reason of a decision, sealed, as column changes."""
    return sealed(pair, why=text)


def known_now(pair: Pair) -> dict[str, Any]:
    """What is known as a pair is decided, as column changes: it comes back only when that
    changed."""
    revisions = dict(
        Person.objects.filter(pk__in=(pair.one_id, pair.other_id)).values_list("pk", "revision")
    )
    finding.remember(pair, revisions[pair.one_id], revisions[pair.other_id])
    names = ("decided_probability", "decided_evidence", "decided_one", "decided_other")
    return {name: getattr(pair, name) for name in names}


def said(
    event: str,
    *,
    actor: Actor,
    at: datetime,
    pair: Pair,
    fields: tuple[str, ...] = (),
    data: Mapping[str, Any] | None = None,
) -> None:
    """Record what was decided about a pair: ids, codes, counts."""
    record(
        event,
        actor=actor,
        at=at,
        subject=pair,
        fields=fields,
        data={"one": pair.one_id, "other": pair.other_id} | dict(data or {}),
    )


def managers_of(pair: Pair) -> set[UUID]:
    """Ids of those who manage an open case of either."""
    rows = Case.objects.filter(
        person__in=(pair.one_id, pair.other_id), status=CaseStatus.OPEN, manager__isnull=False
    )
    return {pk for pk in rows.values_list("manager_id", flat=True) if pk is not None}


def still_sees_both(actor: Actor, pair: Pair, *, at: datetime) -> bool:
    """Whether both names are open to somebody who is to be told of the pair."""
    return all(reach(actor, pk, at=at).shows(Level.IDENTITY) for pk in (pair.one_id, pair.other_id))
