"""Moving a case to the current versions of its procedures: a decision with reasons, one case or
all of a centre."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.audit.actions import action
from oslonac.cases.actions.base import record_event, require_centre
from oslonac.cases.duties import moving
from oslonac.cases.models import Case, Decision
from oslonac.cases.rules import DecisionKind, DecisionStatus
from oslonac.kit.errors import Refused, Stale
from oslonac.kit.revisions import swap
from oslonac.people.actions import clean_reason
from oslonac.protocols import editions
from oslonac.vault.sealing import seal

# As many as one request moves; the page says how many are left.
AT_ONCE = 100


@action("procedures.moved", Permission.CASE_APPROVE)
def move_procedures(
    *, actor: Actor, at: datetime, case: Case, revision: int, reason: str
) -> Decision:
    """From now on the case runs on the current versions. Its past is read by them: what was done
    counts, what is owed may change, and `moving.moves` says how before it is decided."""
    require_centre(actor, case, Permission.CASE_APPROVE, at=at)
    return _move(actor, at, case, revision, reason)


def _move(actor: Actor, at: datetime, case: Case, revision: int, reason: str) -> Decision:
    current = editions.current()
    if not moving.behind(case, current):
        raise Refused("procedures.current", _("The case already runs on the current versions."))
    was = editions.pinned(case.procedures_id)
    changed = [move.protocol for move in moving.moves(case, at)]
    swap(case, revision, procedures=current)
    decision = Decision(
        case=case,
        key=case.key,
        kind=DecisionKind.PROCEDURES,
        decided_by_id=actor.user_id,
        decided_at=at,
        status=DecisionStatus.IN_FORCE,
    )
    seal(decision, case.key, reason=clean_reason(reason, "reason"))
    decision.save(force_insert=True)
    record_event(
        "procedures.moved",
        actor=actor,
        at=at,
        case=case,
        subject=decision,
        fields=["reason"],
        data={"from": was, "to": current.pk, "protocols": changed},
    )
    return decision


def move_many(
    *, actor: Actor, at: datetime, cases: Sequence[Case], reason: str, request_key: str
) -> tuple[int, int]:
    """Move several cases, each its own decision in its own transaction, at most `AT_ONCE`.

    (moved, left as they were because somebody else changed or moved them meanwhile).
    """
    moved = left = 0
    for case in cases[:AT_ONCE]:
        try:
            move_procedures(
                actor=actor,
                at=at,
                case=case,
                revision=case.revision,
                reason=reason,
                request_key=f"{request_key}:{case.number}",
            )
        except (Stale, Refused):
            left += 1
        else:
            moved += 1
    return moved, left
