"""Receiving a request, describing who is sought, comparing, asking a case manager, ending."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Basis, Level, Reason, RecordKind
from oslonac.audit.actions import action, record
from oslonac.cases.actions.base import record_event
from oslonac.cases.models import Case
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.notices.actions import Holders, end, notify
from oslonac.people import actions as people
from oslonac.people.actions import clean_reason
from oslonac.people.models import Person
from oslonac.people.rules import RelationKind, SaidBy
from oslonac.tracing import finding, joined
from oslonac.tracing.actions.base import LEADS, move, note, require_candidate, require_request
from oslonac.tracing.actions.requests import describe, let_out
from oslonac.tracing.models import Candidate, Trace, TracingRequest
from oslonac.tracing.rules import LIVE, CandidateStatus, Closed, TraceStatus
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal


@action("tracing.sought", Permission.TRACING_WORK)
def seek(
    *,
    actor: Actor,
    at: datetime,
    request: TracingRequest,
    names: Sequence[str],
    relation: str,
    sex: str = "",
    birth: tuple[date, date] | None = None,
    calendar: str = "gregorian",
    citizenship: str = "",
    language: str = "",
    detail: str = "",
) -> Trace:
    """Describe one person sought, as whoever seeks tells it. `relation`: what they are to them."""
    require_request(actor, request, at=at)
    if not any(name.strip() for name in names):
        raise Invalid({"names": _("Enter a name, in any script. A nickname is enough.")})
    said_by = SaidBy.PARENT if relation == RelationKind.CHILD else SaidBy.RELATIVE
    relation = chosen(RelationKind, relation, "relation")
    person = describe(actor, at, request.pk, names, sex, said_by)
    told = {"actor": actor, "at": at, "person": person, "said_by": said_by}
    if birth is not None:
        people.state(attribute="birth", birth=birth, calendar=calendar, **told)
    if citizenship:
        people.state(attribute="citizenship", code=citizenship, **told)
    if language:
        people.state(attribute="language", code=language, level="first", **told)
    if detail.strip():
        people.state(attribute="other", detail=detail, **told)
    trace = Trace.objects.create(request=request, person=person, relation=relation, status_at=at)
    note("tracing.sought", actor, at, request, request.case, {"relation": relation, "trace": trace})
    return trace


@action("tracing.looked", Permission.TRACING_WORK)
def look_again(*, actor: Actor, at: datetime, request: TracingRequest) -> TracingRequest:
    """Compares everybody still sought with the current register."""
    require_request(actor, request, at=at)
    traces = list(request.traces.filter(status__in=LIVE).select_related("request"))
    if not traces:
        raise Refused("tracing.nobody", _("This request has nobody left to search for."))
    proposals = finding.look(traces)
    new = sum(_propose(trace, proposals[trace.pk], at) for trace in traces)
    for trace in traces:
        swap(trace, trace.revision, looked_at=at)
    note("tracing.looked", actor, at, request, request.case, {"new": new})
    return request


@reader.bypass(Bypass.TRACING)
def _propose(trace: Trace, proposals: Sequence[finding.Proposal], at: datetime) -> int:
    """Write proposals down; figures of known candidates follow, what was decided stays."""
    known = {row.person_id: row for row in trace.candidates.select_related("person__key")}
    people_ = {
        row.pk: row
        for row in Person.objects.select_related("key").filter(
            pk__in=[each.person_id for each in proposals]
        )
    }
    homes = _homes(people_)
    first = joined.firsts([*known, *people_])
    new = 0
    for each in proposals:
        person = people_[each.person_id]
        row = known.get(each.person_id)
        if row is None and (
            each.person_id not in homes
            or not joined.is_new(each.person_id, each.probability, known, first)
        ):
            continue
        if row is None:
            row = Candidate(
                trace=trace,
                person=person,
                case_id=homes[each.person_id],
                key=person.key,
                found_at=at,
            )
            new += 1
        row.probability, row.agrees = each.probability, each.agrees
        seal(row, person.key, reasons=each.as_text())
        row.save()
    return new


def _homes(people_: dict[UUID, Person]) -> dict[UUID, UUID]:
    """The case a person is looked after in: as its child before as somebody in it, open before
    closed, the latest."""
    found: dict[UUID, UUID] = {}
    rows = Case.objects.filter(person__in=people_).order_by("status", "opened_at")
    shown = finding.appearances(people_)
    for person_id, case_id in [*shown, *rows.values_list("person_id", "pk")]:
        found[person_id] = case_id
    return found


@action("tracing.asked", Permission.TRACING_WORK)
@reader.bypass(Bypass.TRACING)
def ask_about(*, actor: Actor, at: datetime, candidate: Candidate, revision: int) -> Candidate:
    """Asks the case manager of the person to check and to speak with the person.

    They see the request from now on; whoever asks still sees nothing of the child.
    """
    request = candidate.trace.request
    require_request(actor, request, at=at)
    require_candidate(candidate, CandidateStatus.PROPOSED)
    swap(candidate, revision, status=CandidateStatus.ASKED, asked_at=at)
    case = candidate.case
    who = case.manager_id
    if who is not None:
        grants.grant_user(
            actor=actor,
            at=at,
            kind=RecordKind.TRACING,
            record_id=request.pk,
            user_id=who,
            level=Level.IDENTITY,
            reason=Reason.TRACING,
            basis=Basis.CONSENT,
        )
    for role in LEADS:
        grants.grant_role(
            actor=actor,
            at=at,
            kind=RecordKind.TRACING,
            record_id=request.pk,
            organisation_id=case.organisation_id,
            role=role,
            level=Level.IDENTITY,
            reason=Reason.TRACING,
            basis=Basis.CONSENT,
        )
    move(candidate.trace, TraceStatus.IN_PROGRESS, at=at)
    told = [who] if who is not None else [Holders(case.organisation_id, LEADS)]
    notify(
        told,
        "tracing.asked",
        at=at,
        record=case,
        by=actor.user_id,
        key=f"tracing.asked:{candidate.pk}",
    )
    record_event(
        "tracing.asked",
        actor=actor,
        at=at,
        case=case,
        subject=candidate,
        data={"relation": candidate.trace.relation},
    )
    return candidate


@action("tracing.dismissed", Permission.TRACING_WORK)
@reader.bypass(Bypass.TRACING)
def dismiss(
    *, actor: Actor, at: datetime, candidate: Candidate, revision: int, why: str
) -> Candidate:
    """Records that this is not the right person. Not proposed again for this search."""
    require_request(actor, candidate.trace.request, at=at)
    require_candidate(candidate, CandidateStatus.PROPOSED, CandidateStatus.ASKED)
    seal(candidate, candidate.key, dismissed_why=clean_reason(why, "why"))
    swap(
        candidate,
        revision,
        status=CandidateStatus.DISMISSED,
        dismissed_by_id=actor.user_id,
        dismissed_why=candidate.dismissed_why,
    )
    end("tracing.asked", candidate.case_id, at=at)
    record("tracing.dismissed", actor=actor, at=at, subject=candidate, case_id=candidate.case_id)
    return candidate


@action("tracing.closed", Permission.TRACING_WORK)
@reader.bypass(Bypass.TRACING)
def close_search(*, actor: Actor, at: datetime, trace: Trace, revision: int, why: str) -> Trace:
    """Ends the search for one person."""
    require_request(actor, trace.request, at=at)
    why = chosen(Closed, why, "why")
    if trace.revision != revision:
        swap(trace, revision)
    move(trace, TraceStatus.CLOSED, at=at, closed_why=why)
    if not trace.request.traces.exclude(status=TraceStatus.CLOSED).exists():
        let_out(actor, at, trace.request)
    note(
        "tracing.closed", actor, at, trace.request, trace.request.case, {"why": why, "trace": trace}
    )
    return trace


@action("tracing.reopened", Permission.TRACING_WORK)
def reopen_search(*, actor: Actor, at: datetime, trace: Trace, revision: int) -> Trace:
    """Opens a search again."""
    require_request(actor, trace.request, at=at)
    if trace.revision != revision:
        swap(trace, revision)
    move(trace, TraceStatus.OPEN, at=at)
    note("tracing.reopened", actor, at, trace.request, trace.request.case, {"trace": trace})
    return trace
