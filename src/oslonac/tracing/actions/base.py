"""What the actions on searches share: access, the office's authority, the next status."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Level, RecordKind
from oslonac.audit.actions import record
from oslonac.cases.actions.base import record_event
from oslonac.cases.models import Case
from oslonac.kit import statuses
from oslonac.kit.errors import Denied, Refused
from oslonac.kit.revisions import swap
from oslonac.tracing import rules
from oslonac.tracing.models import Candidate, Trace, TracingRequest
from oslonac.tracing.rules import CandidateStatus, TraceStatus

LEADS = (Role.SUPERVISOR, Role.HEAD)


def person_acting(actor: Actor) -> UUID:
    """The user who acts: searches are kept and checked by people. Raises Denied."""
    if actor.user_id is None:
        raise Denied(Permission.TRACING_WORK.value)
    return actor.user_id


def require_request(actor: Actor, request: TracingRequest, *, at: datetime) -> None:
    """The actor works on this request, for the office that received it, and it is not withdrawn."""
    policy.require_level(actor, RecordKind.TRACING, request.pk, Level.IDENTITY, at=at)
    policy.require_at(actor, Permission.TRACING_WORK, request.organisation_id, record=request.pk)
    if request.withdrawn_at is not None:
        raise Refused(
            "tracing.withdrawn", _("The request was withdrawn. No more steps are possible.")
        )


def move(trace: Trace, to: TraceStatus, *, at: datetime, closed_why: str = "") -> None:
    """Bring a search to its next status. Raises Refused for a step that does not exist."""
    if trace.status == to:
        return
    sentence = _("From “%(now)s” a search does not go to “%(then)s”.")
    statuses.step(rules.NEXT, trace.status, to, "tracing.step", sentence)
    swap(trace, trace.revision, status=to, status_at=at, closed_why=closed_why)


def require_candidate(candidate: Candidate, *allowed: CandidateStatus) -> None:
    """The candidate stands where the step begins."""
    if candidate.status not in allowed:
        raise Refused(
            "tracing.candidate",
            _("This is not possible while the candidate is “%(status)s”.")
            % {"status": CandidateStatus(candidate.status).label},
        )


def note(
    name: str,
    actor: Actor,
    at: datetime,
    request: TracingRequest,
    case: Case | None,
    data: dict[str, object],
) -> None:
    """An event of the request, and of the case when its child is who asks."""
    if case is not None:
        record_event(name, actor=actor, at=at, case=case, subject=request, data=data)
    else:
        record(name, actor=actor, at=at, subject=request, data=data)
