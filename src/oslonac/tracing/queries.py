"""Reading searches. What a reader learns of a candidate follows from their grant on its case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.rules import Level, Reach, RecordKind
from oslonac.cases import queries as cases
from oslonac.cases.models import Case
from oslonac.kit.errors import Hidden
from oslonac.matching.evidence import Reason
from oslonac.people.queries import Dossier, dossier
from oslonac.tracing import joined
from oslonac.tracing.finding import reasons_of
from oslonac.tracing.models import Candidate, Check, FollowUp, Reunion, Trace, TracingRequest
from oslonac.tracing.rules import (
    CandidateStatus,
    Checked,
    Outcome,
    Side,
    TraceStatus,
    Wish,
    standing,
)
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import open_many

ORDER = list(TraceStatus)


def visible_to(actor: Actor, *, at: datetime) -> QuerySet[TracingRequest]:
    """Requests that a grant shows the actor, the latest first."""
    ids = cases.granted_ids(actor, at=at, kind=RecordKind.TRACING)
    rows = TracingRequest.objects.filter(pk__in=ids)
    return rows.select_related("organisation", "seeker", "seeker__key").order_by("-received_at")


def request(actor: Actor, request_id: Any, *, at: datetime) -> TracingRequest:
    """One request with the reader's reach on it, or Hidden."""
    found = _by_id(
        TracingRequest.objects.select_related(
            "organisation", "seeker", "seeker__key", "key", "case"
        ),
        request_id,
        "tracing",
    )
    found.reach = policy.require_level(actor, RecordKind.TRACING, found.pk, Level.IDENTITY, at=at)
    return found


def trace(actor: Actor, trace_id: Any, *, at: datetime) -> Trace:
    """One search, through its request."""
    found = _by_id(Trace.objects.select_related("request", "person"), trace_id, "trace")
    found.request = request(actor, found.request_id, at=at)
    return found


@dataclass(frozen=True)
class Sides:
    """How far a reader sees to either side of a candidate."""

    request: Reach
    case: Reach

    @property
    def both(self) -> bool:
        return self.request.shows(Level.IDENTITY) and self.case.shows(Level.IDENTITY)


@reader.bypass(Bypass.TRACING)
def candidate(actor: Actor, candidate_id: Any, *, at: datetime) -> tuple[Candidate, Sides]:
    """A candidate for whoever sees its request, and how far they see the child's case."""
    found = _by_id(
        Candidate.objects.select_related(
            "trace",
            "trace__request",
            "trace__request__key",
            "trace__request__organisation",
            "trace__person",
            "case",
            "case__key",
            "case__person",
            "case__organisation",
            "person",
            "key",
        ),
        candidate_id,
        "candidate",
    )
    asked = policy.reach(actor, found.trace.request_id, at=at)
    if not asked.shows(Level.IDENTITY):
        raise Hidden("candidate", found.pk)
    return found, Sides(asked, policy.reach(actor, found.case_id, at=at))


@reader.bypass(Bypass.TRACING)
def follow_up(actor: Actor, follow_up_id: Any, *, at: datetime) -> FollowUp:
    """A planned or past visit, for whoever sees the child's case."""
    rows = FollowUp.objects.select_related("reunion__candidate__case", "key")
    found = _by_id(rows, follow_up_id, "follow_up")
    case = found.reunion.candidate.case
    if not policy.reach(actor, case.pk, at=at).shows(Level.IDENTITY):
        raise Hidden("follow_up", found.pk)
    return found


def _by_id(rows: QuerySet, record_id: Any, kind: str) -> Any:
    try:
        key = record_id if isinstance(record_id, UUID) else UUID(str(record_id))
    except ValueError:
        raise Hidden(kind, record_id) from None
    found = rows.filter(pk=key).first()
    if found is None:
        raise Hidden(kind, key)
    return found


def status_of(traces: Iterable[Trace]) -> TraceStatus:
    """Of a whole request: that of the person furthest from found; open while nobody is named."""
    return min(
        (TraceStatus(each.status) for each in traces), key=ORDER.index, default=TraceStatus.OPEN
    )


def checks_of(found: Candidate) -> list[Checked]:
    rows = found.checks.values_list("side", "outcome", "wish", "checked_at")
    return [Checked(Side(s), Outcome(o), Wish(w), at) for s, o, w, at in rows]


