"""A family that seeks the child of a file: a candidate still proposed, and one who was found."""

from datetime import datetime, timedelta
from uuid import UUID

from oslonac.access.roles import Role
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for
from oslonac.cases import actions as cases
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.tracing import actions
from oslonac.tracing.models import Candidate, FollowUp, Trace


def write_search(
    crew: dict[Role, User],
    office: Organisation,
    case: Case,
    at: datetime,
    *,
    seeker: str,
    sought: str,
) -> dict[str, UUID]:
    """One request with three searches for the child: proposed, verified, living together again."""
    by = {"actor": actor_for(crew[Role.CASE_MANAGER], at=at), "at": at}
    request = actions.open_request(
        organisation=office,
        names=[seeker],
        sex="male",
        contact="Through the camp office.",
        may_search=True,
        may_share=True,
        **by,
    )
    for _each in range(3):
        actions.seek(request=request, names=[sought], relation="child", **by)
    actions.look_again(request=request, **by)
    found = [
        Candidate.objects.get(trace=trace, case=case)
        for trace in Trace.objects.filter(request=request).order_by("pk")
    ]
    for candidate in found[1:]:
        _verify(candidate, by)
    cases.decide_best_interest(case=case, code="reunification", reason="Both want it.", **by)
    last = Candidate.objects.get(pk=found[2].pk)
    reunion = actions.reunify(
        candidate=last,
        revision=last.revision,
        happened_at=at - timedelta(hours=1),
        first_follow_up=at.date() + timedelta(days=14),
        note="At the station.",
        child_view="Glad.",
        **by,
    )
    return {
        "tracing.request_id": request.pk,
        "trace_id": found[0].trace_id,
        "candidate_id": found[0].pk,
        "candidate_id.verified": found[1].pk,
        "follow_up_id": FollowUp.objects.get(reunion=reunion).pk,
    }


def _verify(candidate: Candidate, by: dict) -> None:
    actions.ask_about(candidate=candidate, revision=candidate.revision, **by)
    for side in ("seeker", "sought"):
        row = Candidate.objects.get(pk=candidate.pk)
        actions.check(
            candidate=row,
            revision=row.revision,
            side=side,
            outcome="confirmed",
            method="interview",
            wish="yes",
            note="Asked.",
            **by,
        )
