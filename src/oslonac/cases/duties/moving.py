"""What moving a case to the current versions of its procedures would change, before anybody
decides it.

Belongs here: comparing. Does not: the decision (`cases.actions.moving`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.cases import queries
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.country import country
from oslonac.protocols import editions, versions
from oslonac.protocols.models import Edition, ProcedureSet
from oslonac.protocols.versions import Change, Kind


@dataclass(frozen=True)
class Move:
    """One procedure of a case: the version it runs on, the current one (None: it has none any
    more, or had none), and what its state would gain, lose and shift."""

    protocol: str
    old: Edition | None
    new: Edition | None
    changes: Sequence[Change]

    @property
    def duties(self) -> list[Change]:
        """Changes of what is owed; the rest is about what may be done."""
        return [c for c in self.changes if c.kind not in (Kind.POSSIBLE, Kind.BLOCKED)]


def behind(case: Case, current: ProcedureSet | None = None) -> bool:
    """Whether the case runs on versions that new cases no longer begin on."""
    return editions.pinned(case.procedures_id) != (current or editions.current()).pk


def moves(case: Case, at: datetime) -> list[Move]:
    """What moving to the current versions changes, by procedure; those that stay are left out."""
    now = {e.protocol: e for e in editions.editions_of(editions.current().pk)}
    was = {e.protocol: e for e in editions.editions_of(case.procedures_id)}
    events, facts = queries.told_of(case), queries.facts_of(case)
    found = []
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name), now.get(name)
        if old is not None and new is not None and old.pk == new.pk:
            continue
        changes = versions.diff(
            editions.protocol_of(old.pk) if old else None,
            editions.protocol_of(new.pk) if new else None,
            events,
            facts,
            country().calendar,
            at,
        )
        found.append(Move(name, old, new, changes))
    return found


def behind_at(actor: Actor, organisation_ids: Iterable[UUID], *, at: datetime) -> list[Case]:
    """Open cases of some centres that the actor sees and that run on older versions; the oldest
    first."""
    rows = _behind(organisation_ids).filter(pk__in=queries.granted_ids(actor, at=at))
    return list(rows.select_related("person", "organisation").order_by("opened_at", "pk"))


def count_behind(actor: Actor) -> int:
    """How many open cases of the actor's centres run on older versions."""
    offices = led_by(actor)
    return _behind(offices).count() if offices else 0


def _behind(organisation_ids: Iterable[UUID]) -> QuerySet[Case]:
    current = editions.current().pk
    # Without a set: on the first that was ever loaded (`editions.pinned`).
    older = ~Q(procedures=current) & Q(procedures__isnull=False)
    if editions.pinned(None) != current:
        older |= Q(procedures__isnull=True)
    return Case.objects.filter(
        older, organisation__in=list(organisation_ids), status=CaseStatus.OPEN
    )


def led_by(actor: Actor) -> list[UUID]:
    """Centres at which the actor may decide to move cases."""
    return [
        office for office in actor.organisation_ids if actor.may_at(Permission.CASE_APPROVE, office)
    ]


def require(actor: Actor, case: Case) -> None:
    """Raise Denied for who may not decide it for the responsible centre."""
    policy.require_at(actor, Permission.CASE_APPROVE, case.organisation_id, record=case.pk)