@dataclass(frozen=True)
class CandidateLine:
    """A candidate as its reader may know it: `name` and `reasons` are None out of their sight,
    and then only the kinds of evidence in `agrees` are told."""

    candidate: Candidate
    name: str | None
    reasons: Sequence[Reason] | None
    case: Case | None
    checked: Mapping[Side, Checked]


@reader.bypass(Bypass.TRACING)
def candidate_lines(
    actor: Actor, rows: Sequence[Candidate], *, at: datetime
) -> list[CandidateLine]:
    """Candidates with as much of each as the reader's grant on its case shows."""
    reach = policy.reaches(actor, [row.case_id for row in rows], at=at)
    shown = [row for row in rows if reach.get(row.case_id, Reach()).shows(Level.IDENTITY)]
    opened = open_many(shown, "reasons")
    names = open_many([row.person for row in shown], "shown_name")
    return [
        CandidateLine(
            row,
            names[row.person_id]["shown_name"] if row in shown else None,
            reasons_of(opened[row.pk]["reasons"] or "[]") if row in shown else None,
            row.case if row in shown else None,
            standing(checks_of(row)),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class TraceLine:
    """One person sought: as described, and who may be meant."""

    trace: Trace
    sought: Dossier
    candidates: Sequence[CandidateLine]


@reader.bypass(Bypass.TRACING)
def trace_lines(actor: Actor, found: TracingRequest, *, at: datetime) -> list[TraceLine]:
    """Everybody sought in a request that the reader sees, those still sought first."""
    traces = list(found.traces.select_related("person", "person__key", "request"))
    rows: dict[UUID, list[Candidate]] = {}
    listed = (
        Candidate.objects.filter(trace__in=traces)
        .select_related("case", "case__organisation", "person", "person__key", "key")
        .order_by("-probability")
    )
    cases_seen = policy.reaches(actor, [row.case_id for row in listed], at=at)
    seen = {pk for pk, reach in cases_seen.items() if reach.shows(Level.IDENTITY)}
    for row in joined.leading(list(listed), seen):
        rows.setdefault(row.trace_id, []).append(row)
    reach = policy.reach(actor, found.pk, at=at)
    return [
        TraceLine(
            each,
            dossier(each.person, reach),
            candidate_lines(actor, rows.get(each.pk, []), at=at),
        )
        for each in sorted(traces, key=lambda t: (ORDER.index(TraceStatus(t.status)), t.pk))
    ]


def seeker_of(found: TracingRequest, reach: Reach) -> Dossier:
    """Whoever seeks, as the request shows them."""
    return dossier(found.seeker, reach)


def texts_of(found: TracingRequest) -> Mapping[str, str]:
    """What was told, opened. The caller has checked the level and records the read."""
    return open_many([found], "story", "contact", "separated_where", "consent_note")[found.pk]


@reader.bypass(Bypass.TRACING)
def rows_of_case(case_id: UUID) -> dict[str, QuerySet[Any]]:
    """What a case is part of: searches in which somebody of it may be meant, once it was asked
    about; the child's own; and whom those seek."""
    meant = Candidate.objects.filter(case=case_id, asked_at__isnull=False)
    return {
        "meant": meant.exclude(status=CandidateStatus.DISMISSED).select_related(
            "trace", "trace__request", "person", "key"
        ),
        "own": TracingRequest.objects.filter(case=case_id),
        "traces": Trace.objects.filter(request__case=case_id),
    }


def of_case(
    rows: Mapping[str, Sequence[Any]],
) -> tuple[list[Candidate], list[TracingRequest], dict[UUID, list[Trace]]]:
    """The same as read: the likeliest and the latest first, and the traces of each request."""
    traces: dict[UUID, list[Trace]] = {row.pk: [] for row in rows["own"]}
    for trace in rows["traces"]:
        traces[trace.request_id].append(trace)
    return (
        sorted(rows["meant"], key=lambda row: row.probability, reverse=True),
        sorted(rows["own"], key=lambda row: row.received_at, reverse=True),
        traces,
    )


def visits(found: Candidate) -> list[FollowUp]:
    reunion = Reunion.objects.filter(candidate=found).first()
    return list(reunion.follow_ups.order_by("due_on")) if reunion else []


def check_lines(found: Candidate) -> list[tuple[Check, str]]:
    """Checks with their notes, the latest first. The caller has checked both sides' level."""
    rows = list(found.checks.select_related("key").order_by("-checked_at"))
    opened = open_many(rows, "note")
    return [(row, opened[row.pk]["note"]) for row in rows]
